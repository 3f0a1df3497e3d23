"""Custom fields of companies."""

from __future__ import annotations

from litestar import delete, get, patch, post

from waypost.contacts.actions.company_fields import create_company_field, delete_company_field, update_company_field
from waypost.contacts.queries.company_fields import get_company_field, list_company_fields
from waypost.contacts.schemas.companies import CompanyFieldBody, CompanyFieldList, CompanyFieldPatch
from waypost.contacts.types import CompanyField
from waypost.kernel.tx import ReadTx, Tx


@get("/api/v1/company-fields")
async def read_company_fields(read: ReadTx) -> CompanyFieldList:
    fields = await list_company_fields(read)
    return CompanyFieldList(items=fields, total=len(fields))


@post("/api/v1/company-fields")
async def add_company_field(data: CompanyFieldBody, tx: Tx) -> CompanyField:
    return await create_company_field(
        tx,
        name=data.name,
        type=data.type,
        key=data.key,
        options=data.options,
        default_value=data.default_value,
        is_required=data.is_required,
        is_visible=data.is_visible,
    )


@get("/api/v1/company-fields/{company_field_id:int}")
async def read_company_field(company_field_id: int, read: ReadTx) -> CompanyField:
    return await get_company_field(read, company_field_id)


@patch("/api/v1/company-fields/{company_field_id:int}")
async def change_company_field(company_field_id: int, data: CompanyFieldPatch, tx: Tx) -> CompanyField:
    return await update_company_field(tx, company_field_id, data.changes())


@delete("/api/v1/company-fields/{company_field_id:int}")
async def drop_company_field(company_field_id: int, tx: Tx) -> None:
    await delete_company_field(tx, company_field_id)


ROUTES = (read_company_fields, add_company_field, read_company_field, change_company_field, drop_company_field)
