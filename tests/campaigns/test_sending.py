"""A campaign from draft to report: who gets it, pausing, cancelling, local time, failures, figures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.campaigns.parts import EVERYONE, Days, draft
from tests.make import Make
from waypost.campaigns import launch
from waypost.campaigns.actions import (
    cancel_campaign,
    duplicate_campaign,
    pause_campaign,
    resume_campaign,
    schedule_campaign,
    update_campaign,
)
from waypost.campaigns.errors import CampaignStarted, CampaignUnready
from waypost.campaigns.people import count_audience
from waypost.campaigns.queries import list_link_counts, list_recipients
from waypost.campaigns.types import CampaignAudience
from waypost.contacts.actions import create_list
from waypost.delivery.actions import unsubscribe_by_message
from waypost.delivery.events import write_clicks, write_opens
from waypost.kernel.db import Database
from waypost.kernel.errors import Invalid
from waypost.kernel.sql import sql
from waypost.messages.queries import get_message

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "FREEZE_PART", 7)
    monkeypatch.setattr(launch, "QUEUE_PART", 5)


async def test_a_campaign_goes_to_its_audience_once_and_is_counted(db: Database, workspace_id: int, make: Make) -> None:
    days = Days(db, workspace_id)
    async with db.transaction(workspace_id) as tx:
        news, staff = (await create_list(tx, name="News")).id, (await create_list(tx, name="Staff")).id
        readers = [await make.contact(tx, lists=[news]) for _ in range(20)]
        colleague = await make.contact(tx, lists=[news, staff])
        stranger = await make.contact(tx)
        audience = CampaignAudience(list_ids=(news,), exclude_list_ids=(staff,))
        assert await count_audience(tx, audience) == {"count": 20, "reachable": 20}
        campaign = await draft(tx, audience=audience, utm={"source": "news"}, subject="Spring is here")
        await schedule_campaign(tx, campaign.id)
    days.now += timedelta(seconds=1)
    await days.engine()
    rows = await days.ledger(campaign.id)
    assert sorted(row["contact_id"] for row in rows) == readers
    assert {colleague, stranger}.isdisjoint(row["contact_id"] for row in rows)
    assert await days.deliver() == 20
    async with db.transaction(workspace_id, now=days.now) as tx:
        await write_opens(tx, [(row["id"], 0) for row in rows[:8]] * 2)
        await write_clicks(tx, [(rows[0]["id"], 1), (rows[0]["id"], 1), (rows[9]["id"], 1)])
        await unsubscribe_by_message(tx, rows[1]["id"])
    await days.later(seconds=5)
    await days.later(seconds=5)
    done, (variant,) = await days.campaign(campaign.id)
    assert done.state == "sent"
    assert (variant.sent, variant.opened, variant.clicked, variant.open_count) == (20, 9, 2, 16)
    assert variant.unsubscribed == 1
    assert done.domains == [{"domain": "example.com", "sent": 20, "failed": 0, "opened": 9, "clicked": 2}]
    async with db.read(workspace_id) as read:
        links = await list_link_counts(read, campaign.id)
        assert (links[0]["clicks"], links[0]["people"]) == (3, 2)
        assert "utm_source=news&utm_medium=email&utm_campaign=Spring%20sale" in links[0]["url"]
        copy = await get_message(read, variant.sent_message_id or 0)
        assert (copy.name, copy.subject) == ("Spring sale (sent)", "Spring is here")
        seen: list[int] = []
        after = None
        while True:
            page = await list_recipients(read, campaign.id, only="unopened", limit=4, after=after)
            seen += [row["contact_id"] for row in page.items]
            after = page.next
            if after is None:
                break
        assert sorted(seen) == sorted(
            {row["contact_id"] for row in rows} - {row["contact_id"] for row in [*rows[:8], rows[9]]}
        )
    with pytest.raises(CampaignStarted):
        async with db.transaction(workspace_id) as tx:
            await update_campaign(tx, campaign.id, name="Too late")


async def test_resending_reaches_who_has_not_opened(db: Database, workspace_id: int, make: Make) -> None:
    days = Days(db, workspace_id)
    async with db.transaction(workspace_id) as tx:
        await make.contacts(tx, 10)
        campaign = await draft(tx)
        await schedule_campaign(tx, campaign.id)
    days.now += timedelta(seconds=1)
    await days.engine()
    await days.deliver()
    rows = await days.ledger(campaign.id)
    async with db.transaction(workspace_id, now=days.now) as tx:
        await write_opens(tx, [(row["id"], 0) for row in rows[:4]])
    await days.later(seconds=5)
    async with db.transaction(workspace_id, now=days.now) as tx:
        again = await duplicate_campaign(tx, campaign.id, unopened=True, subject="Once more")
        await schedule_campaign(tx, again.id)
    await days.later(seconds=1)
    assert [row["contact_id"] for row in await days.ledger(again.id)] == [row["contact_id"] for row in rows[4:]]


async def test_pausing_holds_resuming_lets_go_cancelling_takes_back(
    db: Database, workspace_id: int, make: Make
) -> None:
    days = Days(db, workspace_id)
    async with db.transaction(workspace_id) as tx:
        people = await make.contacts(tx, 30)
        campaign = await draft(tx)
        await schedule_campaign(tx, campaign.id)
    days.now += timedelta(seconds=1)
    for _ in range(9):
        async with db.transaction(workspace_id, now=days.now) as tx:
            await launch.advance(tx)
    before = len(await days.ledger(campaign.id))
    assert 0 < before < 30
    async with db.transaction(workspace_id, now=days.now) as tx:
        await pause_campaign(tx, campaign.id)
    await days.engine()
    assert await days.deliver() == 0, "nothing goes out while it is paused"
    async with db.transaction(workspace_id, now=days.now) as tx:
        await resume_campaign(tx, campaign.id)
    for _ in range(3):
        async with db.transaction(workspace_id, now=days.now) as tx:
            await launch.advance(tx)
    sent = await days.deliver()
    assert sent >= before
    async with db.transaction(workspace_id, now=days.now) as tx:
        await cancel_campaign(tx, campaign.id)
    await days.engine()
    assert await days.deliver() == 0
    rows = await days.ledger(campaign.id)
    assert sum(row["state"] == 2 for row in rows) == sent
    assert len({row["contact_id"] for row in rows}) == len(rows) <= len(people)


async def test_local_time_goes_by_the_clock_where_people_live(db: Database, workspace_id: int, make: Make) -> None:
    days = Days(db, workspace_id)
    days.now = datetime(2027, 1, 10, 0, 0, tzinfo=UTC)
    async with db.transaction(workspace_id, now=days.now) as tx:
        await tx.run(sql("update identity.workspace set time_zone = 'Europe/Berlin' where id = {workspace}"))
        people = [await make.contact(tx) for _ in range(3)]
        for contact_id, zone in zip(people, ("Asia/Tokyo", "", "America/New_York"), strict=True):
            await tx.run(
                sql(
                    "update contacts.contact set time_zone = {zone} where workspace_id = {workspace} and id = {id}",
                    zone=zone,
                    id=contact_id,
                )
            )
        campaign = await draft(tx, is_local_time=True)
        await schedule_campaign(tx, campaign.id, at=datetime(2027, 1, 12, 8, 0, tzinfo=UTC))
    got: list[tuple[int, str]] = []
    for hour in range(72):
        days.now = datetime(2027, 1, 10, 0, 0, tzinfo=UTC) + timedelta(hours=hour)
        await days.engine()
        new = (await days.ledger(campaign.id))[len(got) :]
        got += [(row["contact_id"], f"{days.now:%d %H:%M}") for row in new]
        await days.deliver()
    # 9 o'clock in Berlin is 9 o'clock everywhere.
    assert got == [(people[0], "12 00:00"), (people[1], "12 08:00"), (people[2], "12 14:00")]


async def test_many_failures_pause_the_campaign(db: Database, workspace_id: int, make: Make) -> None:
    days = Days(db, workspace_id)
    async with db.transaction(workspace_id) as tx:
        await make.contacts(tx, 200)
        campaign = await draft(tx)
        await schedule_campaign(tx, campaign.id)
    days.now += timedelta(seconds=1)
    for _ in range(33 + 30):
        async with db.transaction(workspace_id, now=days.now) as tx:
            await launch.advance(tx)
    rows = await days.ledger(campaign.id)
    assert 100 < len(rows) < 200
    await days.deliver(failing=[row["email"] for row in rows[::5]])
    await days.later(seconds=3)
    stopped, _ = await days.campaign(campaign.id)
    assert stopped.state == "paused"
    assert stopped.pause_reason == "20 % of the mails could not be delivered (the limit is 10 %)."
    assert await days.deliver() == 0


async def test_what_is_not_ready_is_not_sent(db: Database, workspace_id: int) -> None:
    async with db.transaction(workspace_id) as tx:
        campaign = await draft(tx, message_id=None, audience=CampaignAudience())
    with pytest.raises(CampaignUnready, match="Choose who gets the campaign"):
        async with db.transaction(workspace_id) as tx:
            await schedule_campaign(tx, campaign.id)
    with pytest.raises(Invalid) as wrong:
        async with db.transaction(workspace_id) as tx:
            await draft(tx, audience=CampaignAudience(list_ids=(999_999,)))
    assert [problem.pointer for problem in wrong.value.problems] == ["/audience/list_ids"]
    assert EVERYONE.is_empty is False
