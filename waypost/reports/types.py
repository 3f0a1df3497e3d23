"""What reports answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the workspace, in UTC."""

    day: date
    sent: int
    opened: int
    clicked: int
    contacts: int


@dataclass(frozen=True, slots=True)
class AutomationState:
    """An automation and how many contacts are in it."""

    id: int
    name: str
    status: str
    active_count: int
    completed_count: int


@dataclass(frozen=True, slots=True)
class RecentFact:
    """A fact with the words a person needs to read it."""

    id: int
    at: datetime
    kind: str
    label: str
    contact_id: int
    contact_name: str
    object_id: int | None
    object_name: str | None


@dataclass(frozen=True, slots=True)
class Dashboard:
    """The start page; rates are shares of sent messages between 0 and 1."""

    contacts_total: int
    contacts_new_30d: int
    messages_sent_30d: int
    opens_30d: int
    clicks_30d: int
    series: list[Day]
    automations: list[AutomationState]
    recent: list[RecentFact]
