"""What happened to contacts: activities of one contact, bounces of one or of all."""

from __future__ import annotations

from typing import Any

from waypost.activities.queries import list_entries_from, list_log_from
from waypost.activities.types import Entry
from waypost.contacts.queries.contacts import find_contacts, get_contact
from waypost.dialects.activecampaign.calls import Read
from waypost.dialects.activecampaign.coerce import Unreadable, moment
from waypost.dialects.activecampaign.envelope import Answer, Row, dump, meta
from waypost.dialects.activecampaign.paging import MOST
from waypost.dialects.activecampaign.routing import Routes
from waypost.dialects.activecampaign.rows import contact_row

routes = Routes()

BOUNCED = "message_bounced"
MODELS = {
    "contact_created": ("Subscriber", "contact"),
    "contact_updated": ("Subscriber", "contact"),
    "tag_added": ("SubscriberTag", "contact-tag"),
    "tag_removed": ("SubscriberTag", "contact-tag"),
    "list_subscribed": ("SubscriberList", "contact-list"),
    "list_unsubscribed": ("SubscriberList", "contact-list"),
    "field_changed": ("FieldValue", "field-value"),
    "note_added": ("Note", "note"),
    "automation_entered": ("SubscriberSeries", "contact-automation"),
    "automation_completed": ("SubscriberSeries", "contact-automation"),
    "automation_exited": ("SubscriberSeries", "contact-automation"),
    "message_sent": ("SubscriberEmail", "contact-email"),
    "message_opened": ("SubscriberEmail", "contact-email"),
    "link_clicked": ("SubscriberEmail", "contact-email"),
    "message_bounced": ("BounceLog", "bounce-log"),
    "company_linked": ("CustomerAccountSubscriber", "account-contact"),
    "company_unlinked": ("CustomerAccountSubscriber", "account-contact"),
}


def _row(call: Read, entry: Entry) -> Row:
    model, name = MODELS.get(entry.kind, ("Activity", "activity"))
    target = str(entry.object_id or entry.contact_id)
    return {
        "tstamp": call.iso(entry.at),
        "subscriberid": str(entry.contact_id),
        "reference_type": model,
        "reference_id": target,
        "reference_action": entry.kind,
        "jsonData": dump(entry.data or {}).decode(),
        "userid": str(entry.actor_id or 0),
        "permission": "1",
        "referenceModelName": name,
        "notes": [],
        "recipients": [],
        "reference": {"type": name, "id": target},
        "links": [],
        "id": str(entry.id),
    }


@routes.get("/activities")
async def list_activities(call: Read) -> Answer:
    """A contact's activities, or everybody's as they were recorded; the oldest first unless asked otherwise."""
    since = call.query.text("after")
    after = moment(since, "after", call.zone) if since else None
    is_descending = ("tstamp", True) in call.query.orders
    limit, offset = call.query.limit(), call.query.offset
    contact_id = call.query.number("contact")
    if contact_id is None:
        if "contact" in call.query.plain:
            raise Unreadable("contact", "contact is the number of a contact.")
        found, total = await list_log_from(
            call.tx, since=after, is_descending=is_descending, limit=limit, offset=offset
        )
        contacts = await find_contacts(call.tx, sorted({entry.contact_id for entry in found}))
    else:
        contacts = [await get_contact(call.tx, contact_id)]
        found, total = await list_entries_from(
            call.tx, contact_id=contact_id, since=after, is_descending=is_descending, limit=limit, offset=offset
        )
    return Answer(
        {
            "contacts": [contact_row(one, call.base, call.zone) for one in contacts],
            "activityRecipients": [],
            "activities": [_row(call, entry) for entry in found],
            "meta": meta(total),
        }
    )


def _bounce(call: Read, entry: Entry, email: str) -> Row:
    message_id, contact_id = str(entry.object_id or 0), str(entry.contact_id)
    data: dict[str, Any] = entry.data or {}
    return {
        "tstamp": call.iso(entry.at),
        "bounceid": "0",
        "subscriberid": contact_id,
        "campaignid": "0",
        "messageid": message_id,
        "codeid": "0",
        "email": email,
        "error": str(data.get("reason") or ""),
        "source": str(data.get("cause") or ""),
        "created_timestamp": call.stamp(entry.at),
        "updated_timestamp": call.stamp(entry.at),
        "created_by": None,
        "updated_by": None,
        "links": [],
        "id": str(entry.id),
        "bounce": "0",
        "contact": contact_id,
        "campaign": "0",
        "message": message_id,
        "code": "0",
    }


@routes.get("/bounceLogs")
async def list_bounces(call: Read) -> Answer:
    found, total = await list_entries_from(call.tx, kinds=[BOUNCED], limit=call.query.limit(), offset=call.query.offset)
    contacts = {one.id: one for one in await find_contacts(call.tx, [entry.contact_id for entry in found])}
    rows = [
        _bounce(call, entry, contacts[entry.contact_id].email or "" if entry.contact_id in contacts else "")
        for entry in found
    ]
    return Answer({"bounceLogs": rows, "meta": meta(total)})


@routes.get("/contacts/{id}/bounceLogs")
async def list_bounces_of(call: Read) -> Answer:
    contact = await get_contact(call.tx, call.id)
    found, _ = await list_entries_from(
        call.tx, contact_id=contact.id, kinds=[BOUNCED], limit=MOST, offset=call.query.offset
    )
    return Answer({"bounceLogs": [_bounce(call, entry, contact.email or "") for entry in found]})
