"""Bodies of the report."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from waypost.automations.report import Report
from waypost.kernel.model import Out


class DayOut(Out):
    """A day, by UTC."""

    day: date
    entered: int
    completed: int
    exited: int
    goals: int


class ExitOut(Out):
    """How many left before the end, and why."""

    reason: str
    count: int


class GoalOut(Out):
    """`rate` is the share of those who entered in the same days."""

    step_id: str
    name: str
    reached: int
    rate: float
    average_seconds: int | None


class StepOut(Out):
    """Figures since the beginning; `share` is the part of all who entered that came to the step."""

    step_id: str
    type: str
    here: int
    passed: int
    parked: int
    exited: int
    share: float


class MessageOut(Out):
    """What became of the messages of a step, since the beginning."""

    step_id: str
    message_id: int
    name: str
    sent: int
    opened: int
    clicked: int
    bounced: int
    not_sent: int


class ReportOut(Out):
    """The days asked for; `active` and `parked` are now."""

    automation_id: int
    entered: int
    completed: int
    exited: int
    active: int
    parked: int
    average_seconds: int | None
    days: list[DayOut]
    exits: list[ExitOut]
    goals: list[GoalOut]
    steps: list[StepOut]
    messages: list[MessageOut]

    @classmethod
    def of(cls, report: Report) -> ReportOut:
        return cls(
            automation_id=report.automation.id,
            entered=report.entered,
            completed=report.completed,
            exited=report.exited,
            active=report.automation.active,
            parked=report.automation.parked,
            average_seconds=report.average_seconds,
            days=[DayOut(**asdict(item)) for item in report.days],
            exits=[ExitOut(**asdict(item)) for item in report.exits],
            goals=[GoalOut(**asdict(item)) for item in report.goals],
            steps=[StepOut(**asdict(item)) for item in report.steps],
            messages=[MessageOut(**asdict(item)) for item in report.messages],
        )
