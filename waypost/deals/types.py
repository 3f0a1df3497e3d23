"""Rows of deals."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum
from typing import Any, Literal

StatusName = Literal["open", "won", "lost"]
TaskType = Literal["call", "email", "meeting", "to_do"]
TASK_TYPES: tuple[TaskType, ...] = ("call", "email", "meeting", "to_do")


class Status(IntEnum):
    """How a deal stands."""

    OPEN = 0
    WON = 1
    LOST = 2

    @property
    def word(self) -> StatusName:
        words: tuple[StatusName, ...] = ("open", "won", "lost")
        return words[self]


@dataclass(frozen=True, slots=True)
class Stage:
    """`probability` is percent; without news for `stale_days` a deal in it is stale."""

    id: int
    pipeline_id: int
    name: str
    color: str
    probability: int
    stale_days: int | None
    position: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Pipeline:
    """`currency` is what new deals are in unless they say otherwise (ISO 4217)."""

    id: int
    name: str
    currency: str
    position: int
    created_at: datetime
    updated_at: datetime
    stages: list[Stage] = field(default_factory=list[Stage])


@dataclass(frozen=True, slots=True)
class NextTask:
    """The open task that is due first."""

    id: int
    type: str
    title: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Deal:
    """`value` is in the currency's smallest unit; `win_probability` is percent: the deal's own or its stage's."""

    id: int
    title: str
    value: int
    currency: str
    contact_id: int | None
    contact_name: str
    contact_email: str | None
    company_id: int | None
    company_name: str | None
    owner_id: int | None
    owner_name: str | None
    pipeline_id: int
    stage_id: int
    status: StatusName
    lost_reason: str
    description: str
    probability: int | None
    win_probability: int
    expected_on: date | None
    fields: dict[str, Any]
    is_stale: bool
    next_task: NextTask | None
    stage_entered_at: datetime
    closed_at: datetime | None
    touched_at: datetime
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Participant:
    """A further contact of a deal."""

    id: int
    deal_id: int
    contact_id: int
    contact_name: str
    contact_email: str | None
    role: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DealEvent:
    """Something that happened to a deal."""

    id: int
    at: datetime
    kind: str
    data: dict[str, Any] | None
    actor_kind: str
    actor_id: int | None


@dataclass(frozen=True, slots=True)
class DealNote:
    id: int
    deal_id: int
    body: str
    author_id: int | None
    author_name: str | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do about a deal or a contact."""

    id: int
    deal_id: int | None
    deal_title: str | None
    contact_id: int | None
    contact_name: str
    type: TaskType
    title: str
    note: str
    due_at: datetime
    assignee_id: int | None
    assignee_name: str | None
    done_at: datetime | None
    outcome: str
    created_at: datetime
    updated_at: datetime
