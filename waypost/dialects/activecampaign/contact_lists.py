"""Contacts on lists, with a status. A pair of contact and list is known by an id made of both."""

from __future__ import annotations

from waypost.contacts.actions.subscriptions import subscribe
from waypost.contacts.audience import these
from waypost.contacts.queries.contacts import find_contact, get_contact
from waypost.contacts.queries.lists import find_list, get_list, list_subscriptions
from waypost.contacts.queries.numbered import Slice, list_subscriptions_from
from waypost.contacts.types import Status, Subscription
from waypost.dialects.activecampaign.calls import Read, Write
from waypost.dialects.activecampaign.coerce import Unreadable, unpair
from waypost.dialects.activecampaign.envelope import Answer, Row, echo, meta
from waypost.dialects.activecampaign.errors import NoResult, related_missing
from waypost.dialects.activecampaign.routing import Routes
from waypost.dialects.activecampaign.rows import contact_list_row, contact_row, list_row

routes = Routes()

SOURCE = "api"


async def _get(call: Read) -> Subscription:
    contact_id, list_id = unpair(call.id)
    for found in await list_subscriptions(call.tx, [contact_id]):
        if found.list_id == list_id:
            return found
    raise NoResult(model="SubscriberList", id=call.id)


@routes.get("/contactLists")
async def list_contact_lists(call: Read) -> Answer:
    found, total = await list_subscriptions_from(
        call.tx,
        Slice(call.query.limit(), call.query.offset),
        contact_id=call.query.filter_number("contact", "subscriberid"),
        list_id=call.query.filter_number("list", "listid"),
        status=call.query.filter_number("status"),
    )
    rows = [contact_list_row(one, None, call.base, call.zone) for one in found]
    return Answer({"contactLists": rows, "meta": meta(total)})


@routes.post("/contactLists")
async def post_contact_list(call: Write) -> Answer:
    sent = call.inner("contactList")
    contact_id, list_id, status = sent.integer("contact"), sent.integer("list"), sent.integer("status")
    if status not in (Status.ACTIVE, Status.UNSUBSCRIBED):
        raise Unreadable("status", "status must be 1 (subscribe) or 2 (unsubscribe).")
    contact = await find_contact(call.tx, contact_id)
    if contact is None:
        raise related_missing("contact", f"There is no contact {contact_id}.")
    if await find_list(call.tx, list_id) is None:
        raise related_missing("list", f"There is no list {list_id}.")
    before = await list_subscriptions(call.tx, [contact_id])
    await subscribe(call.tx, list_id, these([contact_id]), status=Status(status), source=SOURCE)
    after = await list_subscriptions(call.tx, [contact_id])
    found = next(item for item in after if item.list_id == list_id)
    row: Row = echo(contact_list_row(found, contact, call.base, call.zone), sent.values)
    if any(item.list_id == list_id for item in before):
        return Answer({"contactList": row})
    return Answer({"contacts": [contact_row(contact, call.base, call.zone)], "contactList": row}, 201)


@routes.get("/contactLists/{id}")
async def read_contact_list(call: Read) -> Answer:
    return Answer({"contactList": contact_list_row(await _get(call), None, call.base, call.zone)})


@routes.get("/contactLists/{id}/list")
async def read_list_of(call: Read) -> Answer:
    found = await _get(call)
    return Answer({"list": list_row(await get_list(call.tx, found.list_id), call.base, call.zone)})


@routes.get("/contactLists/{id}/contact")
async def read_contact_of(call: Read) -> Answer:
    found = await _get(call)
    return Answer({"contact": contact_row(await get_contact(call.tx, found.contact_id), call.base, call.zone)})
