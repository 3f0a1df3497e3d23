"""Pipelines and stages."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from litestar import delete, get, patch, post
from litestar.params import Parameter

from waypost.deals.actions.pipelines import (
    create_pipeline,
    create_stage,
    delete_pipeline,
    delete_stage,
    order_stages,
    update_pipeline,
    update_stage,
)
from waypost.deals.queries.pipelines import get_pipeline, list_pipelines
from waypost.deals.queries.reports import read_report
from waypost.deals.schemas import (
    PipelineBody,
    PipelineList,
    PipelinePatch,
    ReportOut,
    StageBody,
    StageOrder,
    StagePatch,
)
from waypost.deals.types import Pipeline, Stage
from waypost.kernel.tx import ReadTx, Tx

PIPELINES = "/api/v1/pipelines"
STAGES = "/api/v1/stages"
Days = Annotated[int, Parameter(ge=1, le=3_650)]


@get(PIPELINES)
async def read_pipelines(read: ReadTx) -> PipelineList:
    found = await list_pipelines(read)
    return PipelineList(items=found, total=len(found))


@post(PIPELINES)
async def add_pipeline(data: PipelineBody, tx: Tx) -> Pipeline:
    stages = None if data.stages is None else [stage.values() for stage in data.stages]
    return await create_pipeline(tx, name=data.name, currency=data.currency, stages=stages)


@get(PIPELINES + "/{pipeline_id:int}")
async def read_pipeline(pipeline_id: int, read: ReadTx) -> Pipeline:
    return await get_pipeline(read, pipeline_id)


@patch(PIPELINES + "/{pipeline_id:int}")
async def change_pipeline(pipeline_id: int, data: PipelinePatch, tx: Tx) -> Pipeline:
    return await update_pipeline(tx, pipeline_id, data.changes())


@delete(PIPELINES + "/{pipeline_id:int}")
async def drop_pipeline(pipeline_id: int, tx: Tx) -> None:
    await delete_pipeline(tx, pipeline_id)


@get(PIPELINES + "/{pipeline_id:int}/report")
async def read_pipeline_report(pipeline_id: int, read: ReadTx, days: Days = 90) -> ReportOut:
    """The last so many days, and how the pipeline stands now."""
    pipeline = await get_pipeline(read, pipeline_id)
    report, owners = await read_report(read, pipeline, since=read.now - timedelta(days=days))
    return ReportOut(report=report, owners=owners)


@post(PIPELINES + "/{pipeline_id:int}/stages")
async def add_stage(pipeline_id: int, data: StageBody, tx: Tx) -> Stage:
    return await create_stage(tx, pipeline_id, data.values())


@post(PIPELINES + "/{pipeline_id:int}/stages/order", status_code=200)
async def sort_stages(pipeline_id: int, data: StageOrder, tx: Tx) -> Pipeline:
    return await order_stages(tx, pipeline_id, data.stage_ids)


@patch(STAGES + "/{stage_id:int}")
async def change_stage(stage_id: int, data: StagePatch, tx: Tx) -> Stage:
    return await update_stage(tx, stage_id, data.changes())


@delete(STAGES + "/{stage_id:int}")
async def drop_stage(stage_id: int, tx: Tx, move_to: int | None = None) -> None:
    """Its deals go to the stage `move_to`."""
    await delete_stage(tx, stage_id, move_to=move_to)


ROUTES = (
    read_pipelines,
    add_pipeline,
    read_pipeline,
    change_pipeline,
    drop_pipeline,
    read_pipeline_report,
    add_stage,
    sort_stages,
    change_stage,
    drop_stage,
)
