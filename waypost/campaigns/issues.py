"""Campaigns of a feed: at their times the feed is read, and what is new goes out as an issue.

    the engine, at its time --> job: fetch (no transaction is open), then in one transaction: which items are new,
    the issue with its copies, and the items as seen --> the engine sends the issue like any campaign

An issue is a campaign of its own whose parent is the feed's, so it has a report, can be paused, and survives kills
like any other. The items are marked as seen in the transaction that makes the issue: none goes out twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from waypost.campaigns.actions import create_campaign, pause_campaign
from waypost.campaigns.feed_tags import Filling
from waypost.campaigns.feeds import Feed, FeedItem, FeedUnread, fetch_feed
from waypost.campaigns.queries import get_campaign, list_variants
from waypost.campaigns.rolling import CHANNEL
from waypost.campaigns.snapshot import write_copies
from waypost.campaigns.types import Campaign, Timing
from waypost.delivery.actions import queue_test
from waypost.identity.queries import get_workspace
from waypost.kernel.clock import WEEKDAYS, at_local
from waypost.kernel.errors import Failure
from waypost.kernel.registry import Job
from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx, Tx
from waypost.kernel.work import Work
from waypost.messages.queries import find_message

KEEP_DAYS = 180
"""What has left the feed is remembered for so long, in case it comes back."""


async def ask_for_issue(tx: Tx, campaign: Campaign) -> datetime:
    """Have the feed read if its time has come; returns when it comes next."""
    zone = ZoneInfo((await get_workspace(tx)).time_zone)
    due = next_issue(campaign.when, campaign.looked_at or tx.now, zone)
    if due > tx.now:
        return due
    await tx.enqueue(ReadFeed(campaign_id=campaign.id))
    await tx.run(
        sql(
            "update campaigns.campaign set looked_at = {now} where workspace_id = {workspace} and id = {id}",
            id=campaign.id,
        )
    )
    return next_issue(campaign.when, tx.now, zone)


async def next_reading(tx: ReadTx, campaign: Campaign) -> datetime | None:
    """When a running campaign's feed is read next."""
    if campaign.kind != "rss" or campaign.state != "sending":
        return None
    zone = ZoneInfo((await get_workspace(tx)).time_zone)
    return next_issue(campaign.when, campaign.looked_at or tx.now, zone)


def next_issue(when: Timing, after: datetime, zone: ZoneInfo) -> datetime:
    """The next time at which the feed is read: of a month its first day."""
    if when.every == "hour":
        minute = int(when.at_time[3:])
        hour = after.replace(minute=minute, second=0, microsecond=0)
        return hour if hour > after else hour + timedelta(hours=1)
    today = after.astimezone(zone).date()
    for ahead in range(40):
        day = today + timedelta(days=ahead)
        is_meant = when.every == "day" or (
            day.day == 1 if when.every == "month" else WEEKDAYS[day.weekday()] == when.weekday
        )
        if is_meant and (at := at_local(day, when.at_time, zone)) > after:
            return at
    raise AssertionError("a month has a first day")


class ReadFeed(Job, frozen=True, kw_only=True):
    """Read the feed of a campaign; what is new becomes an issue. Begun again where the server does not answer."""

    name: ClassVar[str] = "campaigns.read_feed"
    campaign_id: int

    async def run(self, work: Work) -> None:
        async with work.read() as read:
            campaign = await get_campaign(read, self.campaign_id)
        if campaign.state != "sending":
            return
        try:
            feed = await fetch_feed(work.settings, campaign.when.feed_url)
        except FeedUnread as failure:
            async with work.transaction() as tx:
                await _note(tx, self.campaign_id, problem=failure.detail)
            raise
        try:
            async with work.transaction() as tx:
                await take_feed(tx, self.campaign_id, feed)
        except Failure as failure:
            async with work.transaction() as tx:
                await pause_campaign(tx, self.campaign_id, reason=failure.detail)


class TestIssue(Job, frozen=True, kw_only=True):
    """A test of what an issue would be now, with the newest items, whether they have gone out or not."""

    name: ClassVar[str] = "campaigns.test_issue"
    campaign_id: int
    emails: list[str]
    contact_id: int | None = None

    async def run(self, work: Work) -> None:
        async with work.read() as read:
            campaign = await get_campaign(read, self.campaign_id)
        feed = await fetch_feed(work.settings, campaign.when.feed_url)
        if not feed.items:
            return
        async with work.transaction() as tx:
            variants = (await list_variants(tx, [campaign.id]))[campaign.id]
            await write_copies(tx, campaign, variants, filler=Filling(feed, feed.items[: campaign.when.most_items]))
            copy = (await list_variants(tx, [campaign.id]))[campaign.id][0].sent_message_id or 0
            for email in self.emails:
                # lint: no-row-loops because there are at most twenty
                await queue_test(tx, copy, email=email, contact_id=self.contact_id)


