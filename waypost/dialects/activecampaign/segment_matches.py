"""The newer services about segments: who is in them, one contact or page by page, and how many.

They were made to be asked twice, once to begin and once for the answer; here the answer is there at once.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from typing import Any, cast
from zlib import compress, decompressobj, error

import orjson

from waypost.contacts.queries.contacts import get_contact
from waypost.contacts.queries.numbered import Narrowing, Slice, list_contacts_from
from waypost.contacts.types import Filter
from waypost.dialects.activecampaign.calls import Read, Sent, Write
from waypost.dialects.activecampaign.contact_query import ORDERS
from waypost.dialects.activecampaign.envelope import Answer, Row
from waypost.dialects.activecampaign.errors import errors
from waypost.dialects.activecampaign.routing import ReadHandler, Routes
from waypost.segments.actions import create_segment, delete_segment, update_segment
from waypost.segments.errors import SegmentNotFound
from waypost.segments.queries import audience, check_references, get_segment, list_segments, matching
from waypost.segments.types import Segment

routes = Routes()
ENOUGH = 10_000
MOST_A_PAGE = 10_000
USUAL = 20
MOST_ASKED = 200_000
MISSING = "There is no such segment."


def _missing() -> Answer:
    return errors(404, [{"status": "404", "title": "Not Found", "detail": MISSING}])


def _known(handler: ReadHandler) -> ReadHandler:
    """The answer of these services where there is no such segment."""

    async def guarded(call: Read) -> Answer:
        try:
            return await handler(call)
        except SegmentNotFound:
            return _missing()

    return guarded


def _page(call: Read) -> tuple[int, int]:
    """The page's number from 1, and how many it holds."""
    size = call.query.number("page_size") or USUAL
    return max(call.query.number("page") or 1, 1), min(max(size, 1), MOST_A_PAGE)


async def _matches(call: Read) -> Answer:
    segment = await get_segment(call.tx, call.id)
    run = call.path[1] if len(call.path) > 1 else f"{segment.id}-{int(call.tx.now.timestamp())}"
    return await _page_of(call, segment.condition, run, str(segment.id), segment.updated_at)


