"""What a test run is asked and what it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from waypost.automations.graph import AutomationDocument
from waypost.kernel.model import Model
from waypost.segments.explain import Part

MOST_EVENTS = 200
LONGEST_DAYS = 400
Id = Annotated[int, msgspec.Meta(ge=1)]
EventType = Literal[
    "advance", "next", "add_tag", "remove_tag", "subscribe", "unsubscribe", "set_field", "fact",
]  # fmt: skip


class MadeUpContact(Model):
    """Somebody who exists for the length of a test run."""

    email: Annotated[str, msgspec.Meta(max_length=254)] = "test-run@example.com"
    first_name: Annotated[str, msgspec.Meta(max_length=200)] = ""
    last_name: Annotated[str, msgspec.Meta(max_length=200)] = ""
    fields: dict[str, Any] = msgspec.field(default_factory=dict[str, Any])
    tag_ids: Annotated[list[Id], msgspec.Meta(max_length=100)] = msgspec.field(default_factory=list[int])
    list_ids: Annotated[list[Id], msgspec.Meta(max_length=100)] = msgspec.field(default_factory=list[int])


class SimulationEvent(Model):
    """What happens next: time passes (`seconds`, or to the next due moment), or something to the contact.

    `id` is the tag, list or field, or the object of a `fact`, which is named.
    """

    type: EventType
    seconds: Annotated[int, msgspec.Meta(ge=1, le=LONGEST_DAYS * 86_400)] | None = None
    id: Id | None = None
    value: Any = None
    fact: str = ""


class Simulation(Model):
    """A test run from its start: a graph, one contact, and all that happens, in order.

    `choices` are exits by step, for splits and webhooks; what is left out is drawn from `seed`.
    """

    document: AutomationDocument
    contact_id: Id | None = None
    contact: MadeUpContact = msgspec.field(default_factory=MadeUpContact)
    starts_at: datetime | None = None
    enters: Literal["at_once", "by_trigger"] = "at_once"
    events: Annotated[list[SimulationEvent], msgspec.Meta(max_length=MOST_EVENTS)] = msgspec.field(
        default_factory=list[SimulationEvent]
    )
    choices: dict[str, str] = msgspec.field(default_factory=dict[str, str])
    seed: int = 0


@dataclass(slots=True)
class Mail:
    """A message as this contact would get it; `reason` is why it would not be sent."""

    message_id: int
    subject: str
    html: str
    text: str
    reason: str | None


@dataclass(slots=True)
class Visit:
    """A step the contact came to, and by which exit it left (None while it stands there)."""

    at: datetime
    event: int
    step_id: str
    type: str
    conditions: Sequence[Part] = ()
    outcome: str | None = None
    left_at: datetime | None = None
    mails: list[Mail] = field(default_factory=list[Mail])


@dataclass(frozen=True, slots=True)
class Said:
    """Something that would stand in the log."""

    at: datetime
    event: int
    name: str
    object_id: int | None
    data: Mapping[str, Any] | None


@dataclass(slots=True)
class Trace:
    """All that happened, and where the contact stands in the end."""

    starts_at: datetime
    now: datetime
    state: str = "outside"
    step_id: str | None = None
    due_at: datetime | None = None
    error: str | None = None
    waits_for: Part | None = None
    trigger_id: str | None = None
    visits: list[Visit] = field(default_factory=list[Visit])
    facts: list[Said] = field(default_factory=list[Said])
    trail: list[str] = field(default_factory=list[str])
    choices: dict[str, str] = field(default_factory=dict[str, str])
