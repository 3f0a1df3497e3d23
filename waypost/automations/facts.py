"""What automations can say happened to a contact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from waypost.automations.types import ExitReason
from waypost.kernel.registry import Fact


@dataclass(frozen=True, slots=True)
class AutomationEntered(Fact):
    kind: ClassVar[int] = 300
    name: ClassVar[str] = "automation_entered"
    label: ClassVar[str] = "Enters an automation"
    object: ClassVar[str | None] = "automation_id"
    picker: ClassVar[str | None] = "automation"
    is_trigger: ClassVar[bool] = True

    automation_id: int


@dataclass(frozen=True, slots=True)
class AutomationCompleted(Fact):
    kind: ClassVar[int] = 301
    name: ClassVar[str] = "automation_completed"
    label: ClassVar[str] = "Completes an automation"
    object: ClassVar[str | None] = "automation_id"
    picker: ClassVar[str | None] = "automation"
    is_trigger: ClassVar[bool] = True

    automation_id: int


@dataclass(frozen=True, slots=True)
class AutomationExited(Fact):
    kind: ClassVar[int] = 302
    name: ClassVar[str] = "automation_exited"
    label: ClassVar[str] = "Is taken out of an automation"
    object: ClassVar[str | None] = "automation_id"
    picker: ClassVar[str | None] = "automation"

    automation_id: int
    reason: ExitReason


@dataclass(frozen=True, slots=True)
class GoalReached(Fact):
    """By a jump, or by coming to it and meeting it there."""

    kind: ClassVar[int] = 304
    name: ClassVar[str] = "goal_reached"
    label: ClassVar[str] = "Reaches a goal of an automation"
    object: ClassVar[str | None] = "automation_id"
    picker: ClassVar[str | None] = "automation"
    is_trigger: ClassVar[bool] = True

    automation_id: int
    step_id: str
    goal: str


@dataclass(frozen=True, slots=True)
class GoalSkipped(Fact):
    """Passed without meeting it."""

    kind: ClassVar[int] = 305
    name: ClassVar[str] = "goal_skipped"
    label: ClassVar[str] = "Misses a goal of an automation"
    object: ClassVar[str | None] = "automation_id"
    picker: ClassVar[str | None] = "automation"
    is_trigger: ClassVar[bool] = True

    automation_id: int
    step_id: str
    goal: str


@dataclass(frozen=True, slots=True)
class StepParked(Fact):
    kind: ClassVar[int] = 303
    name: ClassVar[str] = "step_parked"
    label: ClassVar[str] = "Is held at a step by an error"
    object: ClassVar[str | None] = "automation_id"
    picker: ClassVar[str | None] = "automation"

    automation_id: int
    step_id: str
    error: str


@dataclass(frozen=True, slots=True)
class LoopEnded(Fact):
    """Went round as often as the go-to step allows."""

    kind: ClassVar[int] = 320
    name: ClassVar[str] = "loop_ended"
    label: ClassVar[str] = "Comes to the end of a loop"
    object: ClassVar[str | None] = "automation_id"
    picker: ClassVar[str | None] = "automation"

    automation_id: int
    step_id: str


@dataclass(frozen=True, slots=True)
class WebhookAnswered(Fact):
    """Another server has answered a call about the contact."""

    kind: ClassVar[int] = 321
    name: ClassVar[str] = "webhook_answered"
    label: ClassVar[str] = "Webhook is answered"
    object: ClassVar[str | None] = "automation_id"
    picker: ClassVar[str | None] = "automation"
    is_trigger: ClassVar[bool] = True

    automation_id: int
    step_id: str
    status: int


@dataclass(frozen=True, slots=True)
class WebhookFailed(Fact):
    """A call about the contact was given up."""

    kind: ClassVar[int] = 322
    name: ClassVar[str] = "webhook_failed"
    label: ClassVar[str] = "Webhook fails"
    object: ClassVar[str | None] = "automation_id"
    picker: ClassVar[str | None] = "automation"
    is_trigger: ClassVar[bool] = True

    automation_id: int
    step_id: str
    error: str


FACTS: tuple[type[Fact], ...] = (
    AutomationEntered,
    AutomationCompleted,
    AutomationExited,
    StepParked,
    GoalReached,
    GoalSkipped,
    LoopEnded,
    WebhookAnswered,
    WebhookFailed,
)
