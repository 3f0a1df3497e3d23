"""Validation names each step that keeps a document from being published."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.automations.flow import document, has_tag, on_tag, step
from tests.make import Make
from waypost.automations import actions, validate
from waypost.automations.graph import AutomationDocument
from waypost.kernel.errors import Invalid
from waypost.kernel.tx import Tx

WAIT: dict[str, Any] = {"amount": 1, "unit": "days"}


async def problems(tx: Tx, content: dict[str, Any]) -> set[tuple[str, str]]:
    found = await validate.validate_document(tx, msgspec.convert(content, AutomationDocument))
    return {(item.step_id, item.field) for item in found}


async def test_a_whole_document_has_no_problems(tx: Tx, make: Make) -> None:
    tag = await make.tag(tx)
    arms = {"met": [step("e", "end")], "timed_out": []}
    wait = step("w", "wait_until", arms, condition=has_tag(tag), timeout_amount=2, timeout_unit="days")
    content = document(step("s", "add_tag", tag_id=tag), wait, triggers=[on_tag(tag)])
    assert await problems(tx, content) == set()


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([], {("", "")}),
        ([step("a", "dance")], {("a", "type")}),
        ([step("a", "wait")], {("a", "amount")}),
        ([step("a", "wait", amount=-1, unit="days")], {("a", "amount")}),
        ([step("a", "wait", amount=1, unit="moons")], {("a", "unit")}),
        ([step("a", "wait", **WAIT), step("a", "end")], {("a", "id")}),
        ([step("a b", "end")], {("a b", "id")}),
        ([step("a", "end"), step("b", "end")], {("b", "")}),
        ([step("a", "split", {"c": []}, percent=50)], {("a", "arms/c")}),
        ([step("a", "split", percent=101)], {("a", "percent")}),
        ([step("a", "add_tag", tag_id=987654)], {("a", "tag_id")}),
        ([step("a", "if_else", condition={"match": "all", "conditions": []})], {("a", "condition")}),
        ([step("a", "if_else", condition={"type": "is_tall"})], {("a", "condition/type")}),
        ([step("a", "if_else", condition=has_tag(987654))], {("a", "condition")}),
        ([step("a", "wait_until", condition=has_tag(987654), timeout_amount=3)], {("a", "condition"), ("a", "timeout_unit")}),
    ],
)  # fmt: skip
async def test_each_gap_is_named(tx: Tx, steps: list[dict[str, Any]], expected: set[tuple[str, str]]) -> None:
    assert await problems(tx, document(*steps)) == expected


async def test_triggers_are_checked_too(tx: Tx) -> None:
    triggers = [
        {"id": "t1", "type": "sun_rose"},
        {"id": "t2", "type": "tag_added", "params": {"list_id": 1}},
        {"id": "t3", "type": "tag_added", "params": {"tag_id": 987654}},
        {"id": "t4", "type": "manual"},
    ]
    content = document(step("e", "end"), triggers=triggers)
    assert await problems(tx, content) == {("t1", "type"), ("t2", "list_id"), ("t3", "tag_id")}


async def test_a_document_with_gaps_is_saved_but_not_published(tx: Tx) -> None:
    automation = await actions.create_automation(tx, name="Gaps", document=document(step("a", "wait")))
    with pytest.raises(Invalid) as caught:
        await actions.activate_automation(tx, automation.id)
    assert [item.pointer for item in caught.value.problems] == ["/steps/a/amount"]


async def test_a_document_of_the_wrong_shape_is_not_saved(tx: Tx) -> None:
    with pytest.raises(Invalid) as caught:
        await actions.create_automation(tx, name="Shape", document={"steps": [{"id": "a"}]})
    assert [item.pointer for item in caught.value.problems] == ["/document/steps/0/type"]
