"""The engine's meaning, written for one contact in the plainest way: the model that the engine is held against.

Nothing here is set-wise, compiled or deferred. A contact has values and runs; time comes in moments;
at each moment the world does something to the contact, then the log is read and due runs are walked
step by step, in turns, until nothing is left to do.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.automations import model_steps
from tests.automations.flow import Json

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


class Flow:
    """An automation's document with what follows what."""

    def __init__(self, automation_id: int, document: Json) -> None:
        self.id = automation_id
        self.triggers = document["triggers"]
        self.settings = document.get("settings", {})
        self.steps: dict[str, Json] = {}
        self.numbers: dict[str, int] = {}
        self.ways: dict[str, dict[str, str | None]] = {}
        self._link(document["steps"], None)
        self.first = document["steps"][0]["id"]
        self.has_rules = bool(self.settings) or any(trigger.get("condition") for trigger in self.triggers)
        self.goals = [step for step in self.steps.values() if step["type"] == "goal"]
        self.before = {goal["id"]: self._leading_to(goal["id"]) for goal in self.goals}

    def _link(self, steps: list[Json], after: str | None) -> None:
        for place, step in enumerate(steps):
            following = steps[place + 1]["id"] if place + 1 < len(steps) else after
            self.steps[step["id"]] = step
            self.numbers[step["id"]] = len(self.numbers)
            ways: dict[str, str | None] = {"": following}
            self.ways[step["id"]] = ways
            for name in model_steps.exits(step):
                arm = step["arms"].get(name, [])
                ways[name] = arm[0]["id"] if arm else following
                self._link(arm, following)
            ways.update(model_steps.leaps(step))

    def _leading_to(self, goal: str) -> set[str]:
        """The steps from which the goal can still be reached."""
        found = {goal}
        while True:
            more = {
                step_id
                for step_id, ways in self.ways.items()
                if set(model_steps.open_ways(self.steps[step_id], ways)) & found
            }
            if more <= found:
                return found - {goal}
            found |= more

    def goal_for(self, person: Person, run: Run, facts: list[Said] | None) -> Json | None:
        """The furthest goal that the contact meets now from where it stands; of those the facts concern, if given."""
        for goal in sorted(self.goals, key=lambda item: -self.numbers[item["id"]]):
            is_anywhere = goal["params"].get("jump_from") == "anywhere"
            if (
                goal["id"] not in run.met
                and run.step != goal["id"]
                and (is_anywhere or run.step in self.before[goal["id"]])
                and (facts is None or concerns(goal["params"]["condition"], facts))
                and holds(goal["params"]["condition"], person)
            ):
                return goal
        return None


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


def _wakes(step: Json, facts: list[Said]) -> bool:
    """Whether who waits on the step is asked again."""
    if step["type"] == "wait_for_date":
        return ("field_changed", step["params"]["field_id"]) in facts
    return concerns(step["params"]["condition"], facts)


class World:
    """The automations of a workspace, and what becomes of a contact from one moment to the next."""

    def __init__(self, flows: list[Flow], users: list[int], dates: set[int]) -> None:
        self.flows = {flow.id: flow for flow in flows}
        self.users = users
        self.dates = dates

    def settle(self, person: Person) -> None:
        """Until the log is read and nobody is due."""
        while True:
            facts, person.fresh = person.fresh, []
            if facts:
                self._read(person, facts)
            while due := [run for run in person.runs if _is_due(run, person.now)]:
                for run in sorted(due, key=lambda run: run.flow.id):
                    if run.is_live:
                        Walk(self, person, run).go()
            if not person.fresh:
                return

    def _read(self, person: Person, fresh: list[Fresh]) -> None:
        """Triggers let in, waits are looked at again, goals are jumped to."""
        facts = [(name, object_id) for name, object_id, _, _ in fresh]
        chosen: dict[int, str] = {}
        for flow in self.flows.values():
            for fact in fresh:
                for trigger in flow.triggers:
                    if _matches(trigger, fact) and self._may_enter(person, flow, trigger):
                        chosen.setdefault(flow.id, trigger["id"])
        # Automations without rules let in first, as the engine's do.
        for automation_id, trigger_id in sorted(chosen.items(), key=lambda item: self.flows[item[0]].has_rules):
            person.enter(self.flows[automation_id], trigger_id)
        for run in person.runs:
            if run.state == "waiting" and _wakes(run.flow.steps[run.step], facts):
                run.due_at = person.now
        for run in person.runs:
            if run.state in ("due", "waiting"):
                jump(person, run, facts)

    def _may_enter(self, person: Person, flow: Flow, trigger: Json) -> bool:
        earlier = [run for run in person.runs if run.flow is flow and run.trigger == trigger["id"]]
        today = [run for run in earlier if run.entered_at > person.now - DAY]
        most = flow.settings.get("daily_entries", ENTRIES_A_DAY)
        if len(earlier) >= 1 if trigger["runs"] == "once" else len(today) >= most:
            return False
        return trigger.get("condition") is None or holds(trigger["condition"], person)

    def call(self, person: Person, automation_id: int) -> None:
        """Another automation begins this one."""
        flow = self.flows[automation_id]
        called = [run for run in person.runs if run.flow is flow and run.trigger == "automation"]
        if sum(run.entered_at > person.now - DAY for run in called) < ENTRIES_A_DAY:
            person.enter(flow, "automation")


