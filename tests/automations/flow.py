"""Short ways to write documents and to let the log and the engine come to rest."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from waypost.activities.consumers import advance as consume
from waypost.automations import actions, enroll, queries
from waypost.automations.advance import Advancer
from waypost.automations.types import Automation
from waypost.kernel.db import Database
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx

Json = dict[str, Any]


def step(step_id: str, kind: str, arms: dict[str, list[Json]] | None = None, **params: Any) -> Json:
    return {"id": step_id, "type": kind, "params": params, "arms": arms or {}}


def has_tag(tag_id: int) -> Json:
    return {"type": "has_tag", "params": {"tag_id": tag_id}}


def document(*steps: Json, triggers: list[Json] | None = None) -> Json:
    return {"version": 1, "triggers": triggers or [], "steps": list(steps)}


def on_tag(tag_id: int | None, runs: str = "once", trigger_id: str = "t1") -> Json:
    return {"id": trigger_id, "type": "tag_added", "params": {"tag_id": tag_id}, "runs": runs}


async def activate(tx: Tx, content: Json, name: str = "Welcome") -> Automation:
    automation = await actions.create_automation(tx, name=name, document=content)
    return await actions.activate_automation(tx, automation.id)


async def enter(tx: Tx, automation_id: int, contact_ids: list[int]) -> int:
    return await enroll.enroll_contacts(tx, automation_id, these(*contact_ids))


def these(*contact_ids: int) -> Sql:
    """The contacts as a set."""
    return sql("select unnest({ids}::bigint[]) as contact_id", ids=list(contact_ids))


async def settle(db: Database, workspace_id: int, *, batch: int = 10_000) -> None:
    """Until no consumer of ours and no engine has anything to do."""
    engine = Advancer(db, batch=batch)
    busy = True
    while busy:
        busy = False
        for consumer in db.registry.consumers:
            if consumer.name.startswith("automations."):
                while await consume(db, workspace_id, consumer):
                    busy = True
        while await engine.tick(workspace_id):
            busy = True


async def settle_at(db: Database, workspace_id: int, now: datetime) -> None:
    """Like `settle`, at a moment of the test's choosing."""
    engine = Advancer(db, clock=lambda: now)
    busy = True
    while busy:
        busy = False
        for consumer in db.registry.consumers:
            if consumer.name.startswith("automations."):
                while await consume(db, workspace_id, consumer, now=now):
                    busy = True
        while await engine.tick(workspace_id):
            busy = True


async def tagged(db: Database, workspace_id: int, tag_id: int) -> set[int]:
    async with db.read(workspace_id) as read:
        rows = await read.all(
            sql(
                "select contact_id from contacts.contact_tag where workspace_id = {workspace} and tag_id = {tag_id}",
                tag_id=tag_id,
            )
        )
    return {row["contact_id"] for row in rows}


async def trails(db: Database, workspace_id: int, automation_id: int) -> Counter[str]:
    """How many runs went each way, passes joined by " | "."""
    async with db.read(workspace_id) as read:
        rows = await read.all(
            sql(
                """
                select coalesce(string_agg(p.trail, ' | ' order by p.id), '') as trail
                from automations.enrollment as e
                left join automations.path as p on p.workspace_id = {workspace} and p.enrollment_id = e.id
                where e.workspace_id = {workspace} and e.automation_id = {automation_id}
                group by e.id
                """,
                automation_id=automation_id,
            )
        )
    return Counter(row["trail"] for row in rows)


async def check_counts(db: Database, workspace_id: int, automation_id: int) -> None:
    """The counters equal what the rows say."""
    async with db.read(workspace_id) as read:
        automation = await queries.get_automation(read, automation_id)
        steps = {item.step_id: item for item in await queries.list_step_counts(read, automation_id)}
        states = {
            row["state"]: row["n"]
            for row in await read.all(
                sql(
                    """
                    select state, count(*) as n from automations.enrollment
                    where workspace_id = {workspace} and automation_id = {automation_id} group by state
                    """,
                    automation_id=automation_id,
                )
            )
        }
        here = {
            row["step_id"]: row["n"]
            for row in await read.all(
                sql(
                    """
                    select step_id, count(*) as n from automations.enrollment
                    where workspace_id = {workspace} and automation_id = {automation_id} and state in (0, 1, 3)
                    group by step_id
                    """,
                    automation_id=automation_id,
                )
            )
        }
    passed: Counter[str] = Counter()
    for trail, count in (await trails(db, workspace_id, automation_id)).items():
        for mark in trail.replace(" | ", ",").split(","):
            if mark and not mark.endswith(":jumped"):
                passed[mark.partition(":")[0]] += count
    live = sum(states.get(state, 0) for state in (0, 1, 3))
    assert (automation.entered, automation.here, automation.completed, automation.parked, automation.exited) == (
        sum(states.values()), live, states.get(2, 0), states.get(3, 0), states.get(4, 0),
    )  # fmt: skip
    assert {step_id: item.here for step_id, item in steps.items() if item.here} == here
    assert {step_id: item.passed for step_id, item in steps.items() if item.passed} == dict(passed)
