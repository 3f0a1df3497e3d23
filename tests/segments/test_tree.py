"""Reading conditions: what is wrong is named with its place."""

from __future__ import annotations

from typing import Any

import pytest

from waypost.kernel.errors import Invalid
from waypost.kernel.registry import Registry
from waypost.segments.compile import facts_of
from waypost.segments.tree import MAX_CONDITIONS, MAX_DEPTH, check_condition, leaves, parse_condition

TAG = {"type": "has_tag", "params": {"tag_id": 3}}


def nested(depth: int) -> dict[str, Any]:
    return TAG if depth == 1 else {"match": "all", "conditions": [nested(depth - 1)]}


def test_a_tree_is_read_with_its_words(registry: Registry) -> None:
    node = parse_condition(registry, {"match": "any", "conditions": [TAG, {"match": "none", "conditions": [TAG]}]})
    assert [leaf.condition.type for leaf in leaves(node)] == ["has_tag", "has_tag"]


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        ("text", "/"),
        ({"match": "some", "conditions": []}, "/match"),
        ({"match": "all"}, "/conditions"),
        ({"match": "all", "conditions": [TAG, {"type": "is_tall"}]}, "/conditions/1/type"),
        (
            {"match": "all", "conditions": [{"type": "has_tag", "params": {"tag_id": "x"}}]},
            "/conditions/0/params/tag_id",
        ),
        ({"match": "all", "conditions": [{"type": "has_tag"}]}, "/conditions/0/params/tag_id"),
        ({"type": "has_tag", "params": {"tag_id": 1, "colour": "red"}}, "/params"),
        ({"type": "has_tag", "params": {"tag_id": 1}, "not": True}, "/"),
        (nested(MAX_DEPTH + 1), "/conditions/0" * MAX_DEPTH),
        ({"match": "all", "conditions": [TAG] * MAX_CONDITIONS}, "/"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(registry: Registry, document: object, pointer: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_condition(registry, document)
    assert caught.value.problems[0].pointer == pointer


def test_every_problem_is_found_at_once(registry: Registry) -> None:
    _, problems = check_condition(registry, {"match": "all", "conditions": [{"type": "a"}, TAG, {"type": "b"}]})
    assert [item.pointer for item in problems] == ["/conditions/0/type", "/conditions/2/type"]


def test_facts_are_narrowed_to_the_object_the_condition_names(registry: Registry) -> None:
    found = {(fact.name, object_id) for fact, object_id in facts_of(parse_condition(registry, TAG))}
    assert {("tag_added", 3), ("tag_removed", 3)} <= found
