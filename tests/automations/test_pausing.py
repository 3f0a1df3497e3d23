"""What becomes of timers and events during a pause, by the rows V07 and V08."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.automations.flow import (
    Json,
    activate,
    check_counts,
    document,
    enter,
    on_tag,
    settle,
    settle_at,
    step,
    tagged,
    these,
)
from tests.make import Client, Make
from waypost.automations import actions
from waypost.automations.pausing import Overdue, Resumption
from waypost.contacts.actions import add_tag
from waypost.kernel.db import Database
from waypost.kernel.sql import sql

DAY = timedelta(days=1)


def waiting(tag_id: int) -> list[Json]:
    return [step("w", "wait", amount=30, unit="days"), step("t", "add_tag", tag_id=tag_id)]


async def due_in_days(db: Database, workspace_id: int, since: datetime) -> list[float]:
    async with db.read(workspace_id) as read:
        rows = await read.all(
            sql(
                "select due_at from automations.enrollment where workspace_id = {workspace} and state = 0 order by due_at"
            )
        )
    return [round((row["due_at"] - since) / DAY, 1) for row in rows]


@pytest.mark.parametrize("overdue", ["at_once", "stop", "spread"])
async def test_v07_a_thirty_day_wait_paused_on_day_29_for_seven_days(
    db: Database, workspace_id: int, make: Make, overdue: Overdue
) -> None:
    """At once: released on resuming. Stood still: one day is left. Spread: the only one who is overdue goes first."""
    start = datetime.now(UTC)
    async with db.transaction(workspace_id) as tx:
        tag = await make.tag(tx)
        automation = await activate(tx, document(*waiting(tag)))
        people = await make.contacts(tx, 1)
        await enter(tx, automation.id, people)
    await settle(db, workspace_id)
    async with db.transaction(workspace_id, now=start + 29 * DAY) as tx:
        await actions.pause_automation(tx, automation.id)
    await settle_at(db, workspace_id, start + 33 * DAY)
    assert await tagged(db, workspace_id, tag) == set()
    resumed = start + 36 * DAY
    async with db.transaction(workspace_id, now=resumed) as tx:
        await actions.activate_automation(tx, automation.id, Resumption(overdue))
    if overdue == "stop":
        assert await due_in_days(db, workspace_id, start) == [37.0]
        await settle_at(db, workspace_id, resumed)
        assert await tagged(db, workspace_id, tag) == set()
    await settle_at(db, workspace_id, start + 37 * DAY + timedelta(minutes=1))
    assert await tagged(db, workspace_id, tag) == set(people)
    await check_counts(db, workspace_id, automation.id)


async def test_v07_the_overdue_go_one_by_one(db: Database, workspace_id: int, make: Make) -> None:
    start = datetime.now(UTC)
    async with db.transaction(workspace_id) as tx:
        tag = await make.tag(tx)
        automation = await activate(tx, document(*waiting(tag)))
        await enter(tx, automation.id, await make.contacts(tx, 4))
    await settle(db, workspace_id)
    async with db.transaction(workspace_id, now=start + DAY) as tx:
        await actions.pause_automation(tx, automation.id)
    await settle_at(db, workspace_id, start + 40 * DAY)
    async with db.transaction(workspace_id, now=start + 40 * DAY) as tx:
        await actions.activate_automation(tx, automation.id, Resumption("spread", spread_over=4 * DAY))
    assert await due_in_days(db, workspace_id, start) == [40.0, 41.0, 42.0, 43.0]


async def test_v07_timers_that_have_not_run_out_run_on_or_stand_still(
    db: Database, workspace_id: int, make: Make
) -> None:
    start = datetime.now(UTC)
    async with db.transaction(workspace_id) as tx:
        tag = await make.tag(tx)
        automation = await activate(tx, document(*waiting(tag)))
        await enter(tx, automation.id, await make.contacts(tx, 1))
    await settle(db, workspace_id)
    for paused, resumed, how, left in ((1, 3, "at_once", 30.0), (4, 9, "stop", 35.0)):
        async with db.transaction(workspace_id, now=start + paused * DAY) as tx:
            await actions.pause_automation(tx, automation.id)
        async with db.transaction(workspace_id, now=start + resumed * DAY) as tx:
            await actions.activate_automation(tx, automation.id, Resumption("stop" if how == "stop" else "at_once"))
        assert await due_in_days(db, workspace_id, start) == [left]


@pytest.mark.parametrize("is_read", [True, False])
@pytest.mark.parametrize("lets_in", [True, False])
async def test_v08_events_during_the_pause_are_lost_or_let_in_on_resuming(
    db: Database, workspace_id: int, make: Make, lets_in: bool, is_read: bool
) -> None:
    """Whether the log was read during the pause or only after it, everyone enters once, or nobody does."""
    async with db.transaction(workspace_id) as tx:
        lead, greeted = await make.tag(tx), await make.tag(tx)
        people = await make.contacts(tx, 3)
        automation = await activate(tx, document(step("t", "add_tag", tag_id=greeted), triggers=[on_tag(lead)]))
        other = await activate(tx, document(step("t", "end"), triggers=[on_tag(lead)]), "Other")
    await settle(db, workspace_id)
    async with db.transaction(workspace_id) as tx:
        await actions.pause_automation(tx, automation.id)
    async with db.transaction(workspace_id) as tx:
        await add_tag(tx, lead, these(*people[:2]))
    if is_read:
        await settle(db, workspace_id)
    async with db.transaction(workspace_id) as tx:
        await actions.activate_automation(tx, automation.id, Resumption(lets_in=lets_in))
    async with db.transaction(workspace_id) as tx:
        await add_tag(tx, lead, these(*people[2:]))
    await settle(db, workspace_id)
    assert await tagged(db, workspace_id, greeted) == set(people if lets_in else people[2:])
    for item in (automation, other):
        await check_counts(db, workspace_id, item.id)
    async with db.read(workspace_id) as read:
        entered = sql(
            "select count(*) from automations.enrollment where workspace_id = {workspace} and automation_id = {id}",
            id=other.id,
        )
        assert await read.value(entered) == 3


async def test_how_to_go_on_is_checked(client: Client) -> None:
    made = (await client.post("/api/v1/automations", json={"name": "W", "document": document(step("e", "end"))})).json()
    url = f"/api/v1/automations/{made['id']}"
    wrong = await client.post(f"{url}/activate", json={"overdue": "never"})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/overdue")
    await client.post(f"{url}/activate")
    paused = (await client.post(f"{url}/pause")).json()
    assert paused["paused_at"] is not None
    going = (
        await client.post(f"{url}/activate", json={"overdue": "spread", "spread_hours": 2, "events": "enter"})
    ).json()
    assert (going["status"], going["paused_at"]) == ("active", None)
