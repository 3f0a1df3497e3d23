"""Revenue of campaigns: deals won from contacts within days of their first opening or clicking what they were sent.

A deal counts for every campaign whose mail its primary contact read in that time; within one campaign everybody gets
one variant, so that variants never share a deal. Amounts stay in their currencies. Where a winner is found by
revenue, the currency in which most deals were won decides, and the others do not count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from waypost.campaigns.types import Campaign, Taking, Variant
from waypost.campaigns.winner import Takings
from waypost.deals.facts import DealAdded, DealDeleted, DealLost, DealReopened, DealValueChanged, DealWon
from waypost.delivery.engaged import OPENED
from waypost.delivery.types import SourceKind
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx

LONGEST_DAYS = 90
DEAL_FACTS = (DealAdded, DealWon, DealLost, DealReopened, DealValueChanged, DealDeleted)


async def count_takings(tx: Tx, campaign: Campaign) -> None:
    """Replies and revenue of each variant anew."""
    await tx.run(
        sql(
            """
            with won as (
                select v.number, d.currency, count(*) as won, sum(d.value) as value,
                       sum(d.value::float8 * d.value) as squares
                from deals.deal d
                join campaigns.variant v on v.workspace_id = d.workspace_id and v.campaign_id = {id}
                join delivery.ledger l on l.workspace_id = d.workspace_id and l.message_id = v.sent_message_id
                  and l.contact_id = d.contact_id and l.source_kind = {kind} and l.source_id = {id} and {opened}
                where d.workspace_id = {workspace} and d.status = 1 and d.closed_at >= {begin}
                  and d.closed_at >= least(l.opened_at, l.clicked_at)
                  and d.closed_at < least(l.opened_at, l.clicked_at) + make_interval(days => {days}::int)
                group by v.number, d.currency
            ),
            sums as (
                select number, jsonb_object_agg(currency, jsonb_build_object(
                    'won', won, 'value', value::bigint, 'squares', squares)) as takings
                from won group by number
            )
            update campaigns.variant v set takings = coalesce((
                select takings from sums where sums.number = v.number), '{{}}'::jsonb)
            where v.workspace_id = {workspace} and v.campaign_id = {id}
            """,
            id=campaign.id,
            kind=int(SourceKind.CAMPAIGN),
            opened=OPENED,
            begin=campaign.started_at or campaign.created_at,
            days=campaign.rules.revenue_days,
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


async def stir(tx: Tx, facts: Sql) -> list[int]:
    """The campaigns whose revenue facts about deals may have changed: those that were sent to their contacts lately."""
    rows = await tx.all(
        sql(
            """
            select distinct r.campaign_id
            from (select distinct f.contact_id from ({facts}) as f where f.kind = any({kinds}::bigint[])) as happened
            join campaigns.recipient r on r.workspace_id = {workspace} and r.contact_id = happened.contact_id
            join campaigns.campaign c on c.workspace_id = {workspace} and c.id = r.campaign_id
              and c.started_at > {now} - make_interval(days => {days}::int)
            order by r.campaign_id
            """,
            facts=facts,
            kinds=[fact.kind for fact in DEAL_FACTS],
            days=2 * LONGEST_DAYS,
        )
    )
    return [row["campaign_id"] for row in rows]
