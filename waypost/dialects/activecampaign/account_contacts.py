"""Which contact belongs to which account, with which job title."""

from __future__ import annotations

from waypost.contacts.actions.members import link_company, unlink_company, update_member
from waypost.contacts.audience import these
from waypost.contacts.queries.companies import find_companies, get_company
from waypost.contacts.queries.contacts import find_contact, get_contact
from waypost.contacts.queries.members import find_member, get_member, list_members, list_members_from
from waypost.contacts.types import Member
from waypost.dialects.activecampaign.calls import Read, Write
from waypost.dialects.activecampaign.coerce import POINTER
from waypost.dialects.activecampaign.company_rows import account_contact_row, account_row
from waypost.dialects.activecampaign.envelope import Answer, echo, meta
from waypost.dialects.activecampaign.errors import NoResult, related_missing
from waypost.dialects.activecampaign.routing import Routes
from waypost.dialects.activecampaign.rows import contact_row
from waypost.kernel.errors import Invalid, Problem

routes = Routes()


async def _get(call: Read) -> Member:
    found = await find_member(call.tx, call.id)
    if found is None:
        raise NoResult(model="CustomerAccountSubscriber", id=call.id)
    return found


@routes.get("/accountContacts")
async def list_account_contacts(call: Read) -> Answer:
    found, total = await list_members_from(
        call.tx,
        contact_id=call.query.filter_number("contact"),
        company_id=call.query.filter_number("account"),
        limit=call.query.limit(),
        offset=call.query.offset,
    )
    rows = [account_contact_row(one, call.base, call.zone) for one in found]
    return Answer({"accountContacts": rows, "meta": meta(total)})


@routes.post("/accountContacts")
async def post_account_contact(call: Write) -> Answer:
    sent = call.inner("accountContact")
    sent.require("account", "contact")
    company_id, contact_id = sent.integer("account"), sent.integer("contact")
    if not await find_companies(call.tx, [company_id]):
        raise related_missing("account", f"There is no account {company_id}.")
    if await find_contact(call.tx, contact_id) is None:
        raise related_missing("contact", f"There is no contact {contact_id}.")
    title = sent.text("jobTitle", "job_title") or ""
    if not await link_company(call.tx, company_id, these([contact_id]), job_title=title):
        problem = Problem(POINTER + "account,contact", "The contact belongs to this account already.", "field_invalid")
        raise Invalid([problem])
    member = await get_member(call.tx, company_id, contact_id)
    return Answer({"accountContact": echo(account_contact_row(member, call.base, call.zone), sent.values)}, 201)


@routes.get("/accountContacts/{id}")
async def read_account_contact(call: Read) -> Answer:
    return Answer({"accountContact": account_contact_row(await _get(call), call.base, call.zone)})


@routes.put("/accountContacts/{id}")
async def put_account_contact(call: Write) -> Answer:
    """The job title; account and contact are what the id stands for and stay."""
    found = await _get(call)
    sent = call.inner("accountContact")
    title = sent.text("jobTitle", "job_title")
    member = await update_member(call.tx, found.company_id, found.contact_id, job_title=title)
    return Answer({"accountContact": account_contact_row(member, call.base, call.zone)})


@routes.delete("/accountContacts/{id}")
async def remove_account_contact(call: Write) -> Answer:
    found = await _get(call)
    await unlink_company(call.tx, found.company_id, these([found.contact_id]))
    return Answer({})


@routes.get("/accountContacts/{id}/account")
async def read_account_of(call: Read) -> Answer:
    company = await get_company(call.tx, (await _get(call)).company_id)
    return Answer({"account": account_row(company, call.base, call.zone)})


@routes.get("/accountContacts/{id}/contact")
async def read_contact_of(call: Read) -> Answer:
    contact = await get_contact(call.tx, (await _get(call)).contact_id)
    return Answer({"contact": contact_row(contact, call.base, call.zone)})


@routes.get("/contacts/{id}/accountContacts")
async def list_of_contact(call: Read) -> Answer:
    contact = await get_contact(call.tx, call.id)
    found = await list_members(call.tx, contact_ids=[contact.id])
    return Answer({"accountContacts": [account_contact_row(one, call.base, call.zone) for one in found]})


@routes.get("/contacts/{id}/organization")
async def read_organization(call: Read) -> Answer:
    """The primary account, or null."""
    contact = await get_contact(call.tx, call.id)
    found = await list_members(call.tx, contact_ids=[contact.id])
    if not found:
        return Answer({"organization": None})
    company = await get_company(call.tx, found[0].company_id)
    return Answer({"organization": account_row(company, call.base, call.zone)})
