"""Contacts: the collection, one with its sideloads, create, change, delete."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from waypost.contacts.actions.contacts import create_contact, update_contact
from waypost.contacts.actions.trash import delete_contacts
from waypost.contacts.audience import these
from waypost.contacts.errors import FieldNotFound
from waypost.contacts.queries.contacts import get_contact
from waypost.contacts.queries.lists import list_subscriptions
from waypost.contacts.queries.members import list_members
from waypost.contacts.queries.notes import list_notes_of
from waypost.contacts.queries.numbered import Slice, list_contacts_from, one_contact_values
from waypost.contacts.queries.tags import find_tags, list_contact_tags
from waypost.contacts.types import Contact
from waypost.dialects.activecampaign import contact_query
from waypost.dialects.activecampaign.calls import Read, Sent, Write
from waypost.dialects.activecampaign.coerce import flag
from waypost.dialects.activecampaign.company_rows import account_contact_row, note_row
from waypost.dialects.activecampaign.contact_parts import field_values, runs_of
from waypost.dialects.activecampaign.deal_parts import deals_of
from waypost.dialects.activecampaign.envelope import Answer, Row, meta
from waypost.dialects.activecampaign.errors import missing, related_missing
from waypost.dialects.activecampaign.field_values import values_sent
from waypost.dialects.activecampaign.routing import Routes
from waypost.dialects.activecampaign.rows import (
    contact_list_row,
    contact_row,
    contact_tag_row,
    created_contact_row,
    field_value_row,
    ids,
    tag_row,
)
from waypost.dialects.activecampaign.scores import points_of

routes = Routes()


@routes.get("/contacts")
async def list_contacts(call: Read) -> Answer:
    column, is_descending = contact_query.order(call.query)
    found, total = await list_contacts_from(
        call.tx,
        Slice(call.query.limit(), call.query.offset),
        contact_query.wanted(call),
        narrowing=await contact_query.narrowing(call),
        order=column,
        is_descending=is_descending,
    )
    sideloads = await _included(call, found)
    tags = await _tags_of(call, sideloads) if "contactTags.tag" in call.query.includes else {}
    inside = _inside(found, sideloads)
    if "accountContacts" not in sideloads:
        for member in await list_members(call.tx, contact_ids=[contact.id for contact in found]):
            inside.setdefault(member.contact_id, {}).setdefault("accountContacts", []).append(str(member.id))
    points = await points_of(call, [contact.id for contact in found])
    for one in points:
        inside.setdefault(int(one["contact"]), {}).setdefault("scoreValues", []).append(one["id"])
    rows = [contact_row(contact, call.base, call.zone, inside.get(contact.id)) for contact in found]
    about = meta(total, sortable=True, page_input=contact_query.page_input(call.query))
    return Answer({"scoreValues": points, **sideloads, **tags, "contacts": rows, "meta": about})


async def _included(call: Read, found: Sequence[Contact]) -> dict[str, list[Row]]:
    """The rows of the relations that `include` names."""
    includes = call.query.includes
    contact_ids = [contact.id for contact in found]
    sideloads: dict[str, list[Row]] = {}
    if "contactLists" in includes:
        subscriptions = await list_subscriptions(call.tx, contact_ids)
        sideloads["contactLists"] = [contact_list_row(one, None, call.base, call.zone) for one in subscriptions]
    if includes & {"contactTags", "contactTags.tag"}:
        given = await list_contact_tags(call.tx, contact_ids)
        sideloads["contactTags"] = [contact_tag_row(one, call.base, call.zone) for one in given]
    if "notes" in includes:
        notes = await list_notes_of(call.tx, contact_ids)
        sideloads["notes"] = [note_row(one, call.base, call.zone) for one in notes]
    if "accountContacts" in includes:
        members = await list_members(call.tx, contact_ids=contact_ids)
        sideloads["accountContacts"] = [account_contact_row(one, call.base, call.zone) for one in members]
    if "fieldValues" in includes:
        values = [value for contact in found for value in one_contact_values(contact)]
        sideloads["fieldValues"] = [field_value_row(value, call.base, call.zone) for value in values]
    return sideloads


async def _tags_of(call: Read, sideloads: Mapping[str, Sequence[Row]]) -> Row:
    """The tags behind the sideloaded pairs."""
    tags = await find_tags(call.tx, sorted({int(one["tag"]) for one in sideloads["contactTags"]}))
    return {"tags": [tag_row(tag, call.base, call.zone) for tag in tags]}


def _inside(found: Sequence[Contact], sideloads: Mapping[str, Sequence[Row]]) -> dict[int, Row]:
    """The ids of sideloaded rows as each contact carries them."""
    if not sideloads:
        return {}
    inside: dict[int, Row] = {contact.id: {name: [] for name in sideloads} for contact in found}
    for name, related in sideloads.items():
        for one in related:
            inside[int(one["relid"] if name == "notes" else one["contact"])][name].append(one["id"])
    return inside


@routes.get("/contacts/{id}")
async def read_contact(call: Read) -> Answer:
    contact = await get_contact(call.tx, call.id)
    runs = await runs_of(call, contact.id)
    subscriptions = await list_subscriptions(call.tx, [contact.id])
    lists = [contact_list_row(one, contact, call.base, call.zone) for one in subscriptions]
    values = field_values(call, contact)
    members = await list_members(call.tx, contact_ids=[contact.id])
    accounts = [account_contact_row(one, call.base, call.zone) for one in members]
    deals = await deals_of(call, contact.id)
    inside: Row = {
        "contactAutomations": ids(runs),
        "contactLists": ids(lists),
        "fieldValues": ids(values),
        "geoIps": [],
        "deals": ids(deals),
        "accountContacts": ids(accounts),
        "sentiment": None,
    }
    return Answer(
        {
            "contactAutomations": runs,
            "contactLists": lists,
            "deals": deals,
            "fieldValues": values,
            "geoIps": [],
            "accountContacts": accounts,
            "contact": contact_row(contact, call.base, call.zone, inside),
        }
    )


def with_values(call: Read, row: object, contact: Contact, values: Mapping[int, object] | None) -> Row:
    """The answer to a write: `fieldValues` only when some were sent."""
    if values is None:
        return {"contact": row}
    return {"fieldValues": field_values(call, contact, list(values)), "contact": row}


@routes.post("/contacts")
async def post_contact(call: Write) -> Answer:
    sent = call.inner("contact")
    email = sent.text("email")
    if not email and not flag(sent.get("allowNullEmail")):
        raise missing("email")
    values = values_sent(sent)
    try:
        contact = await create_contact(
            call.tx,
            email=email or None,
            first_name=sent.text("firstName", "first_name") or "",
            last_name=sent.text("lastName", "last_name") or "",
            phone=sent.text("phone") or "",
            fields=values,
        )
    except FieldNotFound as failure:
        raise related_missing("fieldValues", failure.detail) from failure
    return Answer(with_values(call, created_contact_row(contact, call.base, call.zone), contact, values), 201)


async def change_contact(call: Write, contact_id: int, sent: Sent) -> Answer:
    """Change what was sent and answer with the whole row."""
    values = values_sent(sent)
    try:
        contact = await update_contact(
            call.tx,
            contact_id,
            email=sent.text("email") or None,
            first_name=sent.text("firstName", "first_name"),
            last_name=sent.text("lastName", "last_name"),
            phone=sent.text("phone"),
            fields=values,
        )
    except FieldNotFound as failure:
        raise related_missing("fieldValues", failure.detail) from failure
    return Answer(with_values(call, contact_row(contact, call.base, call.zone), contact, values))


@routes.put("/contacts/{id}")
async def put_contact(call: Write) -> Answer:
    sent = call.inner("contact")
    answer = await change_contact(call, call.id, sent)
    if flag(sent.get("deleted")):
        await delete_contacts(call.tx, these([call.id]))
    return answer


@routes.delete("/contacts/{id}")
async def remove_contact(call: Write) -> Answer:
    await get_contact(call.tx, call.id)
    await delete_contacts(call.tx, these([call.id]))
    return Answer({})
