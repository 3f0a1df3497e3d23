"""Automations around deals: the pipeline of the examples, with its four automations, on a fast clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from tests.automations.flow import Json, activate, document, on_tag, settle_at, step, tagged
from tests.deals.parts import deal, sales
from tests.delivery.parts import DOCUMENT
from tests.make import Make
from waypost.contacts.actions.tags import add_tag
from waypost.contacts.audience import these
from waypost.deals.actions.changing import DealChange
from waypost.deals.actions.deals import update_deal
from waypost.deals.queries.deals import DealFilter, list_deals, list_notes
from waypost.deals.queries.tasks import TaskFilter, list_tasks
from waypost.deals.types import Pipeline, Status
from waypost.kernel.db import Database
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx
from waypost.messages.actions import create_message

pytestmark = pytest.mark.asyncio(loop_scope="session")


def on(kind: str, **params: Any) -> list[Json]:
    return [{"id": "t1", "type": kind, "params": params, "runs": "multiple"}]


async def mailed(db: Database, workspace_id: int, message_id: int) -> set[int]:
    async with db.read(workspace_id) as read:
        rows = await read.all(
            sql(
                "select contact_id from delivery.ledger where workspace_id = {workspace} and message_id = {id}",
                id=message_id,
            )
        )
    return {row["contact_id"] for row in rows}


@pytest_asyncio.fixture(loop_scope="session")
async def committed(fresh_db: Database) -> tuple[Database, int]:
    async with fresh_db.transaction(0) as tx:
        workspace_id = await tx.value(
            sql("insert into identity.workspace (name, created_at) values ('Sales', {now}) returning id")
        )
    return fresh_db, workspace_id


async def write(tx: Tx, name: str) -> int:
    made = await create_message(
        tx, name=name, subject=name, from_name="Olga", from_email="olga@example.com", document=DOCUMENT
    )
    return made.id


@dataclass(frozen=True)
class Flow:
    """Tags and messages of the example's automations."""

    customer: int
    lost: int
    meet: int
    follow: int
    welcome: int
    again: int


async def automate(tx: Tx, make: Make, pipeline: Pipeline) -> Flow:
    """Qualified, proposal sent, won and lost, each with an automation of its own."""
    _, qualified, proposal = (stage.id for stage in pipeline.stages)
    customer, lost = await make.tag(tx), await make.tag(tx)
    meet, follow, welcome, again = [await write(tx, name) for name in ("Meet", "Follow", "Welcome", "Again")]
    onboarding = await activate(tx, document(step("m", "send_email", message_id=welcome)), "Onboarding")
    call = step("k", "add_task", title="Schedule a call", type="call", due_in_days=1)
    await activate(
        tx,
        document(step("m", "send_email", message_id=meet), call, triggers=on("deal_stage_changed", stage_id=qualified)),
        "Qualified",
    )
    still = {"type": "has_deal", "params": {"stage_id": proposal, "status": "open"}}
    reminding = [step("m", "send_email", message_id=follow), step("k", "add_task", title="Ask again")]
    await activate(
        tx,
        document(
            step("w", "wait", amount=3, unit="days"),
            step("i", "if_else", {"yes": reminding, "no": []}, condition=still),
            triggers=on("deal_stage_changed", stage_id=proposal, from_stage_id=qualified),
        ),
        "Proposal",
    )
    await activate(
        tx,
        document(
            step("g", "add_tag", tag_id=customer),
            step("o", "start_automation", automation_id=onboarding.id),
            triggers=on("deal_won", pipeline_id=pipeline.id),
        ),
        "Won",
    )
    await activate(
        tx,
        document(
            step("g", "add_tag", tag_id=lost),
            step("w", "wait", amount=30, unit="days"),
            step("m", "send_email", message_id=again),
            triggers=on("deal_lost", pipeline_id=pipeline.id),
        ),
        "Lost",
    )
    return Flow(customer, lost, meet, follow, welcome, again)


