"""Exclusions: addresses and domains on the suppression list by hand. Here they hold for all e-mail, whatever the list."""

from __future__ import annotations

from typing import Any, cast

from waypost.delivery.exclusions import Exclusion, find_exclusion, list_exclusions_from
from waypost.dialects.activecampaign.calls import Read, Write
from waypost.dialects.activecampaign.envelope import Answer, Row
from waypost.dialects.activecampaign.errors import errors, message
from waypost.dialects.activecampaign.routing import Routes

routes = Routes()
CHANNEL = "allEmail"


def _row(found: Exclusion) -> Row:
    """A domain matches the end of addresses."""
    return {
        "id": str(found.number),
        "matchPhrase": found.address,
        "matchType": "end" if found.address.startswith("@") else "exact",
        "channel": CHANNEL,
        "hidden": False,
        "lists": [],
    }


def _refused(column: str, words: str) -> Answer:
    where = {"pointer": f"/data/attributes/{column}"}
    return errors(422, [{"status": 422, "title": "Invalid attribute", "detail": words, "source": where}])


@routes.get("/lists/exclusions")
async def list_exclusions(call: Read) -> Answer:
    """Every list has all of them, so that a filter by lists leaves none out."""
    found, total = await list_exclusions_from(
        call.tx,
        part=next(iter(call.query.filters.get("matchPhrase", {}).values()), ""),
        is_descending=("matchPhrase", True) in call.query.orders,
        limit=call.query.limit(),
        offset=call.query.offset,
    )
    return Answer({"exclusions": [_row(one) for one in found], "meta": {"total": total}})


@routes.get("/lists/exclusions/{id}")
async def read_exclusion(call: Read) -> Answer:
    found = await find_exclusion(call.tx, call.id)
    return message(404, f"Exclusion not found [id={call.id}]") if found is None else Answer(_row(found))


@routes.put("/lists/exclusions/{id}")
async def put_exclusion(call: Write) -> Answer:
    """What is true already may be said; an exclusion from one list or of text messages cannot be kept."""
    found = await find_exclusion(call.tx, call.id)
    if found is None:
        return message(404, f"No Result found for Exclusion with id {call.id}")
    if call.body.get("channel", CHANNEL) not in ("all", CHANNEL):
        return _refused("channel", "An exclusion holds for all e-mail here.")
    lists: Any = call.body.get("lists")
    if lists:
        where = "lists[0]" if isinstance(cast("object", lists), list) else "lists"
        return _refused(where, "An exclusion holds for every list here.")
    return Answer(_row(found))
