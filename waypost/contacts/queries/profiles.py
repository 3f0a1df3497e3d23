"""Contacts as the admin UI shows them: with the names of their tags and lists, encoded without detours.

A page of 100 costs two statements; custom fields go from PostgreSQL to the wire as the text they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import asyncpg
import orjson

from waypost.contacts.errors import ContactNotFound
from waypost.contacts.queries.contacts import SortName, count_if_cheap, list_rows
from waypost.contacts.types import Filter, Status
from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx

_OPTIONS = orjson.OPT_UTC_Z
_STATUS = [status.word for status in Status]

COLUMNS = sql(
    """
    c.id, c.email, c.first_name, c.last_name, c.phone, c.fields::text as fields, c.created_at, c.updated_at,
    array(select t.tag_id from contacts.contact_tag t
          where t.workspace_id = {workspace} and t.contact_id = c.id) as tag_ids,
    array(select s.list_id * 4 + s.status from contacts.subscription s
          where s.workspace_id = {workspace} and s.contact_id = c.id) as list_marks
    """
)


async def encode_page(tx: ReadTx, wanted: Filter, *, sort: SortName, limit: int, after: str | None) -> bytes:
    """A page of contacts as JSON: items, next, total (on the first page, where it is cheap)."""
    rows, more = await list_rows(tx, COLUMNS, wanted, sort=sort, limit=limit, after=after)
    total = await count_if_cheap(tx, wanted) if after is None else None
    items = await _items(tx, rows)
    return orjson.dumps({"items": items, "next": more, "total": total}, option=_OPTIONS)


async def encode_profile(tx: ReadTx, contact_id: int) -> bytes:
    """One contact as JSON."""
    row = await tx.maybe(
        sql(
            """
            select {columns} from contacts.contact c
            where c.workspace_id = {workspace} and c.id = {id} and c.deleted_at is null
            """,
            columns=COLUMNS,
            id=contact_id,
        )
    )
    if row is None:
        raise ContactNotFound(contact_id=contact_id)
    return orjson.dumps((await _items(tx, [row]))[0], option=_OPTIONS)


async def _items(tx: ReadTx, rows: Sequence[asyncpg.Record]) -> list[dict[str, Any]]:
    tag_ids = {tag_id for row in rows for tag_id in row["tag_ids"]}
    list_ids = {mark >> 2 for row in rows for mark in row["list_marks"]}
    tags, lists = await _names(tx, tag_ids, list_ids)
    fragment = orjson.Fragment
    return [
        {
            "id": row["id"],
            "email": row["email"],
            "first_name": row["first_name"],
            "last_name": row["last_name"],
            "phone": row["phone"],
            "fields": fragment(row["fields"]),
            "tags": [tags[tag_id] for tag_id in row["tag_ids"] if tag_id in tags],
            "lists": [
                {**lists[mark >> 2], "status": _STATUS[mark & 3]} for mark in row["list_marks"] if mark >> 2 in lists
            ],
            "created_at": row["created_at"],
            "updated_at": row["updated_at"],
        }
        for row in rows
    ]


async def _names(
    tx: ReadTx, tag_ids: set[int], list_ids: set[int]
) -> tuple[dict[int, dict[str, Any]], dict[int, dict[str, Any]]]:
    tags: dict[int, dict[str, Any]] = {}
    lists: dict[int, dict[str, Any]] = {}
    if tag_ids or list_ids:
        found = await tx.all(
            sql(
                """
                select true as is_tag, id, name from contacts.tag
                where workspace_id = {workspace} and id = any({tag_ids}::bigint[])
                union all
                select false, id, name from contacts.list
                where workspace_id = {workspace} and id = any({list_ids}::bigint[])
                """,
                tag_ids=list(tag_ids),
                list_ids=list(list_ids),
            )
        )
        for is_tag, item_id, name in found:
            (tags if is_tag else lists)[item_id] = {"id": item_id, "name": name}
    return tags, lists
