"""Campaigns whose recipients come one after another: autoresponders, and those on a date in a field.

Who has become due is a row of `campaigns.recipient`, as in a campaign that is sent once, and the same engine queues
it. Autoresponders hear of subscriptions from the log, so nobody is searched for; who subscribed before the log was
heard stands in the lists, which are looked through once. Dates are looked at when clocks show the campaign's time:
everywhere at the workspace's, or every quarter of an hour for those zones where it has just come. The row keeps the
date it was for, so a date is met once, however often it is looked at.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from waypost.campaigns.people import belongs
from waypost.campaigns.types import Campaign
from waypost.contacts.dates import date_comes, date_meant
from waypost.contacts.facts import ListSubscribed
from waypost.identity.queries import get_workspace
from waypost.kernel.clock import at_local
from waypost.kernel.registry import Consumer
from waypost.kernel.sql import TRUE, Sql, sql
from waypost.kernel.tx import Tx

CHANNEL = "campaigns"
PART = 20_000
"""Contacts looked through in one transaction."""
QUARTER = timedelta(minutes=15)
"""Zones differ by whole quarters of an hour."""
_TICK = timedelta(microseconds=1)
TOO_LATE = timedelta(days=1)
"""What a date would have sent longer ago than this is left out, after a pause for instance."""


async def _admit_subscribers(tx: Tx, facts: Sql) -> None:
    """Who has subscribed to a list of an autoresponder is due after its delay, once for all time."""
    running = await tx.all(
        sql(
            """
            select id from campaigns.campaign
            where workspace_id = {workspace} and kind = 'autoresponder' and state in ('sending', 'paused')
            order by id for update
            """
        )
    )
    if not running:
        return
    await tx.run(
        sql(
            """
            with admitted as (
                insert into campaigns.recipient (workspace_id, campaign_id, contact_id, variant, is_rest, is_queued,
                    due_at, created_at)
                select {workspace}, c.id, f.contact_id, 1, false, false, min(f.at + {delay}), {now}
                from ({facts}) as f
                join campaigns.campaign c on c.workspace_id = {workspace} and c.id = any({ids}::bigint[])
                  and f.at >= c.looked_at and c.audience -> 'list_ids' @> to_jsonb(f.object_id)
                group by c.id, f.contact_id
                on conflict do nothing returning campaign_id, due_at
            )
            update campaigns.campaign c set frozen_count = c.frozen_count + n.count,
                wake_at = least(coalesce(c.wake_at, n.due_at), n.due_at)
            from (select campaign_id, count(*) as count, min(due_at) as due_at from admitted group by campaign_id) as n
            where c.workspace_id = {workspace} and c.id = n.campaign_id
            """,
            facts=facts,
            ids=[row["id"] for row in running],
            delay=_DELAY,
        )
    )
    tx.wake(CHANNEL)


_DELAY = sql("make_interval(hours => coalesce((c.timing ->> 'delay_hours')::integer, 0))")
ADMIT = Consumer("campaigns.admit", (ListSubscribed,), _admit_subscribers)


async def admit_listed(tx: Tx, campaign: Campaign) -> bool:
    """The next part of those who are on an autoresponder's lists already; whether there may be more."""
    when = campaign.when
    row = await tx.one(
        sql(
            """
            with part as materialized (
                select id from contacts.contact where workspace_id = {workspace} and id > {upto} order by id limit {limit}
            ),
            admitted as (
                insert into campaigns.recipient (workspace_id, campaign_id, contact_id, variant, is_rest, is_queued,
                    due_at, created_at)
                select {workspace}, {id}, c.id, 1, false, false,
                       greatest(min(s.subscribed_at) + {delay}, {now}), {now}
                from part join contacts.contact c on c.workspace_id = {workspace} and c.id = part.id
                join contacts.subscription s on s.workspace_id = {workspace} and s.contact_id = c.id and s.status = 1
                  and s.list_id = any({lists}::bigint[]) and {since}
                where {belongs} group by c.id
                on conflict do nothing returning 1
            )
            select (select max(id) from part) as upto, (select count(*) from admitted) as count
            """,
            id=campaign.id,
            upto=campaign.frozen_upto,
            limit=PART,
            delay=timedelta(hours=when.delay_hours),
            lists=list(campaign.people.list_ids),
            since=TRUE if when.include_existing else sql("s.subscribed_at >= {at}", at=campaign.looked_at),
            belongs=await belongs(tx, campaign.people),
        )
    )
    changes = (
        sql("is_frozen = true, dirty_at = {now}")
        if row["upto"] is None
        else sql("frozen_upto = {upto}, frozen_count = frozen_count + {n}", upto=row["upto"], n=row["count"])
    )
    await _set(tx, campaign.id, changes)
    return row["upto"] is not None


