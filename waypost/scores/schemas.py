"""Bodies of the routes of scores."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from waypost.kernel.model import Model, Out
from waypost.scores.types import Award, Bar, ContactScore, Rule, Score

Id = Annotated[int, msgspec.Meta(ge=1)]
Short = Annotated[str, msgspec.Meta(max_length=250)]
Text = Annotated[str, msgspec.Meta(max_length=2_000)]
Points = Annotated[int, msgspec.Meta(ge=-1_000_000, le=1_000_000)]
Days = Annotated[int, msgspec.Meta(ge=1, le=36_500)]


def _given(body: msgspec.Struct) -> dict[str, Any]:
    found = {name: getattr(body, name) for name in body.__struct_fields__}
    return {name: value for name, value in found.items() if value is not UNSET}


class ScoreBody(Model):
    name: Short
    description: Text = ""


class ScorePatch(Model):
    name: Short | UnsetType = UNSET
    description: Text | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET

    def changes(self) -> dict[str, Any]:
        return _given(self)


class ScoreList(Out):
    items: list[Score]
    total: int


class ScoreOut(Out):
    score: Score
    rules: list[Rule]
    bars: list[Bar]


class RuleBody(Model):
    """Without `lasts_days` the points stay."""

    condition: dict[str, Any]
    points: Points
    lasts_days: Days | None = None


class RulePatch(Model):
    condition: dict[str, Any] | UnsetType = UNSET
    points: Points | UnsetType = UNSET
    lasts_days: Days | None | UnsetType = UNSET

    def changes(self) -> dict[str, Any]:
        return _given(self)


class AdjustBody(Model):
    """So many points more or less, or up or down to the number with `is_target`."""

    contact_ids: Annotated[list[Id], msgspec.Meta(min_length=1, max_length=10_000)]
    points: Points
    is_target: bool = False
    reason: Short = ""


class Changed(Out):
    changed: int


class ContactScoreList(Out):
    items: list[ContactScore]
    total: int


class AwardList(Out):
    items: list[Award]
    next: str | None = None
