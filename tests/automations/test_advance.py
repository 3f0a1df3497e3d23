"""The engine: sets move in one pass, errors cost one contact, counters and paths are exact."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from tests.automations.flow import (
    activate,
    check_counts,
    document,
    enter,
    has_tag,
    settle,
    step,
    tagged,
    trails,
)
from tests.make import Make
from waypost.automations import actions, queries
from waypost.automations.advance import Advancer
from waypost.automations.facts import AutomationCompleted
from waypost.automations.types import State
from waypost.kernel.db import Database
from waypost.kernel.errors import Failure
from waypost.kernel.model import Model
from waypost.kernel.registry import Batch, Domain, Registry, Step
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx


class NoParams(Model):
    """Nothing to set."""


def _with_step(db: Database, run: object) -> Database:
    """The same database for a house that has one step more."""
    trial = Step("trial", "Trial", "contact", "bolt", NoParams, run)  # type: ignore[arg-type]
    registry = Registry([*db.registry.domains, Domain(name="trial", steps=[trial])])
    return Database(db.pool, dsn=db.dsn, registry=registry, settings=db.settings)


async def test_a_batch_goes_as_far_as_it_can_in_one_pass(db: Database, workspace_id: int, make: Make) -> None:
    async with db.transaction(workspace_id) as tx:
        people = await make.contacts(tx, 40)
        first, second = await make.tag(tx), await make.tag(tx)
        arms = {"a": [step("s3", "add_tag", tag_id=second)], "b": []}
        automation = await activate(
            tx,
            document(
                step("s1", "add_tag", tag_id=first),
                step("s2", "split", arms, percent=50),
                step("s4", "if_else", {"yes": [step("s5", "end")], "no": []}, condition=has_tag(second)),
                step("s6", "wait", amount=3, unit="days"),
                step("s7", "end"),
            ),
        )
        assert await enter(tx, automation.id, people) == 40
    await settle(db, workspace_id)

    with_second = await tagged(db, workspace_id, second)
    assert await tagged(db, workspace_id, first) == set(people)
    assert 5 < len(with_second) < 35
    assert await trails(db, workspace_id, automation.id) == {
        "s1,s2:a,s3,s4:yes,s5": len(with_second),
        "s1,s2:b,s4:no": 40 - len(with_second),
    }
    await check_counts(db, workspace_id, automation.id)
    async with db.read(workspace_id) as read:
        waiting = await queries.list_enrollments(read, automation_id=automation.id, step_id="s6", limit=100)
    assert {item.contact_id for item in waiting.items} == set(people) - with_second
    assert {item.state for item in waiting.items} == {State.DUE}


async def test_a_wait_ends_when_its_time_has_come(db: Database, workspace_id: int, make: Make) -> None:
    async with db.transaction(workspace_id) as tx:
        people = await make.contacts(tx, 3)
        automation = await activate(tx, document(step("w", "wait", amount=2, unit="weeks"), step("e", "end")))
        await enter(tx, automation.id, people)
    await settle(db, workspace_id)
    assert await trails(db, workspace_id, automation.id) == {"": 3}

    await _let_time_pass(db, workspace_id)
    await settle(db, workspace_id)
    assert await trails(db, workspace_id, automation.id) == {"w,e": 3}
    await check_counts(db, workspace_id, automation.id)


async def test_a_wait_of_nothing_does_not_stop_anyone(db: Database, workspace_id: int, make: Make) -> None:
    async with db.transaction(workspace_id) as tx:
        automation = await activate(tx, document(step("w", "wait", amount=0, unit="days"), step("e", "end")))
        await enter(tx, automation.id, await make.contacts(tx, 2))
    await settle(db, workspace_id)
    assert await trails(db, workspace_id, automation.id) == {"w,e": 2}


async def test_the_contact_who_breaks_a_step_is_parked_alone(db: Database, workspace_id: int, make: Make) -> None:
    async with db.transaction(workspace_id) as tx:
        people, before = await make.contacts(tx, 30), await make.tag(tx)
    bad = {people[7], people[23]}

    async def run(tx: Tx, batch: Batch, params: NoParams) -> None:
        del tx, params
        if bad & set(batch.contact_ids):
            raise ValueError("no good")

    house = _with_step(db, run)
    async with house.transaction(workspace_id) as tx:
        content = document(step("s1", "add_tag", tag_id=before), step("s2", "trial"), step("s3", "end"))
        automation = await activate(tx, content)
        await enter(tx, automation.id, people)
    await settle(house, workspace_id)

    assert await tagged(db, workspace_id, before) == set(people), "what came before the error stays done"
    assert await trails(db, workspace_id, automation.id) == {"s1,s2,s3": 28, "s1": 2}
    await check_counts(db, workspace_id, automation.id)
    async with db.read(workspace_id) as read:
        parked = await queries.list_enrollments(read, automation_id=automation.id, state=State.PARKED)
    assert {(item.contact_id, item.step_id, item.error) for item in parked.items} == {
        (contact_id, "s2", "no good") for contact_id in bad
    }

    bad.clear()
    async with house.transaction(workspace_id) as tx:
        assert await actions.retry_parked(tx, automation.id) == 2
    await settle(house, workspace_id)
    assert await trails(db, workspace_id, automation.id) == {"s1,s2,s3": 28, "s1 | s2,s3": 2}
    await check_counts(db, workspace_id, automation.id)


class Refused(Failure):
    """What a domain says when a step as a whole cannot be done."""

    code = "trial.refused"
    template = "The thing is gone."


async def test_what_a_domain_refuses_parks_the_whole_step_at_once(db: Database, workspace_id: int, make: Make) -> None:
    calls: list[int] = []

    async def run(tx: Tx, batch: Batch, params: NoParams) -> None:
        del tx, params
        calls.append(len(batch.contact_ids))
        raise Refused

    house = _with_step(db, run)
    async with house.transaction(workspace_id) as tx:
        automation = await activate(tx, document(step("s1", "trial"), step("s2", "end")))
        await enter(tx, automation.id, await make.contacts(tx, 20))
    await settle(house, workspace_id)
    assert calls == [20]
    async with db.read(workspace_id) as read:
        parked = await queries.list_enrollments(read, automation_id=automation.id, state=State.PARKED)
    assert {item.error for item in parked.items} == {"The thing is gone."}
    assert len(parked.items) == 20
    await check_counts(db, workspace_id, automation.id)


async def test_a_step_that_is_gone_from_the_house_parks_and_nothing_else_stops(
    db: Database, workspace_id: int, make: Make
) -> None:
    async def run(tx: Tx, batch: Batch, params: NoParams) -> None:
        del tx, batch, params

    async with _with_step(db, run).transaction(workspace_id) as tx:
        people = await make.contacts(tx, 2)
        lost = await activate(tx, document(step("s1", "trial"), step("s2", "end")), "Lost")
        kept = await activate(tx, document(step("s1", "end")), "Kept")
        await enter(tx, lost.id, people)
        await enter(tx, kept.id, people)
    await settle(db, workspace_id)
    assert await trails(db, workspace_id, lost.id) == {"": 2}
    assert await trails(db, workspace_id, kept.id) == {"s1": 2}
    await check_counts(db, workspace_id, lost.id)


async def test_deferred_writes_come_together_and_before_a_condition(
    db: Database, workspace_id: int, make: Make
) -> None:
    flushed: list[int] = []
    async with db.transaction(workspace_id) as tx:
        people, tag = await make.contacts(tx, 6), await make.tag(tx)

    async def flush(tx: Tx, items: list[tuple[Sequence[int], int]]) -> None:
        flushed.append(len(items))
        ids = sorted({contact_id for contact_ids, _ in items for contact_id in contact_ids})
        await tx.run(
            sql(
                """
                insert into contacts.contact_tag (workspace_id, contact_id, tag_id, created_at)
                select {workspace}, i, {tag}, {now} from unnest({ids}::bigint[]) as i on conflict do nothing
                """,
                ids=ids,
                tag=tag,
            )
        )

    async def run(tx: Tx, batch: Batch, params: NoParams) -> None:
        del tx, params
        batch.defer(flush, batch.contact_ids, tag)

    house = _with_step(db, run)
    async with house.transaction(workspace_id) as tx:
        question = step("s3", "if_else", {"yes": [], "no": []}, condition=has_tag(tag))
        automation = await activate(
            tx, document(step("s1", "trial"), step("s2", "trial"), question, step("s4", "trial"))
        )
        await enter(tx, automation.id, people)
    await settle(house, workspace_id)
    assert await trails(db, workspace_id, automation.id) == {"s1,s2,s3:yes,s4": 6}
    assert flushed == [2, 1]


async def test_a_step_may_park_some_with_its_own_words(db: Database, workspace_id: int, make: Make) -> None:
    async def run(tx: Tx, batch: Batch, params: NoParams) -> None:
        del tx, params
        batch.park(batch.contact_ids[:2], "has no address")

    house = _with_step(db, run)
    async with house.transaction(workspace_id) as tx:
        automation = await activate(tx, document(step("s1", "trial")))
        await enter(tx, automation.id, await make.contacts(tx, 5))
    await settle(house, workspace_id)
    assert await trails(db, workspace_id, automation.id) == {"s1": 3, "": 2}
    await check_counts(db, workspace_id, automation.id)


async def test_nobody_moves_while_paused_and_everyone_moves_after(db: Database, workspace_id: int, make: Make) -> None:
    async with db.transaction(workspace_id) as tx:
        automation = await activate(tx, document(step("s1", "end")))
        await enter(tx, automation.id, await make.contacts(tx, 4))
        await actions.pause_automation(tx, automation.id)
    await settle(db, workspace_id)
    await settle(db, workspace_id)
    assert await trails(db, workspace_id, automation.id) == {"": 4}
    async with db.transaction(workspace_id) as tx:
        await actions.activate_automation(tx, automation.id)
    await settle(db, workspace_id)
    assert await trails(db, workspace_id, automation.id) == {"s1": 4}


async def test_contacts_inside_finish_on_the_version_they_entered(db: Database, workspace_id: int, make: Make) -> None:
    async with db.transaction(workspace_id) as tx:
        old, new = await make.tag(tx), await make.tag(tx)
        people = await make.contacts(tx, 4)
        wait = step("w", "wait", amount=1, unit="hours")
        automation = await activate(tx, document(wait, step("t", "add_tag", tag_id=old)))
        await enter(tx, automation.id, people[:2])
    await settle(db, workspace_id)
    async with db.transaction(workspace_id) as tx:
        changed = document(wait, step("x", "add_tag", tag_id=new))
        await actions.update_automation(tx, automation.id, document=changed)
        await enter(tx, automation.id, people[2:3])
        await actions.activate_automation(tx, automation.id)
        await enter(tx, automation.id, people[3:])
    await settle(db, workspace_id)
    await _let_time_pass(db, workspace_id)
    await settle(db, workspace_id)
    assert await tagged(db, workspace_id, old) == set(people[:3]), "a saved draft changes nothing"
    assert await tagged(db, workspace_id, new) == {people[3]}


@pytest.mark.parametrize("batch", [1, 7])
async def test_small_batches_and_two_workers_come_to_the_same(
    db: Database, workspace_id: int, make: Make, batch: int
) -> None:
    async with db.transaction(workspace_id) as tx:
        people, tag = await make.contacts(tx, 60), await make.tag(tx)
        automation = await activate(tx, document(step("s1", "add_tag", tag_id=tag), step("s2", "end")))
        other = await activate(tx, document(step("s1", "add_tag", tag_id=tag), step("s2", "end")), "Other")
        await enter(tx, automation.id, people)
        await enter(tx, other.id, list(reversed(people)))

    async def work() -> None:
        engine = Advancer(db, batch=batch)
        while await engine.tick(workspace_id):
            pass

    await asyncio.gather(work(), work())
    await settle(db, workspace_id)
    assert await tagged(db, workspace_id, tag) == set(people)
    for item in (automation, other):
        assert await trails(db, workspace_id, item.id) == {"s1,s2": 60}
        await check_counts(db, workspace_id, item.id)
    async with db.read(workspace_id) as read:
        added = sql("select count(*) from activities.fact where workspace_id = {workspace} and kind = 102")
        assert await read.value(added) == 60, "only who lacked the tag got it"


async def _let_time_pass(db: Database, workspace_id: int) -> None:
    """As if everything that waits had waited long enough."""
    past = datetime.now(UTC) - timedelta(seconds=1)
    async with db.transaction(workspace_id) as tx:
        await tx.run(
            sql(
                """
                update automations.enrollment
                set due_at = {past}, deadline = case when deadline is null then null else {past} end
                where workspace_id = {workspace} and state in (0, 1) and due_at is not null
                """,
                past=past,
            )
        )


async def test_one_by_one_leaves_what_a_batch_leaves(db: Database, workspace_id: int, make: Make) -> None:
    async with db.transaction(workspace_id) as tx:
        people = await make.contacts(tx, 50)
        tag = await make.tag(tx)
        steps = [
            step("s1", "add_tag", tag_id=tag),
            step("s2", "split", {"a": [step("s3", "end")], "b": []}, percent=50),
        ]
        content = document(*steps, step("s4", "wait", amount=1, unit="days"), step("s5", "end"))
        alone = await activate(tx, content, name="Alone")
        together = await activate(tx, content, name="Together")
        await enter(tx, alone.id, people[:25])
    await settle(db, workspace_id, batch=1)
    async with db.transaction(workspace_id) as tx:
        await enter(tx, together.id, people[25:])
    await settle(db, workspace_id)
    for automation, who in ((alone, people[:25]), (together, people[25:])):
        left = await _left_behind(db, workspace_id, automation.id)  # lint: no-row-loops because a turn is an automation
        assert [row["contact_id"] for row in left] == who
        for row in left:
            done = row["trail"] == "s1,s2:a,s3"
            assert done or row["trail"] == "s1,s2:b"
            assert (row["state"], row["is_finished"], row["is_due"]) == ((2, True, False) if done else (0, False, True))
            assert row["completions"] == (1 if done else 0)
        await check_counts(db, workspace_id, automation.id)  # lint: no-row-loops because a turn is an automation


async def _left_behind(db: Database, workspace_id: int, automation_id: int) -> Sequence[asyncpg.Record]:
    async with db.read(workspace_id) as read:
        return await read.all(
            sql(
                """
                select e.contact_id, p.trail, e.state, e.finished_at is not null as is_finished,
                       e.due_at is not null as is_due,
                       (select count(*) from activities.fact as f
                        where f.workspace_id = {workspace} and f.contact_id = e.contact_id and f.kind = {kind}
                          and f.object_id = {automation_id}) as completions
                from automations.enrollment as e
                join automations.path as p on p.workspace_id = {workspace} and p.enrollment_id = e.id
                where e.workspace_id = {workspace} and e.automation_id = {automation_id} order by e.contact_id
                """,
                kind=AutomationCompleted.kind,
                automation_id=automation_id,
            )
        )
