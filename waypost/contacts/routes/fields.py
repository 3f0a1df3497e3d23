"""Custom fields of contacts."""

from __future__ import annotations

from litestar import delete, get, patch, post, put

from waypost.contacts.actions.field_groups import create_group, delete_group, order_fields, rename_group
from waypost.contacts.actions.fields import create_field, delete_field, update_field
from waypost.contacts.queries.fields import count_values, get_field, list_fields, list_groups
from waypost.contacts.routes.answers import Limit
from waypost.contacts.schemas import fields as bodies
from waypost.contacts.schemas.fields import FieldBody, FieldList, FieldPatch
from waypost.contacts.types import Field, FieldGroup
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
        is_self_service=data.is_self_service,
        group_id=data.group_id,
        list_ids=data.list_ids,
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


@get("/api/v1/fields/usage")
async def read_field_usage(read: ReadTx) -> bodies.FieldUsageList:
    counts = await count_values(read)
    return bodies.FieldUsageList(
        items=[bodies.FieldUsage(field_id=number, contact_count=count) for number, count in counts.items()]
    )


@put("/api/v1/fields/order")
async def change_order(data: bodies.OrderBody, tx: Tx) -> FieldList:
    await order_fields(tx, data.group_ids, [(place.id, place.group_id) for place in data.fields])
    fields = await list_fields(tx)
    return FieldList(items=fields, total=len(fields))


@get("/api/v1/field-groups")
async def read_groups(read: ReadTx) -> bodies.GroupList:
    return bodies.GroupList(items=await list_groups(read))


@post("/api/v1/field-groups")
async def add_group(data: bodies.GroupBody, tx: Tx) -> FieldGroup:
    return await create_group(tx, name=data.name)


@patch("/api/v1/field-groups/{group_id:int}")
async def change_group(group_id: int, data: bodies.GroupBody, tx: Tx) -> FieldGroup:
    return await rename_group(tx, group_id, name=data.name)


@delete("/api/v1/field-groups/{group_id:int}")
async def drop_group(group_id: int, tx: Tx) -> None:
    await delete_group(tx, group_id)


ROUTES = (
    read_fields,
    add_field,
    read_field,
    change_field,
    drop_field,
    read_field_usage,
    change_order,
    read_groups,
    add_group,
    change_group,
    drop_group,
)
