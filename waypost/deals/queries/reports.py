"""How a pipeline does: what stands where, what was won and lost, how long it took, and who did it.

Sums are in the pipeline's currency; deals in other currencies are counted, not added. The rate is won of all that
were closed; the pace is days from adding to closing, and days spent in each stage by those who left it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from waypost.deals.queries.deals import PROBABILITY
from waypost.deals.types import Pipeline
from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx


@dataclass(frozen=True, slots=True)
class StageRow:
    """A stage: what stands in it now, how many came into it within the days, and how long they stayed."""

    stage_id: int
    open_count: int
    open_value: int
    weighted_value: int
    stale_count: int
    entered_count: int
    left_count: int
    average_days: float | None


@dataclass(frozen=True, slots=True)
class MonthRow:
    """Deals closed in a month."""

    month: date
    won_count: int
    won_value: int
    lost_count: int
    lost_value: int


@dataclass(frozen=True, slots=True)
class OwnerRow:
    """What an owner has open and closed within the days; None stands for deals of nobody."""

    owner_id: int | None
    name: str | None
    open_count: int
    open_value: int
    won_count: int
    won_value: int
    lost_count: int


@dataclass(frozen=True, slots=True)
class ReasonRow:
    reason: str
    count: int
    value: int


@dataclass(frozen=True, slots=True)
class Report:
    """Shares are fractions; values in the smallest unit of the pipeline's currency."""

    currency: str
    open_count: int
    open_value: int
    weighted_value: int
    added_count: int
    won_count: int
    won_value: int
    lost_count: int
    lost_value: int
    win_rate: float | None
    average_days_to_win: float | None
    average_won_value: float | None
    stages: list[StageRow]
    months: list[MonthRow]
    reasons: list[ReasonRow]


async def read_report(tx: ReadTx, pipeline: Pipeline, *, since: datetime) -> tuple[Report, list[OwnerRow]]:
    """The pipeline since a moment."""
    whole = await tx.one(
        sql(
            """
            select count(*) filter (where d.status = 0) as open_count,
                   coalesce(sum(d.value) filter (where d.status = 0 and {ours}), 0)::bigint as open_value,
                   (coalesce(sum(d.value * {probability}) filter (where d.status = 0 and {ours}), 0) / 100)::bigint
                       as weighted_value,
                   count(*) filter (where d.created_at >= {since}) as added_count,
                   count(*) filter (where d.status = 1 and d.closed_at >= {since}) as won_count,
                   coalesce(sum(d.value) filter (where d.status = 1 and d.closed_at >= {since} and {ours}), 0)::bigint
                       as won_value,
                   count(*) filter (where d.status = 2 and d.closed_at >= {since}) as lost_count,
                   coalesce(sum(d.value) filter (where d.status = 2 and d.closed_at >= {since} and {ours}), 0)::bigint
                       as lost_value,
                   (avg(extract(epoch from d.closed_at - d.created_at) / 86400)
                       filter (where d.status = 1 and d.closed_at >= {since}))::float8 as average_days_to_win,
                   (avg(d.value) filter (where d.status = 1 and d.closed_at >= {since} and {ours}))::float8
                       as average_won_value
            from deals.deal d join deals.stage s on s.workspace_id = d.workspace_id and s.id = d.stage_id
            where d.workspace_id = {workspace} and d.pipeline_id = {pipeline_id}
            """,
            pipeline_id=pipeline.id,
            since=since,
            ours=sql("d.currency = {currency}", currency=pipeline.currency),
            probability=PROBABILITY,
        )
    )
    closed = whole["won_count"] + whole["lost_count"]
    report = Report(
        currency=pipeline.currency,
        **dict(whole),
        win_rate=whole["won_count"] / closed if closed else None,
        stages=await _stages(tx, pipeline, since),
        months=await _months(tx, pipeline, since),
        reasons=await _reasons(tx, pipeline, since),
    )
    return report, await _owners(tx, pipeline, since)