async def admit_dated(tx: Tx, campaign: Campaign) -> datetime:
    """Whose date has come since the last look, if a clock has shown the time since; returns when to look next."""
    zone = ZoneInfo((await get_workspace(tx)).time_zone)
    since = max(campaign.looked_at or tx.now, tx.now - TOO_LATE)
    due = next_look(campaign, since, zone)
    if due > tx.now:
        return due
    first, last = since.astimezone(zone).date(), tx.now.astimezone(zone).date()
    spread = 1 if campaign.is_local_time else 0
    count = 0
    for ahead in range(-spread, (last - first).days + spread + 1):
        # lint: no-row-loops because a turn is a day
        count += await _admit_day(tx, campaign, first + timedelta(days=ahead), zone, since)
    await _set(tx, campaign.id, sql("looked_at = {now}, is_frozen = true, frozen_count = frozen_count + {n}", n=count))
    return next_look(campaign, tx.now, zone)


async def _admit_day(tx: Tx, campaign: Campaign, day: date, zone: ZoneInfo, since: datetime) -> int:
    when = campaign.when
    moment = at_local(day, when.at_time, zone)
    if not campaign.is_local_time and not since < moment <= tx.now:
        return 0
    due = sql("{moment}::timestamptz", moment=moment)
    if campaign.is_local_time:
        due = sql(
            "({moment}::timestamptz at time zone w.time_zone) at time zone coalesce(nullif(c.time_zone, ''), w.time_zone)",
            moment=moment,
        )
    meant = date_meant(day, days=when.days, direction=when.direction)
    return await tx.run(
        sql(
            """
            insert into campaigns.recipient as r (workspace_id, campaign_id, contact_id, variant, is_rest, is_queued,
                due_at, created_at, occasion)
            select {workspace}, {id}, c.id, 1, false, false, {due}, {now}, {day}
            from contacts.contact c join identity.workspace w on w.id = {workspace}
            where c.workspace_id = {workspace} and {comes} and {belongs} and {due} > {since} and {due} <= {now}
            on conflict (workspace_id, campaign_id, contact_id) do update
            set is_queued = false, due_at = excluded.due_at, occasion = excluded.occasion
            where r.occasion < excluded.occasion
            """,
            id=campaign.id,
            due=due,
            day=day,
            since=since,
            comes=date_comes(when.field_id or 0, meant, is_yearly=when.is_yearly),
            belongs=await belongs(tx, campaign.people),
        )
    )


def next_look(campaign: Campaign, now: datetime, zone: ZoneInfo) -> datetime:
    """The next moment at which a clock that counts shows the campaign's time."""
    today = now.astimezone(zone).date()
    days = (today + timedelta(days=ahead) for ahead in range(3))
    coming = next(at for day in days if (at := at_local(day, campaign.when.at_time, zone)) > now)
    return coming - (coming - now - _TICK) // QUARTER * QUARTER if campaign.is_local_time else coming


async def drop_strayed(tx: Tx, campaign: Campaign, *, most: int) -> None:
    """Of those who are due next, forget who is no longer meant: unsubscribed, left out, too late for their date."""
    in_time = TRUE if campaign.kind == "autoresponder" else sql("r.due_at > {now} - {too_late}", too_late=TOO_LATE)
    await tx.run(
        sql(
            """
            with part as materialized (
                select contact_id from campaigns.recipient
                where workspace_id = {workspace} and campaign_id = {id} and not is_queued and not is_rest
                  and due_at <= {now}
                order by due_at, contact_id limit {most} for update
            )
            delete from campaigns.recipient r using part
            where r.workspace_id = {workspace} and r.campaign_id = {id} and r.contact_id = part.contact_id
              and not ({in_time} and exists (
                select 1 from contacts.contact c
                where c.workspace_id = {workspace} and c.id = r.contact_id and {belongs}))
            """,
            id=campaign.id,
            most=most,
            in_time=in_time,
            belongs=await belongs(tx, campaign.people),
        )
    )


async def retime(tx: Tx, before: Campaign, after: Campaign) -> None:
    """Another delay moves those who wait; whom other lists bring counts from now on, or at once with the existing."""
    moved = timedelta(hours=after.when.delay_hours - before.when.delay_hours)
    await tx.run(
        sql(
            """
            update campaigns.recipient set due_at = due_at + {moved}
            where workspace_id = {workspace} and campaign_id = {id} and not is_queued and {moved} <> interval '0'
            """,
            id=after.id,
            moved=moved,
        )
    )
    if (after.people.list_ids, after.when) != (before.people.list_ids, before.when):
        await _set(tx, after.id, sql("is_frozen = false, frozen_upto = 0, looked_at = {now}"))


async def _set(tx: Tx, campaign_id: int, changes: Sql) -> None:
    await tx.run(
        sql(
            "update campaigns.campaign set {changes} where workspace_id = {workspace} and id = {id}",
            changes=changes,
            id=campaign_id,
        )
    )
