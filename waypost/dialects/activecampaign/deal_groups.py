"""Deal groups, which are called pipelines here, and their stages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from waypost.deals.actions.deals import move_stage_deals
from waypost.deals.actions.pipelines import (
    create_pipeline,
    create_stage,
    delete_pipeline,
    delete_stage,
    update_pipeline,
    update_stage,
)
from waypost.deals.errors import LastStage, PipelineNotFound, PipelineOccupied, StageNotFound, StageOccupied
from waypost.deals.queries.deals import DealFilter, find_deals
from waypost.deals.queries.numbered import DealsAsked, list_deals_from
from waypost.deals.queries.pipelines import get_pipeline, get_stage, list_pipelines, list_stages
from waypost.deals.types import Pipeline, Stage
from waypost.dialects.activecampaign.calls import Read, Sent, Write
from waypost.dialects.activecampaign.coerce import Unreadable, integer
from waypost.dialects.activecampaign.deal_rows import STAGE_CARD, deal_row, group_row, stage_row
from waypost.dialects.activecampaign.envelope import Answer, Row, echo
from waypost.dialects.activecampaign.errors import related_missing
from waypost.dialects.activecampaign.paging import MOST, cut, matches
from waypost.dialects.activecampaign.routing import Routes

routes = Routes({"name": "title", "position": "order", "move_to": "stage"})

_COLOR = re.compile(r"#?[0-9a-fA-F]{6}")
FIRST_COLOR = "3f3f3f"


@contextmanager
def _emptied() -> Iterator[None]:
    """What still holds deals cannot go; it is no duplicate, as other conflicts are."""
    try:
        yield
    except (PipelineOccupied, StageOccupied, LastStage) as failure:
        raise Unreadable("id", failure.detail) from failure


def _groups(call: Read, found: Sequence[Pipeline]) -> list[Row]:
    return [group_row(one, call.base, call.zone) for one in found]


def _stages(call: Read, found: Sequence[Stage]) -> list[Row]:
    return [stage_row(one, call.base, call.zone) for one in found]


def _sorted(call: Read, rows: list[Row]) -> list[Row]:
    for column, is_down in reversed(call.query.orders):
        if column == "title":
            rows = sorted(rows, key=lambda row: str(row["title"]).lower(), reverse=is_down)
    return rows


@routes.get("/dealGroups")
async def list_groups(call: Read) -> Answer:
    """The total is a number here; `count` is how many stages there are."""
    wanted = call.query.filters.get("title", {})
    found = [one for one in await list_pipelines(call.tx) if matches(one.name, wanted)]
    rows = _sorted(call, [{**row, "count": str(len(row["stages"]))} for row in _groups(call, found)])
    stages = _stages(call, [stage for one in found for stage in one.stages])
    return Answer({"dealStages": stages, "dealGroups": cut(rows, call.query), "meta": {"total": len(rows)}})


def _with_users(call: Read, pipeline: Pipeline, sent: Sent) -> Row:
    """Everyone may use every pipeline, so the relations to users and groups are empty."""
    row = {**group_row(pipeline, call.base, call.zone), "dealGroupUsers": [], "dealGroupGroups": []}
    return {"dealGroupUsers": [], "dealGroupGroups": [], "dealGroup": echo(row, sent.values)}


@routes.post("/dealGroups")
async def post_group(call: Write) -> Answer:
    sent = call.inner("dealGroup")
    sent.require("title", "currency")
    made = await create_pipeline(call.tx, name=sent.text("title") or "", currency=sent.text("currency") or "")
    return Answer({"dealStages": _stages(call, made.stages), **_with_users(call, made, sent)}, 201)


@routes.get("/dealGroups/{id}")
async def read_group(call: Read) -> Answer:
    found = await get_pipeline(call.tx, call.id)
    return Answer(
        {"dealStages": _stages(call, found.stages), "dealGroup": group_row(found, call.base, call.zone)},
    )


@routes.put("/dealGroups/{id}")
async def put_group(call: Write) -> Answer:
    sent = call.inner("dealGroup")
    named = (("title", "name"), ("currency", "currency"))
    changes = {name: sent.text(column) or "" for column, name in named if sent.has(column)}
    changed = await update_pipeline(call.tx, call.id, changes)
    return Answer(_with_users(call, changed, sent))


@routes.delete("/dealGroups/{id}")
async def remove_group(call: Write) -> Answer:
    with _emptied():
        await delete_pipeline(call.tx, call.id)
    return Answer({})


@routes.get("/dealGroups/{id}/stages")
async def list_stages_of(call: Read) -> Answer:
    return Answer({"dealStages": _stages(call, (await get_pipeline(call.tx, call.id)).stages)})


@routes.get("/dealStages")
async def list_all_stages(call: Read) -> Answer:
    """The total is a number here."""
    wanted = call.query.filters.get("title", {})
    group_id = call.query.filter_number("d_groupid", "group")
    found = [
        one for one in await list_stages(call.tx) if matches(one.name, wanted) and group_id in (None, one.pipeline_id)
    ]
    rows = _sorted(call, _stages(call, found))
    return Answer({"dealStages": cut(rows, call.query), "meta": {"total": len(rows)}})


def _changes(sent: Sent) -> dict[str, object]:
    """What of a stage can be kept: title, colour and place."""
    changes: dict[str, object] = {}
    if sent.has("title"):
        changes["name"] = sent.text("title") or ""
    if sent.has("color"):
        color = sent.text("color") or FIRST_COLOR
        if not _COLOR.fullmatch(color):
            raise Unreadable("color", "color must be six hexadecimal digits.")
        changes["color"] = "#" + color.removeprefix("#").lower()
    if sent.has("order"):
        changes["position"] = min(max(integer(sent.get("order"), "order"), 1), 10_000)
    return changes


async def _written(call: Write, stage: Stage, sent: Sent) -> Row:
    pipeline = await get_pipeline(call.tx, stage.pipeline_id)
    row = stage_row(stage, call.base, call.zone)
    shown = {**row, **{name: sent.get(name) for name in STAGE_CARD if sent.text(name)}}
    return {"dealStage": echo(shown, sent.values), "dealGroups": _groups(call, [pipeline])}


@routes.post("/dealStages")
async def post_stage(call: Write) -> Answer:
    """Without an order or a width the recorded defaults come back, as numbers."""
    sent = call.inner("dealStage")
    sent.require("title", "group")
    try:
        stage = await create_stage(call.tx, sent.integer("group"), {"color": "#" + FIRST_COLOR, **_changes(sent)})
    except PipelineNotFound as failure:
        raise related_missing("group", failure.detail) from failure
    return Answer(await _written(call, stage, Sent({"order": stage.position, "width": 280, **sent.values})), 201)


@routes.get("/dealStages/{id}")
async def read_stage(call: Read) -> Answer:
    return Answer({"dealStage": stage_row(await get_stage(call.tx, call.id), call.base, call.zone)})


@routes.put("/dealStages/{id}")
async def put_stage(call: Write) -> Answer:
    """A stage stays in its pipeline: its deals would change theirs unseen."""
    sent = call.inner("dealStage")
    there = await get_stage(call.tx, call.id)
    if sent.text("group") and sent.integer("group") != there.pipeline_id:
        raise Unreadable("group", "A stage stays in its pipeline.")
    return Answer(await _written(call, await update_stage(call.tx, call.id, _changes(sent)), sent))


@routes.delete("/dealStages/{id}")
async def remove_stage(call: Write) -> Answer:
    with _emptied():
        await delete_stage(call.tx, call.id)
    return Answer({})


@routes.get("/dealStages/{id}/group")
async def read_group_of(call: Read) -> Answer:
    stage = await get_stage(call.tx, call.id)
    return Answer({"dealGroup": group_row(await get_pipeline(call.tx, stage.pipeline_id), call.base, call.zone)})


@routes.get("/dealStages/{id}/deals")
async def list_deals_of(call: Read) -> Answer:
    stage = await get_stage(call.tx, call.id)
    asked = DealsAsked(DealFilter(stage_id=stage.id))
    found = await list_deals_from(call.tx, asked, limit=MOST, offset=call.query.offset)
    return Answer({"deals": [deal_row(deal, call.base, call.zone) for deal in found]})


@routes.put("/dealStages/{id}/deals")
async def move_deals_of(call: Write) -> Answer:
    """Every deal of the stage moves; the first hundred are shown."""
    target = call.inner("deal").integer("stage")
    await get_stage(call.tx, call.id)
    try:
        moved = await move_stage_deals(call.tx, call.id, target)
    except StageNotFound as failure:
        raise related_missing("stage", failure.detail) from failure
    found = await find_deals(call.tx, sorted(moved)[:MOST])
    return Answer({"deals": [deal_row(deal, call.base, call.zone) for deal in found]})
