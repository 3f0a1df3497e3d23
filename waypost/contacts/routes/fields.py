"""Custom fields of contacts."""

from __future__ import annotations

from litestar import delete, get, patch, post

from waypost.contacts.actions.fields import create_field, delete_field, update_field
from waypost.contacts.queries.fields import get_field, list_fields
from waypost.contacts.routes.answers import Limit
from waypost.contacts.schemas.fields import FieldBody, FieldList, FieldPatch
from waypost.contacts.types import Field
from waypost.kernel.tx import ReadTx, Tx


@get("/api/v1/fields")
async def read_fields(read: ReadTx, limit: Limit = 500) -> FieldList:
    fields = await list_fields(read)
    return FieldList(items=fields[:limit], total=len(fields))


@post("/api/v1/fields")
async def add_field(data: FieldBody, tx: Tx) -> Field:
    return await create_field(
        tx,
        name=data.name,
        type=data.type,
        key=data.key,
        options=data.options,
        default_value=data.default_value,
        is_required=data.is_required,
        is_visible=data.is_visible,
        is_indexed=data.is_indexed,
    )


@get("/api/v1/fields/{field_id:int}")
async def read_field(field_id: int, read: ReadTx) -> Field:
    return await get_field(read, field_id)


@patch("/api/v1/fields/{field_id:int}")
async def change_field(field_id: int, data: FieldPatch, tx: Tx) -> Field:
    return await update_field(tx, field_id, data.changes())


@delete("/api/v1/fields/{field_id:int}")
async def drop_field(field_id: int, tx: Tx) -> None:
    await delete_field(tx, field_id)


ROUTES = (read_fields, add_field, read_field, change_field, drop_field)
