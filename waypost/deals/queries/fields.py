"""Custom fields of deals."""

from __future__ import annotations

from waypost.contacts.queries.row_fields import FieldTable, list_row_fields
from waypost.contacts.types import RowField
from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx

DEAL_FIELDS = FieldTable(sql("deals.field"), sql("deals.deal"))


async def list_deal_fields(tx: ReadTx) -> list[RowField]:
    """All fields, in the order people gave them."""
    return await list_row_fields(tx, DEAL_FIELDS)
