"""Values of custom fields. A pair of contact and field is known by an id made of both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from waypost.contacts.actions.fields import set_field
from waypost.contacts.audience import these
from waypost.contacts.queries.contacts import find_contact, get_contact
from waypost.contacts.queries.fields import find_field, get_field
from waypost.contacts.queries.numbered import FieldValue, Slice, list_field_values_from, one_contact_values
from waypost.dialects.activecampaign.calls import Read, Sent, Write
from waypost.dialects.activecampaign.coerce import unpair
from waypost.dialects.activecampaign.envelope import Answer, meta
from waypost.dialects.activecampaign.errors import NoResult, related_missing
from waypost.dialects.activecampaign.routing import Routes
from waypost.dialects.activecampaign.rows import contact_row, field_row, field_value_row

routes = Routes()


def values_sent(sent: Sent) -> dict[int, object] | None:
    """The `fieldValues` of a contact's body by field id, or None when it has none."""
    given = sent.get("fieldValues", "field_values")
    if not isinstance(given, list) or not given:
        return None
    items = [Sent(cast("dict[str, Any]", item)) for item in cast("Sequence[object]", given) if isinstance(item, dict)]
    return {one.integer("field"): one.get("value") for one in items}


async def _get(call: Read) -> FieldValue:
    contact_id, field_id = unpair(call.id)
    contact = await find_contact(call.tx, contact_id)
    if contact is None or str(field_id) not in contact.fields:
        raise NoResult(model="FieldValue", id=call.id)
    return one_contact_values(contact, [field_id])[0]


@routes.get("/fieldValues")
async def list_values(call: Read) -> Answer:
    found, total = await list_field_values_from(
        call.tx,
        Slice(call.query.limit(), call.query.offset),
        contact_id=call.query.filter_number("contact", "contactid", "subscriberid"),
        field_id=call.query.filter_number("fieldid", "field"),
        value=call.query.filter("val"),
    )
    return Answer({"fieldValues": [field_value_row(one, call.base, call.zone) for one in found], "meta": meta(total)})


async def _set(call: Write, contact_id: int, field_id: int, value: object, status: int) -> Answer:
    if await find_contact(call.tx, contact_id) is None:
        raise related_missing("contact", f"There is no contact {contact_id}.")
    if await find_field(call.tx, field_id) is None:
        raise related_missing("field", f"There is no field {field_id}.")
    await set_field(call.tx, field_id, value, these([contact_id]))
    contact = await get_contact(call.tx, contact_id)
    row = field_value_row(one_contact_values(contact, [field_id])[0], call.base, call.zone)
    return Answer({"contacts": [contact_row(contact, call.base, call.zone)], "fieldValue": row}, status)


@routes.post("/fieldValues")
async def post_value(call: Write) -> Answer:
    sent = call.inner("fieldValue")
    return await _set(call, sent.integer("contact"), sent.integer("field"), sent.get("value"), 201)


@routes.get("/fieldValues/{id}")
async def read_value(call: Read) -> Answer:
    return Answer({"fieldValue": field_value_row(await _get(call), call.base, call.zone)})


@routes.get("/fieldValues/{id}/field")
async def read_field_of(call: Read) -> Answer:
    found = await _get(call)
    return Answer({"field": field_row(await get_field(call.tx, found.field_id), call.base, call.zone)})


@routes.get("/fieldValues/{id}/owner")
async def read_owner_of(call: Read) -> Answer:
    found = await _get(call)
    return Answer({"contact": contact_row(await get_contact(call.tx, found.contact_id), call.base, call.zone)})


@routes.put("/fieldValues/{id}")
async def put_value(call: Write) -> Answer:
    found = await _get(call)
    return await _set(call, found.contact_id, found.field_id, call.inner("fieldValue").get("value"), 200)


@routes.delete("/fieldValues/{id}")
async def remove_value(call: Write) -> Answer:
    found = await _get(call)
    await set_field(call.tx, found.field_id, None, these([found.contact_id]))
    return Answer({})
