"""Pipelines and their stages: making, changing, ordering and deleting them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import asyncpg

from waypost.deals.actions.changing import DealChange, change_deals
from waypost.deals.errors import (
    CurrencyInvalid,
    LastStage,
    PipelineNameTaken,
    PipelineOccupied,
    StageElsewhere,
    StageOccupied,
    TextMissing,
)
from waypost.deals.queries.pipelines import STAGE, get_pipeline, get_stage, list_pipelines
from waypost.deals.types import Pipeline, Stage
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx
from waypost.kernel.uses import refuse_while_live

MAX_NAME = 250
NEW_COLOR = "#6b7280"
FIRST_STAGES: tuple[tuple[str, str, int], ...] = (
    ("To contact", "#64748b", 10),
    ("In contact", "#0ea5e9", 30),
    ("Follow up", "#14b8a6", 60),
)
"""What a pipeline without stages of its own begins with: name, colour, probability."""


def clean_currency(text: str, *, pointer: str = "/currency") -> str:
    """Three letters, as in ISO 4217."""
    if not re.fullmatch(r"[A-Za-z]{3}", text):
        raise CurrencyInvalid(currency=text, pointer=pointer)
    return text.upper()


def clean_text(text: str, noun: str, pointer: str, limit: int = MAX_NAME) -> str:
    """One line without what cannot be seen."""
    found = " ".join(text.replace("\x00", "").split())[:limit]
    if not found:
        raise TextMissing(noun=noun, pointer=pointer)
    return found


async def create_pipeline(
    tx: Tx, *, name: str, currency: str = "USD", stages: Sequence[Mapping[str, object]] | None = None
) -> Pipeline:
    """A new pipeline behind the others; without stages given it begins with three."""
    name = clean_text(name, "A name", "/name")
    try:
        pipeline_id = await tx.value(
            sql(
                """
                insert into deals.pipeline (workspace_id, name, currency, position, created_at, updated_at)
                select {workspace}, {name}, {currency}, coalesce(max(position), 0) + 1, {now}, {now}
                from deals.pipeline where workspace_id = {workspace} returning id
                """,
                name=name,
                currency=clean_currency(currency),
            )
        )
    except asyncpg.UniqueViolationError as error:
        raise PipelineNameTaken(name=name, pointer="/name") from error
    if stages is None:
        stages = [{"name": title, "color": color, "probability": percent} for title, color, percent in FIRST_STAGES]
    for number, stage in enumerate(stages):
        # lint: no-row-loops because a turn is one of a new pipeline's few stages
        await _insert_stage(tx, pipeline_id, {"color": NEW_COLOR, **stage}, number + 1, f"/stages/{number}/name")
    return await get_pipeline(tx, pipeline_id)


async def update_pipeline(tx: Tx, pipeline_id: int, changes: Mapping[str, object]) -> Pipeline:
    """Change name, currency or position."""
    there = await get_pipeline(tx, pipeline_id)
    name = clean_text(str(changes.get("name", there.name)), "A name", "/name")
    try:
        await tx.run(
            sql(
                """
                update deals.pipeline set name = {name}, currency = {currency}, position = {position}, updated_at = {now}
                where workspace_id = {workspace} and id = {id}
                """,
                id=pipeline_id,
                name=name,
                currency=clean_currency(str(changes.get("currency", there.currency))),
                position=changes.get("position", there.position),
            )
        )
    except asyncpg.UniqueViolationError as error:
        raise PipelineNameTaken(name=name, pointer="/name") from error
    return await get_pipeline(tx, pipeline_id)


async def delete_pipeline(tx: Tx, pipeline_id: int) -> None:
    """Take an empty pipeline away with its stages."""
    there = await get_pipeline(tx, pipeline_id)
    await tx.run(
        sql(
            "select 1 from deals.stage where workspace_id = {workspace} and pipeline_id = {id} for update",
            id=pipeline_id,
        )
    )
    count = await tx.value(
        sql("select count(*) from deals.deal where workspace_id = {workspace} and pipeline_id = {id}", id=pipeline_id)
    )
    if count:
        raise PipelineOccupied(count=count)
    await refuse_while_live(tx, "pipeline", pipeline_id)
    for stage in there.stages:
        # lint: no-row-loops because a turn is one of a pipeline's few stages
        await refuse_while_live(tx, "stage", stage.id)
    await tx.run(sql("delete from deals.stage where workspace_id = {workspace} and pipeline_id = {id}", id=pipeline_id))
    await tx.run(sql("delete from deals.pipeline where workspace_id = {workspace} and id = {id}", id=pipeline_id))


async def create_stage(tx: Tx, pipeline_id: int, values: Mapping[str, object]) -> Stage:
    """A new stage behind the others, or at `position` among them."""
    there = await get_pipeline(tx, pipeline_id)
    stage = await _insert_stage(tx, pipeline_id, {"color": NEW_COLOR, **values}, len(there.stages) + 1, "/name")
    place = values.get("position")
    if isinstance(place, int):
        await order_stages(tx, pipeline_id, _moved([one.id for one in there.stages], stage.id, place))
    return await get_stage(tx, stage.id)


async def _insert_stage(tx: Tx, pipeline_id: int, values: Mapping[str, object], position: int, pointer: str) -> Stage:
    return await tx.one(
        sql(
            """
            insert into deals.stage as s
                (workspace_id, pipeline_id, name, color, probability, stale_days, position, created_at, updated_at)
            values ({workspace}, {pipeline_id}, {name}, {color}, {probability}::smallint, {stale_days}::integer,
                    {position}, {now}, {now}) returning {columns}
            """,
            pipeline_id=pipeline_id,
            name=clean_text(str(values.get("name", "")), "A name", pointer),
            color=values["color"],
            probability=values.get("probability", 50),
            stale_days=values.get("stale_days"),
            position=position,
            columns=STAGE,
        ),
        Stage,
    )


async def update_stage(tx: Tx, stage_id: int, changes: Mapping[str, object]) -> Stage:
    """Change name, color, probability, stale_days or the place among the pipeline's stages."""
    there = await get_stage(tx, stage_id, lock=sql("for update"))
    await tx.run(
        sql(
            """
            update deals.stage set name = {name}, color = {color}, probability = {probability}::smallint,
                stale_days = {stale_days}::integer, updated_at = {now}
            where workspace_id = {workspace} and id = {id}
            """,
            id=stage_id,
            name=clean_text(str(changes.get("name", there.name)), "A name", "/name"),
            color=changes.get("color", there.color),
            probability=changes.get("probability", there.probability),
            stale_days=changes.get("stale_days", there.stale_days),
        )
    )
    place = changes.get("position")
    if isinstance(place, int):
        ids = [one.id for one in (await get_pipeline(tx, there.pipeline_id)).stages if one.id != stage_id]
        await order_stages(tx, there.pipeline_id, _moved(ids, stage_id, place))
    return await get_stage(tx, stage_id)


