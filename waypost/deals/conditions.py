"""The contact has deals that stand so: in a stage, won, worth so much, for so long.

Asked about one contact, the index by contact answers; a set comes from the index by stage or by pipeline. A deal
counts for its primary contact.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec

from waypost.contacts.comparing import least
from waypost.deals.facts import DEAL_FACTS, DealUpdated
from waypost.deals.money import units_sql
from waypost.deals.types import Status
from waypost.kernel.errors import Problem
from waypost.kernel.model import Model
from waypost.kernel.registry import Condition
from waypost.kernel.sql import Sql, and_, sql
from waypost.kernel.tx import ReadTx

Id = Annotated[int, msgspec.Meta(ge=1)]
Days = Annotated[int, msgspec.Meta(ge=1, le=36_500)]
FACTS = (*DEAL_FACTS, DealUpdated)


class HasDeal(Model):
    """Deals that meet everything given are counted. Values are in whole units of the deal's currency."""

    pipeline_id: Id | None = None
    stage_id: Id | None = None
    status: Literal["open", "won", "lost"] | None = None
    owner_id: Id | None = None
    title_contains: Annotated[str, msgspec.Meta(max_length=250)] | None = None
    value_from: float | None = None
    value_to: float | None = None
    created_within_days: Days | None = None
    closed_within_days: Days | None = None
    in_stage_for_days: Days | None = None
    operator: Literal["at_least", "at_most", "exactly"] = "at_least"
    count: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 1


_SPANS: tuple[tuple[str, Sql, str], ...] = (
    ("created_within_days", sql("d.created_at"), "{moment} > {now} - {days} * interval '1 day'"),
    ("closed_within_days", sql("d.closed_at"), "{moment} > {now} - {days} * interval '1 day'"),
    ("in_stage_for_days", sql("d.stage_entered_at"), "{moment} <= {now} - {days} * interval '1 day'"),
)


def _deals(params: HasDeal) -> Sql:
    """The contacts' deals `d` that count."""
    parts = [sql("d.workspace_id = {workspace} and d.contact_id is not null")]
    for name in ("stage_id", "pipeline_id", "owner_id"):
        value = getattr(params, name)
        if value is not None:
            parts.append(sql("{column} = {value}", column=Sql(f"d.{name}"), value=value))
    if params.status is not None:
        parts.append(sql("d.status = {status}::smallint", status=int(Status[params.status.upper()])))
    if params.title_contains:
        parts.append(sql("strpos(lower(d.title), {text}) > 0", text=params.title_contains.lower()))
    for text, value in (
        ("d.value >= {value} * {units}", params.value_from),
        ("d.value <= {value} * {units}", params.value_to),
    ):
        if value is not None:
            parts.append(Sql(text, {"value": float(value), "units": units_sql(sql("d.currency"))}))
    for name, moment, form in _SPANS:
        days = getattr(params, name)
        if days is not None:
            parts.append(Sql(form, {"moment": moment, "days": days}))
    return sql("deals.deal d where {where}", where=and_(*parts))


def _compared(params: HasDeal, count: Sql) -> Sql:
    forms = {"at_least": "{count} >= {wanted}", "at_most": "{count} <= {wanted}", "exactly": "{count} = {wanted}"}
    return Sql(forms[params.operator], {"count": count, "wanted": params.count})


def _counted(params: HasDeal, contact_id: Sql) -> Sql:
    return sql(
        "(select count(*) from {deals} and d.contact_id = {contact_id})", deals=_deals(params), contact_id=contact_id
    )


def _predicate(params: HasDeal, contact_id: Sql) -> Sql:
    if params.operator == "at_least" and params.count == 1:
        return sql(
            "exists (select 1 from {deals} and d.contact_id = {contact_id})",
            deals=_deals(params),
            contact_id=contact_id,
        )
    return _compared(params, _counted(params, contact_id))


def _holders(params: HasDeal, having: Sql) -> Sql:
    return sql(
        "select d.contact_id from {deals} group by d.contact_id having {having}", deals=_deals(params), having=having
    )


def _members(params: HasDeal) -> Sql | None:
    """None where those without any deal are among them."""
    if params.operator == "at_most" or params.count == 0:
        return None
    if params.operator == "at_least" and params.count == 1:
        return sql("select distinct d.contact_id from {deals}", deals=_deals(params))
    return _holders(params, _compared(params, sql("count(*)")))


def _others(params: HasDeal) -> Sql | None:
    if params.operator == "at_most" or (params.operator == "exactly" and params.count == 0):
        return _holders(params, sql("count(*) > {wanted}", wanted=params.count))
    return None


def _is_time_bound(params: HasDeal) -> bool:
    return any(getattr(params, name) is not None for name, _, _ in _SPANS)


def _due(params: HasDeal, contact_id: Sql) -> Sql | None:
    """The first moment at which one of the contact's deals becomes old enough, or too old."""
    moments = [
        sql(
            """
            (select min({moment} + {days} * interval '1 day') from deals.deal d
             where d.workspace_id = {workspace} and d.contact_id = {contact_id}
               and {moment} + {days} * interval '1 day' > {now})
            """,
            moment=moment,
            days=getattr(params, name),
            contact_id=contact_id,
        )
        for name, moment, _ in _SPANS
        if getattr(params, name) is not None
    ]
    return least(moments) if moments else None


def _explain(params: HasDeal, contact_id: Sql) -> Sql:
    return sql("jsonb_build_object('count', {count})", count=_counted(params, contact_id))


async def _resolve(tx: ReadTx, many: Sequence[HasDeal]) -> list[HasDeal | Problem]:
    """A stage or pipeline that is gone is a mistake, and so is a stage of another pipeline."""
    rows = await tx.all(
        sql(
            """
            select p.id as pipeline_id, s.id as stage_id from deals.pipeline p
            left join deals.stage s on s.workspace_id = p.workspace_id and s.pipeline_id = p.id
            where p.workspace_id = {workspace}
            """
        )
    )
    stages = {row["stage_id"]: row["pipeline_id"] for row in rows}
    pipelines = {row["pipeline_id"] for row in rows}
    return [_checked(params, stages, pipelines) for params in many]


def _checked(params: HasDeal, stages: dict[int, int], pipelines: set[int]) -> HasDeal | Problem:
    if params.pipeline_id is not None and params.pipeline_id not in pipelines:
        return Problem("/pipeline_id", f"There is no pipeline {params.pipeline_id}.", "deals.pipeline_not_found")
    if params.stage_id is not None and params.stage_id not in stages:
        return Problem("/stage_id", f"There is no stage {params.stage_id}.", "deals.stage_not_found")
    if params.stage_id is not None and params.pipeline_id not in (None, stages[params.stage_id]):
        return Problem("/stage_id", "The stage is not in that pipeline.", "deals.stage_elsewhere")
    return params


CONDITIONS = (
    Condition(
        "has_deal",
        "Has deals",
        "Deals",
        HasDeal,
        _predicate,
        facts=FACTS,
        time_bound=_is_time_bound,
        resolve=_resolve,
        members=_members,
        others=_others,
        due=_due,
        explain=_explain,
        sentence=(
            "has {operator} {count} [{status} ]deals[ in pipeline {pipeline_id}][ in stage {stage_id}]"
            "[ of {owner_id}][ called like {title_contains}][ worth at least {value_from}][ worth at most {value_to}]"
            "[, added in the last {created_within_days} days][, closed in the last {closed_within_days} days]"
            "[, for at least {in_stage_for_days} days in their stage]"
        ),
    ),
)
