"""import/bulk_import: up to 250 contacts at once, merged in the request itself, so that nothing is outstanding."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, cast
from urllib.parse import urlsplit
from uuid import UUID

import msgspec

from waypost.contacts.actions.batches import Incoming, merge_batch
from waypost.contacts.queries.batches import find_batch, list_batch_days
from waypost.contacts.queries.lists import list_lists
from waypost.dialects.activecampaign.calls import Read, Sent, Write
from waypost.dialects.activecampaign.coerce import flag, integer, text
from waypost.dialects.activecampaign.envelope import Answer
from waypost.dialects.activecampaign.errors import message
from waypost.dialects.activecampaign.jobs import TellOfBatch
from waypost.dialects.activecampaign.routing import Routes

routes = Routes()

MOST = 250
ENOUGH_LISTS = 10_000
MOST_PAIRS = 50
LONGEST_URL = 2_000
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_OWN_HEADERS = frozenset({"host", "content-length", "content-type", "transfer-encoding", "connection", "upgrade"})


def _items(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []


def _list_ids(value: object) -> list[int]:
    found = [Sent(cast("dict[str, Any]", item)).get("listid") for item in _items(value) if isinstance(item, dict)]
    return [integer(list_id, "listid") for list_id in found if list_id not in (None, "")]


def _fields(value: object) -> dict[int, object]:
    found = [Sent(cast("dict[str, Any]", item)) for item in _items(value) if isinstance(item, dict)]
    return {one.integer("id"): one.get("value") for one in found if one.get("id") not in (None, "")}


def _incoming(given: object) -> Incoming | None:
    if not isinstance(given, dict):
        return None
    sent = Sent(cast("dict[str, Any]", given))
    return Incoming(
        email=(sent.text("email") or "").strip(),
        first_name=sent.text("first_name", "firstName") or "",
        last_name=sent.text("last_name", "lastName") or "",
        phone=sent.text("phone") or "",
        company=sent.text("customer_acct_name") or "",
        fields=_fields(sent.get("fields")),
        tags=[text(tag) for tag in _items(sent.get("tags"))],
        subscribe=_list_ids(sent.get("subscribe")),
        unsubscribe=_list_ids(sent.get("unsubscribe")),
    )


def _refused(reason: str, failures: Sequence[str]) -> Answer:
    return Answer(
        {"success": 0, "message": reason, "failureReasons": [{"failureReason": one} for one in failures]}, 400
    )


def _pairs(value: object, name: str, problems: list[str]) -> list[tuple[str, str]]:
    """Keys with values, as callbacks hold them; a header cannot say what the connection says."""
    found: list[tuple[str, str]] = []
    for item in _items(value):
        sent = Sent(cast("dict[str, Any]", item) if isinstance(item, dict) else {})
        key, text_ = (sent.text("key") or "").strip(), sent.text("value") or ""
        is_header = name == "headers"
        if not key or (is_header and not (_HEADER.fullmatch(key) and text_.isprintable() and text_.isascii())):
            problems.append(f"callback.{name} holds “{key[:60]}”, which cannot be sent.")
        elif not (is_header and key.lower() in _OWN_HEADERS):
            found.append((key, text_))
    if len(found) > MOST_PAIRS:
        problems.append(f"callback.{name} holds more than {MOST_PAIRS} entries.")
    return found


def _callback(value: object, problems: list[str]) -> TellOfBatch | None:
    """Whom to tell when it is done; the token is filled in then."""
    if not isinstance(value, dict) or not value:
        return None
    sent = Sent(cast("dict[str, Any]", value))
    url, method = (sent.text("url") or "").strip(), (sent.text("requestType") or "POST").upper()
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or len(url) > LONGEST_URL:
        problems.append("callback.url must be an address that begins with http:// or https://.")
    if method not in ("GET", "POST"):
        problems.append("callback.requestType must be GET or POST.")
    return TellOfBatch(
        token="",
        url=url,
        method=method,
        is_detailed=not sent.has("detailed_results") or flag(sent.get("detailed_results")),
        params=_pairs(sent.get("params"), "params", problems),
        headers=_pairs(sent.get("headers"), "headers", problems),
    )


@routes.post("/import/bulk_import")
async def post_batch(call: Write) -> Answer:
    given = _items(call.body.get("contacts"))
    people = [_incoming(one) for one in given]
    problems = [
        f"contacts[{number}] needs an email." for number, one in enumerate(people) if one is None or not one.email
    ]
    if not given:
        problems = ["'contacts' is a required field."]
    if len(given) > MOST:
        problems = [f"At most {MOST} contacts at once."]
    wanted = {list_id for one in people if one for list_id in (*one.subscribe, *one.unsubscribe)}
    if wanted and not problems:
        known = {item.id for item in (await list_lists(call.tx, limit=ENOUGH_LISTS)).items}
        problems = [f"There is no list {list_id}." for list_id in sorted(wanted - known)]
    callback = _callback(call.body.get("callback"), problems)
    if problems:
        return _refused("Import validation failed. No contacts were added.", problems)
    batch = await merge_batch(call.tx, [one for one in people if one is not None])
    if callback is not None:
        await call.tx.enqueue(msgspec.structs.replace(callback, token=str(batch.token)))
    return Answer(
        {
            "success": 1,
            "queued_contacts": len(given),
            "batchId": str(batch.token),
            "message": "Contact import queued",
        }
    )


@routes.get("/import/bulk_import")
async def list_batches(call: Read) -> Answer:
    days = await list_batch_days(call.tx)
    rows = [
        {"forDate": one.day.isoformat(), "batches": str(one.batch_count), "contacts": str(one.contact_count)}
        for one in days
    ]
    return Answer({"outstanding": [], "recentlyCompleted": rows})


@routes.get("/import/info")
async def read_batch(call: Read) -> Answer:
    given = call.query.text("batchId")
    if not given:
        return Answer({"success": 0, "message": "'batchId' is a required field."}, 400)
    try:
        batch = await find_batch(call.tx, UUID(given))
    except ValueError:
        batch = None
    if batch is None:
        return message(404, f"No Result found for Batch with id {given}")
    return Answer(
        {"status": "completed", "success": [str(one) for one in batch.contact_ids], "failure": batch.failures}
    )
