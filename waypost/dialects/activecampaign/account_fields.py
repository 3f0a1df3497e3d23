"""Custom fields of accounts: their definitions (meta) and values (data), singly and in bulk."""

from __future__ import annotations

from collections.abc import Sequence

from waypost.contacts.actions.companies import CompanyChange, update_companies
from waypost.contacts.queries.companies import find_companies, list_companies_from
from waypost.contacts.queries.row_fields import COMPANY_FIELDS, list_row_fields
from waypost.contacts.types import Company, RowField
from waypost.dialects.activecampaign.calls import Read, Write
from waypost.dialects.activecampaign.coerce import unpair
from waypost.dialects.activecampaign.company_rows import METUM_LINKS, datum_row, stored_value
from waypost.dialects.activecampaign.envelope import Answer
from waypost.dialects.activecampaign.errors import related_missing
from waypost.dialects.activecampaign.paging import MOST, cut
from waypost.dialects.activecampaign.routing import Routes
from waypost.dialects.activecampaign.row_field_meta import (
    RENAMED,
    MetaKind,
    find_field,
    gone,
    items_sent,
    offer_meta,
    with_currency,
)

routes = Routes(RENAMED)
offer_meta(
    routes,
    MetaKind(COMPANY_FIELDS, "accountCustomFieldMetum", "accountCustomFieldMeta", "ACCT", METUM_LINKS),
)


async def _field(call: Read, field_id: int) -> RowField | None:
    return await find_field(call, COMPANY_FIELDS, field_id)


@routes.get("/accountCustomFieldData")
async def list_data(call: Read) -> Answer:
    """Values of one account, or of all of them, account by account."""
    company_id = call.query.filter_number("customerAccountId", "accountId")
    fields = await list_row_fields(call.tx, COMPANY_FIELDS)
    if company_id is None:
        found, _ = await list_companies_from(call.tx, limit=call.query.limit(), offset=call.query.offset)
    else:
        found = await find_companies(call.tx, [company_id])
    rows = [
        datum_row(company, field, call.base, call.zone)
        for company in found
        for field in fields
        if str(field.id) in company.fields
    ]
    return Answer({"accountCustomFieldData": rows if company_id is None else cut(rows, call.query, default=MOST)})


async def _datum(call: Read) -> tuple[Company, RowField] | None:
    company_id, field_id = unpair(call.id)
    field = await _field(call, field_id)
    found = await find_companies(call.tx, [company_id])
    if field is None or not found or str(field_id) not in found[0].fields:
        return None
    return found[0], field


async def _write(
    call: Write, values: Sequence[tuple[int, int, object]]
) -> tuple[dict[int, Company], dict[int, RowField]]:
    """Give accounts (account id, field id, value) their values; returns both by id."""
    fields = {field.id: field for field in await list_row_fields(call.tx, COMPANY_FIELDS)}
    companies = {company.id for company in await find_companies(call.tx, [company_id for company_id, _, _ in values])}
    changes: dict[int, dict[int, object]] = {}
    for company_id, field_id, value in values:
        if company_id not in companies:
            raise related_missing("customerAccountId", f"There is no account {company_id}.")
        if field_id not in fields:
            raise related_missing("customFieldId", f"There is no field {field_id}.")
        changes.setdefault(company_id, {})[field_id] = stored_value(fields[field_id], value)
    await update_companies(call.tx, [CompanyChange(company_id, fields=given) for company_id, given in changes.items()])
    return {company.id: company for company in await find_companies(call.tx, list(changes))}, fields


@routes.post("/accountCustomFieldData")
async def post_datum(call: Write) -> Answer:
    sent = call.inner("accountCustomFieldDatum")
    company_id = sent.integer("customerAccountId" if sent.has("customerAccountId") else "accountId")
    field_id = sent.integer("customFieldId")
    companies, fields = await _write(call, [(company_id, field_id, sent.get("fieldValue"))])
    row = datum_row(companies[company_id], fields[field_id], call.base, call.zone)
    return Answer({"accountCustomFieldDatum": with_currency(row, sent)})


@routes.post("/accountCustomFieldData/bulkCreate", takes_array=True)
async def create_data(call: Write) -> Answer:
    items = items_sent(call)
    await _write(
        call, [(one.integer("customerAccountId"), one.integer("customFieldId"), one.get("fieldValue")) for one in items]
    )
    return Answer({"message": f"{len(items)} custom field values created"})


@routes.put("/accountCustomFieldData/bulkUpdate", takes_array=True)
async def change_data(call: Write) -> Answer:
    items = items_sent(call)
    await _write(call, [(*unpair(one.integer("id")), one.get("fieldValue")) for one in items])
    return Answer({"message": f"{len(items)} custom field values updated"})


@routes.get("/accountCustomFieldData/{id}")
async def read_datum(call: Read) -> Answer:
    found = await _datum(call)
    return gone() if found is None else Answer({"accountCustomFieldDatum": datum_row(*found, call.base, call.zone)})


@routes.put("/accountCustomFieldData/{id}")
async def put_datum(call: Write) -> Answer:
    found = await _datum(call)
    if found is None:
        return gone()
    company, field = found
    sent = call.inner("accountCustomFieldDatum")
    companies, _ = await _write(call, [(company.id, field.id, sent.get("fieldValue"))])
    row = datum_row(companies[company.id], field, call.base, call.zone)
    return Answer({"accountCustomFieldDatum": with_currency(row, sent)})


@routes.delete("/accountCustomFieldData/{id}")
async def remove_datum(call: Write) -> Answer:
    found = await _datum(call)
    if found is None:
        return gone()
    await _write(call, [(found[0].id, found[1].id, None)])
    return Answer({"message": "Custom field value deleted"})
