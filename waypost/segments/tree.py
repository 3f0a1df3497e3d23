"""The grammar of conditions: from decoded JSON to a checked tree, with every problem found named.

node  = group | not | leaf
group = {"match": "all" | "any" | "none", "conditions": [node, …]}
not   = {"not": node}
leaf  = {"type": a condition of the registry, "params": {…}}
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar, cast

import msgspec

from waypost.kernel.errors import Invalid, Problem
from waypost.kernel.model import Model, problem_of
from waypost.kernel.registry import Registry
from waypost.segments.types import Group, Leaf, Match, Node

S = TypeVar("S", bound=msgspec.Struct)

MAX_DEPTH = 32
MAX_CONDITIONS = 200


class LeafDocument(Model):
    """One condition as stored."""

    type: str
    params: dict[str, Any] = msgspec.field(default_factory=dict[str, Any])


class GroupDocument(Model):
    """A group as stored; its conditions are read one by one, so that each problem has its place."""

    match: Match
    conditions: list[Any]


def parse_condition(registry: Registry, document: object, *, pointer: str = "") -> Node:
    """The checked tree; raises `Invalid` with every problem and its JSON pointer."""
    node, problems = check_condition(registry, document, pointer=pointer)
    if node is None or problems:
        raise Invalid(problems)
    return node


def check_condition(registry: Registry, document: object, *, pointer: str = "") -> tuple[Node | None, list[Problem]]:
    """The tree as far as it could be read, and what is wrong with it."""
    reader = _Reader(registry)
    node = reader.node(document, pointer, 1)
    if reader.count > MAX_CONDITIONS:
        text = f"A condition may hold at most {MAX_CONDITIONS} parts."
        reader.problems.insert(0, Problem(pointer or "/", text, "segments.too_many"))
    return node, reader.problems


def leaves(node: Node) -> Iterator[Leaf]:
    """Every condition in the tree."""
    if isinstance(node, Leaf):
        yield node
        return
    for part in node.conditions:
        yield from leaves(part)


class DenialDocument(Model):
    """The opposite of one node as stored; the same as a group of none with one condition."""

    denied: Any = msgspec.field(name="not")


class _Reader:
    """One reading of one document."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.problems: list[Problem] = []
        self.count = 0

    def node(self, document: object, pointer: str, depth: int) -> Node | None:
        self.count += 1
        if self.count > MAX_CONDITIONS:
            return None
        if depth > MAX_DEPTH:
            text = f"Groups may be nested at most {MAX_DEPTH} deep."
            self.problems.append(Problem(pointer, text, "segments.too_deep"))
            return None
        if not isinstance(document, dict):
            self.problems.append(Problem(pointer or "/", "A condition is an object."))
            return None
        if "match" in document or "conditions" in document:
            return self._group(cast("dict[str, Any]", document), pointer, depth)
        if "not" in document and "type" not in document:
            return self._denial(cast("dict[str, Any]", document), pointer, depth)
        return self._leaf(cast("dict[str, Any]", document), pointer)

    def _denial(self, document: dict[str, Any], pointer: str, depth: int) -> Group | None:
        read = self._convert(document, DenialDocument, pointer)
        if read is None:
            return None
        denied = self.node(read.denied, f"{pointer}/not", depth + 1)
        return None if denied is None else Group("none", (denied,))

    def _group(self, document: dict[str, Any], pointer: str, depth: int) -> Group | None:
        read = self._convert(document, GroupDocument, pointer)
        if read is None:
            return None
        parts = [
            self.node(part, f"{pointer}/conditions/{number}", depth + 1) for number, part in enumerate(read.conditions)
        ]
        return Group(read.match, tuple(part for part in parts if part is not None))

    def _leaf(self, document: dict[str, Any], pointer: str) -> Leaf | None:
        read = self._convert(document, LeafDocument, pointer)
        if read is None:
            return None
        condition = self.registry.conditions.get(read.type)
        if condition is None:
            text = f"There is no condition called {read.type}."
            self.problems.append(Problem(f"{pointer}/type", text, "segments.condition_unknown"))
            return None
        if (unfit := _unfit(read.params, f"{pointer}/params")) is not None:
            self.problems.append(unfit)
            return None
        params = self._convert(read.params, condition.params, f"{pointer}/params")
        return None if params is None else Leaf(condition, params, params, f"{pointer}/params")

    def _convert(self, document: object, into: type[S], pointer: str) -> S | None:
        try:
            return msgspec.convert(document, into)
        except msgspec.ValidationError as error:
            self.problems.append(problem_of(error, pointer))
            return None


def _unfit(value: object, pointer: str) -> Problem | None:
    """The first value that PostgreSQL could not even be asked about."""
    if isinstance(value, dict):
        items = [(str(name), inner) for name, inner in cast("dict[object, object]", value).items()]
    elif isinstance(value, list):
        items = [(str(number), inner) for number, inner in enumerate(cast("list[object]", value))]
    elif isinstance(value, int) and not -(2**63) <= value < 2**63:
        return Problem(pointer, "The number is too large.", "segments.value_unfit")
    elif isinstance(value, str) and ("\x00" in value or _has_surrogate(value)):
        return Problem(pointer, "The text has a character that no text can have.", "segments.value_unfit")
    else:
        return None
    found = (_unfit(inner, f"{pointer}/{name}") for name, inner in items)
    return next((problem for problem in found if problem is not None), None)


def _has_surrogate(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False
