"""Custom fields of companies."""

from __future__ import annotations

from litestar import delete, get, patch, post

from waypost.contacts.actions.row_fields import create_row_field, delete_row_field, update_row_field
from waypost.contacts.queries.row_fields import COMPANY_FIELDS, get_row_field, list_row_fields
from waypost.contacts.schemas.companies import CompanyFieldBody, CompanyFieldList, CompanyFieldPatch
from waypost.contacts.types import RowField
from waypost.kernel.tx import ReadTx, Tx


@get("/api/v1/company-fields")
async def read_company_fields(read: ReadTx) -> CompanyFieldList:
    fields = await list_row_fields(read, COMPANY_FIELDS)
    return CompanyFieldList(items=fields, total=len(fields))


@post("/api/v1/company-fields")
async def add_company_field(data: CompanyFieldBody, tx: Tx) -> RowField:
    return await create_row_field(
        tx,
        COMPANY_FIELDS,
        name=data.name,
        type=data.type,
        key=data.key,
        options=data.options,
        default_value=data.default_value,
        is_required=data.is_required,
        is_visible=data.is_visible,
    )


@get("/api/v1/company-fields/{company_field_id:int}")
async def read_company_field(company_field_id: int, read: ReadTx) -> RowField:
    return await get_row_field(read, COMPANY_FIELDS, company_field_id)


@patch("/api/v1/company-fields/{company_field_id:int}")
async def change_company_field(company_field_id: int, data: CompanyFieldPatch, tx: Tx) -> RowField:
    return await update_row_field(tx, COMPANY_FIELDS, company_field_id, data.changes())


@delete("/api/v1/company-fields/{company_field_id:int}")
async def drop_company_field(company_field_id: int, tx: Tx) -> None:
    await delete_row_field(tx, COMPANY_FIELDS, company_field_id)


ROUTES = (read_company_fields, add_company_field, read_company_field, change_company_field, drop_company_field)