def _moved(ids: Sequence[int], stage_id: int, position: int) -> list[int]:
    """The stage at a position that counts from 1."""
    place = max(0, position - 1)
    return [*ids[:place], stage_id, *ids[place:]]


async def order_stages(tx: Tx, pipeline_id: int, stage_ids: Sequence[int]) -> Pipeline:
    """Put the pipeline's stages in this order; those that are not named come behind."""
    there = await get_pipeline(tx, pipeline_id)
    known = [stage.id for stage in there.stages]
    strange = [stage_id for stage_id in stage_ids if stage_id not in known]
    if strange:
        raise StageElsewhere(stage_id=strange[0], pointer="/stage_ids")
    order = [*dict.fromkeys(stage_ids), *(stage_id for stage_id in known if stage_id not in stage_ids)]
    await tx.run(
        sql(
            """
            update deals.stage s set position = o.position
            from unnest({ids}::bigint[]) with ordinality as o (id, position)
            where s.workspace_id = {workspace} and s.id = o.id
            """,
            ids=order,
        )
    )
    return await get_pipeline(tx, pipeline_id)


async def delete_stage(tx: Tx, stage_id: int, *, move_to: int | None = None) -> None:
    """Take the stage away; its deals go to another stage of the pipeline."""
    stage = await get_stage(tx, stage_id, lock=sql("for update"))
    others = [one.id for one in (await get_pipeline(tx, stage.pipeline_id)).stages if one.id != stage_id]
    if not others:
        raise LastStage
    await refuse_while_live(tx, "stage", stage_id)
    inside = sql(
        "select id from deals.deal where workspace_id = {workspace} and stage_id = {stage_id}", stage_id=stage_id
    )
    count = await tx.value(sql("select count(*) from ({inside}) as d", inside=inside))
    if count and move_to is None:
        raise StageOccupied(count=count, pointer="/move_to")
    if move_to is not None:
        if move_to not in others:
            raise StageElsewhere(stage_id=move_to, pointer="/move_to")
        await change_deals(tx, inside, DealChange(stage_id=move_to))
    await tx.run(sql("delete from deals.stage where workspace_id = {workspace} and id = {id}", id=stage_id))


async def first_stage(tx: Tx, pipeline_id: int | None) -> Stage:
    """Where a deal begins that names no stage: of the pipeline, else of the first one, which is made if there is none."""
    if pipeline_id is not None:
        return (await get_pipeline(tx, pipeline_id, pointer="/pipeline_id")).stages[0]
    found = await list_pipelines(tx)
    pipeline = found[0] if found else await create_pipeline(tx, name="Sales")
    return pipeline.stages[0]
