"""Lists."""

from __future__ import annotations

from waypost.contacts.actions.subscriptions import create_list, delete_list, update_list
from waypost.contacts.queries.lists import get_list
from waypost.contacts.queries.numbered import Slice, list_lists_from
from waypost.dialects.activecampaign.calls import Read, Sent, Write
from waypost.dialects.activecampaign.envelope import Answer, meta
from waypost.dialects.activecampaign.routing import Routes
from waypost.dialects.activecampaign.rows import list_row, listed_list_row
from waypost.dialects.activecampaign.tags import name_filter

routes = Routes()

_CREATED = (
    "name", "stringid", "sender_url", "sender_reminder", "cdate", "udate", "links", "id", "channel",
    "description", "userid", "user",
)  # fmt: skip
_KEPT_ONLY_IN_ECHO = (
    "send_last_broadcast",
    "carboncopy",
    "subscription_notify",
    "unsubscription_notify",
    "channel",
    "user",
)


@routes.get("/lists")
async def list_lists(call: Read) -> Answer:
    rows = Slice(call.query.limit(), call.query.offset)
    if (wanted := call.query.filter_number("id")) is not None:
        found = [await get_list(call.tx, wanted)]
        total = 1
    else:
        found, total = await list_lists_from(call.tx, rows, name_filter(call.query, "name"))
    return Answer({"lists": [listed_list_row(item, call.base, call.zone) for item in found], "meta": meta(total)})


def _echo(sent: Sent) -> dict[str, object]:
    return {name: sent.values[name] for name in _KEPT_ONLY_IN_ECHO if name in sent.values}


@routes.post("/lists")
async def post_list(call: Write) -> Answer:
    sent = call.inner("list")
    sent.require("name")
    found = await create_list(
        call.tx,
        name=sent.text("name") or "",
        slug=sent.text("stringid") or None,
        sender_url=sent.text("sender_url") or "",
        sender_reminder=sent.text("sender_reminder") or "",
    )
    row = list_row(found, call.base, call.zone)
    return Answer({"list": {**{name: row[name] for name in _CREATED}, **_echo(sent)}}, 201)


@routes.get("/lists/{id}")
async def read_list(call: Read) -> Answer:
    return Answer({"list": list_row(await get_list(call.tx, call.id), call.base, call.zone)})


@routes.put("/lists/{id}")
async def put_list(call: Write) -> Answer:
    sent = call.inner("list")
    await update_list(
        call.tx,
        call.id,
        name=sent.text("name"),
        slug=sent.text("stringid"),
        sender_url=sent.text("sender_url"),
        sender_reminder=sent.text("sender_reminder"),
    )
    row = list_row(await get_list(call.tx, call.id), call.base, call.zone)
    return Answer({"list": {**row, **_echo(sent)}})


@routes.delete("/lists/{id}")
async def remove_list(call: Write) -> Answer:
    await delete_list(call.tx, call.id)
    return Answer({})
