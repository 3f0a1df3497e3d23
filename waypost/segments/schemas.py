"""Bodies of the segment routes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec

from waypost.contacts.queries.contacts import SortName
from waypost.kernel.model import Model, Out
from waypost.segments.queries import Trial
from waypost.segments.types import Segment, State


class SegmentIn(Model):
    """A new segment."""

    name: str
    condition: dict[str, Any]


class SegmentChange(Model):
    """What is left out stays."""

    name: str | None = None
    condition: dict[str, Any] | None = None


class SegmentOut(Out):
    """A saved segment; `count` is how many are in it as of `evaluated_at`, exact while `state` is current."""

    id: int
    name: str
    condition: dict[str, Any]
    created_at: datetime
    updated_at: datetime
    state: State
    count: int
    evaluated_at: datetime | None
    progress: float
    error: str | None

    @classmethod
    def of(cls, segment: Segment) -> SegmentOut:
        return cls(
            id=segment.id,
            name=segment.name,
            condition=segment.condition,
            created_at=segment.created_at,
            updated_at=segment.updated_at,
            state=segment.state,
            count=segment.member_count,
            evaluated_at=segment.evaluated_at,
            progress=segment.progress,
            error=segment.error,
        )


class SegmentList(Out):
    """A page of segments."""

    items: list[SegmentOut]
    next: str | None
    total: int | None


class CountIn(Model):
    """A condition to try."""

    condition: dict[str, Any]


class SampleOut(Out):
    """One of those who match."""

    id: int
    email: str | None
    first_name: str
    last_name: str


class CountOut(Out):
    """How many match, a few of them, and how they were found."""

    count: int
    sample: list[SampleOut]
    milliseconds: float
    plan: list[str]

    @classmethod
    def of(cls, trial: Trial) -> CountOut:
        sample = [
            SampleOut(id=c.id, email=c.email, first_name=c.first_name, last_name=c.last_name) for c in trial.sample
        ]
        return cls(count=trial.count, sample=sample, milliseconds=trial.milliseconds, plan=trial.plan)


class PlanOut(Out):
    """How the members are found, and about how many they are."""

    plan: list[str]
    estimate: int


class FilterIn(Model):
    """A page of the contacts who meet a condition that need not be saved."""

    condition: dict[str, Any]
    search: str = ""
    sort: SortName = "-created_at"
    limit: Annotated[int, msgspec.Meta(ge=1, le=500)] = 100
    after: str | None = None
