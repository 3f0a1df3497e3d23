"""Deciding a split test: when to look, who wins, how the bandit shares out its waves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from waypost.campaigns.queries import get_campaign, list_variants
from waypost.campaigns.takings import revenue_trials
from waypost.campaigns.tally import recount
from waypost.campaigns.types import Campaign, SplitTest, Variant
from waypost.campaigns.winner import Score, Trials, best_of, chances, shared
from waypost.delivery.holding import is_under_way
from waypost.delivery.types import SourceKind
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx

LOOK = timedelta(minutes=1)
GLANCE = timedelta(seconds=1)
WAVES = 10
ENOUGH = 30
"""Sent per variant before significance is judged: fewer would stop at the first stroke of luck."""


async def decide(tx: Tx, campaign: Campaign) -> timedelta | None:
    """What the test's state asks for now; returns when to look again."""
    if campaign.tested_at is None:
        if await is_under_way(tx, SourceKind.CAMPAIGN, campaign.id):
            return GLANCE
        await _set(tx, campaign.id, sql("tested_at = {now}"))
        return timedelta()
    rules = campaign.rules
    period = timedelta(hours=rules.hours)
    if rules.rule == "bandit" and campaign.wave:
        period /= WAVES
    is_over = tx.now >= campaign.tested_at + period
    if not is_over and rules.rule != "significance":
        return campaign.tested_at + period - tx.now
    await recount(tx, campaign)
    variants = (await list_variants(tx, [campaign.id]))[campaign.id]
    first, second = trials(variants, rules)
    chance = chances(first)
    best = best_of(first, second, by_other=rules.tie == "other_metric")
    is_sure = chance[best] >= rules.confidence and min(trial.count for trial in first) >= ENOUGH
    if not is_over and not is_sure:
        return min(LOOK, campaign.tested_at + period - tx.now)
    if rules.rule == "bandit" and not is_sure and await _next_wave(tx, campaign, variants, chance):
        return timedelta()
    decision: dict[str, Any] = {
        "by": rules.rule,
        "is_sure": is_sure,
        "chances": [round(value, 4) for value in chance],
        "rates": [round(trial.rate, 4) for trial in first],
    }
    await _set(
        tx,
        campaign.id,
        sql(
            "winner = {winner}, decided_at = {now}, decision = {decision}",
            winner=variants[best].number,
            decision=decision,
        ),
    )
    return timedelta()


def trials(variants: Sequence[Variant], rules: SplitTest) -> tuple[Sequence[Score], Sequence[Score]]:
    """By the metric that decides, and by the other one: opens for clicks, clicks for all else."""
    opens = [Trials(item.sent, item.opened) for item in variants]
    clicks = [Trials(item.sent, item.clicked) for item in variants]
    match rules.metric:
        case "opens":
            return opens, clicks
        case "clicks":
            return clicks, opens
        case "replies":
            return [Trials(item.sent, item.replied) for item in variants], clicks
        case "revenue":
            return revenue_trials(variants), clicks


async def _next_wave(tx: Tx, campaign: Campaign, variants: Sequence[Variant], chance: Sequence[float]) -> bool:
    """A tenth of the audience, each variant by its chance to be the best; whether anybody was left."""
    current = await get_campaign(tx, campaign.id)
    size = max(1, -(-current.frozen_count // WAVES))
    numbers = [
        variant.number for variant, count in zip(variants, shared(chance, size), strict=True) for _ in range(count)
    ]
    count = await tx.run(
        sql(
            """
            with rest as (
                select contact_id, row_number() over (order by contact_id) as place from (
                    select contact_id from campaigns.recipient
                    where workspace_id = {workspace} and campaign_id = {id} and not is_queued and is_rest
                    order by due_at, contact_id limit {size} for update) as waiting
            )
            update campaigns.recipient r set is_rest = false, variant = ({numbers}::bigint[])[rest.place]
            from rest where r.workspace_id = {workspace} and r.campaign_id = {id} and r.contact_id = rest.contact_id
            """,
            id=campaign.id,
            size=size,
            numbers=numbers,
        )
    )
    if count:
        await _set(tx, campaign.id, sql("wave = wave + 1, tested_at = null"))
    return count > 0


async def _set(tx: Tx, campaign_id: int, changes: Sql) -> None:
    await tx.run(
        sql(
            "update campaigns.campaign set {changes} where workspace_id = {workspace} and id = {id}",
            changes=changes,
            id=campaign_id,
        )
    )
