"""Contacts: one, by address, and pages of them in any order at any depth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, LiteralString

import asyncpg

from waypost.contacts.audience import begins, matching
from waypost.contacts.counts import CONTACTS, LIST, TAG, total_of
from waypost.contacts.errors import ContactNotFound
from waypost.contacts.types import Contact, Filter
from waypost.kernel.page import CursorInvalid, Page, decode_cursor, encode_cursor
from waypost.kernel.sql import TRUE, Sql, and_, not_, sql
from waypost.kernel.tx import ReadTx

COLUMNS = sql("c.id, c.email, c.first_name, c.last_name, c.phone, c.fields, c.created_at, c.updated_at")

SortName = Literal["created_at", "-created_at", "email", "-email", "name", "-name", "id", "-id"]


@dataclass(frozen=True, slots=True)
class _Order:
    """A sort order that an index serves: what a cursor holds, and its order and comparison in SQL."""

    types: tuple[type, ...]
    keys: Sql
    up: Sql
    down: Sql
    after: Sql
    before: Sql
    only: Sql = TRUE


def _order(types: tuple[type, ...], keys: LiteralString, placeholders: LiteralString, *, only: Sql = TRUE) -> _Order:
    parts = keys.split("; ")
    return _Order(
        types,
        Sql(", ".join(f"{part} as key{number}" for number, part in enumerate(parts))),
        Sql(", ".join(parts)),
        Sql(", ".join(f"{part} desc" for part in parts)),
        Sql("(" + ", ".join(parts) + ") > (" + placeholders + ")"),
        Sql("(" + ", ".join(parts) + ") < (" + placeholders + ")"),
        only,
    )


_LAST, _FIRST = 'lower(c.last_name) collate "C"', 'lower(c.first_name) collate "C"'
_ORDERS = {
    "created_at": (_order((datetime, int), "c.created_at; c.id", "{v0}, {v1}"),),
    "name": (_order((str, str, int), f"{_LAST}; {_FIRST}; c.id", "{v0}, {v1}, {v2}"),),
    "id": (_order((int,), "c.id", "{v0}"),),
    # Those without an address come last, in order of id.
    "email": (
        _order((str,), "c.email", "{v0}", only=sql("c.email is not null")),
        _order((int,), "c.id", "{v0}", only=sql("c.email is null")),
    ),
}


def _matches_of(word: str) -> tuple[_Order, ...]:
    """The orders in which a common word's matches are walked, each match in one of them."""
    email, last, first = begins(word)
    return (
        _order((str,), "c.email", "{v0}", only=email),
        _order((str, str, int), f"{_LAST}; {_FIRST}; c.id", "{v0}, {v1}, {v2}", only=and_(last, not_(email))),
        _order((str, int), f"{_FIRST}; c.id", "{v0}, {v1}", only=and_(first, not_(email), not_(last))),
    )


async def get_contact(tx: ReadTx, contact_id: int) -> Contact:
    found = await find_contact(tx, contact_id)
    if found is None:
        raise ContactNotFound(contact_id=contact_id)
    return found


async def find_contact(tx: ReadTx, contact_id: int) -> Contact | None:
    """The contact with this id, or the one it was merged into."""
    found = await tx.maybe(_by_id(contact_id), Contact)
    if found is not None:
        return found
    survivor_id = await find_survivor(tx, contact_id)
    return None if survivor_id is None else await tx.maybe(_by_id(survivor_id), Contact)


def _by_id(contact_id: int) -> Sql:
    return sql(
        """
        select {columns} from contacts.contact c
        where c.workspace_id = {workspace} and c.id = {id} and c.deleted_at is null
        """,
        columns=COLUMNS,
        id=contact_id,
    )


async def find_survivor(tx: ReadTx, old_id: int) -> int | None:
    """Into whom the contact that had this id was merged."""
    return await tx.value(
        sql("select contact_id from contacts.merged where workspace_id = {workspace} and old_id = {id}", id=old_id)
    )


async def find_contacts(tx: ReadTx, contact_ids: Sequence[int]) -> list[Contact]:
    """Those of these contacts that live."""
    return await tx.all(
        sql(
            """
            select {columns} from contacts.contact c
            where c.workspace_id = {workspace} and c.id = any({ids}::bigint[]) and c.deleted_at is null
            """,
            columns=COLUMNS,
            ids=list(contact_ids),
        ),
        Contact,
    )


async def find_contact_by_email(tx: ReadTx, email: str) -> Contact | None:
    return await tx.maybe(
        sql(
            """
            select {columns} from contacts.contact c
            where c.workspace_id = {workspace} and c.email = {email} and c.deleted_at is null
            """,
            columns=COLUMNS,
            email=email.strip().lower(),
        ),
        Contact,
    )


