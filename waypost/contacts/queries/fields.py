"""Custom fields."""

from __future__ import annotations

from waypost.contacts.errors import FieldNotFound
from waypost.contacts.types import Field
from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx

COLUMNS = sql(
    """
    id, name, key, type, options, default_value, is_required, is_visible, position, created_at, updated_at,
    is_indexed, is_index_ready
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
