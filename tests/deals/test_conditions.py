"""Whoever has deals that stand so: one by one, as a set, and over time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.deals.parts import deal, sales
from tests.make import Make
from tests.questions import next_moment, problem, who
from waypost.deals.actions.changing import DealChange
from waypost.deals.actions.deals import update_deal
from waypost.deals.types import Status
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_deals_are_asked_about_in_every_way(tx: Tx, make: Make):
    pipeline, other = await sales(tx), await sales(tx, "Partners")
    new, qualified, _ = (stage.id for stage in pipeline.stages)
    ada, grace = await make.contact(tx, first_name="Ada"), await make.contact(tx, first_name="Grace")
    await make.contact(tx, first_name="Linus")
    roof = await deal(tx, pipeline, ada, title="New roof", value=250_000)
    await deal(tx, other, ada, title="Floor", value=10_000, currency="JPY")
    won = await deal(tx, pipeline, grace, title="Old Roof", value=90_000)
    await update_deal(tx, won.id, DealChange(stage_id=qualified, status=Status.WON))
    await tx.run(
        sql(
            "update deals.deal set created_at = {at}, stage_entered_at = {at} where workspace_id = {workspace} and id = {id}",
            at=tx.now - timedelta(days=40),
            id=roof.id,
        )
    )
    assert await who(tx, "has_deal") == {"Ada", "Grace"}
    assert await who(tx, "has_deal", stage_id=new) == {"Ada"}
    assert await who(tx, "has_deal", pipeline_id=pipeline.id, status="won") == {"Grace"}
    assert await who(tx, "has_deal", title_contains="ROOF") == {"Ada", "Grace"}
    assert await who(tx, "has_deal", value_from=2_500) == {"Ada"}
    assert await who(tx, "has_deal", value_from=5_000, value_to=10_000) == {"Ada"}, "10,000 yen are 10,000 units"
    assert await who(tx, "has_deal", count=2) == {"Ada"}
    assert await who(tx, "has_deal", operator="at_most", count=1) == {"Grace", "Linus"}
    assert await who(tx, "has_deal", operator="exactly", count=0) == {"Linus"}
    assert await who(tx, "has_deal", stage_id=new, in_stage_for_days=40) == {"Ada"}
    assert await who(tx, "has_deal", stage_id=new, created_within_days=40) == set()
    assert await who(tx, "has_deal", closed_within_days=1) == {"Grace"}
    moment = await next_moment(tx, "has_deal", ada, stage_id=new, in_stage_for_days=50)
    assert moment == tx.now + timedelta(days=10)
    assert (await problem(tx, "has_deal", stage_id=999_999))[0].endswith("/stage_id")
    assert (await problem(tx, "has_deal", stage_id=new, pipeline_id=other.id))[1] == "deals.stage_elsewhere"
