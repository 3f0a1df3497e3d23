"""The figures of campaigns: kept, so that no page counts a million rows.

The log is read once (`FOLLOW`) for what adds up: hours, clicks by link, who clicked what, unsubscriptions, bounces.
What is counted by people (sent, opened, clicked) comes from the ledger by one statement per campaign, soon after
something happened and the less often the longer it takes; so late corrections of the ledger are seen too.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from time import monotonic

from waypost.campaigns.actions import CHANNEL, pause_campaign
from waypost.campaigns.queries import get_campaign
from waypost.campaigns.types import Campaign
from waypost.delivery.facts import (
    LinkClicked,
    MessageBounced,
    MessageFailed,
    MessageOpened,
    MessageSent,
    Unsubscribed,
)
from waypost.delivery.types import SourceKind, State
from waypost.kernel.registry import Consumer
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx

LEAST = timedelta(seconds=2)
SHARE = 20
"""A count that took a second is not made again for twenty."""
BREAKER_FROM = 100
"""Mails that must have come to an end before the share of failures says anything."""


def next_count(campaign: Campaign) -> datetime | None:
    """When the figures are next due, if anything has happened since they were made."""
    if campaign.dirty_at is None:
        return None
    if campaign.counted_at is None:
        return campaign.dirty_at
    return campaign.counted_at + max(LEAST, timedelta(milliseconds=SHARE * campaign.count_milliseconds))


async def follow(tx: Tx, facts: Sql) -> None:
    """A slice of the log: only what belongs to a message that a campaign has sent.

    What the server refused at once has failed, and does not count as bounced as well.
    """
    ids = await tx.value(
        sql(
            """
            with happened as materialized (
                select v.campaign_id, v.number, f.contact_id, f.kind, f.at, (f.data ->> 'link')::bigint as link,
                       f.kind = {bounced} and exists (
                           select 1 from delivery.ledger l
                           where l.workspace_id = {workspace} and l.message_id = v.sent_message_id
                             and l.contact_id = f.contact_id and l.state = {failed}) as is_refused
                from ({facts}) as f
                join campaigns.variant v on v.workspace_id = {workspace} and v.sent_message_id = f.object_id
            ),
            hours as (
                insert into campaigns.hour as h (workspace_id, campaign_id, number, hour, kind, count)
                select {workspace}, campaign_id, number, date_trunc('hour', at), kind, count(*) from happened
                group by campaign_id, number, date_trunc('hour', at), kind
                on conflict (workspace_id, campaign_id, number, hour, kind)
                do update set count = h.count + excluded.count
            ),
            clicked as (
                insert into campaigns.clicker (workspace_id, campaign_id, number, link, contact_id, created_at)
                select distinct {workspace}, campaign_id, number, link, contact_id, {now} from happened
                where kind = {click} and link is not null
                on conflict do nothing returning campaign_id, number, link
            ),
            clicks as (
                insert into campaigns.link_count as k (workspace_id, campaign_id, number, link, clicks, people)
                select {workspace}, h.campaign_id, h.number, h.link, count(*),
                       (select count(*) from clicked c where c.campaign_id = h.campaign_id and c.number = h.number
                          and c.link = h.link)
                from happened h where h.kind = {click} and h.link is not null group by h.campaign_id, h.number, h.link
                on conflict (workspace_id, campaign_id, number, link)
                do update set clicks = k.clicks + excluded.clicks, people = k.people + excluded.people
            ),
            counted as (
                update campaigns.variant v set unsubscribed = v.unsubscribed + n.unsubscribed, bounced = v.bounced + n.bounced
                from (select campaign_id, number, count(*) filter (where kind = {unsubscribed}) as unsubscribed,
                             count(*) filter (where kind = {bounced} and not is_refused) as bounced
                      from happened where kind in ({unsubscribed}, {bounced}) group by campaign_id, number) as n
                where v.workspace_id = {workspace} and v.campaign_id = n.campaign_id and v.number = n.number
            )
            select array_agg(distinct campaign_id) from happened
            """,
            facts=facts,
            click=LinkClicked.kind,
            unsubscribed=Unsubscribed.kind,
            bounced=MessageBounced.kind,
            failed=int(State.FAILED),
        )
    )
    if not ids:
        return
    await tx.run(
        sql(
            """
            update campaigns.campaign set dirty_at = coalesce(dirty_at, {now}), wake_at = least(wake_at, {soon})
            where workspace_id = {workspace} and id = any({ids}::bigint[])
            """,
            ids=ids,
            soon=tx.now + LEAST,
        )
    )
    tx.wake(CHANNEL)


FOLLOW = Consumer(
    "campaigns",
    (MessageSent, MessageFailed, MessageOpened, LinkClicked, Unsubscribed, MessageBounced),
    follow,
)


async def recount(tx: Tx, campaign: Campaign) -> Campaign:
    """The figures anew from the ledger; too many failures pause the campaign."""
    started = monotonic()
    await tx.run(
        sql(
            """
            with rows as materialized (
                select v.number, count(*) as total, count(*) filter (where l.state in (0, 1)) as waiting,
                       count(*) filter (where l.state = 2) as sent, count(*) filter (where l.state = 3) as failed,
                       count(*) filter (where l.state = 4) as refused,
                       count(*) filter (where l.opened_at is not null or l.clicked_at is not null) as opened,
                       count(l.clicked_at) as clicked, sum(l.open_count) as open_count, sum(l.click_count) as click_count
                from campaigns.variant v
                join delivery.ledger l on l.workspace_id = v.workspace_id and l.message_id = v.sent_message_id
                where v.workspace_id = {workspace} and v.campaign_id = {id} and l.source_kind = {kind}
                  and l.source_id = {id} group by v.number
            )
            update campaigns.variant v set total = rows.total, waiting = rows.waiting, sent = rows.sent,
                failed = rows.failed, refused = rows.refused, opened = rows.opened, clicked = rows.clicked,
                open_count = rows.open_count, click_count = rows.click_count
            from rows where v.workspace_id = {workspace} and v.campaign_id = {id} and v.number = rows.number
            """,
            id=campaign.id,
            kind=int(SourceKind.CAMPAIGN),
        )
    )
    row = await tx.one(_details(campaign.id))
    await tx.run(
        sql(
            """
            update campaigns.campaign set domains = {domains}::jsonb, reasons = {reasons}::jsonb, counted_at = {now},
                count_milliseconds = {took}, dirty_at = null
            where workspace_id = {workspace} and id = {id}
            """,
            id=campaign.id,
            domains=row["domains"] or [],
            reasons=row["reasons"] or [],
            took=int((monotonic() - started) * 1000),
        )
    )
    current = await get_campaign(tx, campaign.id)
    return await _break_circuit(tx, current) if current.state == "sending" else current


def _details(campaign_id: int) -> Sql:
    """The ten largest domains, and why mails did not arrive."""
    return sql(
        """
        with rows as materialized (
            select l.state, split_part(l.email, '@', 2) as domain, l.smtp_code, l.smtp_reply,
                   l.opened_at is not null or l.clicked_at is not null as is_opened, l.clicked_at is not null as is_clicked
            from campaigns.variant v
            join delivery.ledger l on l.workspace_id = v.workspace_id and l.message_id = v.sent_message_id
            where v.workspace_id = {workspace} and v.campaign_id = {id} and l.source_kind = {kind} and l.source_id = {id}
        )
        select (select jsonb_agg(d order by (d ->> 'sent')::bigint desc) from (
                    select jsonb_build_object('domain', domain, 'sent', count(*) filter (where state = 2),
                        'failed', count(*) filter (where state = 3), 'opened', count(*) filter (where is_opened),
                        'clicked', count(*) filter (where is_clicked)) as d
                    from rows where domain <> '' group by domain order by count(*) desc limit 10) as top) as domains,
               (select jsonb_agg(r) from (
                    select jsonb_build_object('reason', coalesce(smtp_reply, ''), 'code', smtp_code,
                        'is_refused', state = 4, 'count', count(*)) as r
                    from rows where state in (3, 4) group by smtp_reply, smtp_code, state
                    order by count(*) desc limit 20) as top) as reasons
        """,
        id=campaign_id,
        kind=int(SourceKind.CAMPAIGN),
    )


async def _break_circuit(tx: Tx, campaign: Campaign) -> Campaign:
    row = await tx.one(
        sql(
            """
            select coalesce(sum(sent + failed), 0) as ended, coalesce(sum(failed + bounced), 0) as bad
            from campaigns.variant where workspace_id = {workspace} and campaign_id = {id}
            """,
            id=campaign.id,
        )
    )
    if row["ended"] < BREAKER_FROM or row["bad"] * 100 <= row["ended"] * campaign.breaker_percent:
        return campaign
    share = round(100 * row["bad"] / row["ended"])
    reason = f"{share} % of the mails could not be delivered (the limit is {campaign.breaker_percent} %)."
    return await pause_campaign(tx, campaign.id, reason=reason)
