"""The automation document and the program compiled from it.

The document is a tree: steps in order, some with arms that rejoin at the step after. The program is
that tree laid flat in reading order, so that one look at each node in order of number takes a whole
batch as far as it can go. Only a leap (go to) leads backwards: who takes it stands due at its target,
and the next pass goes on from there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from waypost.kernel.clock import Clock, Weekday
from waypost.kernel.errors import Failure
from waypost.kernel.model import Model
from waypost.kernel.registry import Registry, Step

END = -1
END_STEP = "end"
EXIT = 32_767
"""The number of the exit rule among the goals: it comes before all of them."""
MANUAL = "manual"
CALLED = "automation"
"""The trigger of a run that another automation has begun."""
END_AUTOMATION = "end_automation"
GOAL = "goal"
GO_TO = "go_to"
WAIT_UNTIL = "wait_until"
WEBHOOK = "webhook"


class TriggerDocument(Model):
    """A way in: the name of a fact, or "manual"."""

    id: str
    type: str
    params: dict[str, Any] = msgspec.field(default_factory=dict[str, Any])
    runs: Literal["once", "multiple"] = "once"
    condition: dict[str, Any] | None = None
    """Only those who meet it when it happens."""


class StepDocument(Model):
    """A step, with arms if its type has exits."""

    id: str
    type: str
    params: dict[str, Any] = msgspec.field(default_factory=dict[str, Any])
    arms: dict[str, list[StepDocument]] = msgspec.field(default_factory=dict)
    note: Annotated[str, msgspec.Meta(max_length=2_000)] = ""
    """For whoever edits it; the engine does not read it."""


class SendWindow(Model):
    """When messages may leave: on these days (none means any), between two times of day."""

    from_time: Clock = "09:00"
    to_time: Clock = "17:00"
    weekdays: list[Weekday] = msgspec.field(default_factory=list[Weekday])
    time_zone: str = ""
    """Whose clocks count; empty means the workspace's."""

    def __post_init__(self) -> None:
        if self.to_time <= self.from_time:
            raise ValueError("to_time must be later than from_time")
        try:
            ZoneInfo(self.time_zone or "UTC")
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"there is no time zone called {self.time_zone}") from error


class Settings(Model, omit_defaults=True):
    """Rules for the whole automation; the defaults are what most want."""

    entries: Literal["as_triggers_say", "once"] = "as_triggers_say"
    while_inside: Literal["ignore", "restart"] = "ignore"
    """What a second entry means for a contact who is inside still."""
    entry_condition: dict[str, Any] | None = None
    """Only these may enter."""
    suppression_condition: dict[str, Any] | None = None
    """These never enter."""
    exit_condition: dict[str, Any] | None = None
    """Whoever comes to meet it leaves, wherever they stand."""
    daily_entries: Annotated[int, msgspec.Meta(ge=1, le=100)] = 10
    """How often one trigger lets the same contact in within a day."""
    most_inside: Annotated[int, msgspec.Meta(ge=1)] | None = None
    most_entries_a_day: Annotated[int, msgspec.Meta(ge=1)] | None = None
    holdout_percent: Annotated[int, msgspec.Meta(ge=0, le=99)] = 0
    """So many of a hundred are never let in, to compare with."""
    send_window: SendWindow | None = None


USUAL = Settings()


class AutomationDocument(Model):
    """What a person draws."""

    version: Literal[1] = 1
    settings: Settings = msgspec.field(default_factory=Settings)
    triggers: list[TriggerDocument] = msgspec.field(default_factory=list[TriggerDocument])
    steps: list[StepDocument] = msgspec.field(default_factory=list[StepDocument])


@dataclass(frozen=True, slots=True)
class Node:
    """A step of the program; `exits` and `next` are numbers of later nodes or END.

    `reads` says that it looks at contacts, so that what earlier steps have left to write must be there.
    A published step that this version of the house cannot do any more has no `step` but a `problem`.
    """

    number: int
    step_id: str
    step: Step | None
    params: Any
    exits: Mapping[str, int]
    next: int
    reads: bool
    problem: str = ""
    goes_on: bool = True
    """Whether one may leave by the ordinary way, and not by an exit with a name only."""

    def target(self, exit_name: str) -> int:
        """Where this exit leads."""
        return self.exits.get(exit_name, self.next)

    @property
    def ways(self) -> set[int]:
        """Where contacts may go from here."""
        if self.step is not None and self.step.type == END_STEP:
            return {END}
        arms = set(self.exits.values())
        return arms if arms and not self.goes_on else arms | {self.next}


