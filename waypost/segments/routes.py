"""HTTP for segments."""

from __future__ import annotations

from litestar import Response, delete, get, patch, post

from waypost.kernel.tx import ReadTx, Tx
from waypost.segments import actions, people, queries
from waypost.segments.schemas import (
    CountIn,
    CountOut,
    FilterIn,
    PlanOut,
    SegmentChange,
    SegmentIn,
    SegmentList,
    SegmentOut,
)


@get("/api/v1/segments")
async def list_segments(read: ReadTx, search: str = "", limit: int = 50, after: str | None = None) -> SegmentList:
    page = await queries.list_segments(read, search=search, limit=min(max(limit, 1), 200), after=after)
    return SegmentList(items=[SegmentOut.of(item) for item in page.items], next=page.next, total=page.total)


@post("/api/v1/segments")
async def create_segment(tx: Tx, data: SegmentIn) -> SegmentOut:
    return SegmentOut.of(await actions.create_segment(tx, name=data.name, condition=data.condition))


@get("/api/v1/segments/{segment_id:int}")
async def get_segment(read: ReadTx, segment_id: int) -> SegmentOut:
    return SegmentOut.of(await queries.get_segment(read, segment_id))


@patch("/api/v1/segments/{segment_id:int}")
async def update_segment(tx: Tx, segment_id: int, data: SegmentChange) -> SegmentOut:
    return SegmentOut.of(await actions.update_segment(tx, segment_id, name=data.name, condition=data.condition))


@delete("/api/v1/segments/{segment_id:int}")
async def delete_segment(tx: Tx, segment_id: int) -> None:
    await actions.delete_segment(tx, segment_id)


@post("/api/v1/segments/count", status_code=200, opt={"any_role": True})
async def count_segment(read: ReadTx, data: CountIn) -> CountOut:
    return CountOut.of(await queries.try_condition(read, data.condition))


@post("/api/v1/segments/contacts", status_code=200, opt={"any_role": True})
async def filter_contacts(read: ReadTx, data: FilterIn) -> Response[bytes]:
    body = await people.encode_matching(
        read, data.condition, search=data.search, sort=data.sort, limit=data.limit, after=data.after
    )
    return Response(body, media_type="application/json")


@get("/api/v1/segments/{segment_id:int}/plan")
async def read_plan(read: ReadTx, segment_id: int) -> PlanOut:
    segment = await queries.get_segment(read, segment_id)
    plan = await queries.plan_audience(read, segment.condition)
    return PlanOut(plan=list(plan.words), estimate=int(plan.rows))
