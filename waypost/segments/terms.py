"""A tree with its denials moved down to the leaves: all of, any of, and conditions that hold or do not.

`all of nothing` holds for everyone and `any of nothing` for nobody; both are folded away where they decide.
"""

from __future__ import annotations

from dataclasses import dataclass

from waypost.kernel.sql import FALSE, TRUE, Sql, and_, not_, or_
from waypost.segments.types import Leaf, Node


@dataclass(frozen=True, slots=True)
class Single:
    """One condition, or its opposite."""

    leaf: Leaf
    is_denied: bool = False


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple[Term, ...]


Term = Single | AllOf | AnyOf

EVERYONE = AllOf(())
NOBODY = AnyOf(())


def term_of(node: Node, *, is_denied: bool = False) -> Term:
    """The node, or its opposite."""
    if isinstance(node, Leaf):
        if node.params is None:
            return EVERYONE if is_denied else NOBODY
        return Single(node, is_denied)
    if not node.conditions:
        return NOBODY if is_denied else EVERYONE
    if node.match == "any":
        parts = [term_of(part, is_denied=is_denied) for part in node.conditions]
        return all_of(parts) if is_denied else any_of(parts)
    parts = [term_of(part, is_denied=is_denied != (node.match == "none")) for part in node.conditions]
    return any_of(parts) if is_denied else all_of(parts)


def all_of(parts: list[Term]) -> Term:
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, AllOf) else (part,))]
    if NOBODY in flat:
        return NOBODY
    return flat[0] if len(flat) == 1 else AllOf(tuple(flat))


def any_of(parts: list[Term]) -> Term:
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, AnyOf) else (part,))]
    if EVERYONE in flat:
        return EVERYONE
    return flat[0] if len(flat) == 1 else AnyOf(tuple(flat))


def opposite(term: Term) -> Term:
    if isinstance(term, Single):
        return Single(term.leaf, not term.is_denied)
    turned = [opposite(part) for part in term.parts]
    return any_of(turned) if isinstance(term, AllOf) else all_of(turned)


def predicate(term: Term, contact_id: Sql) -> Sql:
    """Whether the contact whose id the expression gives meets the term (unknown is no)."""
    if isinstance(term, Single):
        found = term.leaf.condition.predicate(term.leaf.params, contact_id)
        return not_(found) if term.is_denied else found
    parts = [predicate(part, contact_id) for part in term.parts]
    if isinstance(term, AllOf):
        return and_(*parts) if parts else TRUE
    return or_(*parts) if parts else FALSE
