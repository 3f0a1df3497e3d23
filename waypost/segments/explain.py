"""Why a contact is in or out: the whole tree with the answer of every part and the values compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from waypost.contacts.queries.contacts import get_contact
from waypost.kernel.model import Out
from waypost.kernel.sql import FALSE, Sql, join, sql
from waypost.kernel.tx import ReadTx
from waypost.segments.due import due_of
from waypost.segments.errors import QuestionUnclear
from waypost.segments.expand import check_references
from waypost.segments.queries import get_segment
from waypost.segments.terms import term_of
from waypost.segments.tree import leaves
from waypost.segments.types import Group, Leaf, Node


class Part(Out, omit_defaults=True):
    """A group or a condition with its answer. `value` is what the contact has, `params` what was asked."""

    holds: bool
    match: str | None = None
    conditions: list[Part] | None = None
    segment_id: int | None = None
    segment_name: str | None = None
    type: str | None = None
    label: str | None = None
    params: Any = None
    value: Any = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """`changes_at` is when time alone may next change the answer; `entered_at` since when a member."""

    contact_id: int
    holds: bool
    tree: Part
    changes_at: datetime | None
    is_member: bool | None = None
    entered_at: datetime | None = None


async def explain(
    tx: ReadTx, *, contact_id: int, segment_id: int | None = None, condition: dict[str, Any] | None = None
) -> Explanation:
    """Of a saved segment or of a condition, whichever is given."""
    if segment_id is not None and condition is None:
        return await explain_segment(tx, segment_id, contact_id)
    if condition is not None and segment_id is None:
        return await explain_condition(tx, condition, contact_id)
    raise QuestionUnclear(pointer="/condition")


async def explain_segment(tx: ReadTx, segment_id: int, contact_id: int) -> Explanation:
    """Also whether the contact is a member, which the answer of this moment may be ahead of."""
    segment = await get_segment(tx, segment_id)
    found = await explain_condition(tx, segment.condition, contact_id)
    entered_at = await tx.value(
        sql(
            """
            select entered_at from segments.membership
            where workspace_id = {workspace} and segment_id = {segment_id} and contact_id = {contact_id}
            """,
            segment_id=segment_id,
            contact_id=contact_id,
        )
    )
    return Explanation(contact_id, found.holds, found.tree, found.changes_at, entered_at is not None, entered_at)


async def explain_condition(tx: ReadTx, document: object, contact_id: int) -> Explanation:
    """Everything in one statement, at this moment."""
    contact_id = (await get_contact(tx, contact_id)).id
    node = await check_references(tx, document, pointer="/condition")
    who = sql("{contact_id}", contact_id=contact_id)
    asked = list(leaves(node))
    row = await tx.one(
        sql(
            "select array[{holds}]::boolean[] as holds, array[{values}]::jsonb[] as found, {due}::timestamptz as due_at",
            holds=join(", ", [FALSE, *(_holds(leaf, who) for leaf in asked)]),
            values=join(", ", [sql("null"), *(_value(leaf, who) for leaf in asked)]),
            due=due_of(term_of(node), who) or sql("null"),
        )
    )
    names = await _names(tx, node)
    tree = _part(node, zip(row["holds"][1:], row["found"][1:], strict=True), names)
    return Explanation(contact_id, tree.holds, tree, row["due_at"])


def _holds(leaf: Leaf, who: Sql) -> Sql:
    if leaf.params is None:
        return FALSE
    return sql("({test}) is true", test=leaf.condition.predicate(leaf.params, who))


def _value(leaf: Leaf, who: Sql) -> Sql:
    if leaf.params is None or leaf.condition.explain is None:
        return sql("null")
    return sql("({value})::jsonb", value=leaf.condition.explain(leaf.params, who))


def _part(node: Node, answers: Iterator[tuple[bool, Any]], names: dict[int, str]) -> Part:
    """Answers come in the order of the leaves."""
    if isinstance(node, Leaf):
        holds, value = next(answers)
        condition = node.condition
        given = msgspec.to_builtins(node.given)
        return Part(holds=holds, type=condition.type, label=condition.label, params=given, value=value)
    parts = [_part(part, answers, names) for part in node.conditions]
    name = None if node.segment_id is None else names.get(node.segment_id)
    holds = _together(node, parts)
    return Part(holds=holds, match=node.match, conditions=parts, segment_id=node.segment_id, segment_name=name)


def _together(node: Group, parts: Sequence[Part]) -> bool:
    if not parts:
        return True
    answers = [part.holds for part in parts]
    return {"all": all(answers), "any": any(answers), "none": not any(answers)}[node.match]


async def _names(tx: ReadTx, node: Node) -> dict[int, str]:
    ids = sorted(_segments_of(node))
    if not ids:
        return {}
    rows = await tx.all(
        sql(
            "select id, name from segments.segment where workspace_id = {workspace} and id = any({ids}::bigint[])",
            ids=ids,
        )
    )
    return {row["id"]: row["name"] for row in rows}


def _segments_of(node: Node) -> set[int]:
    if isinstance(node, Leaf):
        return set()
    own = set() if node.segment_id is None else {node.segment_id}
    return own.union(*(_segments_of(part) for part in node.conditions))
