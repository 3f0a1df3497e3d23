"""What can happen to a contact's deals. The log of the deal's primary contact hears of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from waypost.kernel.registry import Fact


@dataclass(frozen=True, slots=True)
class DealAdded(Fact):
    kind: ClassVar[int] = 400
    name: ClassVar[str] = "deal_added"
    label: ClassVar[str] = "Deal is added"
    object: ClassVar[str | None] = "pipeline_id"
    picker: ClassVar[str | None] = "pipeline"
    is_trigger: ClassVar[bool] = True
    pipeline_id: int
    deal_id: int
    stage_id: int


@dataclass(frozen=True, slots=True)
class DealStageChanged(Fact):
    """`old` is the stage it was in."""

    kind: ClassVar[int] = 401
    name: ClassVar[str] = "deal_stage_changed"
    label: ClassVar[str] = "Deal's stage changes"
    object: ClassVar[str | None] = "stage_id"
    picker: ClassVar[str | None] = "stage"
    is_trigger: ClassVar[bool] = True
    stage_id: int
    deal_id: int
    old: int


@dataclass(frozen=True, slots=True)
class DealWon(Fact):
    kind: ClassVar[int] = 402
    name: ClassVar[str] = "deal_won"
    label: ClassVar[str] = "Deal is won"
    object: ClassVar[str | None] = "pipeline_id"
    picker: ClassVar[str | None] = "pipeline"
    is_trigger: ClassVar[bool] = True
    pipeline_id: int
    deal_id: int


@dataclass(frozen=True, slots=True)
class DealLost(Fact):
    kind: ClassVar[int] = 403
    name: ClassVar[str] = "deal_lost"
    label: ClassVar[str] = "Deal is lost"
    object: ClassVar[str | None] = "pipeline_id"
    picker: ClassVar[str | None] = "pipeline"
    is_trigger: ClassVar[bool] = True
    pipeline_id: int
    deal_id: int
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class DealReopened(Fact):
    kind: ClassVar[int] = 404
    name: ClassVar[str] = "deal_reopened"
    label: ClassVar[str] = "Deal is opened again"
    object: ClassVar[str | None] = "pipeline_id"
    picker: ClassVar[str | None] = "pipeline"
    is_trigger: ClassVar[bool] = True
    pipeline_id: int
    deal_id: int


@dataclass(frozen=True, slots=True)
class DealValueChanged(Fact):
    """In the currency's smallest unit."""

    kind: ClassVar[int] = 405
    name: ClassVar[str] = "deal_value_changed"
    label: ClassVar[str] = "Deal's value changes"
    object: ClassVar[str | None] = "pipeline_id"
    picker: ClassVar[str | None] = "pipeline"
    is_trigger: ClassVar[bool] = True
    pipeline_id: int
    deal_id: int
    old: int
    new: int


@dataclass(frozen=True, slots=True)
class DealOwnerChanged(Fact):
    kind: ClassVar[int] = 406
    name: ClassVar[str] = "deal_owner_changed"
    label: ClassVar[str] = "Deal's owner changes"
    object: ClassVar[str | None] = "pipeline_id"
    picker: ClassVar[str | None] = "pipeline"
    is_trigger: ClassVar[bool] = True
    pipeline_id: int
    deal_id: int
    old: int | None = None
    new: int | None = None


@dataclass(frozen=True, slots=True)
class DealFieldChanged(Fact):
    kind: ClassVar[int] = 407
    name: ClassVar[str] = "deal_field_changed"
    label: ClassVar[str] = "Deal's field changes"
    object: ClassVar[str | None] = "deal_field_id"
    picker: ClassVar[str | None] = "deal_field"
    is_trigger: ClassVar[bool] = True
    deal_field_id: int
    deal_id: int
    old: object = None
    new: object = None


@dataclass(frozen=True, slots=True)
class DealDeleted(Fact):
    """Of an open, won or lost deal, or of its contact, who has it no more."""

    kind: ClassVar[int] = 408
    name: ClassVar[str] = "deal_deleted"
    label: ClassVar[str] = "Deal is deleted"
    object: ClassVar[str | None] = "pipeline_id"
    pipeline_id: int
    deal_id: int


@dataclass(frozen=True, slots=True)
class DealUpdated(Fact):
    """Anything else about it changed, or it came to another contact: both hear of it."""

    kind: ClassVar[int] = 409
    name: ClassVar[str] = "deal_updated"
    label: ClassVar[str] = "Deal's details change"
    object: ClassVar[str | None] = "pipeline_id"
    pipeline_id: int
    deal_id: int


@dataclass(frozen=True, slots=True)
class TaskAdded(Fact):
    kind: ClassVar[int] = 410
    name: ClassVar[str] = "task_added"
    label: ClassVar[str] = "Task is added"
    object: ClassVar[str | None] = "task_id"
    is_trigger: ClassVar[bool] = True
    task_id: int
    type: str
    deal_id: int | None = None


@dataclass(frozen=True, slots=True)
class TaskDone(Fact):
    kind: ClassVar[int] = 411
    name: ClassVar[str] = "task_done"
    label: ClassVar[str] = "Task is done"
    object: ClassVar[str | None] = "task_id"
    is_trigger: ClassVar[bool] = True
    task_id: int
    type: str
    deal_id: int | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class DealNoteAdded(Fact):
    kind: ClassVar[int] = 412
    name: ClassVar[str] = "deal_note_added"
    label: ClassVar[str] = "Note is added to a deal"
    object: ClassVar[str | None] = "deal_id"
    is_trigger: ClassVar[bool] = True
    deal_id: int


FACTS = (
    DealAdded,
    DealStageChanged,
    DealWon,
    DealLost,
    DealReopened,
    DealValueChanged,
    DealOwnerChanged,
    DealFieldChanged,
    DealDeleted,
    DealUpdated,
    TaskAdded,
    TaskDone,
    DealNoteAdded,
)
DEAL_FACTS = (
    DealAdded,
    DealStageChanged,
    DealWon,
    DealLost,
    DealReopened,
    DealValueChanged,
    DealOwnerChanged,
    DealDeleted,
)
"""After these a question about a contact's deals may have another answer."""