@dataclass(frozen=True, slots=True)
class Goal:
    """A node to which contacts on `from_steps` jump once they meet the condition."""

    number: int
    step_id: str
    condition: Mapping[str, Any]
    from_steps: frozenset[str]


@dataclass(frozen=True, slots=True)
class Program:
    """A published version, ready to run."""

    automation_id: int
    version_id: int
    nodes: Sequence[Node]
    numbers: Mapping[str, int]
    goals: Sequence[Goal] = ()
    settings: Settings = USUAL

    @property
    def ends_others(self) -> bool:
        """Whether a pass may end runs of other automations."""
        return any(node.step is not None and node.step.type == END_AUTOMATION for node in self.nodes)


def walk(steps: Sequence[StepDocument], depth: int = 1) -> Iterator[tuple[StepDocument, int]]:
    """Every step in reading order, with how deep it lies."""
    for step in steps:
        yield step, depth
        for arm in step.arms.values():
            yield from walk(arm, depth + 1)


def exit_names(step: Step, params: Any) -> Sequence[str]:
    """The exits a step of these settings has besides going on."""
    return () if step.exits is None else step.exits(params)


def leaps_of(step: Step | None, params: Any) -> Mapping[str, str | None]:
    """The exits that lead to a step somewhere else, or to the end."""
    return {} if step is None or step.leaps is None else step.leaps(params)


def compile_program(
    registry: Registry, document: AutomationDocument, *, automation_id: int = 0, version_id: int = 0
) -> Program:
    """The program of a document that was valid when it was published."""
    numbers = {step.id: number for number, (step, _) in enumerate(walk(document.steps))}
    nodes: dict[int, Node] = {}

    def link(steps: Sequence[StepDocument], after: int) -> None:
        for place, item in enumerate(steps):
            following = numbers[steps[place + 1].id] if place + 1 < len(steps) else after
            step, params, problem = _word(registry, item)
            exits: dict[str, int] = {}
            for name in item.arms if step is None else exit_names(step, params):
                arm = item.arms.get(name, [])
                exits[name] = numbers[arm[0].id] if arm else following
                link(arm, following)
            leaps = leaps_of(step, params)
            goes_on = not exits and None not in leaps.values()
            for name, target in leaps.items():
                exits[name] = END if target is None else numbers[target]
            number = numbers[item.id]
            reads = step is not None and (step.reads or step.group == "send" or hasattr(params, "condition"))
            nodes[number] = Node(number, item.id, step, params, exits, following, reads, problem, goes_on)

    link(document.steps, END)
    ordered = [nodes[number] for number in range(len(nodes))]
    goals = [*list_goals(ordered), *exit_rule(document, ordered)]
    return Program(automation_id, version_id, ordered, numbers, goals, document.settings)


def list_goals(nodes: Sequence[Node]) -> list[Goal]:
    """The goals in reading order, with the steps that lead to each (or all others, where it says so)."""
    found: list[Goal] = []
    for node in nodes:
        if node.step is None or node.step.type != GOAL:
            continue
        leading = _leading_to(nodes, node.number)
        is_anywhere = node.params.jump_from == "anywhere"
        steps = {other.step_id for other in nodes if is_anywhere or other.number in leading}
        found.append(Goal(node.number, node.step_id, node.params.condition, frozenset(steps - {node.step_id})))
    return found


def exit_rule(document: AutomationDocument, nodes: Sequence[Node]) -> list[Goal]:
    """The rule by which contacts leave, as a goal beyond all others, without a step."""
    if document.settings.exit_condition is None:
        return []
    everywhere = frozenset(node.step_id for node in nodes)
    return [Goal(EXIT, "", document.settings.exit_condition, everywhere)]


def _leading_to(nodes: Sequence[Node], number: int) -> set[int]:
    """The nodes from which this one can be reached, and itself."""
    sources: dict[int, list[int]] = {}
    for node in nodes:
        for target in node.ways:
            sources.setdefault(target, []).append(node.number)
    found, fresh = {number}, [number]
    while fresh:
        more = {source for target in fresh for source in sources.get(target, ())} - found
        found |= more
        fresh = list(more)
    return found


def _word(registry: Registry, item: StepDocument) -> tuple[Step | None, Any, str]:
    """The step with its settings, or why there is none."""
    try:
        step = registry.step(item.type)
        return step, msgspec.convert(item.params, step.params), ""
    except (Failure, msgspec.ValidationError) as error:
        return None, None, str(error)
