"""HTTP for segments."""

from __future__ import annotations

from litestar import delete, get, patch, post

from waypost.kernel.tx import ReadTx, Tx
from waypost.segments import actions, queries
from waypost.segments.schemas import CountIn, CountOut, SampleOut, SegmentChange, SegmentIn, SegmentList, SegmentOut


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


@post("/api/v1/segments/count", status_code=200)
async def count_segment(read: ReadTx, data: CountIn) -> CountOut:
    await queries.check_references(read, data.condition, pointer="/condition")
    found = await queries.sample_matching(read, data.condition)
    sample = [
        SampleOut(id=item.id, email=item.email, first_name=item.first_name, last_name=item.last_name) for item in found
    ]
    return CountOut(count=await queries.count_matching(read, data.condition), sample=sample)
