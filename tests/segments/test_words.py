"""Conditions said in words: by the sentence of each domain, with names in the place of ids."""

from __future__ import annotations

from tests.make import Make
from waypost.kernel.tx import Tx
from waypost.segments.words import describe_all, describe_condition


async def test_a_tree_is_said_with_the_names_of_what_it_asks_about(tx: Tx, make: Make) -> None:
    tag_id = await make.tag(tx, "Customer")
    tree = {
        "match": "all",
        "conditions": [
            {"type": "has_tag", "params": {"tag_id": tag_id}},
            {"match": "none", "conditions": [{"type": "opened_message", "params": {"within_days": 30}}]},
            {
                "match": "any",
                "conditions": [
                    {
                        "type": "contact_attribute",
                        "params": {"attribute": "city", "operator": "equals", "value": "Ghent"},
                    },
                    {"type": "last_engagement", "params": {"operator": "more_than_days_ago", "value": 90}},
                ],
            },
            {"not": {"type": "did", "params": {"fact": "tag_added", "object_id": tag_id, "count": 2}}},
        ],
    }
    said = await describe_condition(tx, tree)
    assert said == (
        "has tag Customer and not (opened an email in the last 30 days)"
        " and (city is “Ghent” or last open was more than 90 days ago)"
        " and not (tag is added: Customer at least 2 times)"
    )


async def test_what_is_gone_or_unknown_is_said_too(tx: Tx) -> None:
    said = await describe_all(
        tx,
        [
            {"match": "all", "conditions": []},
            {"type": "has_tag", "params": {"tag_id": 987_654}},
            {"type": "never_heard", "params": {}},
        ],
    )
    assert said == ["everyone", "has tag #987654", "an unknown condition (never_heard)"]


async def test_every_condition_brings_a_sentence_that_names_its_own_parameters(tx: Tx) -> None:
    for condition in tx.registry.conditions.values():
        assert condition.sentence, condition.type
        said = await describe_condition(tx, {"type": condition.type, "params": {}})
        assert "{" not in said
        assert "[" not in said
