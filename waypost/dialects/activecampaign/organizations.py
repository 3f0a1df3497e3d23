"""Organizations, the former name of accounts, which old clients still use."""

from __future__ import annotations

from waypost.contacts.actions.companies import CompanyChange, create_company, delete_companies, update_company
from waypost.contacts.queries.companies import get_company, list_companies_from
from waypost.contacts.types import Company
from waypost.dialects.activecampaign.calls import Read, Write
from waypost.dialects.activecampaign.coerce import integer
from waypost.dialects.activecampaign.envelope import Answer, Links, Row, meta
from waypost.dialects.activecampaign.routing import Routes

routes = Routes()
_LINKS = Links("organizations", ("contactOrganization",))


def _row(call: Read, company: Company) -> Row:
    owner = str(company.owner_id or 0)
    return {
        "name": company.name,
        "created_timestamp": call.iso(company.created_at),
        "updated_timestamp": call.iso(company.updated_at),
        "userid": owner,
        "links": _LINKS.of(call.base, company.id),
        "id": str(company.id),
        "owner": owner,
    }


@routes.get("/organizations")
async def list_organizations(call: Read) -> Answer:
    search = call.query.text("search") or call.query.filter("name") or ""
    found, total = await list_companies_from(call.tx, search=search, limit=call.query.limit(), offset=call.query.offset)
    return Answer({"organizations": [_row(call, one) for one in found], "meta": meta(total)})


@routes.post("/organizations")
async def post_organization(call: Write) -> Answer:
    sent = call.inner("organization")
    sent.require("name")
    made = await create_company(call.tx, name=sent.text("name") or "", owner_id=call.caller.user_id)
    return Answer({"organization": _row(call, made)}, 201)


@routes.delete("/organizations/bulk_delete")
async def remove_organizations(call: Write) -> Answer:
    await delete_companies(call.tx, [integer(value, "ids") for value in call.query.many.get("ids", ())])
    return Answer({})


@routes.get("/organizations/{id}")
async def read_organization(call: Read) -> Answer:
    return Answer({"organization": _row(call, await get_company(call.tx, call.id))})


@routes.put("/organizations/{id}")
async def put_organization(call: Write) -> Answer:
    company, sent = await get_company(call.tx, call.id), call.inner("organization")
    changed = await update_company(call.tx, CompanyChange(company.id, name=sent.text("name") or company.name))
    return Answer({"organization": _row(call, changed)})


@routes.delete("/organizations/{id}")
async def remove_organization(call: Write) -> Answer:
    await delete_companies(call.tx, [(await get_company(call.tx, call.id)).id])
    return Answer({})
