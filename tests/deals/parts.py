"""What the tests of deals share."""

from __future__ import annotations

from typing import Any

from waypost.deals.actions.deals import NewDeal, create_deal
from waypost.deals.actions.pipelines import create_pipeline
from waypost.deals.types import Deal, Pipeline
from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx, Tx

STAGES = (("New lead", 10), ("Qualified", 30), ("Proposal sent", 60))


async def sales(tx: Tx, name: str = "Sales") -> Pipeline:
    """The pipeline of the examples."""
    stages = [{"name": title, "probability": percent} for title, percent in STAGES]
    return await create_pipeline(tx, name=name, currency="EUR", stages=stages)


async def deal(tx: Tx, pipeline: Pipeline, contact_id: int | None = None, **given: Any) -> Deal:
    given.setdefault("title", "Roof")
    given.setdefault("pipeline_id", pipeline.id)
    return await create_deal(tx, NewDeal(contact_id=contact_id, **given))


async def told(tx: ReadTx, contact_id: int) -> list[str]:
    """What the contact's log says about deals and tasks, in order."""
    rows = await tx.all(
        sql(
            """
            select kind from activities.fact where workspace_id = {workspace} and contact_id = {id} and kind >= 400
            order by at, id
            """,
            id=contact_id,
        )
    )
    return [tx.registry.fact_kinds[row["kind"]].name for row in rows]
