"""Many small workspaces: each with some automations of a hundred contacts, moved by one worker in turn.

What counts is what a step costs when no batch is large, and that nobody waits long behind others:
the time from the first to the last workspace's first step is reported too.
"""

from __future__ import annotations

import asyncio
import os
import time
from dataclasses import dataclass
from typing import Any

from tools.bench.harness import Bench, cpu_seconds, report
from waypost.automations.actions import activate_automation, create_automation
from waypost.automations.advance import Advancer, due
from waypost.automations.enroll import enroll_contacts
from waypost.kernel.db import Database
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx

EACH = 10
CONTACTS = 100


@dataclass
class Small:
    """What moving them all took."""

    steps: int
    seconds: float
    ours: float
    postgres: float
    due_ms: float
    longest_wait: float


def _document(tags: tuple[int, int]) -> dict[str, Any]:
    def step(step_id: str, kind: str, arms: dict[str, Any] | None = None, **params: Any) -> dict[str, Any]:
        return {"id": step_id, "type": kind, "params": params, "arms": arms or {}}

    split = {"a": [step("s3", "add_tag", tag_id=tags[1])], "b": [step("s4", "remove_tag", tag_id=tags[0])]}
    condition = {"type": "has_tag", "params": {"tag_id": tags[1]}}
    steps = [
        step("s1", "add_tag", tag_id=tags[0]),
        step("s2", "split", split, percent=50),
        step("s5", "if_else", {"yes": [], "no": []}, condition=condition),
        step("s6", "wait", amount=0, unit="minutes"),
        step("s7", "end"),
    ]
    return {"version": 1, "triggers": [], "steps": steps}


async def fill(db: Database, workspaces: int) -> list[int]:
    """Workspaces with contacts and automations that everyone has just entered."""
    ids: list[int] = []
    for number in range(workspaces):
        async with db.transaction(0) as tx:  # lint: no-row-loops because a turn is a workspace
            insert = "insert into identity.workspace (name, created_at) values ({name}, {now}) returning id"
            ids.append(await tx.value(sql(insert, name=f"Small {number}")))
        async with db.transaction(ids[-1]) as tx:
            await _fill_one(tx)
    for table in ("contacts.contact", "automations.enrollment", "automations.automation"):
        await db.pool.execute(f"vacuum (analyze) {table}")
    return ids


async def _fill_one(tx: Tx) -> None:
    await tx.run(
        sql(
            """
            insert into contacts.contact
                (workspace_id, email, first_name, last_name, phone, fields, created_at, updated_at)
            select {workspace}, 'user' || n || '@example.com', 'First', 'Last', '', '{{}}', {now}, {now}
            from generate_series(1, {count}::int) as n
            """,
            count=CONTACTS,
        )
    )
    rows = await tx.all(
        sql(
            """
            insert into contacts.tag (workspace_id, name, description, created_at)
            select {workspace}, 'Tag ' || n, '', {now} from generate_series(1, 2) as n returning id
            """
        )
    )
    who = sql("select id as contact_id from contacts.contact where workspace_id = {workspace}")
    for number in range(EACH):
        document = _document((rows[0]["id"], rows[1]["id"]))
        created = await create_automation(tx, name=f"Flow {number}", document=document)
        await activate_automation(tx, created.id)
        await enroll_contacts(tx, created.id, who)


async def move(db: Database, postgres: int) -> Small:
    """One worker's turns over the workspaces that have work, as the worker takes them."""
    engine = Advancer(db)
    start, before, pg = time.perf_counter(), sum(os.times()[:2]), cpu_seconds(postgres)
    due_ms, first = 0.0, {}
    while True:
        looked = time.perf_counter()
        async with db.read(0) as read:
            waiting = [row["workspace_id"] for row in await read.all(due())]
        due_ms = max(due_ms, (time.perf_counter() - looked) * 1000)
        if not waiting:
            break
        for workspace_id in waiting:
            await engine.tick(workspace_id)  # one batch each, so that none waits for another to be done
            first.setdefault(workspace_id, time.perf_counter() - start)
    seconds, ours = time.perf_counter() - start, sum(os.times()[:2]) - before
    steps = await db.pool.fetchval("select sum(passed) from automations.step_count where step_id <> ''")
    return Small(int(steps), seconds, ours, cpu_seconds(postgres) - pg, due_ms, max(first.values()))


async def run(bench: Bench, automations: int) -> None:
    db = await bench.open()
    await fill(db, automations // EACH)
    found = await move(db, bench.postgres)
    await db.close()
    report(
        "automation_small",
        automations=automations,
        workspaces=automations // EACH,
        contacts_each=CONTACTS,
        steps=found.steps,
        steps_per_s=round(found.steps / found.seconds),
        cpu_us_per_step=(found.ours + found.postgres) / found.steps * 1e6,
        longest_wait_for_a_first_step_s=found.longest_wait,
        looking_for_work_ms=found.due_ms,
    )


def main(bench: Bench, automations: int) -> None:
    asyncio.run(run(bench, automations))
