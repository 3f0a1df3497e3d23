"""Custom fields of companies and of other rows that are no contacts: definitions, and checked values for the rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

import asyncpg
import orjson

from waypost.contacts.actions.fields import key_of
from waypost.contacts.errors import (
    FieldNotFound,
    FieldRequired,
    KeyInvalid,
    NameMissing,
    NameTaken,
    OptionsMissing,
    ValueInvalid,
)
from waypost.contacts.queries.row_fields import COLUMNS, FieldTable, get_row_field, list_row_fields
from waypost.contacts.types import CHOICE_TYPES, FieldType, RowField, Value
from waypost.contacts.values import convert
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx


def _options(kind: FieldType, options: Sequence[str]) -> list[str]:
    if kind not in CHOICE_TYPES:
        return []
    cleaned = list(dict.fromkeys(option.strip() for option in options if option.strip()))
    if not cleaned:
        raise OptionsMissing(type=kind, pointer="/options")
    return cleaned


def _value(field: RowField, value: object, pointer: str) -> Value:
    try:
        return convert(field.type, field.options, value)
    except ValueError as error:
        raise ValueInvalid(value=value, field=field.name, reason=str(error), pointer=pointer) from error


def _key(name: str, given: str | None, taken: set[str]) -> str:
    if given is not None:
        if given != key_of(given):
            raise KeyInvalid(key=given, pointer="/key")
        if given in taken:
            raise NameTaken(noun="field", name=given, pointer="/key")
        return given
    wanted = key = key_of(name)
    number = 1
    while key in taken:
        number += 1
        key = f"{wanted}_{number}"
    return key


def _json(value: object) -> str | None:
    """JSON text, which PostgreSQL casts; None stays null."""
    return None if value is None else orjson.dumps(value).decode()


async def create_row_field(
    tx: Tx,
    table: FieldTable,
    *,
    name: str,
    type: FieldType = "text",
    key: str | None = None,
    options: Sequence[str] = (),
    default_value: object = None,
    is_required: bool = False,
    is_visible: bool = True,
) -> RowField:
    """A new field at the end of the order; its key is made from the name unless given."""
    name = name.strip()
    if not name:
        raise NameMissing(noun="field", pointer="/name")
    there = await list_row_fields(tx, table)
    field = RowField(
        id=0,
        name=name,
        key=_key(name, key, {item.key for item in there}),
        type=type,
        options=_options(type, options),
        default_value=None,
        is_required=is_required,
        is_visible=is_visible,
        position=max((item.position for item in there), default=0) + 1,
        created_at=tx.now,
        updated_at=tx.now,
    )
    return await _insert(tx, table, replace(field, default_value=_value(field, default_value, "/default_value")))


async def _insert(tx: Tx, table: FieldTable, field: RowField) -> RowField:
    try:
        return await tx.one(
            sql(
                """
                insert into {table} (workspace_id, name, key, type, options, default_value, is_required,
                    is_visible, position, created_at, updated_at)
                values ({workspace}, {name}, {key}, {type}, {options}::jsonb, {default}::jsonb, {is_required},
                    {is_visible}, {position}, {now}, {now})
                returning {columns}
                """,
                table=table.fields,
                name=field.name,
                key=field.key,
                type=field.type,
                options=_json(field.options),
                default=_json(field.default_value),
                is_required=field.is_required,
                is_visible=field.is_visible,
                position=field.position,
                columns=COLUMNS,
            ),
            RowField,
        )
    except asyncpg.UniqueViolationError as error:
        raise NameTaken(noun="field", name=field.key, pointer="/key") from error


async def update_row_field(tx: Tx, table: FieldTable, field_id: int, changes: Mapping[str, object]) -> RowField:
    """Change name, options, default_value, is_required, is_visible or position; type and key stay."""
    field = await get_row_field(tx, table, field_id)
    name = str(changes.get("name", field.name)).strip()
    if not name:
        raise NameMissing(noun="field", pointer="/name")
    options = field.options
    if "options" in changes:
        options = _options(field.type, cast("Sequence[str]", changes["options"]))
    shaped = replace(field, name=name, options=options)
    return await tx.one(
        sql(
            """
            update {table}
            set name = {name}, options = {options}::jsonb, default_value = {default}::jsonb,
                is_required = {is_required}, is_visible = {is_visible}, position = {position}, updated_at = {now}
            where workspace_id = {workspace} and id = {id} returning {columns}
            """,
            table=table.fields,
            id=field_id,
            name=name,
            options=_json(options),
            default=_json(_value(shaped, changes.get("default_value", field.default_value), "/default_value")),
            is_required=bool(changes.get("is_required", field.is_required)),
            is_visible=bool(changes.get("is_visible", field.is_visible)),
            position=changes.get("position", field.position),
            columns=COLUMNS,
        ),
        RowField,
    )


async def delete_row_field(tx: Tx, table: FieldTable, field_id: int) -> None:
    """Take the field away with every row's value of it."""
    found = await tx.value(
        sql(
            "delete from {table} where workspace_id = {workspace} and id = {id} returning id",
            table=table.fields,
            id=field_id,
        )
    )
    if found is None:
        raise FieldNotFound(field_id=field_id)
    await tx.run(
        sql(
            """
            update {table} set fields = fields - {key}, updated_at = {now}
            where workspace_id = {workspace} and fields ? {key}
            """,
            table=table.rows,
            key=str(field_id),
        )
    )


def stored_values(fields: Sequence[RowField], given: Mapping[int, object], *, is_new: bool = False) -> dict[str, Value]:
    """Checked values by field id as text, None for those to clear; new rows get the defaults."""
    known = {field.id: field for field in fields}
    out: dict[str, Value] = {}
    for field_id, value in given.items():
        field = known.get(field_id)
        if field is None:
            raise FieldNotFound(field_id=field_id, pointer=f"/fields/{field_id}")
        out[str(field_id)] = _value(field, value, f"/fields/{field_id}")
    for field in fields:
        key = str(field.id)
        if is_new and key not in out and field.default_value is not None:
            out[key] = field.default_value
        if field.is_required and (is_new or key in out) and out.get(key) is None:
            raise FieldRequired(field=field.name, pointer=f"/fields/{field.id}")
    return out
