"""All automations and what links them: one begins or ends another, or does what starts, frees or takes out of another.

A link goes from a step to what listens: a trigger, or a condition in which another automation names the
same tag, list, field or segment. Loops are links that start each other in a circle; conflicts are two
steps that undo each other. The active automations count as published, all others as drawn.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

import msgspec

from waypost.automations.graph import END_AUTOMATION, AutomationDocument, walk
from waypost.automations.types import Status
from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx

START_AUTOMATION = "start_automation"
MOST = 2_000
"""So many automations are drawn; the newest."""
WRITES: Mapping[str, tuple[str, str]] = {
    "add_tag": ("tag_added", "tag_id"),
    "remove_tag": ("tag_removed", "tag_id"),
    "add_to_list": ("list_subscribed", "list_id"),
    "remove_from_list": ("list_unsubscribed", "list_id"),
    "update_field": ("field_changed", "field_id"),
    "calculate_field": ("field_changed", "field_id"),
}
"""What a step does, as the fact that follows and the setting that names the object."""
OPPOSITES = (("tag_added", "tag_removed"), ("list_subscribed", "list_unsubscribed"))
OWN_FACTS = ("automation_entered", "automation_completed", "automation_exited", "goal_reached", "goal_skipped")
Way = Literal["starts", "ends", "triggers", "decides"]
Severity = Literal["error", "warning", "notice"]


@dataclass(frozen=True, slots=True)
class Node:
    """An automation on the map."""

    id: int
    name: str
    status: Status


@dataclass(frozen=True, slots=True)
class Link:
    """`step_id` of `from_id` has a say in `to_id`; `what` and `object_id` are by what."""

    from_id: int
    to_id: int
    way: Way
    step_id: str
    what: str
    object_id: int | None


@dataclass(frozen=True, slots=True)
class Finding:
    """A loop or a conflict, in words."""

    kind: Literal["loop", "opposite", "same_field", "end_each_other"]
    severity: Severity
    automation_ids: Sequence[int]
    message: str


@dataclass(frozen=True, slots=True)
class AutomationMap:
    nodes: Sequence[Node]
    links: Sequence[Link]
    findings: Sequence[Finding]


Deed = tuple[int, str, str, int | None]
"""Automation, step, fact, object."""


async def draw_map(tx: ReadTx) -> AutomationMap:
    """Every automation of the workspace."""
    rows = await tx.all(
        sql(
            """
            select a.id, a.name, a.status,
                   case when a.status = 1 then coalesce(v.document, a.document) else a.document end as document
            from automations.automation as a
            left join automations.automation_version as v on v.workspace_id = {workspace} and v.id = a.version_id
            where a.workspace_id = {workspace} and a.deleted_at is null order by a.id desc limit {most}
            """,
            most=MOST,
        )
    )
    nodes = [Node(row["id"], row["name"], Status(row["status"])) for row in reversed(rows)]
    documents = {row["id"]: msgspec.convert(row["document"], AutomationDocument) for row in reversed(rows)}
    deeds = [deed for automation_id, document in documents.items() for deed in _deeds(automation_id, document)]
    links = [*_calls(documents), *_triggered(documents, deeds), *_decided(documents, deeds)]
    links = list(dict.fromkeys(link for link in links if link.to_id in documents))
    names = {node.id: node.name for node in nodes}
    return AutomationMap(nodes, links, [*_loops(links, names), *_conflicts(deeds, links, names)])


def _deeds(automation_id: int, document: AutomationDocument) -> Iterator[Deed]:
    for step, _ in walk(document.steps):
        fact, setting = WRITES.get(step.type, ("", ""))
        object_id = step.params.get(setting)
        if isinstance(object_id, int):
            yield automation_id, step.id, fact, object_id


def _calls(documents: Mapping[int, AutomationDocument]) -> Iterator[Link]:
    for automation_id, document in documents.items():
        for step, _ in walk(document.steps):
            if step.type not in (START_AUTOMATION, END_AUTOMATION):
                continue
            way: Way = "starts" if step.type == START_AUTOMATION else "ends"
            target = step.params.get("automation_id")
            for other in [target] if isinstance(target, int) else documents:
                if isinstance(target, int) or other != automation_id:
                    yield Link(automation_id, other, way, step.id, "automation", other)


def _triggered(documents: Mapping[int, AutomationDocument], deeds: Sequence[Deed]) -> Iterator[Link]:
    by_fact: dict[str, list[Deed]] = defaultdict(list)
    for deed in deeds:
        by_fact[deed[2]].append(deed)
    for to_id, document in documents.items():
        for trigger in document.triggers:
            wanted = next((value for name, value in trigger.params.items() if name.endswith("_id")), None)
            if trigger.type in OWN_FACTS and isinstance(wanted, int) and wanted in documents:
                yield Link(wanted, to_id, "triggers", "", trigger.type, wanted)
            for from_id, step_id, fact, object_id in by_fact.get(trigger.type, ()):
                if wanted in (None, object_id):
                    yield Link(from_id, to_id, "triggers", step_id, fact, object_id)


def _decided(documents: Mapping[int, AutomationDocument], deeds: Sequence[Deed]) -> Iterator[Link]:
    """Whose conditions (goals, waits, rules) name what a step of another changes."""
    asked: dict[tuple[str, int], set[int]] = defaultdict(set)
    for to_id, document in documents.items():
        conditions = [step.params for step, _ in walk(document.steps)] + [msgspec.to_builtins(document.settings)]
        for noun, object_id in {name for part in conditions for name in _named(part, is_condition=False)}:
            asked[noun, object_id].add(to_id)
    for from_id, step_id, fact, object_id in deeds:
        noun = {"tag_added": "tag_id", "tag_removed": "tag_id", "field_changed": "field_id"}.get(fact, "list_id")
        if object_id is not None:
            for to_id in sorted(asked[noun, object_id] - {from_id}):
                yield Link(from_id, to_id, "decides", step_id, fact, object_id)


def _named(value: object, *, is_condition: bool) -> Iterator[tuple[str, int]]:
    """What conditions anywhere within the value name."""
    if isinstance(value, list):
        for item in cast("list[object]", value):
            yield from _named(item, is_condition=is_condition)
    elif isinstance(value, dict):
        for name, item in cast("dict[str, object]", value).items():
            if is_condition and name in ("tag_id", "list_id", "field_id") and isinstance(item, int):
                yield name, item
            yield from _named(item, is_condition=is_condition or name == "condition" or name.endswith("_condition"))


def _loops(links: Iterable[Link], names: Mapping[int, str]) -> Iterator[Finding]:
    """Automations that let each other in, in a circle (strongly connected, by two walks)."""
    ways: dict[int, set[int]] = defaultdict(set)
    back: dict[int, set[int]] = defaultdict(set)
    for link in links:
        if link.way in ("starts", "triggers"):
            ways[link.from_id].add(link.to_id)
            back[link.to_id].add(link.from_id)
    done: set[int] = set()
    for start in sorted(ways):
        if start in done:
            continue
        circle = _reached(ways, start) & _reached(back, start)
        done |= circle
        if circle:
            yield Finding("loop", "error", sorted(circle), _say_loop([names[item] for item in sorted(circle)]))


def _say_loop(names: Sequence[str]) -> str:
    if len(names) == 1:
        return f"{names[0]} starts itself again."
    return f"{', '.join(names[:-1])} and {names[-1]} start each other in a circle."


def _reached(ways: Mapping[int, set[int]], start: int) -> set[int]:
    """What can be come to from there, the start only if it comes round."""
    found: set[int] = set()
    fresh = [start]
    while fresh:
        more = ways.get(fresh.pop(), set[int]()) - found
        found |= more
        fresh += more
    return found


def _conflicts(deeds: Sequence[Deed], links: Sequence[Link], names: Mapping[int, str]) -> Iterator[Finding]:
    who: dict[tuple[str, Any], set[int]] = defaultdict(set)
    for automation_id, _, fact, object_id in deeds:
        who[fact, object_id].add(automation_id)
    for one, other in OPPOSITES:
        for (fact, object_id), doers in who.items():
            undoers = who.get((other, object_id), set[int]())
            both = sorted(doers | undoers)
            if fact == one and undoers and len(both) > 1:
                noun = "tag" if one == "tag_added" else "list"
                said = f"{_all(both, names)}: some put contacts on the same {noun}, others take them off it."
                yield Finding("opposite", "warning", both, said)
    for (fact, _), doers in who.items():
        if fact == "field_changed" and len(doers) > 1:
            both = sorted(doers)
            yield Finding("same_field", "notice", both, f"{_all(both, names)} write the same field.")
    ends = {(link.from_id, link.to_id) for link in links if link.way == "ends"}
    for one_id, other_id in sorted(ends):
        if one_id < other_id and (other_id, one_id) in ends:
            both = [one_id, other_id]
            yield Finding("end_each_other", "warning", both, f"{_all(both, names)} end each other.")


def _all(ids: Sequence[int], names: Mapping[int, str]) -> str:
    return " and ".join(names[item] for item in ids)