def _matches(trigger: Json, fact: Fresh) -> bool:
    name, object_id, old, new = fact
    params = trigger["params"]
    wanted = next((value for key, value in params.items() if key.endswith("_id")), None)
    return (
        trigger["type"] == name
        and wanted in (None, object_id)
        and params.get("from_value") in (None, old)
        and params.get("to_value") in (None, new)
    )


def _is_due(run: Run, now: datetime) -> bool:
    return run.state in ("due", "waiting") and run.due_at is not None and run.due_at <= now


def jump(person: Person, run: Run, facts: list[Said] | None = None) -> bool:
    """Out by the exit rule, or to the furthest goal that is met."""
    rule = run.flow.settings.get("exit_condition")
    if rule is not None and (facts is None or concerns(rule, facts)) and holds(rule, person):
        person.leave(run)
        return False
    goal = run.flow.goal_for(person, run, facts)
    if goal is None:
        return False
    run.met.add(goal["id"])
    run.trail.append(f"{run.step}:jumped")
    run.step, run.state, run.is_served, run.has_deadline = goal["id"], "due", False, False
    run.due_at, run.deadline = person.now, None
    return True


class Walk:
    """One run from where it stands to where it rests."""

    def __init__(self, world: World, person: Person, run: Run) -> None:
        self.world, self.person, self.run = world, person, run

    def go(self) -> None:
        run = self.run
        jump(self.person, run)
        if not run.is_live:
            return
        if run.is_served:
            self._leave("")
        while run.state in ("due", "waiting") and not self._rests():
            pass

    def _rests(self) -> bool:
        """Do one step; whether the run stays on it."""
        run, person = self.run, self.person
        step = run.flow.steps[run.step]
        outcome = model_steps.do(self, step)
        match outcome:
            case ("go", exit_name):
                number = run.flow.numbers[run.step]
                self._leave(exit_name)
                return run.state != "completed" and run.flow.numbers[run.step] <= number
            case ("end",):
                self._leave("", is_end=True)
                return False
            case ("until", datetime() as moment):
                if moment <= person.now:
                    self._leave("")
                    return False
                run.state, run.is_served, run.due_at = "due", True, moment
                return True
            case ("movable", datetime() as moment):
                return self._wait_movably(moment)
            case ("hold", condition, timeout, is_met):
                return self._hold(condition, timeout, is_met=is_met)
            case ("park", reason):
                run.state, run.due_at, run.error = "parked", None, reason
                person.say("step_parked", run.flow.id)
                return True
            case other:
                raise AssertionError(other)

    def _wait_movably(self, moment: datetime) -> bool:
        """Until a moment that another value of the field may move."""
        run, now = self.run, self.person.now
        if moment <= now or (run.deadline is not None and run.deadline <= now):
            self._leave("")
            return False
        run.state, run.due_at = "waiting", moment if run.deadline is not None else now
        run.deadline = moment
        return True

    def _hold(self, condition: Json, timeout: datetime | None, *, is_met: bool) -> bool:
        run, now = self.run, self.person.now
        if is_met or holds(condition, self.person):
            self._leave("met")
            return False
        is_first_look = not run.has_deadline
        if is_first_look:
            run.has_deadline, run.deadline = True, timeout
        if run.deadline is not None and run.deadline <= now:
            self._leave("timed_out")
            return False
        # The first look is followed by a second one, as the engine's is (wake.py says why).
        run.state, run.due_at = "waiting", now if is_first_look else run.deadline
        return True

    def _leave(self, exit_name: str, *, is_end: bool = False) -> None:
        run = self.run
        run.trail.append(f"{run.step}:{exit_name}" if exit_name else run.step)
        ways = run.flow.ways[run.step]
        target = None if is_end else ways.get(exit_name, ways[""])
        run.is_served, run.has_deadline, run.deadline = False, False, None
        if target is None:
            run.state, run.due_at = "completed", None
            self.person.say("automation_completed", run.flow.id)
        else:
            run.step, run.state, run.due_at = target, "due", self.person.now

    def call(self, verb: str, automation_id: int | None) -> None:
        person, own = self.person, self.run.flow.id
        if verb == "start" and automation_id is not None:
            self.world.call(person, automation_id)
            return
        for run in person.runs:
            if run.is_live and (run.flow.id == automation_id or (automation_id is None and run.flow.id != own)):
                person.leave(run)
