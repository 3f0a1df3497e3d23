"""What hangs on one deal: whom and what it belongs to, notes, tasks, events, further contacts."""

from __future__ import annotations

from waypost.contacts.errors import ContactNotFound
from waypost.contacts.queries.companies import get_company
from waypost.contacts.queries.contacts import find_contacts, get_contact
from waypost.deals.actions.deals import add_participant, remove_participant
from waypost.deals.actions.tasks import add_deal_note, update_deal_note
from waypost.deals.errors import DealNotFound
from waypost.deals.queries.deals import DealFilter, find_deals, get_deal, list_notes
from waypost.deals.queries.fields import list_deal_fields
from waypost.deals.queries.numbered import (
    DealsAsked,
    get_deal_note,
    get_participant,
    list_deals_from,
    list_events_from,
    list_participants_from,
    list_participants_of,
    list_tasks_from,
)
from waypost.deals.queries.pipelines import get_pipeline, get_stage
from waypost.deals.queries.tasks import TaskFilter, get_task
from waypost.deals.types import DealNote, Participant
from waypost.dialects.activecampaign.calls import Read, Sent, Write
from waypost.dialects.activecampaign.coerce import POINTER
from waypost.dialects.activecampaign.company_rows import account_row
from waypost.dialects.activecampaign.deal_rows import (
    activity_row,
    contact_deal_row,
    deal_datum_row,
    deal_note_row,
    deal_row,
    group_row,
    stage_row,
    task_row,
)
from waypost.dialects.activecampaign.envelope import Answer, Row, echo, meta
from waypost.dialects.activecampaign.errors import NoResult, related_missing
from waypost.dialects.activecampaign.paging import MOST
from waypost.dialects.activecampaign.routing import ReadHandler, Routes
from waypost.dialects.activecampaign.rows import contact_row, user_row
from waypost.identity.queries import get_user
from waypost.kernel.errors import Invalid, Problem

routes = Routes({"body": "note"})

EVENT_KINDS = {
    "deal": ("created",),
    "note": ("note_added",),
    "task": ("task_added", "task_done"),
    "dealCustomFieldData": ("field",),
}
"""What v3 calls kinds of events by the name we do not have; others are called the same."""


@routes.get("/deals/{id}/contact")
async def read_contact_of(call: Read) -> Answer:
    deal = await get_deal(call.tx, call.id)
    return Answer({"contact": contact_row(await get_contact(call.tx, deal.contact_id or 0), call.base, call.zone)})


@routes.get("/deals/{id}/group")
async def read_group_of(call: Read) -> Answer:
    deal = await get_deal(call.tx, call.id)
    return Answer({"dealGroup": group_row(await get_pipeline(call.tx, deal.pipeline_id), call.base, call.zone)})


@routes.get("/deals/{id}/stage")
async def read_stage_of(call: Read) -> Answer:
    deal = await get_deal(call.tx, call.id)
    return Answer({"dealStage": stage_row(await get_stage(call.tx, deal.stage_id), call.base, call.zone)})


@routes.get("/deals/{id}/owner")
async def read_owner_of(call: Read) -> Answer:
    deal = await get_deal(call.tx, call.id)
    if deal.owner_id is None:
        raise NoResult(model="User", id=0)
    return Answer({"user": user_row(await get_user(call.tx, deal.owner_id), call.zone.key, call.base, call.zone)})


def _company(name: str) -> ReadHandler:
    async def handler(call: Read) -> Answer:
        deal = await get_deal(call.tx, call.id)
        if deal.company_id is None:
            return Answer({name: None})
        return Answer({name: account_row(await get_company(call.tx, deal.company_id), call.base, call.zone)})

    return handler


for _name in ("account", "customerAccount", "organization"):
    routes.get(f"/deals/{{id}}/{_name}")(_company(_name))


@routes.get("/deals/{id}/nextTask")
async def read_next_task_of(call: Read) -> Answer:
    deal = await get_deal(call.tx, call.id)
    if deal.next_task is None:
        return Answer({"dealTask": None})
    return Answer({"dealTask": task_row(await get_task(call.tx, deal.next_task.id), call.base, call.zone)})


