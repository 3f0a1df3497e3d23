"""What may start an automation: facts, narrowed by an object and by values, and the calendar.

A trigger becomes a row: a kind of fact with what its data must hold, or (kind 0) a moment at which the
calendar looks for contacts (see calendar.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

import msgspec

from waypost.automations.graph import MANUAL, TriggerDocument
from waypost.automations.types import StepProblem
from waypost.automations.validate_parts import REFERENCES, Reference, references_in
from waypost.kernel.clock import Clock, Weekday
from waypost.kernel.model import Model, problem_of
from waypost.kernel.registry import Registry, TriggerWord

CALENDAR = 0
"""The kind of triggers that no fact starts."""
DATE = "date_arrives"
SCHEDULE = "schedule"
MAX_DAYS = 3_650
Value = str | int | float


class FieldChange(Model):
    """From a value, to a value; what is left out is any."""

    field_id: int | None = None
    from_value: Value | None = None
    to_value: Value | None = None


class LinkClick(Model):
    """An address in which * stands for anything."""

    message_id: int | None = None
    url: Annotated[str, msgspec.Meta(max_length=2_000)] | None = None


class PageVisit(Model):
    """An address in which * stands for anything."""

    page_id: int | None = None
    url: Annotated[str, msgspec.Meta(max_length=2_000)] | None = None


class DateArrives(Model):
    """`days` before, on (0) or after the date in a field, by the workspace's clock."""

    field_id: Annotated[int, msgspec.Meta(ge=1)]
    days: Annotated[int, msgspec.Meta(ge=0, le=MAX_DAYS)] = 0
    direction: Literal["before", "after"] = "before"
    at_time: Clock = "09:00"
    is_yearly: bool = False


class Schedule(Model):
    """On these days (what is empty means any), everyone who meets the trigger's condition."""

    at_time: Clock = "09:00"
    weekdays: list[Weekday] = msgspec.field(default_factory=list[Weekday])
    days_of_month: list[Annotated[int, msgspec.Meta(ge=1, le=31)]] = msgspec.field(default_factory=list[int])
    months: list[Annotated[int, msgspec.Meta(ge=1, le=12)]] = msgspec.field(default_factory=list[int])


TRIGGERS = (
    TriggerWord("field_changed", "", FieldChange, {"from_value": "old", "to_value": "new"}),
    TriggerWord("link_clicked", "", LinkClick),
    TriggerWord("page_visited", "", PageVisit),
    TriggerWord(DATE, "A date arrives", DateArrives),
    TriggerWord(SCHEDULE, "At set times", Schedule),
)


def is_calendar(trigger_type: str) -> bool:
    return trigger_type in (DATE, SCHEDULE)


def data_of(word: TriggerWord | None, params: Mapping[str, Any]) -> dict[str, object] | None:
    """What the fact's data must hold."""
    names = {} if word is None else word.data
    return {names[name]: value for name, value in params.items() if name in names and value is not None} or None


def path_of(word: TriggerWord | None, params: Mapping[str, Any]) -> str | None:
    """What the fact's data must meet beyond that, as jsonpath."""
    return None if word is None or word.path is None else word.path(params)


def url_pattern(params: Mapping[str, Any]) -> str | None:
    """The address as a pattern for LIKE."""
    url = params.get("url")
    if not url:
        return None
    return str(url).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_").replace("*", "%")


def check_trigger(registry: Registry, trigger: TriggerDocument, references: list[Reference]) -> Iterator[StepProblem]:
    """What keeps a trigger from being published."""
    if trigger.type == MANUAL:
        return
    word = registry.trigger_words.get(trigger.type)
    fact = registry.facts.get(trigger.type)
    if not is_calendar(trigger.type) and (fact is None or not fact.is_trigger):
        yield StepProblem(trigger.id, f"There is no trigger called {trigger.type}.", "type")
        return
    if word is not None:
        try:
            msgspec.convert(trigger.params, word.params)
        except msgspec.ValidationError as error:
            problem = problem_of(error)
            yield StepProblem(trigger.id, problem.message, problem.pointer.strip("/"))
            return
        references += references_in(trigger.id, "", trigger.params)
    elif fact is not None:
        yield from _check_object(trigger, fact.object, references)
    if trigger.type == SCHEDULE and trigger.condition is None:
        yield StepProblem(trigger.id, "Say who is to enter at these times.", "condition")


def _check_object(trigger: TriggerDocument, known: str | None, references: list[Reference]) -> Iterator[StepProblem]:
    for name, value in trigger.params.items():
        if name != known:
            yield StepProblem(trigger.id, f"The trigger has no setting called {name}.", name)
        elif value is not None and (not isinstance(value, int) or isinstance(value, bool)):
            yield StepProblem(trigger.id, f"{name} must be a whole number.", name)
        elif value is not None and name in REFERENCES:
            references.append((trigger.id, name, name, value))
