"""A contact of the model: values, runs, and the questions that conditions ask."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.automations.flow import Json

if TYPE_CHECKING:
    from tests.automations.model import Flow

ENTRIES_A_DAY = 10
DAY = timedelta(days=1)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
CONCERNED = {
    "has_tag": (("tag_added", "tag_removed"), "tag_id"),
    "on_list": (("list_subscribed", "list_unsubscribed"), "list_id"),
    "field": (("field_changed",), "field_id"),
}
Said = tuple[str, int | None]
"""A fact by its name, with the object it is about."""
Fresh = tuple[str, int | None, Any, Any]
"""A fact that is not read yet, with the old and the new value of a field."""
LIVE = ("due", "waiting", "parked")


@dataclass
class Run:
    """One way through one automation."""

    flow: Flow
    trigger: str
    step: str
    entered_at: datetime
    due_at: datetime | None
    state: str = "due"
    is_served: bool = False
    deadline: datetime | None = None
    has_deadline: bool = False
    trail: list[str] = field(default_factory=list[str])
    met: set[str] = field(default_factory=set[str])
    reached: set[str] = field(default_factory=set[str])
    turns: dict[str, list[datetime]] = field(default_factory=dict[str, list[datetime]])
    error: str | None = None

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    def outcome(self) -> tuple[Any, ...]:
        """What is compared with the engine's row."""
        due_at = self.due_at if self.state in ("due", "waiting") else None
        return (self.flow.id, self.trigger, self.state, self.step, due_at, ",".join(self.trail))


@dataclass
class Person:
    """A contact with everything that steps and conditions look at."""

    id: int
    tags: set[int] = field(default_factory=set[int])
    fields: dict[int, Any] = field(default_factory=dict[int, Any])
    lists: dict[int, str] = field(default_factory=dict[int, str])
    owner: int | None = None
    runs: list[Run] = field(default_factory=list[Run])
    facts: Counter[Said] = field(default_factory=Counter[Said])
    fresh: list[Fresh] = field(default_factory=list[Fresh])
    now: datetime = LONG_AGO

    def say(self, name: str, object_id: int | None = None, old: Any = None, new: Any = None) -> None:
        """Record a fact; what reads the log sees it in the next turn."""
        self.facts[name, object_id] += 1
        self.fresh.append((name, object_id, old, new))

    def live(self, automation_id: int) -> Run | None:
        return next((run for run in self.runs if run.flow.id == automation_id and run.is_live), None)

    def add_tag(self, tag_id: int) -> None:
        if tag_id not in self.tags:
            self.tags.add(tag_id)
            self.say("tag_added", tag_id)

    def remove_tag(self, tag_id: int) -> None:
        if tag_id in self.tags:
            self.tags.remove(tag_id)
            self.say("tag_removed", tag_id)

    def set_field(self, field_id: int, value: Any) -> None:
        if self.fields.get(field_id) != value:
            old = self.fields.pop(field_id, None)
            if value is not None:
                self.fields[field_id] = value
            self.say("field_changed", field_id, old, value)

    def subscribe(self, list_id: int, *, is_forced: bool = False) -> None:
        if self.lists.get(list_id) != "active" and (is_forced or list_id not in self.lists):
            self.lists[list_id] = "active"
            self.say("list_subscribed", list_id)

    def unsubscribe(self, list_id: int) -> None:
        if self.lists.get(list_id) == "active":
            self.lists[list_id] = "unsubscribed"
            self.say("list_unsubscribed", list_id)

    def assign(self, owner_id: int) -> None:
        if self.owner != owner_id:
            self.owner = owner_id
            self.say("owner_changed", owner_id)

    def enter(self, flow: Flow, trigger: str) -> None:
        if not self._is_admitted(flow):
            return
        inside = self.live(flow.id)
        if inside is not None and flow.settings.get("while_inside") == "restart":
            self.leave(inside)
        if self.live(flow.id) is None:
            self.runs.append(Run(flow, trigger, flow.first, self.now, self.now))
            self.say("automation_entered", flow.id)

    def _is_admitted(self, flow: Flow) -> bool:
        rules = flow.settings
        if "entry_condition" in rules and not holds(rules["entry_condition"], self):
            return False
        if "suppression_condition" in rules and holds(rules["suppression_condition"], self):
            return False
        return not (rules.get("entries") == "once" and any(run.flow is flow for run in self.runs))

    def leave(self, run: Run) -> None:
        run.state, run.due_at = "exited", None
        self.say("automation_exited", run.flow.id)


def holds(condition: Json, person: Person) -> bool:
    """Whether the contact meets the condition."""
    if "not" in condition:
        return not holds(condition["not"], person)
    if "match" in condition:
        answers = [holds(item, person) for item in condition["conditions"]]
        return {"all": all(answers), "any": any(answers), "none": not any(answers)}[condition["match"]]
    params = condition["params"]
    if condition["type"] == "has_tag":
        return params["tag_id"] in person.tags
    if condition["type"] == "on_list":
        return person.lists.get(params["list_id"]) == "active"
    value = person.fields.get(params["field_id"])
    match params["operator"]:
        case "is_empty":
            return value is None
        case "equals":
            return value is not None and str(value).lower() == str(params["value"]).lower()
        case "greater":
            return value is not None and value > params["value"]
        case other:
            raise AssertionError(other)


def concerns(condition: Json, facts: list[Said]) -> bool:
    """Whether one of the facts may change the answer."""
    if "not" in condition:
        return concerns(condition["not"], facts)
    if "match" in condition:
        return any(concerns(item, facts) for item in condition["conditions"])
    names, key = CONCERNED[condition["type"]]
    return any(name in names and object_id == condition["params"][key] for name, object_id in facts)
