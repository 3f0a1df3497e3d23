"""Reading the log: a contact's timeline and the newest facts of a workspace."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from waypost.activities.types import Entry
from waypost.kernel.page import Page, decode_cursor, page_of
from waypost.kernel.registry import Registry
from waypost.kernel.sql import TRUE, and_, sql
from waypost.kernel.tx import ACTOR_KINDS, ReadTx


async def list_timeline(
    tx: ReadTx, contact_id: int, *, kinds: Sequence[str] = (), limit: int = 50, after: str | None = None
) -> Page[Entry]:
    """A contact's facts, newest first."""
    before = TRUE
    if after is not None:
        at, last_id = decode_cursor(after, datetime, int)
        before = sql("(at, id) < ({at}, {last_id})", at=at, last_id=last_id)
    wanted = TRUE
    if kinds:
        numbers = [tx.registry.facts[name].kind for name in kinds if name in tx.registry.facts]
        wanted = sql("kind = any({numbers}::smallint[])", numbers=numbers)
    rows = await tx.all(
        sql(
            """
            select id, at, kind, contact_id, object_id, data, actor_kind, actor_id from activities.fact
            where workspace_id = {workspace} and contact_id = {contact_id} and {before} and {wanted}
            order by at desc, id desc limit {limit}
            """,
            contact_id=contact_id,
            before=before,
            wanted=wanted,
            limit=limit + 1,
        )
    )
    return page_of([_entry(tx.registry, row) for row in rows], limit, lambda row: (row.at, row.id))


async def list_entries_from(
    tx: ReadTx,
    *,
    contact_id: int | None = None,
    kinds: Sequence[str] = (),
    since: datetime | None = None,
    is_descending: bool = False,
    limit: int,
    offset: int,
) -> tuple[list[Entry], int]:
    """Facts of one contact or of some kinds by row number, and how many there are; for dialects."""
    numbers = [tx.registry.facts[name].kind for name in kinds if name in tx.registry.facts]
    where = and_(
        TRUE if contact_id is None else sql("contact_id = {contact_id}", contact_id=contact_id),
        TRUE if not kinds else sql("kind = any({numbers}::smallint[])", numbers=numbers),
        TRUE if since is None else sql("at > {since}", since=since),
    )
    rows = await tx.all(
        sql(
            """
            select id, at, kind, contact_id, object_id, data, actor_kind, actor_id from activities.fact
            where workspace_id = {workspace} and {where} order by {order} limit {limit} offset {offset}
            """,
            where=where,
            order=sql("at desc, id desc") if is_descending else sql("at, id"),
            limit=limit,
            offset=offset,
        )
    )
    total = await tx.value(
        sql("select count(*) from activities.fact where workspace_id = {workspace} and {where}", where=where)
    )
    return [_entry(tx.registry, row) for row in rows], total


async def list_log_from(
    tx: ReadTx, *, since: datetime | None = None, is_descending: bool = False, limit: int, offset: int
) -> tuple[list[Entry], int]:
    """Everybody's facts by row number in the order they were recorded, which their index knows.

    With them how many there are as far as was looked: one more than were read where more follow. Counting the whole
    log for a page of it would read millions of rows.
    """
    where = TRUE if since is None else sql("at > {since}", since=since)
    rows = await tx.all(
        sql(
            """
            select id, at, kind, contact_id, object_id, data, actor_kind, actor_id from activities.fact
            where workspace_id = {workspace} and {where} order by {order} limit {limit} offset {offset}
            """,
            where=where,
            order=sql("xid desc, id desc") if is_descending else sql("xid, id"),
            limit=limit + 1,
            offset=offset,
        )
    )
    return [_entry(tx.registry, row) for row in rows[:limit]], offset + len(rows)


async def list_newest(tx: ReadTx, *, limit: int = 20) -> list[Entry]:
    """The workspace's last facts, newest first."""
    rows = await tx.all(
        sql(
            """
            select id, at, kind, contact_id, object_id, data, actor_kind, actor_id from activities.fact
            where workspace_id = {workspace} order by xid desc, id desc limit {limit}
            """,
            limit=limit,
        )
    )
    return [_entry(tx.registry, row) for row in rows]


def _entry(registry: Registry, row: asyncpg.Record) -> Entry:
    fact = registry.fact_kinds.get(row["kind"])
    return Entry(
        id=row["id"],
        at=row["at"],
        kind=fact.name if fact else f"kind_{row['kind']}",
        label=fact.label if fact else "Something happened",
        contact_id=row["contact_id"],
        object_id=row["object_id"],
        data=row["data"],
        actor=ACTOR_KINDS[row["actor_kind"]],
        actor_id=row["actor_id"],
    )
