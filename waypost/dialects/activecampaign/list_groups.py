"""Which group may use which list: here everybody may use every list, so all pairs are there and stay.

An id is made of the list's and the group's.
"""

from __future__ import annotations

from waypost.contacts.errors import ListNotFound
from waypost.contacts.queries.lists import get_list
from waypost.contacts.queries.numbered import NameFilter, Slice, list_lists_from
from waypost.dialects.activecampaign.calls import Read, Write
from waypost.dialects.activecampaign.envelope import Answer, Links, Row, meta
from waypost.dialects.activecampaign.errors import NoResult, related_missing
from waypost.dialects.activecampaign.routing import Routes
from waypost.dialects.activecampaign.users import ROLES

routes = Routes({"list": "listid", "group": "groupid"})
GROUPS = len(ROLES)
SPAN = 10
"""More than there are groups."""
_LINKS = Links("listGroups", ("group", "list"))
_EDITING = (
    "p_list_add", "p_list_edit", "p_list_delete", "p_list_sync", "p_list_filter", "p_message_add", "p_message_edit",
    "p_message_delete", "p_message_send", "p_subscriber_add", "p_subscriber_edit", "p_subscriber_delete",
    "p_subscriber_import", "p_subscriber_approve",
)  # fmt: skip


def _row(call: Read, list_id: int, group: int) -> Row:
    number = list_id * SPAN + group
    return {
        "list": str(list_id),
        "group": str(group),
        **dict.fromkeys(_EDITING, "0" if ROLES[group - 1] == "viewer" else "1"),
        "links": _LINKS.of(call.base, number),
        "id": str(number),
    }


@routes.get("/listGroups")
async def list_all(call: Read) -> Answer:
    """Row numbers count pairs, of which each list has as many as there are groups."""
    limit, offset = call.query.limit(), call.query.offset
    first, last = offset // GROUPS, (offset + limit - 1) // GROUPS
    found, total = await list_lists_from(call.tx, Slice(last - first + 1, first), NameFilter())
    rows = [_row(call, one.id, group) for one in found for group in range(1, GROUPS + 1)]
    skipped = offset - first * GROUPS
    return Answer({"listGroups": rows[skipped : skipped + limit], "meta": meta(total * GROUPS)})


@routes.post("/listGroups")
async def post_list_group(call: Write) -> Answer:
    """Says yes to what is so already."""
    sent = call.inner("listGroup")
    list_id, group = sent.integer("listid"), sent.integer("groupid")
    try:
        await get_list(call.tx, list_id)
    except ListNotFound as failure:
        raise related_missing("listid", failure.detail) from failure
    if not 1 <= group <= GROUPS:
        raise related_missing("groupid", f"There is no group {group}.")
    row = _row(call, list_id, group)
    return Answer({"listGroup": {name: row[name] for name in ("list", "group", "links", "id")}}, 201)


async def _find(call: Read) -> Row:
    list_id, group = divmod(call.id, SPAN)
    if not 1 <= group <= GROUPS:
        raise NoResult(model="ListGroup", id=call.id)
    try:
        await get_list(call.tx, list_id)
    except ListNotFound as failure:
        raise NoResult(model="ListGroup", id=call.id) from failure
    return _row(call, list_id, group)


@routes.get("/listGroups/{id}")
async def read_list_group(call: Read) -> Answer:
    return Answer({"listGroup": await _find(call)})


@routes.delete("/listGroups/{id}")
async def remove_list_group(call: Write) -> Answer:
    """The pair is there; nobody loses a list by it."""
    await _find(call)
    return Answer({})
