"""What hangs on one contact: GET /contacts/{id}/X, collections without meta.

Relations to things that are not here yet (places …) answer as empty, as they do for an
account that does not use them.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import md5

from waypost.activities.numbered import list_visits_from
from waypost.automations.numbered import list_enrollments_from
from waypost.contacts.queries.contacts import get_contact
from waypost.contacts.queries.lists import list_subscriptions
from waypost.contacts.queries.numbered import Slice, list_contacts_from, one_contact_values
from waypost.contacts.queries.tags import list_contact_tags
from waypost.contacts.types import Contact, Filter
from waypost.dialects.activecampaign.automation_parts import run_rows
from waypost.dialects.activecampaign.calls import Read
from waypost.dialects.activecampaign.coerce import zero_one
from waypost.dialects.activecampaign.envelope import Answer, Row, meta
from waypost.dialects.activecampaign.paging import MOST
from waypost.dialects.activecampaign.routing import ReadHandler, Routes
from waypost.dialects.activecampaign.rows import (
    contact_list_row,
    contact_tag_row,
    field_value_row,
)

routes = Routes()

MOST_RUNS = 2_500
EMPTY_COLLECTIONS = (
    "contactLogs", "geoIps",
)  # fmt: skip


async def runs_of(call: Read, contact_id: int) -> list[Row]:
    found, _ = await list_enrollments_from(call.tx, limit=MOST_RUNS, contact_id=contact_id)
    return await run_rows(call, found)


def field_values(call: Read, contact: Contact, only: Sequence[int] | None = None) -> list[Row]:
    """A contact's values, or those of the fields named."""
    return [field_value_row(value, call.base, call.zone) for value in one_contact_values(contact, only)]


@routes.get("/contacts/{id}/contactLists")
async def list_contact_lists(call: Read) -> Answer:
    contact = await get_contact(call.tx, call.id)
    found = await list_subscriptions(call.tx, [contact.id])
    return Answer({"contactLists": [contact_list_row(one, contact, call.base, call.zone) for one in found]})


@routes.get("/contacts/{id}/contactTags")
async def list_tags_of(call: Read) -> Answer:
    contact = await get_contact(call.tx, call.id)
    given = await list_contact_tags(call.tx, [contact.id])
    return Answer({"contactTags": [contact_tag_row(one, call.base, call.zone) for one in given]})


@routes.get("/contacts/{id}/fieldValues")
async def list_values_of(call: Read) -> Answer:
    return Answer({"fieldValues": field_values(call, await get_contact(call.tx, call.id))})


@routes.get("/contacts/{id}/contactAutomations")
async def list_automations_of(call: Read) -> Answer:
    contact = await get_contact(call.tx, call.id)
    return Answer({"contactAutomations": await runs_of(call, contact.id)})


@routes.get("/contacts/{id}/automationEntryCounts")
async def list_entry_counts(call: Read) -> Answer:
    """How often the contact entered each automation."""
    contact = await get_contact(call.tx, call.id)
    runs, _ = await list_enrollments_from(call.tx, limit=MOST_RUNS, contact_id=contact.id)
    counts: dict[int, Row] = {}
    for run in runs:
        row = counts.setdefault(
            run.automation_id,
            {
                "id": str(run.automation_id),
                "name": run.automation_name,
                "status": "1",
                "hidden": zero_one(False),
                "contactEntryCount": "0",
            },
        )
        row["contactEntryCount"] = str(int(row["contactEntryCount"]) + 1)
    return Answer({"automationEntryCounts": list(counts.values())})


@routes.get("/contacts/{id}/contactData")
async def read_data(call: Read) -> Answer:
    contact = await get_contact(call.tx, call.id)
    return Answer({"contactDatum": _datum(contact)})


@routes.get("/contactData")
async def list_data(call: Read) -> Answer:
    """One row a contact; where visitors come from is not followed yet."""
    found, total = await list_contacts_from(call.tx, Slice(call.query.limit(), call.query.offset), Filter())
    return Answer({"contactData": [_datum(contact) for contact in found], "meta": meta(total)})


def _datum(contact: Contact) -> Row:
    return {"contact": str(contact.id), "links": [], "id": str(contact.id)}


@routes.get("/contacts/{id}/trackingLogs")
async def list_visits_of(call: Read) -> Answer:
    """The pages that were visited, the newest first."""
    contact = await get_contact(call.tx, call.id)
    found = await list_visits_from(call.tx, contact.id, limit=call.query.limit(MOST), offset=call.query.offset)
    rows = [
        {
            "subscriberid": str(contact.id),
            "type": "page",
            "value": visit.url,
            "tstamp": call.iso(visit.at),
            "hash": md5(visit.url.encode(), usedforsecurity=False).hexdigest(),
            "links": [],
            "id": str(visit.id),
            "contact": str(contact.id),
        }
        for visit in found
    ]
    return Answer({"trackingLogs": rows})


@routes.get("/contacts/{id}/plusAppend")
async def read_plus_append(call: Read) -> Answer:
    await get_contact(call.tx, call.id)
    return Answer({"plusAppend": None})


def _empty(name: str) -> ReadHandler:
    async def handler(call: Read) -> Answer:
        await get_contact(call.tx, call.id)
        return Answer({name: []})

    return handler


for _name in EMPTY_COLLECTIONS:
    routes.get(f"/contacts/{{id}}/{_name}")(_empty(_name))