@routes.get("/deals/{id}/tasks")
async def list_tasks_of(call: Read) -> Answer:
    deal = await get_deal(call.tx, call.id)
    found, _ = await list_tasks_from(call.tx, TaskFilter(deal_id=deal.id), limit=MOST, offset=call.query.offset)
    return Answer({"dealTasks": [task_row(task, call.base, call.zone) for task in found]})


@routes.get("/deals/{id}/dealCustomFieldData")
async def list_values_of(call: Read) -> Answer:
    deal = await get_deal(call.tx, call.id)
    fields = [field for field in await list_deal_fields(call.tx) if str(field.id) in deal.fields]
    return Answer({"dealCustomFieldData": [deal_datum_row(deal, field, call.base, call.zone) for field in fields]})


@routes.get("/deals/{id}/scoreValues")
async def list_scores_of(call: Read) -> Answer:
    await get_deal(call.tx, call.id)
    return Answer({"scoreValues": []})


async def _activities(call: Read, deal_id: int | None) -> tuple[list[Row], int]:
    kind = call.query.filter("data_type")
    kinds = None if kind is None else EVENT_KINDS.get(kind, (kind,))
    found, total = await list_events_from(
        call.tx, deal_id=deal_id, kinds=kinds, limit=call.query.limit(), offset=call.query.offset
    )
    return [activity_row(deal, event, call.base, call.zone) for deal, event in found], total


@routes.get("/dealActivities")
async def list_activities(call: Read) -> Answer:
    rows, total = await _activities(call, call.query.number("deal"))
    return Answer({"dealActivities": rows, "meta": meta(total)})


@routes.get("/deals/{id}/dealActivities")
async def list_activities_of(call: Read) -> Answer:
    deal = await get_deal(call.tx, call.id)
    return Answer({"dealActivities": (await _activities(call, deal.id))[0]})


async def _noted(call: Read, note: DealNote) -> Row:
    """A note with its deal, as writes answer it."""
    deal = await get_deal(call.tx, note.deal_id)
    return {"deals": [deal_row(deal, call.base, call.zone)], "note": deal_note_row(note, call.zone)}


def _text(call: Write) -> str:
    sent = call.inner("note")
    sent.require("note")
    return sent.text("note") or ""


@routes.get("/deals/{id}/notes")
async def list_notes_of(call: Read) -> Answer:
    deal = await get_deal(call.tx, call.id)
    return Answer({"notes": [deal_note_row(note, call.zone) for note in await list_notes(call.tx, deal.id)]})


@routes.post("/deals/{id}/notes")
async def post_note(call: Write) -> Answer:
    return Answer(await _noted(call, await add_deal_note(call.tx, call.id, _text(call))), 201)


@routes.get("/deals/{id}/notes/{id}")
async def read_note(call: Read) -> Answer:
    note = await get_deal_note(call.tx, call.id, int(call.path[1]))
    return Answer({"note": deal_note_row(note, call.zone)})


async def _change_note(call: Write) -> Row:
    note = await get_deal_note(call.tx, call.id, int(call.path[1]))
    return await _noted(call, await update_deal_note(call.tx, note.id, _text(call)))


@routes.put("/deals/{id}/notes/{id}")
async def put_note(call: Write) -> Answer:
    return Answer(await _change_note(call))


@routes.post("/deals/{id}/notes/{id}")
async def repost_note(call: Write) -> Answer:
    """Recorded as another way to change a note."""
    return Answer(await _change_note(call), 201)


def _joined(call: Read, one: Participant) -> Row:
    return contact_deal_row(one, call.base, call.zone)


@routes.get("/contactDeals")
async def list_contact_deals(call: Read) -> Answer:
    found, total = await list_participants_from(call.tx, limit=call.query.limit(), offset=call.query.offset)
    return Answer({"contactDeals": [_joined(call, one) for one in found], "meta": meta(total)})


