"""Revenue of campaigns: deals won from contacts within days of their first opening or clicking what they were sent.

A deal counts for every campaign whose mail its primary contact read in that time; within one campaign everybody gets
one variant, so that variants never share a deal. Amounts stay in their currencies. Where a winner is found by
revenue, the currency in which most deals were won decides, and the others do not count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from waypost.campaigns.types import SplitTest, Taking, Variant
from waypost.campaigns.winner import Takings
from waypost.deals.facts import DealAdded, DealDeleted, DealLost, DealReopened, DealValueChanged, DealWon
from waypost.delivery.engaged import OPENED
from waypost.delivery.types import SourceKind
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx

LONGEST_DAYS = 90
GRACE_DAYS = 30
"""So long after its time a deal that is opened again, or changes its value, is still followed by itself."""
_DAYS = sql("coalesce((c.test ->> 'revenue_days')::int, {usual}::int)", usual=SplitTest().revenue_days)
DEAL_FACTS = (DealAdded, DealWon, DealLost, DealReopened, DealValueChanged, DealDeleted)


async def count_takings(tx: Tx, campaign_ids: Sequence[int]) -> None:
    """The revenue of each variant anew: from the deals won since sending began, which are few beside the mails."""
    if not campaign_ids:
        return
    await tx.run(
        sql(
            """
            with won as (
                select v.campaign_id, v.number, d.currency, count(*) as won, sum(d.value) as value,
                       sum(d.value::float8 * d.value) as squares
                from campaigns.campaign c
                join deals.deal d on d.workspace_id = c.workspace_id and d.status = 1
                  and d.closed_at >= coalesce(c.started_at, c.created_at)
                join campaigns.variant v on v.workspace_id = c.workspace_id and v.campaign_id = c.id
                join delivery.ledger l on l.workspace_id = c.workspace_id and l.message_id = v.sent_message_id
                  and l.contact_id = d.contact_id and l.source_kind = {kind} and l.source_id = c.id and {opened}
                where c.workspace_id = {workspace} and c.id = any({ids}::bigint[])
                  and d.closed_at >= least(l.opened_at, l.clicked_at)
                  and d.closed_at < least(l.opened_at, l.clicked_at) + make_interval(days => {days})
                group by v.campaign_id, v.number, d.currency
            ),
            sums as (
                select campaign_id, number, jsonb_object_agg(currency, jsonb_build_object(
                    'won', won, 'value', value::bigint, 'squares', squares)) as takings
                from won group by campaign_id, number
            )
            update campaigns.variant v set takings = coalesce((
                select s.takings from sums s where s.campaign_id = v.campaign_id and s.number = v.number), '{{}}'::jsonb)
            where v.workspace_id = {workspace} and v.campaign_id = any({ids}::bigint[])
            """,
            ids=list(campaign_ids),
            kind=int(SourceKind.CAMPAIGN),
            opened=OPENED,
            days=_DAYS,
        )
    )


def takings_of(variant: Variant) -> dict[str, Taking]:
    return msgspec.convert(variant.takings, dict[str, Taking])


def revenue(variants: Sequence[Variant]) -> dict[str, Taking]:
    """By currency, over all variants."""
    found: dict[str, Taking] = {}
    for variant in variants:
        for currency, one in takings_of(variant).items():
            before = found.get(currency, Taking(0, 0, 0.0))
            found[currency] = Taking(before.won + one.won, before.value + one.value, before.squares + one.squares)
    return dict(sorted(found.items()))


def revenue_trials(variants: Sequence[Variant]) -> list[Takings]:
    """What each variant took, in the currency that decides."""
    counts: Counter[str] = Counter()
    of: list[Mapping[str, Taking]] = [takings_of(variant) for variant in variants]
    for takings in of:
        counts.update({currency: one.won for currency, one in takings.items()})
    chief = min(counts, key=lambda currency: (-counts[currency], currency), default="")
    none = Taking(0, 0, 0.0)
    found = [takings.get(chief, none) for takings in of]
    return [Takings(variant.sent, one.value, one.squares) for variant, one in zip(variants, found, strict=True)]


async def follow_deals(tx: Tx, facts: Sql) -> None:
    """Facts about deals change the revenue of the campaigns that their contacts have read lately."""
    rows = await tx.all(
        sql(
            """
            select distinct c.id
            from (select distinct f.contact_id from ({facts}) as f where f.kind = any({kinds}::bigint[])) as happened
            join campaigns.recipient r on r.workspace_id = {workspace} and r.contact_id = happened.contact_id
            join campaigns.campaign c on c.workspace_id = {workspace} and c.id = r.campaign_id
              and c.started_at > {now} - make_interval(days => {most}::int)
            join campaigns.variant v on v.workspace_id = {workspace} and v.campaign_id = c.id
            join delivery.ledger l on l.workspace_id = {workspace} and l.message_id = v.sent_message_id
              and l.contact_id = r.contact_id and {opened}
              and least(l.opened_at, l.clicked_at) > {now} - make_interval(days => {days} + {grace}::int)
            order by c.id
            """,
            facts=facts,
            kinds=[fact.kind for fact in DEAL_FACTS],
            most=2 * LONGEST_DAYS,
            opened=OPENED,
            days=_DAYS,
            grace=GRACE_DAYS,
        )
    )
    if rows:
        await count_takings(tx, [row["id"] for row in rows])
        tx.wake("live")
