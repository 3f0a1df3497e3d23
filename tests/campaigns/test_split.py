"""Split tests from end to end, with people who open as the subject deserves."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest

from tests.campaigns.parts import Days, draft
from tests.make import Make
from waypost.campaigns.actions import choose_winner, schedule_campaign
from waypost.campaigns.types import SplitTest
from waypost.delivery.events import write_opens
from waypost.kernel.db import Database

pytestmark = pytest.mark.asyncio(loop_scope="session")
RATES = {1: 0.20, 2: 0.22, 3: 0.32, 4: 0.21, 5: 0.18}
VARIANTS: list[dict[str, Any]] = [{"subject": f"Subject {number}"} for number in RATES]


async def begin(days: Days, make: Make, count: int, **rules: Any) -> int:
    async with days.db.transaction(days.workspace_id, now=days.now) as tx:
        await make.contacts(tx, count)
        campaign = await draft(tx, kind="split", variants=VARIANTS, test=SplitTest(**rules))
        await schedule_campaign(tx, campaign.id)
    await days.later(seconds=1)
    return campaign.id


class Readers:
    """Each opens once, with the chance that the variant's subject gives."""

    def __init__(self, days: Days, campaign_id: int) -> None:
        self.days, self.campaign_id, self.dice = days, campaign_id, random.Random(3)
        self.seen: set[int] = set()

    async def read(self) -> Counter[int]:
        await self.days.deliver()
        rows = [
            row for row in await self.days.ledger(self.campaign_id) if row["id"] not in self.seen and row["state"] == 2
        ]
        self.seen |= {row["id"] for row in rows}
        opened = [(row["id"], 0) for row in rows if self.dice.random() < RATES[row["number"]]]
        if opened:
            async with self.days.db.transaction(self.days.workspace_id, now=self.days.now) as tx:
                await write_opens(tx, opened)
        return Counter(row["number"] for row in rows)


@pytest.mark.parametrize("rule", ["period", "significance"])
async def test_the_best_of_five_goes_to_everyone_else(db: Database, workspace_id: int, make: Make, rule: str) -> None:
    days = Days(db, workspace_id)
    campaign_id = await begin(days, make, 5000, share=40, rule=rule, hours=4, confidence=0.95)
    readers = Readers(days, campaign_id)
    assert await readers.read() == dict.fromkeys(RATES, 400)
    await days.later(seconds=2)
    await days.later(minutes=2)
    if rule == "period":
        assert (await days.campaign(campaign_id))[0].winner is None
        await days.later(hours=4)
    campaign, variants = await days.campaign(campaign_id)
    assert campaign.winner == 3
    assert campaign.decision is not None
    assert campaign.decision["is_sure"]
    print(f"{rule}: chances {campaign.decision['chances']}, rates {campaign.decision['rates']}")
    assert await readers.read() == {3: 3000}
    await days.later(seconds=3)
    await days.later(seconds=3)
    campaign, variants = await days.campaign(campaign_id)
    assert campaign.state == "sent"
    assert sum(variant.sent for variant in variants) == 5000
    rows = await days.ledger(campaign_id)
    assert len({row["contact_id"] for row in rows}) == len(rows) == 5000


async def test_the_bandit_gives_more_to_what_does_better(db: Database, workspace_id: int, make: Make) -> None:
    days = Days(db, workspace_id)
    campaign_id = await begin(days, make, 3000, share=10, rule="bandit", hours=1, confidence=0.999)
    readers = Readers(days, campaign_id)
    for _ in range(60):
        await readers.read()
        await days.later(minutes=7)
        campaign, variants = await days.campaign(campaign_id)
        if campaign.state == "sent":
            break
    assert campaign.state == "sent"
    counts = {variant.number: variant.sent for variant in variants}
    print(f"bandit: {counts}, {campaign.wave} waves")
    assert sum(counts.values()) == 3000
    assert counts[3] == max(counts.values()) > 900


async def test_a_person_may_decide_first(db: Database, workspace_id: int, make: Make) -> None:
    days = Days(db, workspace_id)
    campaign_id = await begin(days, make, 100, share=50, rule="period", hours=24)
    await days.deliver()
    async with db.transaction(workspace_id, now=days.now) as tx:
        await choose_winner(tx, campaign_id, 5)
    await days.later(seconds=2)
    assert Counter(row["number"] for row in await days.ledger(campaign_id)) == {1: 10, 2: 10, 3: 10, 4: 10, 5: 60}
