"""What verdicts reach, from the tracking addresses to the campaign's report, segments, triggers and split tests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.automations.flow import activate, document, settle, step
from tests.campaigns.parts import Days, draft
from tests.delivery.parts import events_written
from tests.delivery.test_verdicts import APPLE, ask, windows_close
from tests.make import Client, Make
from tests.segments.keep import keep, kept, members
from waypost.activities.consumers import advance as read_log
from waypost.automations.queries import get_automation
from waypost.campaigns.actions import schedule_campaign
from waypost.campaigns.types import SplitTest
from waypost.delivery.tokens import Tokens
from waypost.kernel.db import Database
from waypost.kernel.sql import sql
from waypost.scores.actions import create_rule, create_score
from waypost.scores.keeping import FOLLOW as SCORES
from waypost.scores.keeping import go_on

pytestmark = pytest.mark.asyncio(loop_scope="session")


class Mailing:
    """A campaign that went out ten minutes ago, and its recipients' tokens in the order of the ledger."""

    def __init__(self, db: Database, client: Client) -> None:
        self.client, self.days = client, Days(db, client.workspace_id)
        self.days.now -= timedelta(minutes=10)
        self.id = 0
        self.rows: list[Any] = []

    async def send(self, make: Make, count: int, **campaign: Any) -> None:
        async with self.days.db.transaction(self.days.workspace_id, now=self.days.now) as tx:
            await make.contacts(tx, count)
            self.id = (made := await draft(tx, **campaign)).id
            await schedule_campaign(tx, made.id)
        await self.days.later(seconds=1)
        await self.days.deliver()
        self.rows = await self.days.ledger(self.id)
        self.days.now += timedelta(minutes=10)

    def token(self, place: int) -> str:
        return Tokens.of(self.days.db.settings).make(self.days.workspace_id, self.rows[place]["id"]).decode()

    async def figures(self) -> tuple[int, ...]:
        """(opened, clicked, opened by machines alone), then clicks and people of the links, as the report has them."""
        await self.days.later(seconds=30)
        await self.days.later(seconds=30)
        campaign = (await self.client.get(f"/api/v1/campaigns/{self.id}")).json()["figures"]
        report = (await self.client.get(f"/api/v1/campaigns/{self.id}/report")).json()
        assert sum(hour["clicked"] for hour in report["hours"]) == sum(link["clicks"] for link in report["links"])
        sums = [sum(link[name] for link in report["links"]) for name in ("clicks", "people")]
        return (campaign["opened"], campaign["clicked"], campaign["machine_opened"], *sums)


async def points(db: Database, workspace_id: int) -> dict[int, int]:
    while await read_log(db, workspace_id, SCORES):
        pass
    async with db.transaction(workspace_id) as tx:
        while await go_on(tx):
            pass
        rows = await tx.all(
            sql("select contact_id, points from scores.total where workspace_id = {workspace} and points <> 0")
        )
    return {row["contact_id"]: row["points"] for row in rows}


async def test_reports_segments_and_triggers_believe_people_only(db: Database, client: Client, make: Make) -> None:
    mailing = Mailing(db, client)
    await mailing.send(make, 4)
    workspace_id = client.workspace_id
    person, scanned, late, apple = (row["contact_id"] for row in mailing.rows)
    trigger = {"id": "t1", "type": "link_clicked", "params": {}, "runs": "multiple"}
    async with db.transaction(workspace_id) as tx:
        automation = await activate(tx, document(step("e", "end"), triggers=[trigger]))
    message_id = mailing.rows[0]["message_id"]
    by_message = await kept(
        db, workspace_id, {"type": "clicked_link", "params": {"message_id": message_id}}, "Clicked this"
    )
    lately = await kept(db, workspace_id, {"type": "opened_message", "params": {"within_days": 2.0}}, "Opened lately")

    async with db.transaction(workspace_id) as tx:
        score = await create_score(tx, name="Warmth")
        clicked = {"match": "all", "conditions": [{"type": "clicked_link", "params": {}}]}
        await create_rule(tx, score.id, condition=clicked, points=5)

    await ask(client, f"/c/{mailing.token(0)}/2")
    await ask(client, f"/c/{mailing.token(1)}/0")
    await ask(client, f"/c/{mailing.token(1)}/1")
    await ask(client, f"/c/{mailing.token(1)}/2")
    await ask(client, f"/c/{mailing.token(2)}/1")
    await ask(client, f"/o/{mailing.token(3)}.gif", agent=APPLE)
    await events_written()
    await settle(db, workspace_id)
    await keep(db, workspace_id)
    assert await mailing.figures() == (2, 2, 1, 2, 2)
    assert await members(db, workspace_id, by_message) == await members(db, workspace_id, lately) == {person, late}
    assert await points(db, workspace_id) == {person: 5, late: 5}

    await ask(client, f"/c/{mailing.token(2)}/0")
    await windows_close(db, workspace_id)
    await settle(db, workspace_id)
    await keep(db, workspace_id)
    assert await mailing.figures() == (1, 1, 1, 1, 1)
    assert await members(db, workspace_id, by_message) == await members(db, workspace_id, lately) == {person}
    assert await points(db, workspace_id) == {person: 5}
    async with db.read(workspace_id) as read:
        assert (await get_automation(read, automation.id)).entered == 2
        entered = await read.all(
            sql("select contact_id from activities.fact where workspace_id = {workspace} and kind = 202")
        )
    assert [row["contact_id"] for row in entered] == [person]
    told = [(await client.get(f"/api/v1/contacts/{one}/timeline")).json()["items"] for one in (late, apple, scanned)]
    assert {"click_taken_back", "click_disproved"} < {item["kind"] for item in told[0]}
    assert "machine_opened" in {item["kind"] for item in told[1]}
    assert not {"link_clicked", "click_taken_back"} & {item["kind"] for item in told[2]}


async def test_a_scanner_does_not_win_a_split_test(db: Database, client: Client, make: Make) -> None:
    mailing = Mailing(db, client)
    await mailing.send(
        make,
        40,
        kind="split",
        variants=[{"subject": "Plain"}, {"subject": "Loud"}],
        test=SplitTest(share=50, rule="period", hours=1, metric="clicks"),
    )
    for place, row in enumerate(mailing.rows):
        if row["number"] == 2:
            await ask(client, f"/c/{mailing.token(place)}/1")
            await ask(client, f"/c/{mailing.token(place)}/0")
    readers = [place for place, row in enumerate(mailing.rows) if row["number"] == 1]
    for place in readers[:2]:
        await ask(client, f"/c/{mailing.token(place)}/1")
    await windows_close(db, client.workspace_id)
    await mailing.days.later(seconds=2)
    await mailing.days.later(hours=2)
    await mailing.days.later(seconds=5)
    campaign, variants = await mailing.days.campaign(mailing.id)
    assert [(variant.number, variant.clicked) for variant in variants] == [(1, 2), (2, 0)]
    assert campaign.winner == 1
