"""Groups of custom fields (group definitions) and which field stands in which (group members).

A field stands in one group at most, so that a member's id is its field's. Numbers are numbers here.
"""

from __future__ import annotations

from waypost.contacts.actions.field_groups import create_group
from waypost.contacts.actions.fields import update_field
from waypost.contacts.errors import FieldGroupNotFound, FieldNotFound
from waypost.contacts.queries.fields import find_field, list_groups
from waypost.contacts.types import Field, FieldGroup
from waypost.dialects.activecampaign.calls import Read, Sent, Write
from waypost.dialects.activecampaign.coerce import integer
from waypost.dialects.activecampaign.envelope import Answer, Row
from waypost.dialects.activecampaign.errors import NoResult, errors, related_missing
from waypost.dialects.activecampaign.routing import Routes

routes = Routes({"name": "label"})

OF_CONTACTS = 1


def _definition(group: FieldGroup) -> Row:
    return {"id": group.id, "type_id": OF_CONTACTS, "label": group.name, "ordernum": group.position, "links": []}


def _member(field: Field) -> Row:
    return {"id": field.id, "group_id": field.group_id, "rel_id": field.id, "ordernum": field.position, "links": []}


def _gone() -> Answer:
    return errors(404, [{"status": 404, "title": "Not Found"}])


@routes.post("/groupDefinitions")
async def post_definition(call: Write) -> Answer:
    sent = call.inner("groupDefinition")
    sent.require("label")
    return Answer({"groupDefinition": _definition(await create_group(call.tx, name=sent.text("label") or ""))})


@routes.get("/groupMembers")
async def list_definitions(call: Read) -> Answer:
    """Despite its path it lists the groups."""
    return Answer({"groupDefinitions": [_definition(group) for group in await list_groups(call.tx)]})


async def _place(call: Write, field_id: int, sent: Sent) -> Answer:
    """Put the field into the group, at the place that was sent."""
    changes: dict[str, object] = {"group_id": sent.integer("group_id")}
    if sent.get("ordernum") not in (None, ""):
        changes["position"] = max(integer(sent.get("ordernum"), "ordernum"), 0)
    try:
        field = await update_field(call.tx, field_id, changes)
    except FieldGroupNotFound as failure:
        raise NoResult(model="GroupDefinition", id=changes["group_id"]) from failure
    except FieldNotFound as failure:
        raise related_missing("rel_id", failure.detail) from failure
    return Answer({"groupMember": _member(field)})


@routes.post("/groupMembers")
async def post_member(call: Write) -> Answer:
    sent = call.inner("groupMember")
    sent.require("rel_id", "group_id")
    return await _place(call, sent.integer("rel_id"), sent)


async def _placed(call: Read) -> Field | None:
    field = await find_field(call.tx, call.id)
    return None if field is None or field.group_id is None else field


@routes.get("/groupMembers/{id}")
async def read_member(call: Read) -> Answer:
    field = await _placed(call)
    return _gone() if field is None else Answer({"groupMember": _member(field)})


@routes.put("/groupMembers/{id}")
async def put_member(call: Write) -> Answer:
    if await _placed(call) is None:
        return _gone()
    sent = call.inner("groupMember")
    sent.require("group_id")
    return await _place(call, call.id, sent)


@routes.delete("/groupMembers/{id}")
async def remove_member(call: Write) -> Answer:
    """The field stays, in no group."""
    field = await _placed(call)
    if field is None:
        return _gone()
    await update_field(call.tx, field.id, {"group_id": None})
    return Answer({})
