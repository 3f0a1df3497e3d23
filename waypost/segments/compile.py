"""Folds a checked tree into one boolean SQL expression; every word comes from the domain that owns it."""

from __future__ import annotations

from waypost.kernel.registry import Fact
from waypost.kernel.sql import Sql
from waypost.segments.terms import predicate, term_of
from waypost.segments.tree import leaves
from waypost.segments.types import Leaf, Node


def compile_condition(node: Node, contact_id: Sql) -> Sql:
    """Whether the contact whose id the expression `contact_id` gives meets the tree (unknown is no)."""
    return predicate(term_of(node), contact_id)


def facts_of(node: Node) -> list[tuple[type[Fact], int | None]]:
    """The facts after which the answer may differ, narrowed to one object where the parameters name it."""
    found: dict[tuple[type[Fact], int | None], None] = {}
    for leaf in leaves(node):
        if leaf.params is not None and leaf.condition.triggers is not None:
            found |= dict.fromkeys(leaf.condition.triggers(leaf.params))
            continue
        for fact in leaf.condition.facts:
            object_id = getattr(leaf.params, fact.object, None) if fact.object else None
            found[(fact, object_id if isinstance(object_id, int) else None)] = None
    return list(found)


def is_time_bound(node: Node) -> bool:
    """Whether the answer may change by the passing of time alone."""
    return any(_is_time_bound(leaf) for leaf in leaves(node))


def _is_time_bound(leaf: Leaf) -> bool:
    bound = leaf.condition.time_bound
    return bound if isinstance(bound, bool) else bound(leaf.given)
