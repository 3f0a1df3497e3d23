"""Custom fields of companies."""

from __future__ import annotations

from waypost.contacts.errors import FieldNotFound
from waypost.contacts.types import CompanyField
from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx

COLUMNS = sql("id, name, key, type, options, default_value, is_required, is_visible, position, created_at, updated_at")


async def list_company_fields(tx: ReadTx) -> list[CompanyField]:
    """All fields, in the order people gave them."""
    return await tx.all(
        sql(
            "select {columns} from contacts.company_field where workspace_id = {workspace} order by position, id",
            columns=COLUMNS,
        ),
        CompanyField,
    )


async def get_company_field(tx: ReadTx, field_id: int) -> CompanyField:
    found = await tx.maybe(
        sql(
            "select {columns} from contacts.company_field where workspace_id = {workspace} and id = {id}",
            columns=COLUMNS,
            id=field_id,
        ),
        CompanyField,
    )
    if found is None:
        raise FieldNotFound(field_id=field_id)
    return found
