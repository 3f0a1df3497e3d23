"""Checks the leaves of a tree against the workspace: what they name exists, and their values fit its types."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from waypost.kernel.errors import Problem
from waypost.kernel.tx import ReadTx
from waypost.segments.types import Group, Leaf, Node

Resolve = Callable[[ReadTx, Sequence[Any]], Awaitable[Sequence[Any]]]


async def resolve_leaves(tx: ReadTx, node: Node) -> tuple[Node, list[Problem]]:
    """The tree with checked parameters, a few statements for all leaves; a leaf that is wrong holds for nobody."""
    found: dict[int, Any] = {}
    problems: list[Problem] = []
    waiting: dict[Resolve, list[Leaf]] = defaultdict(list)
    for leaf in _leaves(node):
        if leaf.condition.resolve is not None and not leaf.is_resolved:
            waiting[leaf.condition.resolve].append(leaf)
    for resolve, group in waiting.items():
        # lint: no-row-loops because a turn is a kind of condition
        answers = await resolve(tx, [leaf.params for leaf in group])
        for leaf, answer in zip(group, answers, strict=True):
            if isinstance(answer, Problem):
                problems.append(Problem(leaf.pointer + answer.pointer, answer.message, answer.code))
                answer = None  # noqa: PLW2901
            found[id(leaf)] = answer
    return _put(node, found), problems


def _leaves(node: Node) -> Iterator[Leaf]:
    if isinstance(node, Leaf):
        yield node
    else:
        for part in node.conditions:
            yield from _leaves(part)


def _put(node: Node, found: dict[int, Any]) -> Node:
    if isinstance(node, Group):
        return replace(node, conditions=tuple(_put(part, found) for part in node.conditions))
    if id(node) not in found:
        return node
    return replace(node, params=found[id(node)], is_resolved=True)