async def list_contacts(
    tx: ReadTx,
    *,
    search: str = "",
    tag_id: int | None = None,
    list_id: int | None = None,
    wanted: Filter | None = None,
    sort: SortName = "-created_at",
    limit: int = 100,
    after: str | None = None,
    offset: int = 0,
) -> Page[Contact]:
    """A page of contacts; `wanted` says more than the common filters do. Offsets are for dialects only."""
    wanted = wanted or Filter(search=search, tag_id=tag_id, list_id=list_id)
    rows, more = await _page(tx, COLUMNS, wanted, sort=sort, limit=limit, after=after, offset=offset)
    keep = ("id", "email", "first_name", "last_name", "phone", "fields", "created_at", "updated_at")
    return Page([Contact(**{name: row[name] for name in keep}) for row in rows], more)


async def list_rows(
    tx: ReadTx, columns: Sql, wanted: Filter, *, sort: SortName, limit: int, after: str | None
) -> tuple[Sequence[asyncpg.Record], str | None]:
    """Like `list_contacts` with other columns and plain records, for hot routes."""
    return await _page(tx, columns, wanted, sort=sort, limit=limit, after=after, offset=0)


async def _page(
    tx: ReadTx, columns: Sql, wanted: Filter, *, sort: SortName, limit: int, after: str | None, offset: int
) -> tuple[list[asyncpg.Record], str | None]:
    found = await matching(tx, wanted)
    is_down = sort.startswith("-") and not found.word
    orders = _matches_of(found.word) if found.word else _ORDERS[sort.removeprefix("-")]
    where = found.rest if found.word else found.where
    start, values = _place(orders, after)
    runs = list(enumerate(orders))
    rows: list[asyncpg.Record] = []
    origins: list[int] = []
    for number, order in runs[start:]:
        behind = TRUE
        if values is not None and number == start:
            given = {f"v{index}": value for index, value in enumerate(values)}
            behind = Sql((order.before if is_down else order.after).text, given)
        # lint: no-row-loops because there are at most three runs, one statement each
        part = await tx.all(
            sql(
                """
                select {columns}, {keys} from contacts.contact c
                where c.workspace_id = {workspace} and {where} and {only} and {behind} order by {order} {limit}
                """,
                columns=columns,
                keys=order.keys,
                where=where,
                only=order.only,
                behind=behind,
                order=order.down if is_down else order.up,
                limit=_limit(limit + 1 - len(rows), offset),
            )
        )
        rows += part
        origins += [number] * len(part)
        if len(rows) > limit:
            break
    if len(rows) <= limit:
        return rows, None
    last, last_run = rows[limit - 1], origins[limit - 1]
    keys = [last[f"key{index}"] for index in range(len(orders[last_run].types))]
    return rows[:limit], encode_cursor(last_run, *keys)


def _limit(limit: int, offset: int) -> Sql:
    """LIMIT as a literal: of a parameter the planner knows nothing, and plans each page anew."""
    text = f"limit {limit:d}"
    return Sql(text + " offset {offset}", {"offset": offset}) if offset else Sql(text)


def _place(orders: Sequence[_Order], after: str | None) -> tuple[int, tuple[object, ...] | None]:
    """Which run a cursor is in, and the values there."""
    if after is None:
        return 0, None
    failure: Exception | None = None
    for number, order in enumerate(orders):
        try:
            run, *values = decode_cursor(after, int, *order.types)
        except Exception as error:  # noqa: BLE001 (the next run's types may fit)
            failure = error
            continue
        if run == number:
            return number, tuple(values)
    raise failure or CursorInvalid(pointer="/after")


async def count_contacts(tx: ReadTx, wanted: Filter | None = None) -> int:
    """How many contacts the filter means; what the counters know is not counted again."""
    known = known_count(wanted or Filter())
    if known is not None:
        return int(await tx.value(known))
    return await _count(tx, (await matching(tx, wanted or Filter())).where)


async def count_if_rare(tx: ReadTx, wanted: Filter) -> int | None:
    """The number where few match, else None."""
    found = await matching(tx, wanted)
    return await _count(tx, found.where) if found.is_rare else None


async def _count(tx: ReadTx, where: Sql) -> int:
    statement = sql(
        "select count(*) from contacts.contact c where c.workspace_id = {workspace} and {where}", where=where
    )
    return int(await tx.value(statement))


def known_count(wanted: Filter) -> Sql | None:
    """A SELECT of the number where a counter knows it."""
    if wanted.is_empty:
        return total_of(CONTACTS)
    if wanted == Filter(tag_id=wanted.tag_id) and wanted.tag_id is not None:
        return total_of(TAG, wanted.tag_id)
    if wanted == Filter(list_id=wanted.list_id, status="active") and wanted.list_id is not None:
        return total_of(LIST, wanted.list_id)
    return None
