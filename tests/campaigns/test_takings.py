"""Split tests won by replies and by revenue."""

from __future__ import annotations

import random

import pytest

from tests.campaigns.parts import Days, draft
from tests.deals.parts import deal, sales
from tests.make import Client, Make
from waypost.campaigns.actions import schedule_campaign
from waypost.campaigns.types import SplitTest
from waypost.campaigns.winner import Takings, chances
from waypost.deals.actions.changing import DealChange
from waypost.deals.actions.deals import update_deal
from waypost.deals.types import Status
from waypost.delivery.bounces import What
from waypost.delivery.events import write_clicks, write_opens
from waypost.delivery.inbound import Arrival, take
from waypost.kernel.db import Database
from waypost.kernel.sql import sql

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def begun(days: Days, make: Make, **rules: object) -> tuple[int, dict[int, list[tuple[int, int]]]]:
    """A campaign with two variants on trial: its id, and of each variant the ledger's rows with their contacts."""
    async with days.db.transaction(days.workspace_id, now=days.now) as tx:
        await make.contacts(tx, 40)
        variants = [{"subject": "One"}, {"subject": "Two"}]
        campaign = await draft(tx, kind="split", variants=variants, test=SplitTest(share=50, hours=24, **rules))  # type: ignore[arg-type]
        await schedule_campaign(tx, campaign.id)
    await days.later(seconds=1)
    await days.deliver()
    await days.later(seconds=2)
    rows = await days.ledger(campaign.id)
    return campaign.id, {
        number: [(row["id"], row["contact_id"]) for row in rows if row["number"] == number] for number in (1, 2)
    }


async def test_people_who_write_back_decide_and_machines_do_not(db: Database, workspace_id: int, make: Make) -> None:
    days = Days(db, workspace_id)
    campaign_id, sent = await begun(days, make, metric="replies")
    assert [len(rows) for rows in sent.values()] == [10, 10]
    one, two = sent[1], sent[2]
    async with db.transaction(workspace_id, now=days.now) as tx:
        await write_opens(tx, [(ledger_id, 0) for ledger_id, _ in one])
        replies = [Arrival(two[0][0], What.REPLY, "test", text="Yes"), Arrival(two[1][0], What.REPLY, "test")]
        replies += [Arrival(two[0][0], What.REPLY, "test", text="And more"), Arrival(one[0][0], What.REPLY, "test")]
        await take(tx, [*replies, *(Arrival(ledger_id, What.AUTO_REPLY, "test") for ledger_id, _ in one)])
    await days.later(hours=25)
    campaign, variants = await days.campaign(campaign_id)
    assert [(item.replied, item.opened) for item in variants] == [(1, 10), (2, 0)]
    assert campaign.winner == 2
    assert campaign.decision is not None
    assert campaign.decision["rates"] == [0.1, 0.2]


async def test_deals_won_by_readers_in_time_decide(client: Client, db: Database, make: Make) -> None:
    days = Days(db, client.workspace_id)
    campaign_id, sent = await begun(days, make, metric="revenue", revenue_days=3)
    one, two = sent[1], sent[2]
    async with db.transaction(client.workspace_id, now=days.now) as tx:
        pipeline = await sales(tx)
        early = await deal(tx, pipeline, one[0][1], value=90_000, currency="EUR", status=Status.WON)
    await days.later(minutes=5)
    async with db.transaction(client.workspace_id, now=days.now) as tx:
        await write_opens(tx, [(ledger_id, 0) for ledger_id, _ in one[:4]])
        await write_clicks(tx, [(ledger_id, 1) for ledger_id, _ in two[:2]])
    await days.later(minutes=5)
    async with db.transaction(client.workspace_id, now=days.now) as tx:
        await deal(tx, pipeline, one[0][1], value=10_000, currency="EUR", status=Status.WON)
        await deal(tx, pipeline, two[0][1], value=20_000, currency="EUR", status=Status.WON)
        back = await deal(tx, pipeline, two[1][1], value=30_000, currency="EUR", status=Status.WON)
        await deal(tx, pipeline, one[1][1], value=900_000, currency="USD", status=Status.WON)
        await deal(tx, pipeline, one[9][1], value=900_000, currency="EUR", status=Status.WON)
        slow = await deal(tx, pipeline, one[2][1], value=900_000, currency="EUR")
    await days.later(hours=25)
    campaign, _ = await days.campaign(campaign_id)
    assert campaign.winner == 2
    assert campaign.decision is not None
    assert campaign.decision["rates"] == [1000.0, 5000.0]
    await days.later(days=3)
    async with db.transaction(client.workspace_id, now=days.now) as tx:
        await update_deal(tx, slow.id, DealChange(status=Status.WON))
        await update_deal(tx, early.id, DealChange(value=1))
        await update_deal(tx, back.id, DealChange(status=Status.OPEN))
    await days.later(seconds=5)
    await days.later(minutes=1)
    shown = (await client.get(f"/api/v1/campaigns/{campaign_id}")).json()
    taken = [item["figures"]["revenue"] for item in shown["variants"]]
    assert taken == [
        [{"currency": "EUR", "won": 1, "value": 10_000}, {"currency": "USD", "won": 1, "value": 900_000}],
        [{"currency": "EUR", "won": 1, "value": 20_000}],
    ]
    assert [one["value"] for one in shown["figures"]["revenue"]] == [30_000, 900_000]
    async with db.read(client.workspace_id) as read:
        kinds = await read.value(
            sql("select array_agg(distinct kind) from campaigns.hour where workspace_id = {workspace}")
        )
    assert not [kind for kind in kinds if kind >= 400], "a deal's pipeline is not taken for a message of that number"
    answer = await client.patch(f"/api/v1/campaigns/{campaign_id}", json={"test": {"revenue_days": 91}})
    assert answer.status_code == 422


async def test_chances_by_revenue_agree_with_simulation() -> None:
    dice = random.Random(5)
    amounts = [[dice.choice((0, 0, 0, 0, 0, 0, 0, 0, 0, size)) for _ in range(400)] for size in (100, 130, 90)]
    found = chances([Takings(len(row), sum(row), sum(x * x for x in row)) for row in amounts])
    assert abs(sum(found) - 1) < 1e-9
    wins, rounds = [0] * 3, 4_000
    for _ in range(rounds):
        drawn = [sum(dice.choices(row, k=len(row))) / len(row) for row in amounts]
        wins[drawn.index(max(drawn))] += 1
    assert all(abs(one - won / rounds) < 0.03 for one, won in zip(found, wins, strict=True))


async def test_chances_by_revenue_at_the_edges() -> None:
    assert chances([Takings(0, 0, 0), Takings(50, 0, 0)]) == [0.5, 0.5]
    lucky = chances([Takings(400, 500.0, 250_000.0), Takings(400, 0, 0)])
    assert 0.7 < lucky[0] < 0.95, "one deal is no proof"
    sure = chances([Takings(400, 40_000.0, 16e6), Takings(400, 20_000.0, 8e6)])
    assert sure[0] > 0.99