async def _page_of(call: Read, condition: object, run: str, segment_id: str, changed_at: datetime) -> Answer:
    """Who meets a condition now, one page of them."""
    number, size = _page(call)
    sort = call.query.text("sort", "id")
    found, total = await list_contacts_from(
        call.tx,
        Slice(size, (number - 1) * size),
        Filter(),
        narrowing=Narrowing(among=await audience(call.tx, condition)),
        order=ORDERS.get(sort.lstrip("-"), "id"),
        is_descending=sort.startswith("-"),
    )
    now = call.iso(call.tx.now)
    attributes: Row = {
        "run_id": run,
        "run_id_start": now,
        "run_id_end": now,
        "is_ready": True,
        "matches": [contact.id for contact in found],
        "segment_id": segment_id,
        "segment_timestamp": call.iso(changed_at),
        "page": {
            "current_page": number,
            "last_page": max(1, -(-total // size)),
            "per_page": size,
            "total": total,
        },
    }
    return Answer({"data": [{"id": attributes["run_id"], "type": "matchAll", "attributes": attributes}]})


routes.get("/segmentMatchAll/{id}")(_known(_matches))
routes.get("/segmentMatchAll/{id}/{text}")(_known(_matches))


async def _match(call: Read) -> Answer:
    segment = await get_segment(call.tx, call.id)
    contact = await get_contact(call.tx, int(call.path[1]))
    is_in = contact.id in await matching(call.tx, segment.condition, [contact.id])
    attributes: Row = {
        "created_timestamp": call.iso(call.tx.now),
        "entity_id": str(contact.id),
        "match": is_in,
        "segment_id": str(segment.id),
        "segment_timestamp": call.iso(segment.updated_at),
    }
    name = call.path[2] if len(call.path) > 2 else f"{segment.id}-{contact.id}"
    return Answer({"data": [{"id": name, "type": "match", "attributes": attributes}]})


routes.get("/segmentMatch/{id}/{id}")(_known(_match))
routes.get("/segmentMatch/{id}/{id}/{text}")(_known(_match))


def _audience_row(call: Read, segment: Segment) -> Row:
    counted = {"total": segment.member_count, "timestamp": call.iso(segment.evaluated_at)}
    attributes: Row = {
        "segment_id": str(segment.id),
        "category": "audience",
        "name": segment.name,
        "counts": {"last_total": counted, "last_active_total": counted},
        "created_date": call.iso(segment.created_at),
        "updated_date": call.iso(segment.updated_at),
        "last_used_date": None,
    }
    return {"id": str(segment.id), "type": "audience", "attributes": attributes}


@routes.get("/audiences")
async def list_audiences(call: Read) -> Answer:
    found = list((await list_segments(call.tx, search=call.query.text("search"), limit=ENOUGH)).items)
    sort = call.query.text("sort", "-updated_date")
    column = sort.lstrip("-")
    found.sort(key=lambda one: one.id)
    if column == "name":
        found.sort(key=lambda one: one.name.lower(), reverse=sort.startswith("-"))
    elif column in ("last_total", "last_active_total"):
        found.sort(key=lambda one: one.member_count, reverse=sort.startswith("-"))
    else:
        found.sort(key=lambda one: one.updated_at, reverse=sort.startswith("-"))
    number, size = _page(call)
    return Answer({"data": [_audience_row(call, one) for one in found[(number - 1) * size : number * size]]})


async def _audience(call: Read) -> Answer:
    return Answer({"data": [_audience_row(call, await get_segment(call.tx, call.id))]})


routes.get("/audiences/{id}")(_known(_audience))


def _segment_row(call: Read, segment: Segment) -> Row:
    """Our conditions say more than the original's can, so they are under `meta` as they are."""
    attributes: Row = {
        "created_date": call.iso(segment.created_at),
        "meta": {"condition": segment.condition},
        "segment_condition_group_operator": "or" if segment.condition.get("match") == "any" else "and",
        "segment_condition_groups": [],
        "segment_conditions": [],
        "segment_hash": f"{segment.id}-{segment.version}",
        "segment_id": str(segment.id),
        "user_id": "0",
        "name": segment.name,
        "description": "",
        "category": "AUDIENCE",
    }
    return {"id": str(segment.id), "type": "segment", "attributes": attributes}


async def _segment(call: Read) -> Answer:
    return Answer({"data": [_segment_row(call, await get_segment(call.tx, call.id))]})


routes.get("/segmentsV2/{id}")(_known(_segment))


def _attributes(call: Write) -> Sent:
    """The first of `data`, which is an array or a single object, or the attributes by themselves."""
    data: Any = call.body.get("data", call.body.get("array", call.body))
    first: Any = cast("list[Any]", data)[0] if isinstance(data, list) and data else data
    inner: Any = cast("dict[str, Any]", first).get("attributes", first) if isinstance(first, dict) else {}
    return Sent(cast("dict[str, Any]", inner) if isinstance(inner, dict) else {})


def _condition(sent: Sent) -> dict[str, Any] | None:
    """Ours, under `meta`, where GET shows it."""
    meta: Any = sent.get("meta")
    found: Any = cast("dict[str, Any]", meta).get("condition") if isinstance(meta, dict) else None
    return cast("dict[str, Any]", found) if isinstance(found, dict) else None


def _unclear() -> Answer:
    words = "Conditions are given in attributes.meta.condition, in the grammar of this server."
    return errors(400, [{"status": "400", "title": "Bad Request", "detail": words}])


@routes.post("/segmentsV2", takes_array=True)
async def post_segment(call: Write) -> Answer:
    sent = _attributes(call)
    condition = _condition(sent)
    if condition is None:
        return _unclear()
    made = await create_segment(call.tx, name=sent.text("name") or "Segment", condition=condition)
    return Answer({"data": [_segment_row(call, made)]})


@routes.put("/segmentsV2/{id}", takes_array=True)
async def put_segment(call: Write) -> Answer:
    """The name, and the condition where there is one."""
    try:
        segment = await get_segment(call.tx, call.id)
    except SegmentNotFound:
        return _missing()
    sent = _attributes(call)
    changed = await update_segment(
        call.tx, segment.id, name=sent.text("name") or segment.name, condition=_condition(sent) or segment.condition
    )
    return Answer({"data": [_segment_row(call, changed)]})


@routes.post("/segmentMatchAll", takes_array=True)
async def match_all(call: Write) -> Answer:
    """Who meets a condition that nobody has saved."""
    condition = _condition(_attributes(call))
    if condition is None:
        return _unclear()
    await check_references(call.tx, condition, pointer="/condition")
    return await _page_of(call, condition, f"0-{int(call.tx.now.timestamp())}", "0", call.tx.now)


def _run_of(segment: Segment, extra: dict[str, Any]) -> str:
    """A run's name holds what was asked, so that no run has to be kept."""
    return f"{segment.id}-" + urlsafe_b64encode(compress(orjson.dumps(extra))).decode().rstrip("=")


def _asked(run: str) -> dict[str, Any] | None:
    """The condition that a run's name holds; None where it is no such name."""
    packed = run.partition("-")[2]
    try:
        unpacked = decompressobj().decompress(urlsafe_b64decode(packed + "=" * (-len(packed) % 4)), MOST_ASKED)
        found = orjson.loads(unpacked)
    except (ValueError, error):
        return None
    return cast("dict[str, Any]", found) if isinstance(found, dict) else None


async def _some(call: Read, segment: Segment, extra: dict[str, Any]) -> Answer:
    """Who is in the segment or meets what else was asked."""
    await check_references(call.tx, extra, pointer="/condition")
    either: dict[str, Any] = {"match": "any", "conditions": [segment.condition, extra]}
    return await _page_of(call, either, _run_of(segment, extra), str(segment.id), segment.updated_at)


@routes.post("/segmentMatchSome/{id}", takes_array=True)
async def match_some(call: Write) -> Answer:
    """A segment widened by conditions that nobody has saved."""
    try:
        segment = await get_segment(call.tx, call.id)
    except SegmentNotFound:
        return _missing()
    extra = _condition(_attributes(call))
    return _unclear() if extra is None else await _some(call, segment, extra)


async def _some_again(call: Read) -> Answer:
    segment = await get_segment(call.tx, call.id)
    extra = _asked(call.path[1])
    return _missing() if extra is None else await _some(call, segment, extra)


routes.get("/segmentMatchSome/{id}/{text}")(_known(_some_again))


def _count_row(call: Read, segment: Segment) -> Row:
    attributes: Row = {
        "timestamp": call.iso(segment.evaluated_at or segment.updated_at),
        "segment_id": str(segment.id),
        "segment_hash": f"{segment.id}-{segment.version}",
        "run_id": f"{segment.id}-{segment.version}",
        "result_count": segment.member_count,
        "active_result_count": segment.member_count,
        "count_updating_with_runid": None,
    }
    return {"id": str(segment.id), "type": "SegmentCountHistory", "attributes": attributes}


@routes.get("/segmentsV2/count-history")
async def list_counts(call: Read) -> Answer:
    """The counts as they stand; those of earlier days are not kept."""
    wanted = {item.strip() for item in call.query.text("segmentIds").split(",")} | set(
        call.query.many.get("segmentIds", ())
    )
    found = (await list_segments(call.tx, limit=ENOUGH)).items
    return Answer({"data": [_count_row(call, one) for one in found if str(one.id) in wanted]})


async def _counts(call: Read) -> Answer:
    return Answer({"data": [_count_row(call, await get_segment(call.tx, call.id))]})


routes.get("/segmentsV2/{id}/count-history")(_known(_counts))


def _is_at(at: datetime, asked: str) -> bool:
    """Whether a path names this time, to the second: as GET shows it, in any zone, or in seconds."""
    try:
        seconds = int(asked) if asked.isdigit() else int(datetime.fromisoformat(asked).astimezone(UTC).timestamp())
    except (ValueError, OverflowError):
        return False
    return seconds == int(at.timestamp())


async def _count_at(call: Read) -> Answer:
    segment = await get_segment(call.tx, call.id)
    is_known = _is_at(segment.evaluated_at or segment.updated_at, call.path[1])
    return Answer({"data": [_count_row(call, segment)] if is_known else []})


async def _segment_at(call: Read) -> Answer:
    """A segment is what it is now: the only date it goes by is that of its making."""
    segment = await get_segment(call.tx, call.id)
    return Answer({"data": [_segment_row(call, segment)]}) if _is_at(segment.created_at, call.path[1]) else _missing()


routes.get("/segmentsV2/{id}/count-history/{text}")(_known(_count_at))
routes.get("/segmentsV2/{id}/createdDate/{text}")(_known(_segment_at))


@routes.put("/segmentsV2/{id}/createdDate/{text}", takes_array=True)
async def put_segment_at(call: Write) -> Answer:
    try:
        segment = await get_segment(call.tx, call.id)
    except SegmentNotFound:
        return _missing()
    return await put_segment(call) if _is_at(segment.created_at, call.path[1]) else _missing()


@routes.delete("/segmentsV2/{id}")
async def remove_segment(call: Write) -> Answer:
    """Refused while something is built on it."""
    try:
        segment = await get_segment(call.tx, call.id)
    except SegmentNotFound:
        return _missing()
    await delete_segment(call.tx, segment.id)
    return Answer({"data": [_segment_row(call, segment)]})
