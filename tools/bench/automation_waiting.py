"""Contacts who wait for a condition and before a goal, under a stream of facts: how soon they move, and what is read.

Facts come at a steady rate, a part of which concern somebody who waits. Consumers and engine turn as
in a worker. Latency is from the fact's commit to the run's next step. The rows that PostgreSQL reads
of the runs say whether only those are looked at whom a fact concerns.
"""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass, field
from typing import Any

from tools.bench.harness import Bench, cpu_seconds, report
from waypost.activities.actions import record_copy
from waypost.activities.consumers import advance as consume
from waypost.automations.actions import activate_automation, create_automation
from waypost.automations.advance import Advancer
from waypost.automations.enroll import enroll_contacts
from waypost.contacts.actions.tags import link_tags
from waypost.contacts.facts import NoteAdded
from waypost.kernel.db import Database
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx

RATE = 500
SECONDS = 20
CONCERNED = 0.2
"""The part of the facts that let somebody go on."""
READ = """
    select sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) from pg_stat_user_tables
    where schemaname = 'automations' and relname = 'enrollment'
"""


@dataclass
class Stream:
    """What is told, and when."""

    told: dict[int, float] = field(default_factory=dict[int, float])
    facts: int = 0
    is_over: bool = False


def _document(tags: tuple[int, int]) -> dict[str, Any]:
    def tagged(tag_id: int) -> dict[str, Any]:
        return {"type": "has_tag", "params": {"tag_id": tag_id}}

    wait = {"id": "w", "type": "wait_until", "params": {"condition": tagged(tags[0])}, "arms": {}}
    params = {"name": "Bought", "condition": tagged(tags[1]), "without_match": "end"}
    goal = {"id": "g", "type": "goal", "params": params, "arms": {}}
    return {"version": 1, "triggers": [], "steps": [wait, goal, {"id": "e", "type": "end"}]}


async def fill(tx: Tx, count: int) -> tuple[list[int], tuple[int, int]]:
    await tx.run(
        sql(
            """
            insert into contacts.contact
                (workspace_id, email, first_name, last_name, phone, fields, created_at, updated_at)
            select {workspace}, 'user' || n || '@example.com', 'First', 'Last', '', '{{}}', {now}, {now}
            from generate_series(1, {count}::int) as n
            """,
            count=count,
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
    tags = (rows[0]["id"], rows[1]["id"])
    created = await create_automation(tx, name="Waiting", document=_document(tags))
    await activate_automation(tx, created.id)
    who = sql("select id as contact_id from contacts.contact where workspace_id = {workspace}")
    await enroll_contacts(tx, created.id, who)
    ids = await tx.all(sql("select id from contacts.contact where workspace_id = {workspace} order by id"))
    return [row["id"] for row in ids], tags


async def tell(db: Database, workspace_id: int, ids: list[int], tags: tuple[int, int], stream: Stream) -> None:
    """Facts at the rate, fifty at a time."""
    chance = random.Random(1)
    people = iter(chance.sample(ids, len(ids)))
    burst = 50
    end = time.perf_counter() + SECONDS
    next_at = time.perf_counter()
    while time.perf_counter() < end:
        concerned = [next(people) for _ in range(int(burst * CONCERNED))]
        async with db.transaction(workspace_id) as tx:
            for place, tag_id in enumerate(tags):
                pairs = sql(
                    "select unnest({ids}::bigint[]) as contact_id, {tag}::bigint as tag_id",
                    ids=concerned[place::2],
                    tag=tag_id,
                )
                await link_tags(tx, pairs)  # lint: no-row-loops because a turn is a tag
            others = chance.sample(ids, burst - len(concerned))
            await record_copy(tx, [(contact_id, NoteAdded(1)) for contact_id in others])
        stream.told |= dict.fromkeys(concerned, time.perf_counter())
        stream.facts += burst
        next_at += burst / RATE
        await asyncio.sleep(max(0, next_at - time.perf_counter()))
    stream.is_over = True


async def turn(db: Database, workspace_id: int, stream: Stream) -> dict[int, float]:
    """Consumers and engine until everyone who was told of has moved; when each did."""
    engine = Advancer(db)
    consumers = [item for item in db.registry.consumers if item.name.startswith("automations.")]
    moved: dict[int, float] = {}
    while not (stream.is_over and len(moved) >= len(stream.told)):
        for consumer in consumers:
            await consume(db, workspace_id, consumer)
        if await engine.tick(workspace_id):
            waiting = [contact_id for contact_id in list(stream.told) if contact_id not in moved]
            now = time.perf_counter()
            moved |= dict.fromkeys(await _gone(db, workspace_id, waiting), now)
        else:
            await asyncio.sleep(0.005)
    return moved


async def _gone(db: Database, workspace_id: int, contact_ids: list[int]) -> list[int]:
    """Those who wait no more; asked of the trails, so that it adds nothing to what is read of the runs."""
    rows = await db.pool.fetch(
        """
        select distinct f.contact_id from activities.fact as f
        where f.workspace_id = $1 and f.contact_id = any($2::bigint[]) and f.kind in (301, 304)
        """,
        workspace_id,
        contact_ids,
    )
    return [row["contact_id"] for row in rows]


async def run(bench: Bench, contacts: int) -> None:
    db = await bench.open(max_size=6)
    async with db.transaction(0) as tx:
        insert = "insert into identity.workspace (name, created_at) values ('Bench', {now}) returning id"
        workspace_id = await tx.value(sql(insert))
    async with db.transaction(workspace_id) as tx:
        ids, tags = await fill(tx, contacts)
    engine = Advancer(db)
    while await engine.tick(workspace_id):
        pass
    for consumer in db.registry.consumers:
        while await consume(db, workspace_id, consumer, limit=200_000):
            pass
    for table in ("contacts.contact", "automations.enrollment", "activities.fact"):
        await db.pool.execute(f"vacuum (analyze) {table}")
    await asyncio.sleep(1.5)
    stream, read, cpu = Stream(), int(await db.pool.fetchval(READ)), cpu_seconds(bench.postgres)
    _, moved = await asyncio.gather(tell(db, workspace_id, ids, tags, stream), turn(db, workspace_id, stream))
    await asyncio.sleep(1.5)
    waits = sorted(moved[contact_id] - stream.told[contact_id] for contact_id in stream.told)
    rows = int(await db.pool.fetchval(READ)) - read
    used = cpu_seconds(bench.postgres) - cpu
    await db.close()
    report(
        "automation_waiting",
        contacts=contacts,
        facts=stream.facts,
        facts_per_s=round(stream.facts / SECONDS),
        moved=len(moved),
        latency_ms_median=waits[len(waits) // 2] * 1000,
        latency_ms_p95=waits[int(len(waits) * 0.95)] * 1000,
        rows_of_runs_read=rows,
        rows_read_per_moved=rows / max(1, len(moved)),
        postgres_cpu_ms_per_fact=used / stream.facts * 1000,
    )


def main(bench: Bench, contacts: int) -> None:
    asyncio.run(run(bench, contacts))
