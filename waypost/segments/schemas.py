"""Bodies of the segment routes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from waypost.contacts.queries.contacts import SortName
from waypost.kernel.model import Model, Out
from waypost.segments.history import Membership, Movement
from waypost.segments.queries import Trial
from waypost.segments.types import Segment, State
from waypost.segments.views import View


class SegmentIn(Model):
    """A new segment."""

    name: str
    condition: dict[str, Any]


class SegmentChange(Model):
    """What is left out stays."""

    name: str | None = None
    condition: dict[str, Any] | None = None


class SegmentOut(Out):
    """A saved segment. `description` is its condition in words; `count` is how many are in it as of `evaluated_at`, exact while `state` is current."""

    id: int
    name: str
    condition: dict[str, Any]
    description: str
    created_at: datetime
    updated_at: datetime
    state: State
    count: int
    evaluated_at: datetime | None
    progress: float
    error: str | None

    @classmethod
    def of(cls, segment: Segment, description: str) -> SegmentOut:
        return cls(
            id=segment.id,
            name=segment.name,
            condition=segment.condition,
            description=description,
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


class ExplainIn(Model):
    """Either a saved segment or a condition, and the contact in question."""

    contact_id: Annotated[int, msgspec.Meta(ge=1)]
    segment_id: int | None = None
    condition: dict[str, Any] | None = None


class MovementList(Out):
    """A page of who came and went."""

    items: list[Movement]
    next: str | None
    total: int | None = None


class MembershipList(Out):
    """The segments of a contact."""

    items: list[Membership]
    next: str | None = None
    total: int | None = None


Column = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
Columns = Annotated[list[Column], msgspec.Meta(max_length=100)]
ViewName = Annotated[str, msgspec.Meta(max_length=200)]


class ViewIn(Model):
    """A new view, owned by who makes it."""

    name: ViewName
    columns: Columns = []
    sort: SortName = "-created_at"
    search: str = ""
    condition: dict[str, Any] | None = None
    is_shared: bool = False


class ViewChange(Model):
    """What is left out stays; a condition of null takes it away."""

    name: ViewName | UnsetType = UNSET
    columns: Columns | UnsetType = UNSET
    sort: SortName | UnsetType = UNSET
    search: str | UnsetType = UNSET
    condition: dict[str, Any] | None | UnsetType = UNSET
    is_shared: bool | UnsetType = UNSET

    def applied(self, view: View) -> View:
        given = {name: value for name in self.__struct_fields__ if (value := getattr(self, name)) is not UNSET}
        return replace(view, **given)


class ViewList(Out):
    """The views a person may choose from."""

    items: list[View]
    next: str | None = None
    total: int | None = None
