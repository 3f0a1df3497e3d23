"""The contact's score is so high. Who was never given points has none, which is zero."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec

from waypost.kernel.errors import Problem
from waypost.kernel.model import Model
from waypost.kernel.registry import Condition, Fact
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import ReadTx
from waypost.scores.facts import ScoreChanged

Points = Annotated[int, msgspec.Meta(ge=-1_000_000_000, le=1_000_000_000)]


class ScoreIs(Model):
    """`value_to` is for "between", both ends included."""

    score_id: Annotated[int, msgspec.Meta(ge=1)]
    value: Points
    operator: Literal["at_least", "at_most", "between"] = "at_least"
    value_to: Points | None = None


def _holds(params: ScoreIs, points: Sql) -> Sql:
    if params.operator == "at_least":
        return sql("{points} >= {value}", points=points, value=params.value)
    if params.operator == "at_most":
        return sql("{points} <= {value}", points=points, value=params.value)
    return sql("{points} between {low} and {high}", points=points, low=params.value, high=params.value_to)


def _holds_for_none(params: ScoreIs) -> bool:
    """Whether zero points are enough: those without a row are then among them."""
    if params.operator == "at_least":
        return params.value <= 0
    return params.value >= 0 if params.operator == "at_most" else params.value <= 0 <= (params.value_to or 0)


def _points(params: ScoreIs, contact_id: Sql) -> Sql:
    return sql(
        """
        coalesce((select t.points from scores.total t where t.workspace_id = {workspace}
                  and t.contact_id = {contact_id} and t.score_id = {score_id}), 0)
        """,
        contact_id=contact_id,
        score_id=params.score_id,
    )


def _predicate(params: ScoreIs, contact_id: Sql) -> Sql:
    return _holds(params, _points(params, contact_id))


def _rows(params: ScoreIs, holds: Sql) -> Sql:
    return sql(
        "select t.contact_id from scores.total t where t.workspace_id = {workspace} and t.score_id = {id} and {holds}",
        id=params.score_id,
        holds=holds,
    )


def _members(params: ScoreIs) -> Sql | None:
    return None if _holds_for_none(params) else _rows(params, _holds(params, sql("t.points")))


def _others(params: ScoreIs) -> Sql | None:
    if not _holds_for_none(params):
        return None
    return _rows(params, sql("not ({holds})", holds=_holds(params, sql("t.points"))))


def _explain(params: ScoreIs, contact_id: Sql) -> Sql:
    return sql("to_jsonb({points})", points=_points(params, contact_id))


def _triggers(params: ScoreIs) -> Sequence[tuple[type[Fact], int | None]]:
    return [(ScoreChanged, params.score_id)]


async def _resolve(tx: ReadTx, many: Sequence[ScoreIs]) -> list[ScoreIs | Problem]:
    rows = await tx.all(sql("select id from scores.score where workspace_id = {workspace} and deleted_at is null"))
    known = {row["id"] for row in rows}
    return [_checked(params, known) for params in many]


def _checked(params: ScoreIs, known: set[int]) -> ScoreIs | Problem:
    if params.score_id not in known:
        return Problem("/score_id", f"There is no score {params.score_id}.", "scores.score_not_found")
    if params.operator == "between" and (params.value_to is None or params.value_to < params.value):
        return Problem("/value_to", "Say up to which number, not below the first.", "scores.range_wrong")
    return params


CONDITIONS = (
    Condition(
        "score",
        "Score",
        "Scores",
        ScoreIs,
        _predicate,
        facts=(ScoreChanged,),
        resolve=_resolve,
        members=_members,
        others=_others,
        explain=_explain,
        triggers=_triggers,
        sentence="has a {score_id} score of {operator} {value}[ and {value_to}]",
    ),
)
