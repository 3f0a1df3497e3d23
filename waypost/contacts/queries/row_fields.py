"""Custom fields of companies and of other rows that are no contacts: each kind has a table of its own."""

from __future__ import annotations

from dataclasses import dataclass

from waypost.contacts.errors import FieldNotFound
from waypost.contacts.types import RowField
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import ReadTx

COLUMNS = sql("id, name, key, type, options, default_value, is_required, is_visible, position, created_at, updated_at")


@dataclass(frozen=True, slots=True)
class FieldTable:
    """Where definitions stand, and the rows whose `fields` hold the values by field id."""

    fields: Sql
    rows: Sql


COMPANY_FIELDS = FieldTable(sql("contacts.company_field"), sql("contacts.company"))


async def list_row_fields(tx: ReadTx, table: FieldTable) -> list[RowField]:
    """All fields, in the order people gave them."""
    return await tx.all(
        sql(
            "select {columns} from {table} where workspace_id = {workspace} order by position, id",
            columns=COLUMNS,
            table=table.fields,
        ),
        RowField,
    )


async def get_row_field(tx: ReadTx, table: FieldTable, field_id: int) -> RowField:
    found = await tx.maybe(
        sql(
            "select {columns} from {table} where workspace_id = {workspace} and id = {id}",
            columns=COLUMNS,
            table=table.fields,
            id=field_id,
        ),
        RowField,
    )
    if found is None:
        raise FieldNotFound(field_id=field_id)
    return found
