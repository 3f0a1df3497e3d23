"""The document becomes a program whose ways all lead forwards."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.automations.flow import document, step
from waypost.automations.graph import END, AutomationDocument, Program, compile_program
from waypost.automations.steps.split import in_first
from waypost.kernel.registry import Registry

ANYONE = {"match": "all", "conditions": []}


def program_of(registry: Registry, *steps: dict[str, object]) -> Program:
    return compile_program(registry, msgspec.convert(document(*steps), AutomationDocument))


def test_steps_follow_each_other_and_the_last_leads_out(registry: Registry) -> None:
    program = program_of(registry, step("a", "wait", amount=1, unit="days"), step("b", "end"))
    assert [(node.step_id, node.next) for node in program.nodes] == [("a", 1), ("b", END)]


def test_arms_rejoin_at_the_step_after(registry: Registry) -> None:
    wait: dict[str, Any] = {"amount": 1, "unit": "days"}
    program = program_of(
        registry,
        step("if", "if_else", {"yes": [step("y1", "wait", **wait), step("y2", "wait", **wait)]}, condition=ANYONE),
        step("after", "end"),
    )
    split, y1, y2, after = program.nodes
    assert dict(split.exits) == {"yes": y1.number, "no": after.number}
    assert (y1.next, y2.next, after.next) == (y2.number, after.number, END)


def test_every_way_leads_forwards(registry: Registry) -> None:
    inner = step("i", "split", {"a": [step("x", "end")], "b": []}, percent=10)
    program = program_of(
        registry,
        step("w", "wait_until", {"met": [inner], "timed_out": []}, condition=ANYONE),
        step("s", "split", {"b": [step("z", "wait", amount=1, unit="hours")]}, percent=50),
    )
    for node in program.nodes:
        for target in (node.next, *node.exits.values()):
            assert target == END or target > node.number


@pytest.mark.parametrize("percent", [0, 1, 25, 50, 99, 100])
def test_a_split_is_even_and_always_the_same(percent: int) -> None:
    first = in_first(range(1, 20_001), seed=7, percent=percent)
    assert first == in_first(range(1, 20_001), seed=7, percent=percent)
    assert abs(len(first) / 20_000 - percent / 100) < 0.015


def test_two_splits_part_contacts_differently() -> None:
    one, other = (set(in_first(range(10_000), seed=seed, percent=50)) for seed in (1 << 24, 2 << 24))
    assert 2_000 < len(one & other) < 3_000
