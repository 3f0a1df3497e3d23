"""Custom fields of deals."""

from __future__ import annotations

from litestar import delete, get, patch, post

from waypost.contacts.actions.row_fields import create_row_field, delete_row_field, update_row_field
from waypost.contacts.queries.row_fields import get_row_field
from waypost.contacts.types import RowField
from waypost.deals.queries.fields import DEAL_FIELDS, list_deal_fields
from waypost.deals.schemas import FieldBody, FieldList, FieldPatch
from waypost.kernel.tx import ReadTx, Tx
from waypost.kernel.uses import refuse_while_live

FIELDS = "/api/v1/deal-fields"


@get(FIELDS)
async def read_deal_fields(read: ReadTx) -> FieldList:
    found = await list_deal_fields(read)
    return FieldList(items=found, total=len(found))


@post(FIELDS)
async def add_deal_field(data: FieldBody, tx: Tx) -> RowField:
    return await create_row_field(
        tx,
        DEAL_FIELDS,
        name=data.name,
        type=data.type,
        options=data.options,
        default_value=data.default_value,
        is_required=data.is_required,
        is_visible=data.is_visible,
    )


@get(FIELDS + "/{deal_field_id:int}")
async def read_deal_field(deal_field_id: int, read: ReadTx) -> RowField:
    return await get_row_field(read, DEAL_FIELDS, deal_field_id)


@patch(FIELDS + "/{deal_field_id:int}")
async def change_deal_field(deal_field_id: int, data: FieldPatch, tx: Tx) -> RowField:
    return await update_row_field(tx, DEAL_FIELDS, deal_field_id, data.changes())


@delete(FIELDS + "/{deal_field_id:int}")
async def drop_deal_field(deal_field_id: int, tx: Tx) -> None:
    await refuse_while_live(tx, "deal_field", deal_field_id)
    await delete_row_field(tx, DEAL_FIELDS, deal_field_id)


ROUTES = (read_deal_fields, add_deal_field, read_deal_field, change_deal_field, drop_deal_field)
