"""Campaigns that go on: after subscribing, and on a date in a field, by whose clock it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.campaigns.parts import EVERYONE, Days, draft
from tests.make import Make
from waypost.campaigns import launch, rolling
from waypost.campaigns.actions import (
    cancel_campaign,
    pause_campaign,
    resume_campaign,
    schedule_campaign,
    update_campaign,
)
from waypost.campaigns.errors import CampaignStarted, CampaignUnready
from waypost.campaigns.queries import list_recipients
from waypost.campaigns.types import Campaign, CampaignAudience, Timing
from waypost.contacts.actions.contacts import update_contact
from waypost.contacts.actions.fields import create_field
from waypost.contacts.actions.subscriptions import create_list, subscribe, unsubscribe
from waypost.contacts.audience import these
from waypost.kernel.db import Database
from waypost.kernel.errors import Invalid
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx
from waypost.messages.queries import get_message

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rolling, "PART", 7)
    monkeypatch.setattr(launch, "QUEUE_PART", 5)


class Rolling(Days):
    """With what these tests look at."""

    async def start(self, tx: Tx, **given: object) -> Campaign:
        campaign = await draft(tx, **given)
        return await schedule_campaign(tx, campaign.id)

    async def go_to(self, moment: datetime) -> None:
        """On to the moment; mails that were due are sent."""
        self.now = moment
        await self.later(seconds=0)
        await self.deliver()

    async def reached(self, campaign_id: int) -> list[int]:
        """The contacts who have got it, in order."""
        return [row["contact_id"] for row in await self.ledger(campaign_id) if row["state"] == 2]


async def test_an_autoresponder_reaches_who_subscribes_once_after_its_delay(
    db: Database, workspace_id: int, make: Make
) -> None:
    days = Rolling(db, workspace_id)
    async with db.transaction(workspace_id, now=days.now) as tx:
        news, other = (await create_list(tx, name="News")).id, (await create_list(tx, name="Other")).id
        before = await make.contact(tx, lists=[news])
        early, late, gone, elsewhere = [await make.contact(tx) for _ in range(4)]
        campaign = await days.start(
            tx, kind="autoresponder", audience=CampaignAudience(list_ids=(news,)), timing=Timing(delay_hours=48)
        )
    await days.later(seconds=1)
    began = days.now
    async with db.transaction(workspace_id, now=days.now) as tx:
        await subscribe(tx, news, these([early]))
        await subscribe(tx, news, these([gone]))
        await subscribe(tx, other, these([elsewhere]))
    await days.later(hours=1)
    async with db.transaction(workspace_id, now=days.now) as tx:
        await subscribe(tx, news, these([late]))
    await days.later(hours=46)
    assert await days.deliver() == 0
    async with db.transaction(workspace_id, now=days.now) as tx:
        await unsubscribe(tx, news, these([gone]))
    await days.go_to(began + timedelta(hours=48, seconds=1))
    assert await days.reached(campaign.id) == [early]
    async with db.transaction(workspace_id, now=days.now) as tx:
        await unsubscribe(tx, news, these([early]))
        await subscribe(tx, news, these([early]))
    await days.go_to(began + timedelta(hours=120))
    assert await days.reached(campaign.id) == [early, late], "once, and nobody who was there before"
    assert before not in await days.reached(campaign.id)
    after, _ = await days.campaign(campaign.id)
    assert (after.state, after.frozen_count) == ("sending", 3)


async def test_those_who_are_there_already_get_it_too_where_wanted(db: Database, workspace_id: int, make: Make) -> None:
    days = Rolling(db, workspace_id)
    async with db.transaction(workspace_id, now=days.now - timedelta(hours=30)) as tx:
        news = (await create_list(tx, name="News")).id
        old = [await make.contact(tx, lists=[news]) for _ in range(12)]
    async with db.transaction(workspace_id, now=days.now - timedelta(hours=10)) as tx:
        young = await make.contact(tx)
        await subscribe(tx, news, these([young]))
        campaign = await days.start(
            tx,
            kind="autoresponder",
            audience=CampaignAudience(list_ids=(news,)),
            timing=Timing(delay_hours=24, include_existing=True),
        )
    await days.go_to(days.now + timedelta(seconds=1))
    assert sorted(await days.reached(campaign.id)) == old
    await days.go_to(days.now + timedelta(hours=13))
    assert young not in await days.reached(campaign.id)
    await days.go_to(days.now + timedelta(hours=1))
    assert sorted(await days.reached(campaign.id)) == [*old, young]


async def test_a_subscription_the_log_told_of_before_the_campaign_began_is_found_in_the_list(
    db: Database, workspace_id: int, make: Make
) -> None:
    days = Rolling(db, workspace_id)
    async with db.transaction(workspace_id, now=days.now) as tx:
        news = (await create_list(tx, name="News")).id
        someone = await make.contact(tx)
        campaign = await days.start(tx, kind="autoresponder", audience=CampaignAudience(list_ids=(news,)))
    async with db.transaction(workspace_id, now=days.now + timedelta(seconds=2)) as tx:
        await subscribe(tx, news, these([someone]))
    await days.log()
    days.now += timedelta(seconds=1)
    await days.engine()
    await days.go_to(days.now + timedelta(seconds=2))
    assert await days.reached(campaign.id) == [someone]


async def test_a_paused_one_may_be_changed_and_goes_on_with_the_new_words(
    db: Database, workspace_id: int, make: Make
) -> None:
    days = Rolling(db, workspace_id)
    async with db.transaction(workspace_id, now=days.now) as tx:
        news = (await create_list(tx, name="News")).id
        first, second = await make.contact(tx), await make.contact(tx)
        campaign = await days.start(
            tx, kind="autoresponder", audience=CampaignAudience(list_ids=(news,)), timing=Timing(delay_hours=5)
        )
    await days.later(seconds=1)
    async with db.transaction(workspace_id, now=days.now) as tx:
        with pytest.raises(CampaignStarted):
            await update_campaign(tx, campaign.id, subject="Too early")
        await subscribe(tx, news, these([first]))
    await days.later(hours=1)
    async with db.transaction(workspace_id, now=days.now) as tx:
        await pause_campaign(tx, campaign.id)
        await subscribe(tx, news, these([second]))
    await days.later(hours=9)
    assert await days.deliver() == 0, "nothing goes out while it is paused"
    async with db.transaction(workspace_id, now=days.now) as tx:
        with pytest.raises(Invalid, match="stays as it is"):
            await update_campaign(tx, campaign.id, kind="standard")
        await update_campaign(tx, campaign.id, subject="Better words", timing=Timing(delay_hours=12))
        await resume_campaign(tx, campaign.id)
    await days.go_to(days.now + timedelta(seconds=1))
    assert await days.reached(campaign.id) == []
    await days.go_to(days.now + timedelta(hours=2))
    assert await days.reached(campaign.id) == [first]
    await days.go_to(days.now + timedelta(hours=1))
    assert await days.reached(campaign.id) == [first, second]
    _, (variant,) = await days.campaign(campaign.id)
    async with db.read(workspace_id) as read:
        assert (await get_message(read, variant.sent_message_id or 0)).subject == "Better words"
    async with db.transaction(workspace_id, now=days.now) as tx:
        await cancel_campaign(tx, campaign.id)
        third = await make.contact(tx)
        await subscribe(tx, news, these([third]))
    await days.go_to(days.now + timedelta(days=2))
    assert await days.reached(campaign.id) == [first, second]


async def born(tx: Tx, make: Make, field_id: int, *birthdays: str) -> list[int]:
    return [await make.contact(tx, fields={str(field_id): one} if one else {}) for one in birthdays]


async def test_a_date_is_met_every_year_once_and_leap_days_in_all(db: Database, workspace_id: int, make: Make) -> None:
    days = Rolling(db, workspace_id)
    days.now = datetime(2027, 2, 25, 12, tzinfo=UTC)
    async with db.transaction(workspace_id, now=days.now) as tx:
        await tx.run(sql("update identity.workspace set time_zone = 'Europe/Berlin' where id = {workspace}"))
        birthday = (await create_field(tx, name="Birthday", type="date")).id
        leap, march, nobody, summer = await born(tx, make, birthday, "1992-02-29", "1980-03-01", "", "1990-07-01")
        timing = Timing(field_id=birthday, at_time="09:00")
        campaign = await days.start(tx, kind="date_based", audience=EVERYONE, timing=timing)
    await days.later(seconds=1)
    for _ in range(6 * 24):
        await days.go_to(days.now + timedelta(hours=1))
    rows = await days.ledger(campaign.id)
    berlin = ZoneInfo("Europe/Berlin")
    assert [(row["contact_id"], row["step_id"]) for row in rows] == [(leap, "2027-02-28"), (march, "2027-03-01")]
    assert {row["due_at"].astimezone(berlin).strftime("%H") for row in rows} == {"09"}
    for year, day in ((2028, 28), (2028, 29), (2029, 28)):
        await days.go_to(datetime(year, 2, day, 7, tzinfo=UTC))
        await days.go_to(datetime(year, 2, day, 9, tzinfo=UTC))
    turns = [row["step_id"] for row in await days.ledger(campaign.id) if row["contact_id"] == leap]
    assert turns == ["2027-02-28", "2028-02-29", "2029-02-28"]
    assert {nobody, summer}.isdisjoint(await days.reached(campaign.id))
    async with db.read(workspace_id) as read:
        seen, after = [], None
        while True:
            page = await list_recipients(read, campaign.id, limit=2, after=after)
            seen += [row["id"] for row in page.items]
            after = page.next
            if after is None:
                break
    assert len(seen) == len(set(seen)) == len(await days.ledger(campaign.id)), "the same contact on several lines"


async def test_days_before_a_date_by_the_clock_where_people_live(db: Database, workspace_id: int, make: Make) -> None:
    days = Rolling(db, workspace_id)
    days.now = datetime(2027, 5, 30, tzinfo=UTC)
    zones = {
        "Asia/Kathmandu": "2027-06-03",
        "America/New_York": "2027-06-03",
        "": "2027-06-03",
        "Asia/Tokyo": "2026-06-03",
    }
    async with db.transaction(workspace_id, now=days.now) as tx:
        await tx.run(sql("update identity.workspace set time_zone = 'Europe/Berlin' where id = {workspace}"))
        due = (await create_field(tx, name="Renewal", type="date")).id
        people = dict(zip(zones, await born(tx, make, due, *zones.values()), strict=True))
        for zone, contact_id in people.items():
            await tx.run(
                sql(
                    "update contacts.contact set time_zone = {zone} where workspace_id = {workspace} and id = {id}",
                    zone=zone,
                    id=contact_id,
                )
            )
        timing = Timing(field_id=due, days=3, direction="before", is_yearly=False, at_time="08:30")
        campaign = await days.start(tx, kind="date_based", audience=EVERYONE, timing=timing, is_local_time=True)
    await days.later(seconds=1)
    got: dict[int, str] = {}
    for _ in range(40 * 4):
        await days.go_to(days.now + timedelta(minutes=15))
        for row in await days.ledger(campaign.id):
            got.setdefault(row["contact_id"], row["due_at"].isoformat())
    assert {zone: got.get(contact_id, "")[:16] for zone, contact_id in people.items()} == {
        "Asia/Kathmandu": "2027-05-31T02:45",
        "America/New_York": "2027-05-31T12:30",
        "": "2027-05-31T06:30",
        "Asia/Tokyo": "",
    }


async def test_a_date_that_is_moved_is_met_again_and_what_is_a_day_late_is_left_out(
    db: Database, workspace_id: int, make: Make
) -> None:
    days = Rolling(db, workspace_id)
    days.now = datetime(2027, 4, 1, 12, tzinfo=UTC)
    async with db.transaction(workspace_id, now=days.now) as tx:
        visit = (await create_field(tx, name="Visit", type="date")).id
        moved, missed = await born(tx, make, visit, "2027-04-02", "2027-04-05")
        timing = Timing(field_id=visit, is_yearly=False)
        campaign = await days.start(tx, kind="date_based", audience=EVERYONE, timing=timing)
    await days.later(seconds=1)
    await days.go_to(datetime(2027, 4, 2, 12, tzinfo=UTC))
    async with db.transaction(workspace_id, now=days.now) as tx:
        await update_contact(tx, moved, fields={visit: "2027-04-08"})
        await pause_campaign(tx, campaign.id)
    await days.go_to(datetime(2027, 4, 7, 12, tzinfo=UTC))
    async with db.transaction(workspace_id, now=days.now) as tx:
        await resume_campaign(tx, campaign.id)
    await days.go_to(datetime(2027, 4, 7, 13, tzinfo=UTC))
    await days.go_to(datetime(2027, 4, 8, 12, tzinfo=UTC))
    assert await days.reached(campaign.id) == [moved, moved]
    assert missed not in await days.reached(campaign.id)


async def test_what_is_missing_or_no_date_is_told(db: Database, workspace_id: int, make: Make) -> None:
    async with db.transaction(workspace_id) as tx:
        word = (await create_field(tx, name="Word", type="text")).id
        for timing in (Timing(field_id=word), Timing(field_id=10**9)):
            with pytest.raises(Invalid) as failure:
                await draft(tx, kind="date_based", timing=timing)
            assert [one.pointer for one in failure.value.problems] == ["/timing/field_id"]
        dateless = await draft(tx, kind="date_based")
        with pytest.raises(CampaignUnready, match="whose date it goes by"):
            await schedule_campaign(tx, dateless.id)
        listless = await draft(tx, kind="autoresponder", audience=EVERYONE)
        with pytest.raises(CampaignUnready, match="new subscribers"):
            await schedule_campaign(tx, listless.id)