async def _join(call: Write, deal_id: int, contact_id: int, role: str, sent: Sent) -> Answer:
    try:
        made = await add_participant(call.tx, deal_id, contact_id, role=role)
    except ContactNotFound as failure:
        raise related_missing("contact", failure.detail) from failure
    except DealNotFound as failure:
        raise related_missing("deal", failure.detail) from failure
    deal = await get_deal(call.tx, deal_id)
    row = echo(_joined(call, made), sent.values)
    return Answer({"deals": [deal_row(deal, call.base, call.zone)], "contactDeal": row})


@routes.post("/contactDeals")
async def post_contact_deal(call: Write) -> Answer:
    sent = call.inner("contactDeal")
    sent.require("deal", "contact")
    deal_id, contact_id = sent.integer("deal"), sent.integer("contact")
    deal = await find_deals(call.tx, [deal_id])
    joined = await list_participants_of(call.tx, deal_id=deal_id, contact_id=contact_id)
    if joined or (deal and deal[0].contact_id == contact_id):
        message = "The contact takes part in this deal already."
        raise Invalid([Problem(POINTER + "contact", message, "field_invalid")])
    return await _join(call, deal_id, contact_id, sent.text("role") or "", sent)


@routes.get("/contactDeals/{id}")
async def read_contact_deal(call: Read) -> Answer:
    return Answer({"contactDeal": _joined(call, await get_participant(call.tx, call.id))})


@routes.put("/contactDeals/{id}")
async def put_contact_deal(call: Write) -> Answer:
    """The role; deal and contact are what the id stands for and stay."""
    there, sent = await get_participant(call.tx, call.id), call.inner("contactDeal")
    role = sent.text("role") if sent.has("role") else there.role
    return await _join(call, there.deal_id, there.contact_id, role or "", sent)


@routes.delete("/contactDeals/{id}")
async def remove_contact_deal(call: Write) -> Answer:
    await remove_participant(call.tx, call.id)
    return Answer({})


@routes.get("/contactDeals/{id}/deal")
async def read_deal_joined(call: Read) -> Answer:
    deal = await get_deal(call.tx, (await get_participant(call.tx, call.id)).deal_id)
    return Answer({"deal": deal_row(deal, call.base, call.zone)})


@routes.get("/contactDeals/{id}/contact")
async def read_contact_joined(call: Read) -> Answer:
    contact = await get_contact(call.tx, (await get_participant(call.tx, call.id)).contact_id)
    return Answer({"contact": contact_row(contact, call.base, call.zone)})


@routes.get("/deals/{id}/contactDeals")
async def list_joined(call: Read) -> Answer:
    deal = await get_deal(call.tx, call.id)
    found = await list_participants_of(call.tx, deal_id=deal.id)
    return Answer({"contactDeals": [_joined(call, one) for one in found]})


async def deals_of(call: Read, contact_id: int) -> list[Row]:
    """The contact's deals, as the first contact or a further one; at most a hundred."""
    asked = DealsAsked(DealFilter(contact_id=contact_id))
    found = await list_deals_from(call.tx, asked, limit=MOST, offset=0)
    return [deal_row(deal, call.base, call.zone) for deal in found]


@routes.get("/contacts/{id}/deals")
async def list_deals_of(call: Read) -> Answer:
    contact = await get_contact(call.tx, call.id)
    return Answer({"deals": await deals_of(call, contact.id)})


@routes.get("/contacts/{id}/contactDeals")
async def list_joined_of(call: Read) -> Answer:
    contact = await get_contact(call.tx, call.id)
    joined = await list_participants_of(call.tx, contact_id=contact.id)
    deals = await find_deals(call.tx, [one.deal_id for one in joined])
    contacts = await find_contacts(call.tx, [contact.id]) if joined else []
    return Answer(
        {
            "contacts": [contact_row(one, call.base, call.zone) for one in contacts],
            "deals": [deal_row(deal, call.base, call.zone) for deal in deals],
            "contactDeals": [_joined(call, one) for one in joined],
        }
    )
