"""Custom fields."""

from __future__ import annotations

from waypost.contacts.errors import FieldGroupNotFound, FieldNotFound
from waypost.contacts.types import Field, FieldGroup
from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx

COLUMNS = sql(
    """
    id, name, key, type, options, default_value, is_required, is_visible, position, created_at, updated_at,
    is_indexed, is_index_ready, group_id, list_ids, is_self_service
    """
)


async def list_fields(tx: ReadTx) -> list[Field]:
    """All fields, in the order people gave them."""
    return await tx.all(
        sql(
            "select {columns} from contacts.field where workspace_id = {workspace} order by position, id",
            columns=COLUMNS,
        ),
        Field,
    )


async def find_field(tx: ReadTx, field_id: int) -> Field | None:
    return await tx.maybe(
        sql(
            "select {columns} from contacts.field where workspace_id = {workspace} and id = {id}",
            columns=COLUMNS,
            id=field_id,
        ),
        Field,
    )


async def get_field(tx: ReadTx, field_id: int) -> Field:
    found = await find_field(tx, field_id)
    if found is None:
        raise FieldNotFound(field_id=field_id)
    return found


async def list_groups(tx: ReadTx) -> list[FieldGroup]:
    """The groups in the order people gave them."""
    return await tx.all(
        sql(
            """
            select id, name, position, created_at, updated_at from contacts.field_group
            where workspace_id = {workspace} order by position, id
            """
        ),
        FieldGroup,
    )


async def get_group(tx: ReadTx, group_id: int) -> FieldGroup:
    found = next((group for group in await list_groups(tx) if group.id == group_id), None)
    if found is None:
        raise FieldGroupNotFound(group_id=group_id)
    return found


async def count_values(tx: ReadTx) -> dict[int, int]:
    """How many contacts have a value of each field; reads every contact, so it is asked for by itself."""
    rows = await tx.all(
        sql(
            """
            select key::bigint as field_id, count(*) as count
            from contacts.contact c, jsonb_object_keys(c.fields) as key
            where c.workspace_id = {workspace} and c.deleted_at is null and c.fields <> '{{}}' group by key
            """
        )
    )
    return {row["field_id"]: row["count"] for row in rows}
