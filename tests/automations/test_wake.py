"""Waiting for a condition: woken by the facts it declares, by its time-out, and by nothing else."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from tests.automations.flow import activate, check_counts, document, enter, has_tag, settle, step, these, trails
from tests.make import Make
from waypost.automations import queries
from waypost.automations.types import Automation, State
from waypost.automations.wake import wake_slice
from waypost.contacts.actions import add_tag
from waypost.kernel.db import Database
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx


async def waiting_for(tx: Tx, tag_id: int, people: list[int], **timeout: object) -> Automation:
    arms = {"met": [step("m", "end")], "timed_out": [step("o", "end")]}
    automation = await activate(tx, document(step("u", "wait_until", arms, condition=has_tag(tag_id), **timeout)))
    await enter(tx, automation.id, people)
    return automation


async def test_who_meets_the_condition_does_not_wait(db: Database, workspace_id: int, make: Make) -> None:
    async with db.transaction(workspace_id) as tx:
        ada, grace = await make.contacts(tx, 2)
        tag = await make.tag(tx)
        await add_tag(tx, tag, these(ada))
        automation = await waiting_for(tx, tag, [ada, grace], timeout_amount=1, timeout_unit="days")
    await settle(db, workspace_id)
    assert await trails(db, workspace_id, automation.id) == {"u:met,m": 1, "": 1}
    async with db.read(workspace_id) as read:
        (waiting,) = (await queries.list_enrollments(read, automation_id=automation.id, state=State.WAITING)).items
    assert waiting.contact_id == grace
    assert waiting.due_at is not None
    assert timedelta(hours=23) < waiting.due_at - datetime.now(UTC) < timedelta(hours=25)


async def test_the_declared_fact_wakes_only_those_it_is_about(db: Database, workspace_id: int, make: Make) -> None:
    async with db.transaction(workspace_id) as tx:
        ada, grace = await make.contacts(tx, 2)
        tag, other = await make.tag(tx), await make.tag(tx)
        automation = await waiting_for(tx, tag, [ada, grace])
    await settle(db, workspace_id)
    async with db.transaction(workspace_id) as tx:
        await add_tag(tx, other, these(ada, grace))
    await settle(db, workspace_id)
    assert await trails(db, workspace_id, automation.id) == {"": 2}
    async with db.transaction(workspace_id) as tx:
        await add_tag(tx, tag, these(ada))
    await settle(db, workspace_id)
    assert await trails(db, workspace_id, automation.id) == {"u:met,m": 1, "": 1}
    await check_counts(db, workspace_id, automation.id)


async def test_the_time_out_has_its_own_way_out(db: Database, workspace_id: int, make: Make) -> None:
    async with db.transaction(workspace_id) as tx:
        people = await make.contacts(tx, 3)
        automation = await waiting_for(tx, await make.tag(tx), people, timeout_amount=2, timeout_unit="hours")
    await settle(db, workspace_id)
    async with db.transaction(workspace_id) as tx:
        await tx.run(
            sql(
                """
                update automations.enrollment set due_at = {now}, deadline = {now}
                where workspace_id = {workspace} and automation_id = {automation_id}
                """,
                automation_id=automation.id,
            )
        )
    await settle(db, workspace_id)
    assert await trails(db, workspace_id, automation.id) == {"u:timed_out,o": 3}
    await check_counts(db, workspace_id, automation.id)


async def test_a_condition_that_time_can_meet_is_looked_at_every_hour(
    db: Database, workspace_id: int, make: Make
) -> None:
    another_day = (datetime.now(UTC).isoweekday() + 2) % 7 + 1
    late = {"type": "now_is", "params": {"weekdays": [another_day]}}
    async with db.transaction(workspace_id) as tx:
        (ada,) = await make.contacts(tx, 1)
        automation = await activate(tx, document(step("u", "wait_until", condition=late)))
        await enter(tx, automation.id, [ada])
    await settle(db, workspace_id)
    async with db.read(workspace_id) as read:
        (waiting,) = (await queries.list_enrollments(read, automation_id=automation.id)).items
    assert waiting.due_at is not None
    assert timedelta(minutes=58) < waiting.due_at - datetime.now(UTC) < timedelta(minutes=61)


async def test_a_fact_that_comes_while_the_engine_looks_is_not_missed(
    db: Database, workspace_id: int, make: Make
) -> None:
    """The engine has looked and not committed; the fact and its consumer pass by; the contact still goes on."""
    from waypost.automations.advance import Advancer, claim

    async with db.transaction(workspace_id) as tx:
        (ada,) = await make.contacts(tx, 1)
        tag = await make.tag(tx)
        automation = await waiting_for(tx, tag, [ada])
    engine = Advancer(db)
    assert await engine.tick(workspace_id), "the first look leaves ada waiting, due for a second one"

    async def fact_and_consumer() -> None:
        async with db.transaction(workspace_id) as tx:
            await add_tag(tx, tag, these(ada))
        async with db.transaction(workspace_id) as tx:
            await wake_slice(
                tx,
                sql(
                    """
                    select contact_id, at, id, kind, object_id, data, cause from activities.fact
                    where workspace_id = {workspace} and kind = 102
                    """
                ),
            )

    async with db.transaction(workspace_id) as tx:
        rows = await claim(tx, limit=10)
        await engine.move(tx, rows, {})
        passing = asyncio.create_task(fact_and_consumer())
        await asyncio.sleep(0.3)
        assert not passing.done(), "the consumer waits for the engine's row"
    await passing
    while await engine.tick(workspace_id):
        pass
    assert await trails(db, workspace_id, automation.id) == {"u:met,m": 1}


async def test_deleted_contacts_leave(db: Database, workspace_id: int, make: Make) -> None:
    from waypost.contacts.actions import delete_contacts

    async with db.transaction(workspace_id) as tx:
        ada, grace = await make.contacts(tx, 2)
        automation = await waiting_for(tx, await make.tag(tx), [ada, grace])
    await settle(db, workspace_id)
    async with db.transaction(workspace_id) as tx:
        await delete_contacts(tx, these(ada))
    await settle(db, workspace_id)
    async with db.read(workspace_id) as read:
        found = await queries.get_automation(read, automation.id)
    assert (found.here, found.exited) == (1, 1)
    await check_counts(db, workspace_id, automation.id)
