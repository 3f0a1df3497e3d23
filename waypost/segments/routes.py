"""HTTP for segments."""

from __future__ import annotations

from typing import Annotated

from litestar import Response, delete, get, patch, post
from litestar.params import Parameter

from waypost.contacts.queries.contacts import SortName, get_contact
from waypost.kernel.tx import ReadTx, Tx
from waypost.segments import actions, explain, history, people, queries, views, words
from waypost.segments.schemas import (
    CountIn,
    CountOut,
    ExplainIn,
    FilterIn,
    MembershipList,
    MovementList,
    PlanOut,
    SegmentChange,
    SegmentIn,
    SegmentList,
    SegmentOut,
    ViewChange,
    ViewIn,
    ViewList,
)
from waypost.segments.types import Segment

Limit = Annotated[int, Parameter(ge=1, le=500)]


async def _out(tx: ReadTx, segment: Segment) -> SegmentOut:
    return SegmentOut.of(segment, await words.describe_condition(tx, segment.condition))


@get("/api/v1/segments")
async def list_segments(read: ReadTx, search: str = "", limit: int = 50, after: str | None = None) -> SegmentList:
    page = await queries.list_segments(read, search=search, limit=min(max(limit, 1), 200), after=after)
    told = await words.describe_all(read, [item.condition for item in page.items])
    items = [SegmentOut.of(item, said) for item, said in zip(page.items, told, strict=True)]
    return SegmentList(items=items, next=page.next, total=page.total)


@post("/api/v1/segments")
async def create_segment(tx: Tx, data: SegmentIn) -> SegmentOut:
    return await _out(tx, await actions.create_segment(tx, name=data.name, condition=data.condition))


@get("/api/v1/segments/{segment_id:int}")
async def get_segment(read: ReadTx, segment_id: int) -> SegmentOut:
    return await _out(read, await queries.get_segment(read, segment_id))


@patch("/api/v1/segments/{segment_id:int}")
async def update_segment(tx: Tx, segment_id: int, data: SegmentChange) -> SegmentOut:
    return await _out(tx, await actions.update_segment(tx, segment_id, name=data.name, condition=data.condition))


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


@get("/api/v1/segments/{segment_id:int}/contacts")
async def list_members(
    read: ReadTx,
    segment_id: int,
    search: str = "",
    sort: SortName = "-created_at",
    limit: Limit = 100,
    after: str | None = None,
) -> Response[bytes]:
    await queries.get_segment(read, segment_id)
    inside = {"type": "in_segment", "params": {"segment_id": segment_id}}
    body = await people.encode_matching(read, inside, search=search, sort=sort, limit=limit, after=after)
    return Response(body, media_type="application/json")


@get("/api/v1/segments/{segment_id:int}/history")
async def list_history(
    read: ReadTx,
    segment_id: int,
    event: history.Event | None = None,
    contact_id: int | None = None,
    limit: Limit = 50,
    after: str | None = None,
) -> MovementList:
    page = await history.list_movements(read, segment_id, event=event, contact_id=contact_id, limit=limit, after=after)
    return MovementList(items=list(page.items), next=page.next)


@get("/api/v1/contacts/{contact_id:int}/segments")
async def list_contact_segments(read: ReadTx, contact_id: int) -> MembershipList:
    contact = await get_contact(read, contact_id)
    return MembershipList(items=await history.list_contact_segments(read, contact.id))


@post("/api/v1/segments/explain", status_code=200, opt={"any_role": True})
async def explain_contact(read: ReadTx, data: ExplainIn) -> explain.Explanation:
    return await explain.explain(read, contact_id=data.contact_id, segment_id=data.segment_id, condition=data.condition)


@get("/api/v1/contact-views")
async def list_views(read: ReadTx) -> ViewList:
    return ViewList(items=await views.list_views(read))


@post("/api/v1/contact-views")
async def create_view(tx: Tx, data: ViewIn) -> views.View:
    return await views.create_view(
        tx,
        name=data.name,
        columns=data.columns,
        sort=data.sort,
        search=data.search,
        condition=data.condition,
        is_shared=data.is_shared,
    )


@patch("/api/v1/contact-views/{view_id:int}")
async def update_view(tx: Tx, view_id: int, data: ViewChange) -> views.View:
    return await views.update_view(tx, data.applied(await views.get_view(tx, view_id)))


@delete("/api/v1/contact-views/{view_id:int}")
async def delete_view(tx: Tx, view_id: int) -> None:
    await views.delete_view(tx, view_id)


ROUTES = (
    list_segments,
    create_segment,
    count_segment,
    filter_contacts,
    explain_contact,
    get_segment,
    update_segment,
    delete_segment,
    read_plan,
    list_members,
    list_history,
    list_contact_segments,
    list_views,
    create_view,
    update_view,
    delete_view,
)
