"""What differs between two documents: steps, triggers and settings, each with the values before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from waypost.automations.graph import AutomationDocument, StepDocument

Kind = Literal["added", "removed", "changed", "moved"]
Part = Literal["step", "trigger", "settings"]


@dataclass(frozen=True, slots=True)
class Value:
    """A setting before and after; None stands for one that is not set."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Change:
    """One difference; `id` is the step's or the trigger's, and "" for the settings of the whole."""

    kind: Kind
    part: Part
    id: str
    type: str
    values: Sequence[Value] = ()


def compare(before: AutomationDocument, after: AutomationDocument) -> list[Change]:
    """The differences in reading order of the newer document; what is gone comes last."""
    return [
        *_settings(before, after),
        *_parts("trigger", _triggers(before), _triggers(after)),
        *_parts("step", _steps(before.steps), _steps(after.steps)),
    ]


@dataclass(frozen=True, slots=True)
class _Part:
    type: str
    values: Mapping[str, Any]
    place: tuple[str, str, str]
    """The step and arm it lies in, and the one before it."""


def _settings(before: AutomationDocument, after: AutomationDocument) -> list[Change]:
    values = _values(msgspec.to_builtins(before.settings), msgspec.to_builtins(after.settings))
    return [Change("changed", "settings", "", "settings", values)] if values else []


def _triggers(document: AutomationDocument) -> dict[str, _Part]:
    return {
        item.id: _Part(item.type, {**item.params, "runs": item.runs, "condition": item.condition}, ("", "", ""))
        for item in document.triggers
    }


def _steps(steps: Sequence[StepDocument], parent: str = "", arm: str = "") -> dict[str, _Part]:
    found: dict[str, _Part] = {}
    last = ""
    for step in steps:
        found[step.id] = _Part(step.type, step.params, (parent, arm, last))
        for name, inside in step.arms.items():
            found |= _steps(inside, step.id, name)
        last = step.id
    return found


def _parts(part: Part, before: Mapping[str, _Part], after: Mapping[str, _Part]) -> list[Change]:
    changes: list[Change] = []
    for id_, now in after.items():
        was = before.get(id_)
        if was is None:
            changes.append(Change("added", part, id_, now.type, _values({}, now.values)))
            continue
        values = _values(was.values, now.values)
        if was.type != now.type:
            values.insert(0, Value("type", was.type, now.type))
        if values:
            changes.append(Change("changed", part, id_, now.type, values))
        if _has_moved(was, now, before, after):
            changes.append(Change("moved", part, id_, now.type))
    changes += [
        Change("removed", part, id_, was.type, _values(was.values, {}))
        for id_, was in before.items()
        if id_ not in after
    ]
    return changes


def _has_moved(was: _Part, now: _Part, before: Mapping[str, _Part], after: Mapping[str, _Part]) -> bool:
    """Whether it lies elsewhere, not only behind a step that came or went."""
    if was.place[:2] != now.place[:2]:
        return True
    return was.place[2] != now.place[2] and was.place[2] in {"", *after} and now.place[2] in {"", *before}


def _values(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Value]:
    names = [*after, *(name for name in before if name not in after)]
    return [Value(name, before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)]