async def _stages(tx: ReadTx, pipeline: Pipeline, since: datetime) -> list[StageRow]:
    """Comings and goings are read from the deals' events: being added, and every change of stage."""
    return await tx.all(
        sql(
            """
            with moves as (
                select e.deal_id, e.at, (e.data ->> 'stage_id')::bigint as stage_id
                from deals.event e join deals.deal d on d.workspace_id = e.workspace_id and d.id = e.deal_id
                where e.workspace_id = {workspace} and d.pipeline_id = {pipeline_id} and e.kind = 'created'
                union all
                select e.deal_id, e.at, (e.data ->> 'new')::bigint
                from deals.event e join deals.deal d on d.workspace_id = e.workspace_id and d.id = e.deal_id
                where e.workspace_id = {workspace} and d.pipeline_id = {pipeline_id} and e.kind = 'stage'
            ),
            stays as (
                select m.stage_id, m.at,
                       coalesce(lead(m.at) over (partition by m.deal_id order by m.at), d.closed_at) as until
                from moves m join deals.deal d on d.workspace_id = {workspace} and d.id = m.deal_id
            ),
            flow as (
                select stage_id, count(*) filter (where at >= {since}) as entered_count,
                       count(*) filter (where until >= {since}) as left_count,
                       (avg(extract(epoch from until - at) / 86400) filter (where until >= {since}))::float8
                           as average_days
                from stays group by stage_id
            ),
            standing as (
                select d.stage_id, count(*) as open_count,
                       coalesce(sum(d.value) filter (where {ours}), 0)::bigint as open_value,
                       (coalesce(sum(d.value * {probability}) filter (where {ours}), 0) / 100)::bigint as weighted_value,
                       count(*) filter (where d.touched_at < {now} - s.stale_days * interval '1 day') as stale_count
                from deals.deal d join deals.stage s on s.workspace_id = d.workspace_id and s.id = d.stage_id
                where d.workspace_id = {workspace} and d.pipeline_id = {pipeline_id} and d.status = 0 group by d.stage_id
            )
            select s.id as stage_id, coalesce(g.open_count, 0) as open_count, coalesce(g.open_value, 0) as open_value,
                   coalesce(g.weighted_value, 0) as weighted_value, coalesce(g.stale_count, 0) as stale_count,
                   coalesce(f.entered_count, 0) as entered_count, coalesce(f.left_count, 0) as left_count, f.average_days
            from deals.stage s left join standing g on g.stage_id = s.id left join flow f on f.stage_id = s.id
            where s.workspace_id = {workspace} and s.pipeline_id = {pipeline_id} order by s.position, s.id
            """,
            pipeline_id=pipeline.id,
            since=since,
            ours=sql("d.currency = {currency}", currency=pipeline.currency),
            probability=PROBABILITY,
        ),
        StageRow,
    )


async def _months(tx: ReadTx, pipeline: Pipeline, since: datetime) -> list[MonthRow]:
    return await tx.all(
        sql(
            """
            select date_trunc('month', closed_at at time zone 'UTC')::date as month,
                   count(*) filter (where status = 1) as won_count,
                   coalesce(sum(value) filter (where status = 1 and currency = {currency}), 0)::bigint as won_value,
                   count(*) filter (where status = 2) as lost_count,
                   coalesce(sum(value) filter (where status = 2 and currency = {currency}), 0)::bigint as lost_value
            from deals.deal
            where workspace_id = {workspace} and pipeline_id = {pipeline_id} and closed_at >= {since} and status <> 0
            group by 1 order by 1
            """,
            pipeline_id=pipeline.id,
            currency=pipeline.currency,
            since=since,
        ),
        MonthRow,
    )


async def _reasons(tx: ReadTx, pipeline: Pipeline, since: datetime) -> list[ReasonRow]:
    return await tx.all(
        sql(
            """
            select lost_reason as reason, count(*) as count,
                   coalesce(sum(value) filter (where currency = {currency}), 0)::bigint as value
            from deals.deal
            where workspace_id = {workspace} and pipeline_id = {pipeline_id} and closed_at >= {since} and status = 2
            group by 1 order by 2 desc, 1 limit 20
            """,
            pipeline_id=pipeline.id,
            currency=pipeline.currency,
            since=since,
        ),
        ReasonRow,
    )


async def _owners(tx: ReadTx, pipeline: Pipeline, since: datetime) -> list[OwnerRow]:
    return await tx.all(
        sql(
            """
            select d.owner_id, max(coalesce(nullif(u.name, ''), u.email)) as name,
                   count(*) filter (where d.status = 0) as open_count,
                   coalesce(sum(d.value) filter (where d.status = 0 and {ours}), 0)::bigint as open_value,
                   count(*) filter (where d.status = 1 and d.closed_at >= {since}) as won_count,
                   coalesce(sum(d.value) filter (where d.status = 1 and d.closed_at >= {since} and {ours}), 0)::bigint
                       as won_value,
                   count(*) filter (where d.status = 2 and d.closed_at >= {since}) as lost_count
            from deals.deal d left join identity.user_account u on u.id = d.owner_id
            where d.workspace_id = {workspace} and d.pipeline_id = {pipeline_id}
            group by d.owner_id order by won_value desc, open_value desc, d.owner_id
            """,
            pipeline_id=pipeline.id,
            since=since,
            ours=sql("d.currency = {currency}", currency=pipeline.currency),
        ),
        OwnerRow,
    )
