"""The columns an export may have, and contacts as rows of text in them.

A cell that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, CSV injection);
numbers and phone numbers that begin with a sign stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from waypost.contacts.queries.fields import list_fields
from waypost.contacts.types import Field, Status
from waypost.exports.errors import ColumnsMissing, ColumnUnknown
from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx

STANDARD: Mapping[str, str] = {
    "id": "Id",
    "email": "Email",
    "first_name": "First name",
    "last_name": "Last name",
    "phone": "Phone",
    "time_zone": "Time zone",
    "language": "Language",
    "country": "Country",
    "region": "Region",
    "city": "City",
    "postal_code": "Postal code",
    "tags": "Tags",
    "lists": "Lists",
    "owner": "Owner",
    "created_at": "Created",
    "updated_at": "Changed",
}
_FIELD = re.compile(r"field:(\d+)")
_NUMBER = re.compile(r"[+-][\d\s().,/-]*")


async def default_columns(tx: ReadTx) -> list[str]:
    """Everything there is."""
    return [*STANDARD, *(f"field:{field.id}" for field in await list_fields(tx))]


async def check_columns(tx: ReadTx, columns: Sequence[str]) -> None:
    """Raises ColumnUnknown for the first one that does not exist."""
    if not columns:
        raise ColumnsMissing(pointer="/columns")
    known = {*STANDARD, *(f"field:{field.id}" for field in await list_fields(tx))}
    for place, column in enumerate(columns):
        if column not in known:
            raise ColumnUnknown(column=column, pointer=f"/columns/{place}")


async def headers_of(tx: ReadTx, columns: Sequence[str]) -> list[str]:
    """A header for each column; a field that has been deleted since keeps its column, empty."""
    names = {f"field:{field.id}": field.name for field in await list_fields(tx)}
    return [STANDARD.get(column) or names.get(column) or column for column in columns]


def guarded(text: str) -> str:
    """The text so that no spreadsheet computes it."""
    if text[:1] in ("=", "@", "\t", "\r") or (text[:1] in ("+", "-") and not _NUMBER.fullmatch(text)):
        return "'" + text
    return text


async def rows_of(
    tx: ReadTx, columns: Sequence[str], contact_ids: Sequence[int], *, is_guarded: bool
) -> list[list[str]]:
    """A row for each of the contacts who is still there, in order of id."""
    keep = guarded if is_guarded else _same
    found = await tx.all(
        sql(
            """
            select c.id, c.email, c.first_name, c.last_name, c.phone, c.fields::text as fields, c.created_at,
                   c.updated_at, c.time_zone, c.language, c.country, c.region, c.city, c.postal_code,
                   u.email as owner, t.tags, s.lists
            from contacts.contact c
            left join identity.user_account u on u.id = c.owner_id
            left join (
                select l.contact_id, string_agg(t.name, ', ' order by t.name) as tags
                from contacts.contact_tag l join contacts.tag t on t.workspace_id = l.workspace_id and t.id = l.tag_id
                where l.workspace_id = {workspace} and l.contact_id = any({ids}::bigint[]) and {with_tags}
                group by l.contact_id
            ) as t on t.contact_id = c.id
            left join (
                select s.contact_id, string_agg(l.name || ' (' || ({statuses}::text[])[s.status + 1] || ')', ', '
                                                order by l.name) as lists
                from contacts.subscription s
                join contacts.list l on l.workspace_id = s.workspace_id and l.id = s.list_id
                where s.workspace_id = {workspace} and s.contact_id = any({ids}::bigint[]) and {with_lists}
                group by s.contact_id
            ) as s on s.contact_id = c.id
            where c.workspace_id = {workspace} and c.id = any({ids}::bigint[]) and c.deleted_at is null
            order by c.id
            """,
            ids=list(contact_ids),
            statuses=[status.word for status in Status],
            with_tags="tags" in columns,
            with_lists="lists" in columns,
        )
    )
    keys = [_FIELD.fullmatch(column) for column in columns]
    fields = {field.id: field for field in await list_fields(tx)} if any(keys) else {}
    rows: list[list[str]] = []
    for row in found:
        values: dict[str, Any] = orjson.loads(row["fields"]) if fields else {}
        rows.append(
            [
                keep(_value(fields.get(int(key[1])), values.get(key[1])) if key else _plain(row[column]))
                for column, key in zip(columns, keys, strict=True)
            ]
        )
    return rows


def _same(text: str) -> str:
    return text


def _plain(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else str(value)


def _value(field: Field | None, value: object) -> str:
    if field is None or value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    return str(value)
