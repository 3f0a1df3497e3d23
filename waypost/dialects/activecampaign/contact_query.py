"""Which contacts a request for the collection means: v3's parameters as our filter."""

from __future__ import annotations

from typing import Any

from waypost.contacts.queries.numbered import Narrowing
from waypost.contacts.types import Filter, StatusName
from waypost.dialects.activecampaign.calls import Read
from waypost.dialects.activecampaign.coerce import moment
from waypost.dialects.activecampaign.envelope import Row
from waypost.dialects.activecampaign.paging import Query
from waypost.segments.queries import audience, get_segment

STATUSES: dict[int, StatusName] = {0: "unconfirmed", 1: "active", 2: "unsubscribed", 3: "bounced"}
ORDERS = {
    "id": "id",
    "cdate": "created_at",
    "udate": "updated_at",
    "email": "email",
    "first_name": "first_name",
    "firstName": "first_name",
    "last_name": "last_name",
    "lastName": "last_name",
    "name": "last_name",
}
_TIMES = ("created_after", "created_before", "updated_after", "updated_before")


def wanted(call: Read) -> Filter:
    """The parts that our own list offers too."""
    query = call.query
    times: dict[str, Any] = {name: moment(value, name, call.zone) for name in _TIMES if (value := query.filter(name))}
    ids = [value for value in query.many.get("ids", query.text("ids").split(",")) if value.strip().isdigit()]
    return Filter(
        search=query.text("search"),
        email=query.text("email") or query.filter("email") or None,
        tag_id=query.number("tagid"),
        list_id=query.number("listid"),
        status=STATUSES.get(-1 if (status := query.number("status")) is None else status),
        contact_ids=tuple(int(value) for value in ids) if ids else None,
        **times,
    )


async def narrowing(call: Read) -> Narrowing:
    """The parts that only v3 has; what is a condition here becomes a set."""
    query = call.query
    meant: list[object] = []
    if segment_id := query.number("segmentid"):
        meant.append((await get_segment(call.tx, segment_id)).condition)
    if company_id := query.number("organization"):
        meant.append({"type": "works_at_company", "params": {"company_id": company_id}})
    if automation_id := query.number("seriesid"):
        meant.append({"type": "in_automation", "params": {"automation_id": automation_id}})
    among = await audience(call.tx, {"match": "all", "conditions": meant}) if meant else None
    return Narrowing(
        email_part=query.text("email_like").strip("%"),
        phone_prefix=query.text("phone"),
        id_greater=query.number("id_greater"),
        id_less=query.number("id_less"),
        not_id=query.number("exclude"),
        among=among,
    )


def order(query: Query) -> tuple[str, bool]:
    """The first known column and whether it descends; contacts come by id unless asked otherwise."""
    for column, is_descending in query.orders:
        if column in ORDERS:
            return ORDERS[column], is_descending
    return "id", False


def page_input(query: Query) -> Row:
    """What the server understood, as `meta` shows it."""
    known: dict[str, Any] = {
        "segmentid": query.number("segmentid") or 0,
        "formid": query.number("formid") or 0,
        "listid": query.number("listid") or 0,
        "tagid": query.number("tagid") or 0,
        "limit": query.limit(),
        "offset": query.offset,
        "search": query.text("search") or None,
        "sort": None,
        "seriesid": query.number("seriesid") or 0,
        "waitid": query.number("waitid") or 0,
        "status": -1 if query.number("status") is None else query.number("status"),
        "forceQuery": query.number("forceQuery") or 0,
        "cacheid": "0" * 32,
    }
    if "email" in query.plain:
        known["email"] = query.plain["email"]
    return known
