"""Deals and scores for the people of a bench: 300,000 deals a million contacts, and points for four of five."""

from __future__ import annotations

from dataclasses import dataclass

from waypost.deals.actions.pipelines import create_pipeline
from waypost.kernel.db import Database
from waypost.kernel.sql import sql
from waypost.scores.actions import create_score

STAGES = 8


@dataclass(frozen=True, slots=True)
class Sales:
    """What the questions name."""

    stage_id: int
    score_id: int


async def with_sales(db: Database, workspace_id: int) -> Sales:
    """As an earlier run of a kept folder left them, else made now."""
    async with db.transaction(workspace_id) as tx:
        score_id = await tx.value(sql("select min(id) from scores.score where workspace_id = {workspace}"))
        if score_id is None:
            stages = [{"name": f"Stage {number}"} for number in range(STAGES)]
            pipeline = await create_pipeline(tx, name="Bench", stages=stages)
            score_id = (await create_score(tx, name="Bench")).id
            await tx.run(
                sql(
                    """
                    insert into deals.deal (workspace_id, title, currency, contact_id, pipeline_id, stage_id, status, rank,
                        stage_entered_at, touched_at, created_at, updated_at)
                    select {workspace}, 'Deal ' || id, 'USD', id, {pipeline_id}, {first} + id % {stages},
                           (id / 10 % 3)::smallint, id, {now}, {now}, {now}, {now}
                    from contacts.contact where workspace_id = {workspace} and id % 10 < 3
                    """,
                    pipeline_id=pipeline.id,
                    first=pipeline.stages[0].id,
                    stages=STAGES,
                )
            )
            await tx.run(
                sql(
                    """
                    insert into scores.total (workspace_id, contact_id, score_id, points, changed_at)
                    select {workspace}, id, {score_id}, id * 7919 % 101, {now}
                    from contacts.contact where workspace_id = {workspace} and id % 5 > 0
                    """,
                    score_id=score_id,
                )
            )
        stage_id = await tx.value(sql("select min(id) from deals.stage where workspace_id = {workspace}"))
    async with db.pool.acquire() as conn:
        await conn.execute("vacuum analyze deals.deal, scores.total")
    return Sales(stage_id, score_id)
