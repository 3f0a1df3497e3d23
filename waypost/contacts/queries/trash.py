"""What lies in the trash, and who may be here twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from waypost.contacts.audience import after_prefix
from waypost.kernel.page import Page, decode_cursor, page_of
from waypost.kernel.sql import TRUE, Sql, and_, sql
from waypost.kernel.tx import ReadTx


@dataclass(frozen=True, slots=True)
class Trashed:
    """A deleted contact, until when it can be restored."""

    id: int
    email: str | None
    first_name: str
    last_name: str
    phone: str
    deleted_at: datetime
    erase_at: datetime
    tag_count: int
    list_count: int


@dataclass(frozen=True, slots=True)
class Someone:
    """One of two who may be the same person."""

    id: int
    email: str | None
    first_name: str
    last_name: str
    phone: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Pair:
    """Two contacts that share something."""

    score: int
    reasons: list[int]
    contact: Someone
    other: Someone


async def list_trash(tx: ReadTx, *, search: str = "", limit: int = 100, after: str | None = None) -> Page[Trashed]:
    """The latest deleted first."""
    parts = [sql("t.workspace_id = {workspace} and t.erase_at > {now}"), _matches(search)]
    total = None if after is not None else await tx.value(_count(and_(*parts)))
    if after is not None:
        at, last = decode_cursor(after, datetime, int)
        parts.append(sql("(t.deleted_at, t.contact_id) < ({at}, {last})", at=at, last=last))
    rows = await tx.all(
        sql(
            """
            select c.id, c.email, c.first_name, c.last_name, c.phone, t.deleted_at, t.erase_at,
                   jsonb_array_length(t.tags) as tag_count, jsonb_array_length(t.lists) as list_count
            from contacts.trash t
            join contacts.contact c on c.workspace_id = t.workspace_id and c.id = t.contact_id
            where {where} order by t.deleted_at desc, t.contact_id desc limit {limit}
            """,
            where=and_(*parts),
            limit=limit + 1,
        ),
        Trashed,
    )
    return page_of(rows, limit, lambda row: (row.deleted_at, row.id), total=total)


def _count(where: Sql) -> Sql:
    return sql(
        """
        select count(*) from contacts.trash t
        join contacts.contact c on c.workspace_id = t.workspace_id and c.id = t.contact_id where {where}
        """,
        where=where,
    )


def _matches(search: str) -> Sql:
    """The address or a name begins with it."""
    if not search:
        return TRUE
    word = search.lower()
    return sql(
        """
        ((c.email >= {word} and c.email < {end}) or starts_with(lower(c.first_name), {word})
         or starts_with(lower(c.last_name), {word})
         or starts_with(lower(c.first_name || ' ' || c.last_name), {word}))
        """,
        word=word,
        end=after_prefix(word),
    )


async def list_pairs(
    tx: ReadTx, *, contact_id: int | None = None, meant: Sql = TRUE, limit: int = 50, after: str | None = None
) -> Page[Pair]:
    """Open pairs, the most alike first; those of one contact, or that are `meant` (over d, a and b)."""
    parts = [sql("d.workspace_id = {workspace} and not d.is_dismissed"), meant]
    if contact_id is not None:
        parts.append(sql("(d.contact_id = {id} or d.other_id = {id})", id=contact_id))
    total = None
    if after is None:
        total = await tx.value(_count_pairs(and_(*parts)))
    else:
        score, first, second = decode_cursor(after, int, int, int)
        parts.append(sql("(-d.score, d.contact_id, d.other_id) > ({score}, {a}, {b})", score=score, a=first, b=second))
    rows = await tx.all(
        sql(
            """
            select d.score, d.reasons, a.id, a.email, a.first_name, a.last_name, a.phone, a.created_at,
                   b.id as other_id, b.email as other_email, b.first_name as other_first_name,
                   b.last_name as other_last_name, b.phone as other_phone, b.created_at as other_created_at
            from contacts.duplicate_pair d
            join contacts.contact a on a.workspace_id = d.workspace_id and a.id = d.contact_id and a.deleted_at is null
            join contacts.contact b on b.workspace_id = d.workspace_id and b.id = d.other_id and b.deleted_at is null
            where {where} order by d.score desc, d.contact_id, d.other_id limit {limit}
            """,
            where=and_(*parts),
            limit=limit + 1,
        )
    )
    pairs = [Pair(row[0], row[1], Someone(*row[2:8]), Someone(*row[8:14])) for row in map(tuple, rows)]
    return page_of(pairs, limit, lambda pair: (-pair.score, pair.contact.id, pair.other.id), total=total)


def _count_pairs(where: Sql) -> Sql:
    return sql(
        """
        select count(*) from contacts.duplicate_pair d
        join contacts.contact a on a.workspace_id = d.workspace_id and a.id = d.contact_id and a.deleted_at is null
        join contacts.contact b on b.workspace_id = d.workspace_id and b.id = d.other_id and b.deleted_at is null
        where {where}
        """,
        where=where,
    )
