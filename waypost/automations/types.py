"""Rows of automations and their enrolments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any, Literal


class Status(IntEnum):
    """Whether contacts may enter and move."""

    DRAFT = 0
    ACTIVE = 1
    PAUSED = 2


ExitReason = Literal["exit_rule", "by_hand", "other_automation", "restarted", "published", "merged", "deleted"]
"""Why a run ended before its end."""


class State(IntEnum):
    """Where one run stands; DUE, WAITING and PARKED are inside the automation."""

    DUE = 0
    WAITING = 1
    COMPLETED = 2
    PARKED = 3
    EXITED = 4


@dataclass(frozen=True, slots=True)
class Automation:
    """An automation with the document being edited."""

    id: int
    name: str
    status: Status
    document: dict[str, Any]
    revision: int
    version_id: int | None
    published_revision: int | None
    paused_at: datetime | None
    created_at: datetime
    updated_at: datetime
    entered: int
    here: int
    completed: int
    exited: int
    parked: int

    @property
    def active(self) -> int:
        """Inside and moving or waiting."""
        return self.here - self.parked


@dataclass(frozen=True, slots=True)
class Version:
    """A published version; `inside` is how many contacts are on it now."""

    id: int
    number: int
    revision: int
    published_by: int | None
    published_by_name: str | None
    note: str
    created_at: datetime
    inside: int
    document: dict[str, Any]


@dataclass(frozen=True, slots=True)
class StepCount:
    """How many stand on a step and how many have left it."""

    step_id: str
    here: int
    passed: int
    completed: int
    exited: int
    parked: int


@dataclass(frozen=True, slots=True)
class Enrollment:
    """One run of one contact, with the names needed to show it."""

    id: int
    automation_id: int
    automation_name: str
    version_id: int
    contact_id: int
    email: str | None
    first_name: str
    last_name: str
    trigger_id: str
    step_id: str
    state: State
    due_at: datetime | None
    entered_at: datetime
    finished_at: datetime | None
    error: str | None


@dataclass(frozen=True, slots=True)
class PathStep:
    """One step a run has left, and by which exit ("" is the ordinary one)."""

    at: datetime
    step_id: str
    type: str
    outcome: str


@dataclass(frozen=True, slots=True)
class StepProblem:
    """Something that keeps a document from being published; step_id is "" for the document itself."""

    step_id: str
    message: str
    field: str = ""
    code: str = "invalid"
