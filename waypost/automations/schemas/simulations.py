"""Bodies of test runs and dry runs."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

import msgspec

from waypost.automations.dry_run import DryRun
from waypost.automations.simulate_types import Trace
from waypost.kernel.model import Out
from waypost.segments.explain import Part


class SimulatedMail(Out):
    """`reason` says why it would not be sent."""

    message_id: int
    subject: str
    html: str
    text: str
    reason: str | None


class SimulatedVisit(Out):
    """`event` is the number of the event during which it happened; `outcome` is null while it stands there."""

    at: datetime
    event: int
    step_id: str
    type: str
    conditions: list[Part]
    outcome: str | None
    left_at: datetime | None
    mails: list[SimulatedMail]


class SimulatedFact(Out):
    at: datetime
    event: int
    name: str
    object_id: int | None
    data: dict[str, Any] | None


class SimulationOut(Out):
    """What would happen. Send `starts_at` and `choices` back with more events to go on."""

    starts_at: datetime
    now: datetime
    state: str
    step_id: str | None
    due_at: datetime | None
    error: str | None
    waits_for: Part | None
    trigger_id: str | None
    visits: list[SimulatedVisit]
    facts: list[SimulatedFact]
    trail: list[str]
    choices: dict[str, str]

    @classmethod
    def of(cls, trace: Trace) -> SimulationOut:
        return msgspec.convert(asdict(trace), cls, from_attributes=True)


class DryRunMails(Out):
    """What a step would have sent; `refused` counts by reason."""

    step_id: str
    message_id: int
    sent: int
    refused: dict[str, int]


class DryRunDay(Out):
    date: str
    entered: int
    mails: int


class DryRunStep(Out):
    step_id: str
    here: int
    passed: int
    completed: int
    exited: int
    parked: int


class DryRunOut(Out):
    """What would have happened. `is_complete` is false where it ended early, at `ends_at`; `crowded` are contacts
    to whom others did write within a day of one of these mails.
    """

    starts_at: datetime
    ends_at: datetime
    is_complete: bool
    entered: int
    contacts: int
    inside: int
    completed: int
    left: int
    parked: int
    by_trigger: dict[str, int]
    steps: list[DryRunStep]
    mails: list[DryRunMails]
    crowded: int
    days: list[DryRunDay]

    @classmethod
    def of(cls, found: DryRun) -> DryRunOut:
        return msgspec.convert(asdict(found), cls, from_attributes=True)
