"""Contacts as the admin UI shows them: with the names of their tags and lists, encoded without detours.

A page of 100 costs two statements; custom fields go from PostgreSQL to the wire as the text they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import asyncpg
import orjson

from waypost.contacts.errors import ContactNotFound
from waypost.contacts.mail_quality import correct_address, judge_address
from waypost.contacts.places import PARTS
from waypost.contacts.queries.contacts import SortName, count_if_rare, find_survivor, known_count, list_rows
from waypost.contacts.types import Filter, Status
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import ReadTx

_OPTIONS = orjson.OPT_UTC_Z
_STATUS = [status.word for status in Status]

COLUMNS = sql(
    "c.id, c.email, c.first_name, c.last_name, c.phone, c.fields::text as fields, c.created_at, c.updated_at, c.owner_id"
)


async def encode_page(tx: ReadTx, wanted: Filter, *, sort: SortName, limit: int, after: str | None) -> bytes:
    """A page of contacts as JSON: items, next, total (on the first page, where it is cheap)."""
    known = known_count(wanted) if after is None else None
    columns = COLUMNS if known is None else sql("{columns}, ({known}) as total", columns=COLUMNS, known=known)
    rows, more = await list_rows(tx, columns, wanted, sort=sort, limit=limit, after=after)
    total: int | None = None
    if known is not None:
        total = rows[0]["total"] if rows else 0
    elif after is None:
        total = await count_if_rare(tx, wanted)
    return orjson.dumps({"items": await _items(tx, rows), "next": more, "total": total}, option=_OPTIONS)


async def encode_profile(tx: ReadTx, contact_id: int) -> bytes:
    """One contact as JSON; the id of one that was merged gives the survivor."""
    row = await tx.maybe(_by_id(contact_id))
    if row is None and (survivor_id := await find_survivor(tx, contact_id)) is not None:
        row = await tx.maybe(_by_id(survivor_id))
    if row is None:
        raise ContactNotFound(contact_id=contact_id)
    email = row["email"] or ""
    more = {part: row[part] for part in PARTS} | {
        "email_qualities": judge_address(email),
        "email_suggestion": correct_address(email),
    }
    return orjson.dumps((await _items(tx, [row]))[0] | more, option=_OPTIONS)


def _by_id(contact_id: int) -> Sql:
    return sql(
        """
        select {columns}, c.time_zone, c.language, c.country, c.region, c.city, c.postal_code from contacts.contact c
        where c.workspace_id = {workspace} and c.id = {id} and c.deleted_at is null
        """,
        columns=COLUMNS,
        id=contact_id,
    )


async def _items(tx: ReadTx, rows: Sequence[asyncpg.Record]) -> list[dict[str, Any]]:
    tags, lists = await _links(tx, [row["id"] for row in rows])
    fragment = orjson.Fragment
    return [
        {
            "id": row["id"],
            "email": row["email"],
            "first_name": row["first_name"],
            "last_name": row["last_name"],
            "phone": row["phone"],
            "fields": fragment(row["fields"]),
            "tags": tags.get(row["id"], ()),
            "lists": lists.get(row["id"], ()),
            "owner_id": row["owner_id"],
            "created_at": row["created_at"],
            "updated_at": row["updated_at"],
        }
        for row in rows
    ]


async def _links(
    tx: ReadTx, contact_ids: list[int]
) -> tuple[dict[int, list[dict[str, Any]]], dict[int, list[dict[str, Any]]]]:
    """Each contact's tags and lists, in order of their ids."""
    tags: dict[int, list[dict[str, Any]]] = {}
    lists: dict[int, list[dict[str, Any]]] = {}
    if not contact_ids:
        return tags, lists
    found = await tx.all(
        sql(
            """
            select l.contact_id, t.id, t.name, null::smallint as status
            from contacts.contact_tag l join contacts.tag t on t.workspace_id = l.workspace_id and t.id = l.tag_id
            where l.workspace_id = {workspace} and l.contact_id = any({ids}::bigint[])
            union all
            select s.contact_id, l.id, l.name, s.status
            from contacts.subscription s join contacts.list l on l.workspace_id = s.workspace_id and l.id = s.list_id
            where s.workspace_id = {workspace} and s.contact_id = any({ids}::bigint[])
            order by contact_id, id
            """,
            ids=contact_ids,
        )
    )
    for contact_id, item_id, name, status in found:
        if status is None:
            tags.setdefault(contact_id, []).append({"id": item_id, "name": name})
        else:
            lists.setdefault(contact_id, []).append({"id": item_id, "name": name, "status": _STATUS[status]})
    return tags, lists
