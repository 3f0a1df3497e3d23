"""Accounts, which are called companies here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from msgspec import UNSET

from waypost.contacts.actions.companies import CompanyChange, create_company, delete_companies, update_company
from waypost.contacts.errors import FieldNotFound
from waypost.contacts.queries.companies import get_company, list_companies_from
from waypost.contacts.queries.members import list_members_from
from waypost.contacts.queries.row_fields import COMPANY_FIELDS, list_row_fields
from waypost.contacts.types import Company, RowField
from waypost.deals.queries.numbered import count_company_deals
from waypost.dialects.activecampaign.calls import Read, Sent, Write
from waypost.dialects.activecampaign.coerce import flag, integer
from waypost.dialects.activecampaign.company_rows import (
    account_contact_row,
    account_row,
    datum_row,
    listed_account_row,
    stored_value,
)
from waypost.dialects.activecampaign.envelope import Answer, Row, echo, meta
from waypost.dialects.activecampaign.errors import NoResult, missing, related_missing
from waypost.dialects.activecampaign.paging import MOST
from waypost.dialects.activecampaign.routing import Routes
from waypost.dialects.activecampaign.rows import user_row
from waypost.identity.errors import UserNotFound
from waypost.identity.queries import get_user

routes = Routes({"website": "accountUrl", "domain": "accountUrl"})


@routes.get("/accounts")
async def list_accounts(call: Read) -> Answer:
    found, total = await list_companies_from(
        call.tx,
        search=call.query.text("search") or call.query.filter("name") or "",
        limit=call.query.limit(),
        offset=call.query.offset,
    )
    is_counted = flag(call.query.text("count_deals"))
    deals = await count_company_deals(call.tx, [company.id for company in found]) if is_counted else {}
    rows = [
        listed_account_row(company, call.base, call.zone, is_counted=is_counted, deals=deals.get(company.id, 0))
        for company in found
    ]
    return Answer({"accounts": rows, "meta": meta(total)})


def _owner(sent: Sent) -> int | None:
    """Whose it is: 0 stands for nobody."""
    return integer(sent.get("owner"), "owner") or None


def fields_sent(sent: Sent, known: Sequence[RowField]) -> dict[int, object] | None:
    """The `fields` of an account's body by field id, or None when it has none."""
    given = sent.get("fields")
    if not isinstance(given, list):
        return None
    by_id = {field.id: field for field in known}
    values: dict[int, object] = {}
    for item in cast("Sequence[object]", given):
        one = Sent(cast("dict[str, Any]", item) if isinstance(item, dict) else {})
        field_id = one.integer("customFieldId")
        if field_id not in by_id:
            raise related_missing("customFieldId", f"There is no field {field_id}.")
        values[field_id] = stored_value(by_id[field_id], one.get("fieldValue"))
    return values


def _written(call: Write, company: Company, sent: Sent, known: Sequence[RowField], values: Mapping[int, object]) -> Row:
    """The answer to a write: the row with the caller's types, and what became of the fields."""
    row = echo(account_row(company, call.base, call.zone), sent.values)
    shown = [datum_row(company, field, call.base, call.zone) for field in known if field.id in values]
    saved: Row = {"customFieldSaveStatus": {"status": "success"}, "fields": [_saved(one) for one in shown]}
    return {**row, **saved}


def _saved(row: Row) -> Row:
    return {"customFieldId": row["customFieldId"], "fieldValue": row["fieldValue"], "accountId": str(row["accountId"])}


@routes.post("/accounts")
async def post_account(call: Write) -> Answer:
    sent = call.inner("account")
    if not (sent.text("name") or "").strip():
        raise missing("name")
    known = await list_row_fields(call.tx, COMPANY_FIELDS) if sent.has("fields") else []
    values = fields_sent(sent, known) or {}
    try:
        company = await create_company(
            call.tx,
            name=sent.text("name") or "",
            website=sent.text("accountUrl", "account_url") or "",
            owner_id=_owner(sent) if sent.has("owner") else call.caller.user_id,
            fields=values,
        )
    except UserNotFound as failure:
        raise related_missing("owner", failure.detail) from failure
    return Answer({"account": _written(call, company, sent, known, values)}, 201)


@routes.delete("/accounts/bulk_delete")
async def remove_accounts(call: Write) -> Answer:
    given = [*call.query.many.get("ids", ()), *call.query.many.get("", ())]
    await delete_companies(call.tx, [integer(value, "ids") for value in given])
    return Answer({"meta": {"success": True}})


@routes.get("/accounts/{id}")
async def read_account(call: Read) -> Answer:
    return Answer({"account": account_row(await get_company(call.tx, call.id), call.base, call.zone)})


@routes.put("/accounts/{id}")
async def put_account(call: Write) -> Answer:
    sent = call.inner("account")
    known = await list_row_fields(call.tx, COMPANY_FIELDS) if sent.has("fields") else []
    values = fields_sent(sent, known)
    name, website = sent.text("name"), sent.text("accountUrl", "account_url")
    change = CompanyChange(
        call.id,
        name=UNSET if name is None else name,
        website=UNSET if website is None else website,
        owner_id=_owner(sent) if sent.has("owner") else UNSET,
        fields=UNSET if values is None else values,
    )
    try:
        company = await update_company(call.tx, change)
    except UserNotFound as failure:
        raise related_missing("owner", failure.detail) from failure
    except FieldNotFound as failure:
        raise related_missing("fields", failure.detail) from failure
    return Answer({"account": _written(call, company, sent, known, values or {})})


@routes.delete("/accounts/{id}")
async def remove_account(call: Write) -> Answer:
    await get_company(call.tx, call.id)
    await delete_companies(call.tx, [call.id])
    return Answer({})


@routes.get("/accounts/{id}/accountContacts")
async def list_contacts_of(call: Read) -> Answer:
    company = await get_company(call.tx, call.id)
    found, _ = await list_members_from(call.tx, company_id=company.id, limit=MOST, offset=call.query.offset)
    return Answer({"accountContacts": [account_contact_row(one, call.base, call.zone) for one in found]})


@routes.get("/accounts/{id}/accountCustomFieldData")
async def list_values_of(call: Read) -> Answer:
    company = await get_company(call.tx, call.id)
    known = await list_row_fields(call.tx, COMPANY_FIELDS)
    rows = [datum_row(company, field, call.base, call.zone) for field in known if str(field.id) in company.fields]
    return Answer({"accountCustomFieldData": rows})


@routes.get("/accounts/{id}/owner")
async def read_owner_of(call: Read) -> Answer:
    company = await get_company(call.tx, call.id)
    if company.owner_id is None:
        raise NoResult(model="User", id=0)
    user = await get_user(call.tx, company.owner_id)
    return Answer({"user": user_row(user, call.zone.key, call.base, call.zone)})
