"""Going back: L01 and L02 of what a loop may do, and what keeps a loop from being published."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from tests.automations.flow import activate, check_counts, document, enter, has_tag, settle_at, step, trails
from tests.make import Make
from waypost.automations import actions
from waypost.automations.graph import AutomationDocument
from waypost.automations.types import StepProblem
from waypost.automations.validate import validate_document
from waypost.kernel.db import Database
from waypost.kernel.errors import Invalid
from waypost.kernel.tx import Tx

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HOUR = step("hour", "wait", amount=1, unit="hours")


async def test_l01_a_loop_in_which_nobody_waits_ends_after_three_rounds(
    db: Database, workspace_id: int, make: Make
) -> None:
    async with db.transaction(workspace_id, now=NOON) as tx:
        # The office is open, so that the wait holds nobody up.
        wait = step("office", "wait_for_time", from_time="09:00", to_time="17:00")
        automation = await activate(tx, document(wait, step("back", "go_to", target="office")))
        await enter(tx, automation.id, await make.contacts(tx, 2))
    await settle_at(db, workspace_id, NOON)
    rounds = " | ".join(["office,back:again"] * 3)
    assert await trails(db, workspace_id, automation.id) == {f"{rounds} | office,back:over": 2}
    await check_counts(db, workspace_id, automation.id)


async def test_l02_a_loop_with_a_wait_goes_round_ten_times_a_day(db: Database, workspace_id: int, make: Make) -> None:
    async with db.transaction(workspace_id, now=NOON) as tx:
        ends = await activate(tx, document(HOUR, step("back", "go_to", target="hour")), "Ends")
        goes_on = document(HOUR, step("back", "go_to", target="hour", at_most=2, afterwards="go_on"), step("e", "end"))
        goes = await activate(tx, goes_on, "Goes on")
        people = await make.contacts(tx, 1)
        for automation in (ends, goes):
            await enter(tx, automation.id, people)
    for hour in range(14):
        await settle_at(db, workspace_id, NOON + timedelta(hours=hour))
    (trail,) = await trails(db, workspace_id, ends.id)
    assert (trail.count("back:again"), trail.count("back:over")) == (10, 1), "the eleventh ends it"
    (other,) = await trails(db, workspace_id, goes.id)
    assert other.endswith("back:over,e")
    assert other.count("back:again") == 2


async def test_l02_the_count_begins_anew_after_a_day(db: Database, workspace_id: int, make: Make) -> None:
    async with db.transaction(workspace_id, now=NOON) as tx:
        slow = document(step("w", "wait", amount=20, unit="hours"), step("back", "go_to", target="w", at_most=2))
        automation = await activate(tx, slow)
        await enter(tx, automation.id, await make.contacts(tx, 1))
    for turn in range(12):
        await settle_at(db, workspace_id, NOON + timedelta(hours=20 * turn))
    (trail,) = await trails(db, workspace_id, automation.id)
    assert trail.count("back:again") == 11


async def test_a_way_forwards_skips_what_lies_between(db: Database, workspace_id: int, make: Make) -> None:
    async with db.transaction(workspace_id, now=NOON) as tx:
        vip = await make.tag(tx)
        arms = {"yes": [step("skip", "go_to", target="last")], "no": []}
        ask = step("ask", "if_else", arms, condition=has_tag(vip))
        automation = await activate(tx, document(ask, step("mid", "add_note", body="Hi"), step("last", "end")))
        await enter(tx, automation.id, [await make.contact(tx, tags=[vip]), await make.contact(tx)])
    await settle_at(db, workspace_id, NOON)
    assert await trails(db, workspace_id, automation.id) == {"ask:yes,skip:again,last": 1, "ask:no,mid,last": 1}


async def problems(tx: Tx, *steps: dict[str, Any]) -> set[tuple[str, str]]:
    found: list[StepProblem] = await validate_document(tx, msgspec.convert(document(*steps), AutomationDocument))
    return {(item.step_id, item.field) for item in found}


NOW = step("now", "wait", amount=0, unit="days")
NOTE = step("note", "add_note", body="Hi")


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([NOTE, step("back", "go_to", target="note")], {("back", "target")}),
        ([NOTE, NOW, step("back", "go_to", target="note")], {("back", "target")}),
        ([step("back", "go_to", target="back")], {("back", "target")}),
        ([HOUR, step("back", "go_to", target="gone")], {("back", "target")}),
        ([HOUR, step("back", "go_to", target="hour"), NOTE], {("note", "")}),
        ([HOUR, step("back", "go_to", target="hour", afterwards="go_on"), NOTE], set()),
        ([step("back", "go_to", target="hour"), HOUR], set()),
        ([step("s", "split", {"a": [NOTE, step("back", "go_to", target="s")], "b": [HOUR]}, percent=50)], {("back", "target")}),
        ([step("s", "split", {"a": [HOUR, step("back", "go_to", target="s")], "b": []}, percent=50)], set()),
        ([step("s", "split_paths", paths=[{"id": "a"}])], {("s", "")}),
        ([step("s", "split_paths", paths=[{"id": "a", "percent": 60}, {"id": "b", "percent": 60}])], {("s", "")}),
        ([step("s", "split_paths", paths=[{"id": "a"}, {"id": "a"}])], {("s", "")}),
        ([step("s", "branch", paths=[{"id": "a", "condition": {"type": "is_tall"}}])], {("s", "paths/0/condition/type")}),
        ([step("s", "branch", paths=[{"id": "a", "condition": has_tag(987654)}])], {("s", "paths/0/condition")}),
    ],
)  # fmt: skip
async def test_ways_that_lead_nowhere_are_named(
    tx: Tx, steps: list[dict[str, Any]], expected: set[tuple[str, str]]
) -> None:
    assert await problems(tx, *steps) == expected


async def test_five_thousand_steps_are_refused_at_once(tx: Tx) -> None:
    steps = [step(f"s{number}", "add_note", body="Hi") for number in range(5_000)]
    automation = await actions.create_automation(tx, name="Long", document=document(*steps))
    with pytest.raises(Invalid) as caught:
        await actions.activate_automation(tx, automation.id)
    assert "at most 500 steps" in caught.value.problems[0].message
