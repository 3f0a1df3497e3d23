"""The figures of campaigns: kept, so that no page counts a million rows.

The log is read once (`FOLLOW`) for what adds up: hours, clicks by link, who clicked what, unsubscriptions, bounces.
What is counted by people (sent, opened, clicked) comes from the ledger by one statement per campaign, soon after
something happened and the less often the longer it takes; so late corrections of the ledger are seen too.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from time import monotonic

from waypost.campaigns.actions import CHANNEL, pause_campaign
from waypost.campaigns.queries import get_campaign
from waypost.campaigns.takings import DEAL_FACTS, count_takings, follow_deals
from waypost.campaigns.types import Campaign
from waypost.delivery.engaged import CLICKED, OPENED, OPENED_BY_MACHINE
from waypost.delivery.facts import (
    ClickDisproved,
    ClickTakenBack,
    LinkClicked,
    MachineOpened,
    MessageBounced,
    MessageFailed,
    MessageOpened,
    MessageReplied,
    MessageSent,
    OpenDisproved,
    OpenTakenBack,
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
                select v.campaign_id, v.number, f.contact_id, f.object_id, (f.data ->> 'link')::bigint as link,
                       f.kind as fact,
                       case when f.kind in ({open_back}, {open_false}) then {open}
                            when f.kind in ({click_back}, {click_false}) then {click} else f.kind end as kind,
                       case when f.kind in ({open_back}, {click_back}) then (f.data ->> 'told_at')::timestamptz
                            else f.at end as at,
                       case when f.kind in ({open_back}, {click_back}) then -1 else 1 end as n,
                       f.kind = {bounced} and exists (
                           select 1 from delivery.ledger l
                           where l.workspace_id = {workspace} and l.message_id = v.sent_message_id
                             and l.contact_id = f.contact_id and l.state = {failed}) as is_refused
                from ({facts}) as f
                join campaigns.variant v on v.workspace_id = {workspace} and v.sent_message_id = f.object_id
                where f.kind <> all({of_deals}::bigint[])
            ),
            hours as (
                insert into campaigns.hour as h (workspace_id, campaign_id, number, hour, kind, count)
                select {workspace}, campaign_id, number, date_trunc('hour', at), kind, sum(n) from happened
                group by campaign_id, number, date_trunc('hour', at), kind
                on conflict (workspace_id, campaign_id, number, hour, kind)
                do update set count = h.count + excluded.count
            ),
            clicked as (
                insert into campaigns.clicker (workspace_id, campaign_id, number, link, contact_id, created_at)
                select distinct {workspace}, campaign_id, number, link, contact_id, {now} from happened
                where fact = {click} and link is not null
                on conflict do nothing returning campaign_id, number, link
            ),
            unclicked as (
                delete from campaigns.clicker c using (
                    select distinct campaign_id, number, link, contact_id, object_id from happened where fact = {click_back}
                ) as back
                where c.workspace_id = {workspace} and c.campaign_id = back.campaign_id and c.number = back.number
                  and c.link = back.link and c.contact_id = back.contact_id and not exists (
                    select 1 from activities.fact f where f.workspace_id = {workspace} and f.contact_id = c.contact_id
                      and f.kind = {click} and f.object_id = back.object_id and (f.data ->> 'link')::bigint = back.link)
                returning c.campaign_id, c.number, c.link
            ),
            clicks as (
                insert into campaigns.link_count as k (workspace_id, campaign_id, number, link, clicks, people)
                select {workspace}, h.campaign_id, h.number, h.link, sum(h.n),
                       (select count(*) from clicked c where c.campaign_id = h.campaign_id and c.number = h.number
                          and c.link = h.link)
                       - (select count(*) from unclicked c where c.campaign_id = h.campaign_id and c.number = h.number
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
            open=MessageOpened.kind,
            open_back=OpenTakenBack.kind,
            open_false=OpenDisproved.kind,
            click=LinkClicked.kind,
            click_back=ClickTakenBack.kind,
            click_false=ClickDisproved.kind,
            unsubscribed=Unsubscribed.kind,
            bounced=MessageBounced.kind,
            failed=int(State.FAILED),
            of_deals=[fact.kind for fact in DEAL_FACTS],
        )
    )
    await _wake(tx, ids or ())
    await follow_deals(tx, facts)


async def _wake(tx: Tx, campaign_ids: Sequence[int]) -> None:
    """Have the figures of these counted anew soon."""
    if not campaign_ids:
        return
    await tx.run(
        sql(
            """
            update campaigns.campaign set dirty_at = coalesce(dirty_at, {now}), wake_at = least(wake_at, {soon})
            where workspace_id = {workspace} and id = any({ids}::bigint[])
            """,
            ids=list(campaign_ids),
            soon=tx.now + LEAST,
        )
    )
    tx.wake(CHANNEL)


FOLLOW = Consumer(
    "campaigns",
    (
        MessageSent,
        MessageFailed,
        MessageOpened,
        LinkClicked,
        Unsubscribed,
        MessageBounced,
        OpenTakenBack,
        ClickTakenBack,
        OpenDisproved,
        ClickDisproved,
        MachineOpened,
        MessageReplied,
        *DEAL_FACTS,
    ),
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
                       count(*) filter (where {opened}) as opened, count(*) filter (where {clicked}) as clicked,
                       count(*) filter (where {by_machine}) as machine_opened, sum(l.open_count) as open_count,
                       sum(l.click_count) as click_count, sum(l.machine_open_count) as machine_open_count,
                       sum(l.machine_click_count) as machine_click_count,
                       count(*) filter (where l.replied_at is not null) as replied
                from campaigns.variant v
                join delivery.ledger l on l.workspace_id = v.workspace_id and l.message_id = v.sent_message_id
                where v.workspace_id = {workspace} and v.campaign_id = {id} and l.source_kind = {kind}
                  and l.source_id = {id} group by v.number
            )
            update campaigns.variant v set total = rows.total, waiting = rows.waiting, sent = rows.sent,
                failed = rows.failed, refused = rows.refused, opened = rows.opened, clicked = rows.clicked,
                open_count = rows.open_count, click_count = rows.click_count,
                machine_opened = rows.machine_opened, machine_open_count = rows.machine_open_count,
                machine_click_count = rows.machine_click_count, replied = rows.replied
            from rows where v.workspace_id = {workspace} and v.campaign_id = {id} and v.number = rows.number
            """,
            id=campaign.id,
            kind=int(SourceKind.CAMPAIGN),
            opened=OPENED,
            clicked=CLICKED,
            by_machine=OPENED_BY_MACHINE,
        )
    )
    await count_takings(tx, [campaign.id])
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
                   {opened} as is_opened, {clicked} as is_clicked
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
        opened=OPENED,
        clicked=CLICKED,
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
