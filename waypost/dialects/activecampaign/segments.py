"""Segments: named here, made and changed in the app, since their conditions are richer than the original's."""

from __future__ import annotations

from waypost.dialects.activecampaign.calls import Read
from waypost.dialects.activecampaign.envelope import Answer, Row, meta
from waypost.dialects.activecampaign.paging import cut
from waypost.dialects.activecampaign.routing import Routes
from waypost.segments.queries import get_segment, list_segments
from waypost.segments.types import Segment

routes = Routes()

ENOUGH = 10_000


def _row(call: Read, segment: Segment) -> Row:
    logic = "or" if segment.condition.get("match") == "any" else "and"
    return {
        "name": segment.name,
        "logic": logic,
        "hidden": "0",
        "seriesid": "0",
        "cdate": call.iso(segment.created_at),
        "mdate": call.iso(segment.updated_at),
        "links": [],
        "id": str(segment.id),
    }


@routes.get("/segments")
async def list_all_segments(call: Read) -> Answer:
    found = (await list_segments(call.tx, limit=ENOUGH)).items
    ordered = sorted(found, key=lambda segment: segment.id)
    return Answer({"segments": [_row(call, one) for one in cut(ordered, call.query)], "meta": meta(len(ordered))})


@routes.get("/segments/{id}")
async def read_segment(call: Read) -> Answer:
    return Answer({"segment": _row(call, await get_segment(call.tx, call.id))})
