"""Custom fields of accounts: their definitions (meta) and values (data), singly and in bulk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from waypost.contacts.actions.companies import CompanyChange, update_companies
from waypost.contacts.actions.row_fields import create_row_field, delete_row_field, update_row_field
from waypost.contacts.queries.companies import find_companies, list_companies_from
from waypost.contacts.queries.row_fields import COMPANY_FIELDS, list_row_fields
from waypost.contacts.types import Company, FieldType, RowField
from waypost.dialects.activecampaign.calls import Read, Sent, Write
from waypost.dialects.activecampaign.coerce import Unreadable, flag, integer, unpair
from waypost.dialects.activecampaign.company_rows import datum_row, metum_row, stored_value
from waypost.dialects.activecampaign.envelope import Answer, echo
from waypost.dialects.activecampaign.errors import errors, missing, related_missing
from waypost.dialects.activecampaign.paging import MOST, cut
from waypost.dialects.activecampaign.routing import Routes

routes = Routes(
    {"name": "fieldLabel", "options": "fieldOptions", "default_value": "fieldDefault", "fields": "fieldValue"}
)

TYPES = (
    "text", "textarea", "date", "datetime", "dropdown", "multiselect", "listbox", "radio", "checkbox", "hidden",
    "currency", "number",
)  # fmt: skip
MOST_AT_ONCE = 1_000
DELETED = {"message": "Custom field deleted"}


def _gone() -> Answer:
    """These two services have an error shape of their own."""
    return errors(404, [{"status": 404, "title": "Not Found"}])


async def _field(call: Read, field_id: int) -> RowField | None:
    return next((field for field in await list_row_fields(call.tx, COMPANY_FIELDS) if field.id == field_id), None)


@routes.get("/accountCustomFieldMeta")
async def list_meta(call: Read) -> Answer:
    fields = cut(await list_row_fields(call.tx, COMPANY_FIELDS), call.query, default=MOST)
    return Answer({"accountCustomFieldMeta": [metum_row(field, call.base, call.zone) for field in fields]})


def _type(sent: Sent) -> FieldType:
    kind = (sent.text("fieldType") or "").lower()
    if kind not in TYPES:
        raise Unreadable("fieldType", f"fieldType must be one of {', '.join(TYPES)}.")
    return kind


def _options(sent: Sent) -> list[str]:
    given = sent.get("fieldOptions")
    return [str(option) for option in cast("Sequence[object]", given)] if isinstance(given, list) else []


@routes.post("/accountCustomFieldMeta")
async def post_metum(call: Write) -> Answer:
    sent = call.inner("accountCustomFieldMetum")
    sent.require("fieldLabel", "fieldType")
    field = await create_row_field(
        call.tx,
        COMPANY_FIELDS,
        name=sent.text("fieldLabel") or "",
        type=_type(sent),
        options=_options(sent),
        default_value=sent.get("fieldDefault"),
        is_required=flag(sent.get("isRequired")),
        is_visible=flag(sent.get("isFormVisible")) if sent.has("isFormVisible") else True,
    )
    if sent.has("displayOrder"):
        position = integer(sent.get("displayOrder"), "displayOrder")
        field = await update_row_field(call.tx, COMPANY_FIELDS, field.id, {"position": max(position, 0)})
    return Answer({"accountCustomFieldMetum": echo(metum_row(field, call.base, call.zone), sent.values)})


@routes.get("/accountCustomFieldMeta/{id}")
async def read_metum(call: Read) -> Answer:
    field = await _field(call, call.id)
    return _gone() if field is None else Answer({"accountCustomFieldMetum": metum_row(field, call.base, call.zone)})


@routes.put("/accountCustomFieldMeta/{id}")
async def put_metum(call: Write) -> Answer:
    """The type stays as it was made: values depend on it."""
    if await _field(call, call.id) is None:
        return _gone()
    sent = call.inner("accountCustomFieldMetum")
    changes: dict[str, object] = {}
    if sent.has("fieldLabel"):
        changes["name"] = sent.text("fieldLabel")
    if sent.has("fieldOptions"):
        changes["options"] = _options(sent)
    if sent.has("fieldDefault"):
        changes["default_value"] = sent.get("fieldDefault")
    if sent.has("displayOrder"):
        changes["position"] = max(integer(sent.get("displayOrder"), "displayOrder"), 0)
    for column, name in (("isRequired", "is_required"), ("isFormVisible", "is_visible")):
        if sent.has(column):
            changes[name] = flag(sent.get(column))
    field = await update_row_field(call.tx, COMPANY_FIELDS, call.id, changes)
    return Answer({"accountCustomFieldMetum": metum_row(field, call.base, call.zone)})


@routes.delete("/accountCustomFieldMeta/{id}")
async def remove_metum(call: Write) -> Answer:
    if await _field(call, call.id) is None:
        return _gone()
    await delete_row_field(call.tx, COMPANY_FIELDS, call.id)
    return Answer(DELETED)


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
    return Answer({"accountCustomFieldDatum": _with_currency(row, sent)})


def _with_currency(row: dict[str, Any], sent: Sent) -> dict[str, Any]:
    return {**row, "fieldCurrency": sent.get("fieldCurrency")} if sent.has("fieldCurrency") else row


def _items(call: Write) -> list[Sent]:
    """A bare array, as clients send it, or one under the key `array`, as one example shows."""
    given = call.body.get("array")
    if not isinstance(given, list) or not given:
        raise missing("array")
    if len(cast("list[object]", given)) > MOST_AT_ONCE:
        raise Unreadable("array", f"At most {MOST_AT_ONCE} values at once.")
    return [
        Sent(cast("dict[str, Any]", item) if isinstance(item, dict) else {}) for item in cast("list[object]", given)
    ]


@routes.post("/accountCustomFieldData/bulkCreate", takes_array=True)
async def create_data(call: Write) -> Answer:
    items = _items(call)
    await _write(
        call, [(one.integer("customerAccountId"), one.integer("customFieldId"), one.get("fieldValue")) for one in items]
    )
    return Answer({"message": f"{len(items)} custom field values created"})


@routes.put("/accountCustomFieldData/bulkUpdate", takes_array=True)
async def change_data(call: Write) -> Answer:
    items = _items(call)
    await _write(call, [(*unpair(one.integer("id")), one.get("fieldValue")) for one in items])
    return Answer({"message": f"{len(items)} custom field values updated"})


@routes.get("/accountCustomFieldData/{id}")
async def read_datum(call: Read) -> Answer:
    found = await _datum(call)
    return _gone() if found is None else Answer({"accountCustomFieldDatum": datum_row(*found, call.base, call.zone)})


@routes.put("/accountCustomFieldData/{id}")
async def put_datum(call: Write) -> Answer:
    found = await _datum(call)
    if found is None:
        return _gone()
    company, field = found
    sent = call.inner("accountCustomFieldDatum")
    companies, _ = await _write(call, [(company.id, field.id, sent.get("fieldValue"))])
    row = datum_row(companies[company.id], field, call.base, call.zone)
    return Answer({"accountCustomFieldDatum": _with_currency(row, sent)})


@routes.delete("/accountCustomFieldData/{id}")
async def remove_datum(call: Write) -> Answer:
    found = await _datum(call)
    if found is None:
        return _gone()
    await _write(call, [(found[0].id, found[1].id, None)])
    return Answer({"message": "Custom field value deleted"})