async def test_a_pipeline_with_sales_automation(committed: tuple[Database, int], make: Make):
    db, workspace_id = committed
    async with db.transaction(workspace_id) as tx:
        now = tx.now
        pipeline = await sales(tx)
        _, qualified, proposal = (stage.id for stage in pipeline.stages)
        flow = await automate(tx, make, pipeline)
        ada, grace, linus = [await make.contact(tx) for _ in range(3)]
    async with db.transaction(workspace_id, now=now) as tx:
        deals = {who: (await deal(tx, pipeline, who)).id for who in (ada, grace, linus)}
    async with db.transaction(workspace_id, now=now + timedelta(minutes=1)) as tx:
        for one in deals.values():
            await update_deal(tx, one, DealChange(stage_id=qualified))
    await settle_at(db, workspace_id, now + timedelta(minutes=2))
    assert await mailed(db, workspace_id, flow.meet) == {ada, grace, linus}
    async with db.read(workspace_id) as read:
        tasks = (await list_tasks(read, TaskFilter(is_done=False))).items
    assert {(task.title, task.type, task.contact_id) for task in tasks} == {
        ("Schedule a call", "call", who) for who in (ada, grace, linus)
    }
    async with db.transaction(workspace_id, now=now + timedelta(days=1)) as tx:
        for one in deals.values():
            await update_deal(tx, one, DealChange(stage_id=proposal))
    await settle_at(db, workspace_id, now + timedelta(days=1, minutes=1))
    async with db.transaction(workspace_id, now=now + timedelta(days=2)) as tx:
        await update_deal(tx, deals[ada], DealChange(status=Status.WON))
        await update_deal(tx, deals[grace], DealChange(status=Status.LOST, lost_reason="Too dear"))
    await settle_at(db, workspace_id, now + timedelta(days=2, minutes=1))
    assert await tagged(db, workspace_id, flow.customer) == {ada}
    assert await tagged(db, workspace_id, flow.lost) == {grace}
    assert await mailed(db, workspace_id, flow.welcome) == {ada}
    assert await mailed(db, workspace_id, flow.follow) == set()
    await settle_at(db, workspace_id, now + timedelta(days=5))
    assert await mailed(db, workspace_id, flow.follow) == {linus}
    assert await mailed(db, workspace_id, flow.again) == set()
    await settle_at(db, workspace_id, now + timedelta(days=33))
    assert await mailed(db, workspace_id, flow.again) == {grace}


async def test_steps_work_on_the_deals_they_mean(committed: tuple[Database, int], make: Make):
    db, workspace_id = committed
    async with db.transaction(workspace_id) as tx:
        now = tx.now
        pipeline = await sales(tx)
        new, qualified, _ = (stage.id for stage in pipeline.stages)
        hot, cold = await make.tag(tx), await make.tag(tx)
        new_deal = step("d", "add_deal", title="From the web", stage_id=new, value=12.5, skip_if_open=True)
        update = step(
            "u", "update_deal", which="oldest_open", stage_id=qualified, value=99, status="lost", lost_reason="Silence"
        )
        note = step("n", "add_deal_note", body="Came by the web.", which="all")
        task = step("k", "add_task", title="Write", about="contact", due_in_days=2)
        seen = {"type": "has_deal", "params": {"stage_id": new}}
        marked = step("i", "if_else", {"yes": [step("y", "add_tag", tag_id=cold)], "no": []}, condition=seen)
        await activate(tx, document(new_deal, marked, note, task, triggers=[on_tag(hot)]), "Deals")
        await activate(
            tx, document(update, step("f", "finish_tasks", outcome="Done"), triggers=[on_tag(cold)]), "Update"
        )
        ada, grace = await make.contact(tx), await make.contact(tx)
        first = await deal(tx, pipeline, ada, title="There already")
        await add_tag(tx, hot, these([ada, grace]))
    await settle_at(db, workspace_id, now + timedelta(minutes=1))
    async with db.read(workspace_id) as read:
        adas = (await list_deals(read, DealFilter(contact_id=ada))).items
        graces = (await list_deals(read, DealFilter(contact_id=grace))).items
        assert [one.id for one in adas] == [first.id]
        assert [(one.title, one.value, one.status, one.stage_id) for one in graces] == [
            ("From the web", 9_900, "lost", qualified)
        ]
        assert [(one.status, one.lost_reason) for one in adas] == [("lost", "Silence")]
        assert [note.body for note in await list_notes(read, graces[0].id)] == ["Came by the web."]
        done = (await list_tasks(read, TaskFilter(is_done=True))).items
        assert {(task.title, task.outcome, task.contact_id) for task in done} == {
            ("Write", "Done", ada),
            ("Write", "Done", grace),
        }
