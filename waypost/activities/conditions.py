"""The general condition: did a fact, n times, within a window, with an object; and visits of pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Literal

import msgspec

from waypost.activities.deeds import (
    CountOperator,
    Deeds,
    happened,
    happened_to,
    leaves_window,
    not_happened_to,
    tell,
)
from waypost.activities.facts import PageVisited
from waypost.activities.visits import page_url
from waypost.kernel.errors import Problem
from waypost.kernel.model import Model
from waypost.kernel.registry import Condition, Fact
from waypost.kernel.sql import TRUE, Sql, and_, sql
from waypost.kernel.tx import ReadTx

Days = Annotated[float, msgspec.Meta(gt=0, le=36_500)]
Count = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
Id = Annotated[int, msgspec.Meta(ge=1)]
Word = Annotated[str, msgspec.Meta(min_length=1, max_length=2_000)]


class Did(Model):
    """`object_id` is the tag, list, message … that the fact names; `property` and `value` a detail it carries."""

    fact: str
    object_id: Id | None = None
    operator: CountOperator = "at_least"
    count: Count = 1
    within_days: Days | None = None
    property: Word | None = None
    value: Word | None = None


class VisitedPage(Model):
    """`matches` takes * for anything and ? for one letter."""

    url: Word
    match: Literal["equals", "contains", "matches"] = "equals"
    operator: CountOperator = "at_least"
    count: Count = 1
    within_days: Days | None = None


@dataclass(frozen=True, slots=True)
class DidTest:
    """Checked: the fact is known."""

    fact: type[Fact]
    object_id: int | None
    deeds: Deeds


def has_window(params: Did | VisitedPage) -> bool:
    return params.within_days is not None


def _window(days: float | None) -> timedelta | None:
    return None if days is None else timedelta(days=days)


async def _resolve_did(tx: ReadTx, many: Sequence[Did]) -> list[DidTest | Problem]:
    return [_did(tx.registry.facts.get(params.fact), params) for params in many]


def _did(fact: type[Fact] | None, params: Did) -> DidTest | Problem:
    if fact is None:
        return Problem("/fact", f"There is no fact called {params.fact}.", "activities.fact_unknown")
    if params.object_id is not None and fact.object is None:
        return Problem("/object_id", f"{fact.label} names nothing.", "activities.object_unfit")
    if (params.property is None) != (params.value is None):
        missing = "value" if params.value is None else "property"
        return Problem(f"/{missing}", "A property and its value go together.", "activities.property_unfit")
    where = TRUE if params.object_id is None else sql("f.object_id = {object_id}", object_id=params.object_id)
    if params.property is not None:
        detail = sql("f.data ->> {name} = {value}", name=params.property, value=params.value)
        where = and_(where, detail)
    deeds = Deeds((fact.kind,), where, params.operator, params.count, _window(params.within_days))
    return DidTest(fact, params.object_id, deeds)


async def _resolve_visits(tx: ReadTx, many: Sequence[VisitedPage]) -> list[DidTest | Problem]:
    del tx
    return [_visited(params) for params in many]


def _visited(params: VisitedPage) -> DidTest:
    where = sql("f.object_id = any(array({pages}))", pages=_pages(params))
    deeds = Deeds((PageVisited.kind,), where, params.operator, params.count, _window(params.within_days))
    return DidTest(PageVisited, None, deeds)


def _pages(params: VisitedPage) -> Sql:
    if params.match == "equals":
        test = sql("md5(p.url) = md5({url}) and p.url = {url}", url=page_url(params.url))
    elif params.match == "contains":
        test = sql("strpos(lower(p.url), lower({url})) > 0", url=params.url)
    else:
        escaped = params.url.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        test = sql("lower(p.url) like lower({url})", url=escaped.replace("*", "%").replace("?", "_"))
    return sql("select p.id from activities.page p where p.workspace_id = {workspace} and {test}", test=test)


def _predicate(params: DidTest, contact_id: Sql) -> Sql:
    return happened(params.deeds, contact_id)


def _members(params: DidTest) -> Sql | None:
    return happened_to(params.deeds)


def _others(params: DidTest) -> Sql | None:
    return not_happened_to(params.deeds)


def _due(params: DidTest, contact_id: Sql) -> Sql | None:
    return leaves_window(params.deeds, contact_id)


def _explain(params: DidTest, contact_id: Sql) -> Sql:
    return tell(params.deeds, contact_id)


def _triggers(params: DidTest) -> Sequence[tuple[type[Fact], int | None]]:
    return [(params.fact, params.object_id)]


CONDITIONS = (
    Condition(
        "did",
        "Did something, so many times",
        "Activity",
        Did,
        _predicate,
        time_bound=has_window,
        resolve=_resolve_did,
        members=_members,
        others=_others,
        due=_due,
        explain=_explain,
        triggers=_triggers,
        sentence="{fact}[: {object_id}][ {operator} {count} times][ in the last {within_days} days][, with {property} {value}]",
    ),
    Condition(
        "visited_page",
        "Visited a page",
        "Activity",
        VisitedPage,
        _predicate,
        facts=(PageVisited,),
        time_bound=has_window,
        resolve=_resolve_visits,
        members=_members,
        others=_others,
        due=_due,
        explain=_explain,
        triggers=_triggers,
        sentence="visited a page whose address {match} {url}[ {operator} {count} times][ in the last {within_days} days]",
    ),
)
