"""The engine's meaning, written for one contact in the plainest way: the model that the engine is held against.

Nothing here is set-wise, compiled or deferred. A contact has values and runs; time comes in moments;
at each moment the world does something to the contact, then the log is read and due runs are walked
step by step, in turns, until nothing is left to do.
"""

from __future__ import annotations

from datetime import datetime

from tests.automations import model_steps
from tests.automations.flow import Json
from tests.automations.model_person import DAY, ENTRIES_A_DAY, Fresh, Person, Run, Said, concerns, holds


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
