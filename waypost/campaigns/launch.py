"""The engine: freezes the audience, queues it, finds the winner, holds, takes back, counts.

    scheduled --begin (copies of the message)--> freeze (parts by contact id) --> queue (parts by time)
        --> test over? decide: the winner, or the bandit's next wave --> queue the rest --> sent

Every part is one transaction that ends with where it got to, so a kill loses at most the part under way, which
rolls back whole. A contact is one row of `campaigns.recipient` (its key says so), and that row becomes one row of
the ledger in the transaction that marks it queued: nobody is skipped, nobody is queued twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from waypost.campaigns import testing
from waypost.campaigns.actions import TO_DRAFT, pause_campaign
from waypost.campaigns.approval import is_cleared
from waypost.campaigns.issues import ReadFeed, ask_for_issue
from waypost.campaigns.people import belongs
from waypost.campaigns.queries import COLUMNS, list_variants
from waypost.campaigns.rolling import CHANNEL, admit_dated, admit_listed, drop_strayed
from waypost.campaigns.snapshot import write_copies
from waypost.campaigns.tally import next_count, recount
from waypost.campaigns.types import Campaign
from waypost.delivery.actions import Order, queue_orders
from waypost.delivery.holding import hold_back, is_under_way, let_go, take_back
from waypost.delivery.types import SourceKind
from waypost.kernel.errors import Failure
from waypost.kernel.registry import Engine
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx
from waypost.kernel.work import SystemWork

FREEZE_PART = 20_000
"""Contacts looked through in one transaction."""
QUEUE_PART = 5_000
GLANCE = timedelta(seconds=1)
"""How soon a campaign that waits for its last mails is looked at again."""
CAMPAIGN = SourceKind.CAMPAIGN


def due_workspaces() -> Sql:
    return sql(
        """
        select w.id as workspace_id from identity.workspace w
        where exists (select 1 from campaigns.campaign c where c.workspace_id = w.id and c.wake_at <= {now})
        """
    )


@asynccontextmanager
async def open_launch(work: SystemWork) -> AsyncIterator[Callable[[int], Awaitable[bool]]]:
    async def tick(workspace_id: int) -> bool:
        async with work.db.transaction(workspace_id) as tx:
            return await advance(tx)

    yield tick


ENGINES = (Engine("campaigns", CHANNEL, due_workspaces, open_launch),)


async def advance(tx: Tx) -> bool:
    """One part of the work of one campaign that is due; whether there was any."""
    campaign = await tx.maybe(
        sql(
            """
            select {columns} from campaigns.campaign where workspace_id = {workspace} and wake_at <= {now}
            order by wake_at, id limit 1 for update skip locked
            """,
            columns=COLUMNS,
        ),
        Campaign,
    )
    if campaign is None:
        return False
    counted = await _count_if_due(tx, campaign)
    if counted is not None:
        campaign = counted
    pause = await _STEPS[campaign.state](tx, campaign)
    await _sleep(tx, campaign.id, pause)
    tx.wake("live")
    return True


async def _count_if_due(tx: Tx, campaign: Campaign) -> Campaign | None:
    due = next_count(campaign)
    if due is None or due > tx.now:
        return None
    return await recount(tx, campaign)


async def _sleep(tx: Tx, campaign_id: int, pause: timedelta | None) -> None:
    """Look again after the pause, or when the counts are next due, whatever is sooner; None is never."""
    current = await tx.one(
        sql(
            "select {columns} from campaigns.campaign where workspace_id = {workspace} and id = {id}",
            columns=COLUMNS,
            id=campaign_id,
        ),
        Campaign,
    )
    times = [tx.now + pause] if pause is not None else []
    count_due = next_count(current)
    times += [count_due] if count_due is not None else []
    await _set(tx, campaign_id, sql("wake_at = {at}::timestamptz", at=min(times, default=None)))


async def _set(tx: Tx, campaign_id: int, changes: Sql) -> None:
    await tx.run(
        sql(
            "update campaigns.campaign set {changes} where workspace_id = {workspace} and id = {id}",
            changes=changes,
            id=campaign_id,
        )
    )


NOW = timedelta()


async def _begin(tx: Tx, campaign: Campaign) -> timedelta | None:
    """Copy the messages; from here on nothing about the campaign changes but its state. What was changed since its
    approval is a draft again.
    """
    if not await is_cleared(tx, campaign):
        await _set(tx, campaign.id, TO_DRAFT)
        return None
    variants = (await list_variants(tx, [campaign.id]))[campaign.id]
    await _set(tx, campaign.id, sql("state = 'sending', started_at = {now}, looked_at = {now}"))
    if campaign.kind == "rss":
        await tx.enqueue(ReadFeed(campaign_id=campaign.id))
        return NOW
    try:
        await write_copies(tx, campaign, variants)
    except Failure as failure:
        await pause_campaign(tx, campaign.id, reason=failure.detail)
    return NOW


async def _send(tx: Tx, campaign: Campaign) -> timedelta | None:
    if campaign.is_held:
        if await let_go(tx, CAMPAIGN, campaign.id) == 0:
            await _set(tx, campaign.id, sql("is_held = false"))
        return NOW
    if campaign.is_recurring:
        return await _roll(tx, campaign)
    if not campaign.is_frozen:
        return await _freeze(tx, campaign)
    if await _queue(tx, campaign):
        return NOW
    if campaign.kind == "split" and campaign.winner is None:
        return await testing.decide(tx, campaign)
    next_due = await _next_due(tx, campaign)
    if next_due is not None:
        return max(next_due - tx.now, GLANCE)
    if await is_under_way(tx, CAMPAIGN, campaign.id):
        return GLANCE
    await _set(tx, campaign.id, sql("state = 'sent', finished_at = {now}, dirty_at = {now}"))
    return None


async def _roll(tx: Tx, campaign: Campaign) -> timedelta | None:
    """Recipients come one after another, for as long as nobody stops it."""
    times: list[datetime] = []
    if campaign.kind == "rss":
        times.append(await ask_for_issue(tx, campaign))
    elif campaign.kind == "date_based":
        times.append(await admit_dated(tx, campaign))
    elif not campaign.is_frozen and await admit_listed(tx, campaign):
        return NOW
    await drop_strayed(tx, campaign, most=QUEUE_PART)
    if await _queue(tx, campaign):
        return NOW
    next_due = await _next_due(tx, campaign)
    times += [next_due] if next_due is not None else []
    return max(min(times) - tx.now, GLANCE) if times else None


async def _next_due(tx: Tx, campaign: Campaign) -> datetime | None:
    """When the next of those who are not queued yet gets it."""
    return await tx.value(
        sql(
            """
            select min(due_at) from campaigns.recipient
            where workspace_id = {workspace} and campaign_id = {id} and not is_queued
            """,
            id=campaign.id,
        )
    )


async def _freeze(tx: Tx, campaign: Campaign) -> timedelta:
    """The next part of the contacts, in the order of their ids."""
    variants = (await list_variants(tx, [campaign.id]))[campaign.id]
    share = campaign.rules.share if campaign.kind == "split" else 100
    row = await tx.one(
        sql(
            """
            with part as materialized (
                select id from contacts.contact where workspace_id = {workspace} and id > {upto} order by id limit {limit}
            ),
            meant as materialized (
                select c.id, c.time_zone, row_number() over (order by md5(c.id::text || ':' || {id}::text)) + {count} as place
                from contacts.contact c join part using (id) where c.workspace_id = {workspace} and {belongs}
            ),
            placed as (
                select id, time_zone, place * {share} / 100 as turn,
                       place * {share} / 100 > (place - 1) * {share} / 100 as is_tried from meant
            ),
            kept as (
                insert into campaigns.recipient (workspace_id, campaign_id, contact_id, variant, is_rest, is_queued,
                    due_at, created_at)
                select {workspace}, {id}, p.id, case when is_tried then (turn - 1) % {variants} + 1 end, not is_tried,
                       false, {due}, {now}
                from placed p join identity.workspace w on w.id = {workspace}
                on conflict do nothing returning 1
            )
            select (select max(id) from part) as upto, (select count(*) from kept) as count
            """,
            id=campaign.id,
            upto=campaign.frozen_upto,
            limit=FREEZE_PART,
            count=campaign.frozen_count,
            belongs=await belongs(tx, campaign.people),
            share=share,
            variants=len(variants),
            due=_due(campaign),
        )
    )
    if row["upto"] is None:
        await _set(tx, campaign.id, sql("is_frozen = true, dirty_at = {now}"))
        return NOW
    await _set(
        tx,
        campaign.id,
        sql("frozen_upto = {upto}, frozen_count = frozen_count + {n}", upto=row["upto"], n=row["count"]),
    )
    return NOW


def _due(campaign: Campaign) -> Sql:
    """When the contact `p` gets it: at the time, or when a clock where they live shows that time."""
    if not campaign.is_local_time:
        return sql("{at}", at=campaign.scheduled_at or campaign.updated_at)
    return sql(
        "({at} at time zone w.time_zone) at time zone coalesce(nullif(p.time_zone, ''), w.time_zone)",
        at=campaign.scheduled_at or campaign.updated_at,
    )


async def _queue(tx: Tx, campaign: Campaign) -> int:
    """Hand the next part to delivery; with a winner those who waited for it get it."""
    rows = await tx.all(
        sql(
            """
            select contact_id, coalesce(variant, {winner}::bigint) as variant, occasion::text as turn
            from campaigns.recipient
            where workspace_id = {workspace} and campaign_id = {id} and not is_queued and due_at <= {now}
              and is_rest = any({rests}::boolean[])
            order by is_rest, due_at, contact_id limit {limit} for update
            """,
            id=campaign.id,
            winner=campaign.winner,
            rests=[False, True] if campaign.winner is not None else [False],
            limit=QUEUE_PART,
        )
    )
    if not rows:
        return 0
    variants = {item.number: item for item in (await list_variants(tx, [campaign.id]))[campaign.id]}
    groups: defaultdict[tuple[int, str | None], list[int]] = defaultdict(list)
    for row in rows:
        groups[row["variant"], row["turn"]].append(row["contact_id"])
    orders = [
        Order(variants[number].sent_message_id or 0, who, CAMPAIGN, [campaign.id] * len(who), None, turn)
        for (number, turn), who in groups.items()
    ]
    await queue_orders(tx, orders)
    await tx.run(
        sql(
            """
            update campaigns.recipient r set is_queued = true, variant = given.variant
            from unnest({ids}::bigint[], {variants}::bigint[]) as given (contact_id, variant)
            where r.workspace_id = {workspace} and r.campaign_id = {id} and r.contact_id = given.contact_id
            """,
            id=campaign.id,
            ids=[row["contact_id"] for row in rows],
            variants=[row["variant"] for row in rows],
        )
    )
    return len(rows)


async def _hold(tx: Tx, campaign: Campaign) -> timedelta | None:
    """Held until somebody resumes; what was on the wire may come back to be held too."""
    if await hold_back(tx, CAMPAIGN, campaign.id):
        return NOW
    return GLANCE if await is_under_way(tx, CAMPAIGN, campaign.id, claimed_only=True) else None


async def _strike(tx: Tx, campaign: Campaign) -> timedelta | None:
    if await take_back(tx, CAMPAIGN, campaign.id, reason="The campaign was cancelled."):
        return NOW
    return GLANCE if await is_under_way(tx, CAMPAIGN, campaign.id, claimed_only=True) else None


async def _rest(tx: Tx, campaign: Campaign) -> timedelta | None:
    del tx, campaign
    return None


_STEPS: dict[str, Callable[[Tx, Campaign], Awaitable[timedelta | None]]] = {
    "draft": _rest,
    "scheduled": _begin,
    "sending": _send,
    "paused": _hold,
    "sent": _rest,
    "cancelled": _strike,
}
