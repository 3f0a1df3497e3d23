"""Contacts in automations: our runs as v3's SubscriberSeries."""

from __future__ import annotations

from waypost.automations.actions import remove_contacts
from waypost.automations.enroll import enroll_contacts
from waypost.automations.errors import AutomationNotActive
from waypost.automations.numbered import list_enrollments_from
from waypost.automations.queries import get_automation, get_enrollment
from waypost.contacts.audience import these
from waypost.contacts.queries.contacts import get_contact
from waypost.dialects.activecampaign.automation_parts import run_rows
from waypost.dialects.activecampaign.calls import Read, Write
from waypost.dialects.activecampaign.envelope import Answer, meta
from waypost.dialects.activecampaign.errors import Forbidden
from waypost.dialects.activecampaign.routing import Routes
from waypost.dialects.activecampaign.rows import automation_row, contact_row

routes = Routes()

NOT_CREATED = "Could not create SubscriberSeries"
_OVER = {1: False, 2: True}


@routes.get("/contactAutomations")
async def list_runs(call: Read) -> Answer:
    found, total = await list_enrollments_from(
        call.tx,
        limit=call.query.limit(),
        offset=call.query.offset,
        contact_id=call.query.filter_number("contact", "subscriberid"),
        automation_id=call.query.filter_number("automation", "seriesid"),
        is_over=_OVER.get(call.query.filter_number("status") or 0),
    )
    return Answer({"contactAutomations": await run_rows(call, found), "meta": meta(total, showcase_stats=[])})


@routes.post("/contactAutomations")
async def post_run(call: Write) -> Answer:
    """Whoever is inside already stays as they are: no second run, and the documented refusal."""
    sent = call.inner("contactAutomation")
    contact = await get_contact(call.tx, sent.integer("contact"))
    automation = await get_automation(call.tx, sent.integer("automation"))
    try:
        entered = await enroll_contacts(call.tx, automation.id, these([contact.id]))
    except AutomationNotActive as failure:
        raise Forbidden(message=NOT_CREATED) from failure
    if not entered:
        raise Forbidden(message=NOT_CREATED)
    found, _ = await list_enrollments_from(
        call.tx, limit=1, automation_id=automation.id, contact_id=contact.id, is_over=False
    )
    return Answer(
        {
            "contacts": [contact_row(contact, call.base, call.zone)],
            "contactAutomation": (await run_rows(call, found))[0],
        },
        201,
    )


@routes.get("/contactAutomations/{id}")
async def read_run(call: Read) -> Answer:
    run = await get_enrollment(call.tx, call.id)
    return Answer({"contactAutomation": (await run_rows(call, [run]))[0]})


@routes.get("/contactAutomations/{id}/automation")
async def read_automation_of(call: Read) -> Answer:
    run = await get_enrollment(call.tx, call.id)
    return Answer(
        {"automation": automation_row(await get_automation(call.tx, run.automation_id), call.base, call.zone)}
    )


@routes.get("/contactAutomations/{id}/contact")
async def read_contact_of(call: Read) -> Answer:
    run = await get_enrollment(call.tx, call.id)
    return Answer({"contact": contact_row(await get_contact(call.tx, run.contact_id), call.base, call.zone)})


@routes.delete("/contactAutomations/{id}")
async def remove_run(call: Write) -> Answer:
    """Takes the contact out of the automation; what it did there stays on record."""
    run = await get_enrollment(call.tx, call.id)
    await remove_contacts(call.tx, run.automation_id, these([run.contact_id]))
    return Answer({})
