"""Tags on contacts. A pair of contact and tag is known by an id made of both."""

from __future__ import annotations

from waypost.contacts.actions.tags import add_tag, remove_tag
from waypost.contacts.audience import these
from waypost.contacts.queries.contacts import find_contact, get_contact
from waypost.contacts.queries.numbered import Slice, list_contact_tags_from
from waypost.contacts.queries.tags import get_tag, list_contact_tags
from waypost.contacts.types import ContactTag
from waypost.dialects.activecampaign.calls import Read, Write
from waypost.dialects.activecampaign.coerce import unpair
from waypost.dialects.activecampaign.envelope import Answer, meta
from waypost.dialects.activecampaign.errors import NoResult, ParameterMissing, errors
from waypost.dialects.activecampaign.routing import Routes
from waypost.dialects.activecampaign.rows import contact_row, contact_tag_row, tag_row

routes = Routes()


async def _get(call: Read) -> ContactTag:
    contact_id, tag_id = unpair(call.id)
    for given in await list_contact_tags(call.tx, [contact_id]):
        if given.tag_id == tag_id:
            return given
    raise NoResult(model="SubscriberTag", id=call.id)


@routes.get("/contactTags")
async def list_given_tags(call: Read) -> Answer:
    found, total = await list_contact_tags_from(
        call.tx,
        Slice(call.query.limit(), call.query.offset),
        contact_id=call.query.filter_number("contact", "subscriberid"),
        tag_id=call.query.filter_number("tag", "tagid"),
    )
    return Answer({"contactTags": [contact_tag_row(one, call.base, call.zone) for one in found], "meta": meta(total)})


@routes.post("/contactTags")
async def post_contact_tag(call: Write) -> Answer:
    sent = call.inner("contactTag")
    if sent.get("tag") in (None, ""):
        raise ParameterMissing(parameter="contactTag.tag", detail="No tag id provided")
    contact_id, tag_id = sent.integer("contact"), sent.integer("tag")
    contact = await find_contact(call.tx, contact_id)
    if contact is None:
        detail = f"Contact with id {contact_id} does not exist"
        return errors(404, [{"status": 404, "title": "Not Found", "detail": detail}])
    added = await add_tag(call.tx, tag_id, these([contact_id]))
    given = await list_contact_tags(call.tx, [contact_id])
    row = contact_tag_row(next(one for one in given if one.tag_id == tag_id), call.base, call.zone)
    if not added:
        return Answer({"contactTag": row})
    return Answer({"contacts": [contact_row(contact, call.base, call.zone)], "contactTag": row}, 201)


@routes.get("/contactTags/{id}")
async def read_contact_tag(call: Read) -> Answer:
    return Answer({"contactTag": contact_tag_row(await _get(call), call.base, call.zone)})


@routes.get("/contactTags/{id}/tag")
async def read_tag_of(call: Read) -> Answer:
    given = await _get(call)
    return Answer({"tag": tag_row(await get_tag(call.tx, given.tag_id), call.base, call.zone)})


@routes.get("/contactTags/{id}/contact")
async def read_contact_of(call: Read) -> Answer:
    given = await _get(call)
    return Answer({"contact": contact_row(await get_contact(call.tx, given.contact_id), call.base, call.zone)})


@routes.delete("/contactTags/{id}")
async def delete_contact_tag(call: Write) -> Answer:
    given = await _get(call)
    await remove_tag(call.tx, given.tag_id, these([given.contact_id]))
    return Answer({})