async def take_feed(tx: Tx, campaign_id: int, feed: Feed) -> int | None:
    """Make an issue of what is new in the feed, if anything is; the first look only learns what is there already."""
    campaign = await _lock(tx, campaign_id)
    if campaign.state != "sending":
        return None
    new = await _note_items(tx, campaign_id, feed.items)
    is_first = await _note(tx, campaign_id, is_primed=True)
    if not new or (is_first and not campaign.when.include_existing):
        return None
    return await _write_issue(tx, campaign, Filling(feed, new[: campaign.when.most_items]))


async def _lock(tx: Tx, campaign_id: int) -> Campaign:
    await tx.run(
        sql(
            "select 1 from campaigns.campaign where workspace_id = {workspace} and id = {id} for update", id=campaign_id
        )
    )
    return await get_campaign(tx, campaign_id)


async def _note_items(tx: Tx, campaign_id: int, items: Sequence[FeedItem]) -> list[FeedItem]:
    """Those that were never seen before."""
    new = await tx.all(
        sql(
            """
            insert into campaigns.feed_item as f (workspace_id, campaign_id, digest, seen_at)
            select {workspace}, {id}, digest, {now} from unnest({digests}::text[]) as digest
            on conflict (workspace_id, campaign_id, digest) do update set seen_at = excluded.seen_at
            returning f.digest, f.xmax = 0 as is_new
            """,
            id=campaign_id,
            digests=[item.digest for item in items],
        )
    )
    await tx.run(
        sql(
            """
            delete from campaigns.feed_item
            where workspace_id = {workspace} and campaign_id = {id} and seen_at < {now} - {keep}
            """,
            id=campaign_id,
            keep=timedelta(days=KEEP_DAYS),
        )
    )
    unseen = {row["digest"] for row in new if row["is_new"]}
    return [item for item in items if item.digest in unseen]


async def _note(tx: Tx, campaign_id: int, *, problem: str | None = None, is_primed: bool = False) -> bool:
    """What came of reading; whether this is the first time that it could be read."""
    was_primed = await tx.value(
        sql(
            """
            with before as (
                select is_primed from campaigns.feed where workspace_id = {workspace} and campaign_id = {id}
            ),
            noted as (
                insert into campaigns.feed as f (workspace_id, campaign_id, is_primed, read_at, problem)
                values ({workspace}, {id}, {is_primed}, {now}, {problem}::text)
                on conflict (workspace_id, campaign_id) do update
                set is_primed = f.is_primed or excluded.is_primed, read_at = {now}, problem = excluded.problem
            )
            select is_primed from before
            """,
            id=campaign_id,
            is_primed=is_primed,
            problem=problem,
        )
    )
    tx.wake("live")
    return not was_primed


async def _write_issue(tx: Tx, campaign: Campaign, filling: Filling) -> int:
    """A campaign of its own that is being sent; approved with the one that it comes from."""
    message = await find_message(tx, campaign.message_id or 0)
    subject = campaign.subject or (message.subject if message else "")
    preheader = campaign.preheader or (message.preheader if message else "")
    issue = await create_campaign(
        tx,
        name=f"{campaign.name[:90]}: {filling.items[0].title[:100]}",
        parent_id=campaign.id,
        message_id=campaign.message_id,
        audience=campaign.people,
        utm=campaign.utm,
        subject=filling.words(subject),
        preheader=filling.words(preheader),
        from_name=campaign.from_name,
        from_email=campaign.from_email,
        reply_to=campaign.reply_to,
        breaker_percent=campaign.breaker_percent,
    )
    await write_copies(tx, issue, (await list_variants(tx, [issue.id]))[issue.id], filler=filling)
    await tx.run(
        sql(
            """
            update campaigns.campaign set state = 'sending', started_at = {now}, wake_at = {now}
            where workspace_id = {workspace} and id = {id}
            """,
            id=issue.id,
        )
    )
    tx.wake(CHANNEL)
    return issue.id
