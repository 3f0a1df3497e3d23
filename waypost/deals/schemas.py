"""Bodies of the routes of deals."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from waypost.contacts.types import FieldType, RowField
from waypost.deals.actions.changing import DealChange
from waypost.deals.actions.deals import NewDeal
from waypost.deals.actions.tasks import NewTask
from waypost.deals.queries.deals import Column
from waypost.deals.queries.reports import OwnerRow, Report
from waypost.deals.types import Deal, DealEvent, DealNote, Participant, Pipeline, Status, StatusName, Task, TaskType
from waypost.kernel.model import Model, Out

Id = Annotated[int, msgspec.Meta(ge=1)]
Short = Annotated[str, msgspec.Meta(max_length=250)]
Text = Annotated[str, msgspec.Meta(max_length=20_000)]
Value = Annotated[int, msgspec.Meta(ge=-(2**53), le=2**53)]
Percent = Annotated[int, msgspec.Meta(ge=0, le=100)]
Color = Annotated[str, msgspec.Meta(pattern="^#[0-9a-fA-F]{6}$")]
StaleDays = Annotated[int, msgspec.Meta(ge=1, le=3_650)]
Currency = Annotated[str, msgspec.Meta(max_length=20)]
Position = Annotated[int, msgspec.Meta(ge=1, le=10_000)]
Values = Annotated[dict[int, str | int | float | bool | list[str] | None], msgspec.Meta(max_length=200)]


def _given(body: msgspec.Struct) -> dict[str, Any]:
    """What was sent."""
    found = {name: getattr(body, name) for name in body.__struct_fields__}
    return {name: value for name, value in found.items() if value is not UNSET}


class StageBody(Model):
    name: Short
    color: Color | UnsetType = UNSET
    probability: Percent = 50
    stale_days: StaleDays | None = None
    position: Position | UnsetType = UNSET

    def values(self) -> dict[str, Any]:
        return _given(self)


class StagePatch(Model):
    name: Short | UnsetType = UNSET
    color: Color | UnsetType = UNSET
    probability: Percent | UnsetType = UNSET
    stale_days: StaleDays | None | UnsetType = UNSET
    position: Position | UnsetType = UNSET

    def changes(self) -> dict[str, Any]:
        return _given(self)


class PipelineBody(Model):
    """Without stages it begins with three."""

    name: Short
    currency: Currency = "USD"
    stages: Annotated[list[StageBody], msgspec.Meta(min_length=1, max_length=50)] | None = None


class PipelinePatch(Model):
    name: Short | UnsetType = UNSET
    currency: Currency | UnsetType = UNSET
    position: Position | UnsetType = UNSET

    def changes(self) -> dict[str, Any]:
        return _given(self)


class StageOrder(Model):
    stage_ids: Annotated[list[Id], msgspec.Meta(max_length=100)]


class PipelineList(Out):
    items: list[Pipeline]
    total: int


class DealBody(Model):
    """`value` is in the currency's smallest unit."""

    title: Short
    value: Value = 0
    currency: Currency | None = None
    contact_id: Id | None = None
    company_id: Id | None = None
    owner_id: Id | None = None
    pipeline_id: Id | None = None
    stage_id: Id | None = None
    status: StatusName = "open"
    lost_reason: Short = ""
    description: Text = ""
    probability: Percent | None = None
    expected_on: date | None = None
    fields: Values = {}

    def new(self) -> NewDeal:
        given = _given(self)
        given["status"] = Status[self.status.upper()]
        return NewDeal(**given)


class DealPatch(Model):
    """What is not named stays; null clears. `fields` adds to what is there."""

    title: Short | UnsetType = UNSET
    value: Value | UnsetType = UNSET
    currency: Currency | UnsetType = UNSET
    contact_id: Id | None | UnsetType = UNSET
    company_id: Id | None | UnsetType = UNSET
    owner_id: Id | None | UnsetType = UNSET
    stage_id: Id | UnsetType = UNSET
    status: StatusName | UnsetType = UNSET
    lost_reason: Short | UnsetType = UNSET
    description: Text | UnsetType = UNSET
    probability: Percent | None | UnsetType = UNSET
    expected_on: date | None | UnsetType = UNSET
    fields: Values | UnsetType = UNSET

    def change(self) -> DealChange:
        given = _given(self)
        if "status" in given:
            given["status"] = Status[given["status"].upper()]
        return DealChange(**given)


class DealsPatch(Model):
    """One change for many deals."""

    deal_ids: Annotated[list[Id], msgspec.Meta(min_length=1, max_length=10_000)]
    owner_id: Id | None | UnsetType = UNSET
    stage_id: Id | UnsetType = UNSET
    status: StatusName | UnsetType = UNSET
    lost_reason: Short | UnsetType = UNSET
    expected_on: date | None | UnsetType = UNSET

    def change(self) -> DealChange:
        given = _given(self)
        del given["deal_ids"]
        if "status" in given:
            given["status"] = Status[given["status"].upper()]
        return DealChange(**given)


class DealIds(Model):
    deal_ids: Annotated[list[Id], msgspec.Meta(min_length=1, max_length=10_000)]


class Move(Model):
    """Above the deal `before_id`; at the end without one."""

    stage_id: Id
    before_id: Id | None = None


class DealList(Out):
    items: list[Deal]
    next: str | None = None
    total: int | None = None


class Board(Out):
    pipeline: Pipeline
    columns: list[Column]


class EventList(Out):
    items: list[DealEvent]
    next: str | None = None


class ParticipantBody(Model):
    contact_id: Id
    role: Short = ""


class ParticipantList(Out):
    items: list[Participant]
    total: int


class NoteBody(Model):
    body: str


class NoteList(Out):
    items: list[DealNote]
    total: int


class FieldBody(Model):
    name: Short
    type: FieldType = "text"
    options: Annotated[list[Short], msgspec.Meta(max_length=500)] = []
    default_value: str | int | float | list[str] | None = None
    is_required: bool = False
    is_visible: bool = True


class FieldPatch(Model):
    name: Short | UnsetType = UNSET
    options: Annotated[list[Short], msgspec.Meta(max_length=500)] | UnsetType = UNSET
    default_value: str | int | float | list[str] | None | UnsetType = UNSET
    is_required: bool | UnsetType = UNSET
    is_visible: bool | UnsetType = UNSET
    position: Position | UnsetType = UNSET

    def changes(self) -> dict[str, Any]:
        return _given(self)


class FieldList(Out):
    items: list[RowField]
    total: int


class TaskBody(Model):
    title: Short
    due_at: datetime
    type: TaskType = "to_do"
    note: Text = ""
    assignee_id: Id | None = None
    deal_id: Id | None = None
    contact_id: Id | None = None

    def new(self) -> NewTask:
        return NewTask(**_given(self))


class TaskPatch(Model):
    """`is_done` finishes the task with the outcome, or opens it again."""

    title: Short | UnsetType = UNSET
    due_at: datetime | UnsetType = UNSET
    type: TaskType | UnsetType = UNSET
    note: Text | UnsetType = UNSET
    assignee_id: Id | None | UnsetType = UNSET
    is_done: bool | UnsetType = UNSET
    outcome: Short = ""

    def changes(self) -> dict[str, Any]:
        return {name: value for name, value in _given(self).items() if name not in ("is_done", "outcome")}


class TaskList(Out):
    items: list[Task]
    next: str | None = None
    total: int | None = None


class ReportOut(Out):
    """What happened in a span of days, and how the pipeline stands now."""

    report: Report
    owners: list[OwnerRow]


class Changed(Out):
    changed: int
