"""Pipelines with their stages; there are few, so they come as a whole."""

from __future__ import annotations

from dataclasses import replace

from waypost.deals.errors import PipelineNotFound, StageNotFound
from waypost.deals.types import Pipeline, Stage
from waypost.kernel.sql import TRUE, Sql, sql
from waypost.kernel.tx import ReadTx

STAGE = sql("s.id, s.pipeline_id, s.name, s.color, s.probability, s.stale_days, s.position, s.created_at, s.updated_at")
PIPELINE = sql("p.id, p.name, p.currency, p.position, p.created_at, p.updated_at")


async def list_pipelines(tx: ReadTx, *, only: Sql = TRUE) -> list[Pipeline]:
    """In their order, each with its stages in theirs. `only` is a condition on `p`."""
    found = await tx.all(
        sql(
            "select {columns} from deals.pipeline p where p.workspace_id = {workspace} and {only} order by position, id",
            columns=PIPELINE,
            only=only,
        ),
        Pipeline,
    )
    stages = await list_stages(tx)
    return [replace(one, stages=[stage for stage in stages if stage.pipeline_id == one.id]) for one in found]


async def list_stages(tx: ReadTx) -> list[Stage]:
    return await tx.all(
        sql(
            """
            select {columns} from deals.stage s
            where s.workspace_id = {workspace} order by s.pipeline_id, s.position, s.id
            """,
            columns=STAGE,
        ),
        Stage,
    )


async def get_pipeline(tx: ReadTx, pipeline_id: int, *, pointer: str | None = None) -> Pipeline:
    found = await list_pipelines(tx, only=sql("p.id = {id}", id=pipeline_id))
    if not found:
        raise PipelineNotFound(pipeline_id=pipeline_id, pointer=pointer)
    return found[0]


async def get_stage(tx: ReadTx, stage_id: int, *, pointer: str | None = None, lock: Sql | None = None) -> Stage:
    """The stage; `lock` as in "for update"."""
    found = await tx.maybe(
        sql(
            "select {columns} from deals.stage s where s.workspace_id = {workspace} and s.id = {id} {lock}",
            columns=STAGE,
            id=stage_id,
            lock=sql("") if lock is None else lock,
        ),
        Stage,
    )
    if found is None:
        raise StageNotFound(stage_id=stage_id, pointer=pointer)
    return found
