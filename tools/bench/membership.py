"""Members of segments kept current: building, settling a batch, time's turn, and event to automation start.

Prints one JSON line. `build_ms` and `settle_1000_ms` are processor time of PostgreSQL; `event_to_start`
is what a contact waits from the fact to having entered the automation, while 500 other facts arrive a
second and a worker serves every consumer and engine; `flip_lag` is the same from the moment a time
condition turns, with the index entries read for it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import time
from typing import Any

from tools.bench.harness import Bench, cpu_seconds, installation
from tools.bench.people import People, fill
from tools.bench.segments import five_conditions, group, leaf, questions
from waypost.activities.actions import record_sets
from waypost.activities.facts import PageVisited
from waypost.app.worker import Worker
from waypost.automations.actions import activate_automation, create_automation
from waypost.contacts.actions.tags import add_tag, create_tag
from waypost.contacts.audience import these
from waypost.kernel.db import Database
from waypost.kernel.files import Files
from waypost.kernel.sql import sql
from waypost.kernel.work import SystemWork
from waypost.segments.actions import create_segment
from waypost.segments.build import Builder
from waypost.segments.keeping import settle
from waypost.segments.queries import get_segment

RATE = 500
BATCH = 1_000

Json = dict[str, Any]


async def build_all(db: Database, people: People, tags: list[int], postgres: int) -> tuple[dict[str, int], Json]:
    """The named segments, one after the other."""
    ids: dict[str, int] = {}
    figures: Json = {}
    asked = [(item.name, item.condition) for item in questions(people, tags, 0) if item.name != "segment_in_segment"]
    silent = leaf("last_engagement", what="open", operator="more_than_days_ago", value=30)
    asked += [("silent_30_days", silent), ("silent_and_tagged", group("all", leaf("has_tag", tag_id=tags[0]), silent))]
    for name, condition in asked:
        # lint: no-row-loops because a turn is a segment
        async with db.transaction(people.workspace_id) as tx:
            ids[name] = (await create_segment(tx, name=name, condition=condition)).id
        before, began = cpu_seconds(postgres), time.perf_counter()
        await Builder(db).tick(people.workspace_id)
        spent, waited = cpu_seconds(postgres) - before, time.perf_counter() - began
        async with db.read(people.workspace_id) as read:
            segment = await get_segment(read, ids[name])
        figures[name] = {
            "members": segment.member_count,
            "state": segment.state,
            "build_ms": round(spent * 1000),
            "build_seconds": round(waited, 2),
            "settle_1000_ms": round(await settle_batch(db, people, ids[name], postgres), 1),
        }
    return ids, figures


async def settle_batch(db: Database, people: People, segment_id: int, postgres: int, turns: int = 10) -> float:
    """Milliseconds of PostgreSQL to look at a thousand contacts again."""
    step = max(people.contacts // BATCH, 1)
    chosen = sql(
        "select id from contacts.contact where workspace_id = {workspace} and id % {step} = 1 limit {batch}",
        step=step,
        batch=BATCH,
    )
    async with db.read(people.workspace_id) as read:
        ids = [row["id"] for row in await read.all(chosen)]
    before = cpu_seconds(postgres)
    for _ in range(turns):
        async with db.transaction(people.workspace_id) as tx:
            await settle(tx, {segment_id: ids})  # lint: no-row-loops because repetitions are measured
    return (cpu_seconds(postgres) - before) * 1000 / turns


async def event_to_start(db: Database, installed: Bench, people: People, tags: list[int], seconds: int) -> Json:
    """A tag makes contacts enter a segment, which starts an automation, with noise of 500 facts a second."""
    async with db.transaction(people.workspace_id) as tx:
        tag = (await create_tag(tx, name="Probe")).id
        condition = group("all", leaf("has_tag", tag_id=tag), group("none", leaf("has_tag", tag_id=tags[11])))
        segment_id = (await create_segment(tx, name="Probe", condition=condition)).id
    await Builder(db).tick(people.workspace_id)
    async with db.transaction(people.workspace_id) as tx:
        trigger = {"id": "t", "type": "segment_entered", "params": {"segment_id": segment_id}, "runs": "once"}
        end = {"id": "e", "type": "wait", "params": {"amount": 1, "unit": "days"}, "arms": {}}
        document = {"version": 1, "triggers": [trigger], "steps": [end]}
        automation = await create_automation(tx, name="Probe", document=document)
        await activate_automation(tx, automation.id)
    await _skip_the_past(db, people)
    worker = Worker(SystemWork(db, installed.settings, db.registry, Files(installed.settings)))
    running = asyncio.create_task(worker.run())
    await asyncio.sleep(2)
    await _make_noise(db, people, tag, seconds)
    await asyncio.sleep(5)
    worker.stopping.set()
    await running
    async with db.read(people.workspace_id) as read:
        rows = await read.all(
            sql(
                """
                select extract(epoch from e.entered_at - t.created_at)::double precision as wait
                from automations.enrollment e join contacts.contact_tag t
                  on t.workspace_id = {workspace} and t.contact_id = e.contact_id and t.tag_id = {tag}
                where e.workspace_id = {workspace} order by 1
                """,
                tag=tag,
            )
        )
    waits = [row["wait"] for row in rows]
    if not waits:
        return {"started": 0}
    return {
        "started": len(waits),
        "p50_s": round(waits[len(waits) // 2], 3),
        "p95_s": round(waits[int(len(waits) * 0.95)], 3),
        "worst_s": round(waits[-1], 3),
    }


async def _skip_the_past(db: Database, people: People) -> None:
    """Consumers begin behind the facts that were there before."""
    async with db.transaction(people.workspace_id) as tx:
        await tx.run(
            sql(
                """
                insert into activities.place (workspace_id, consumer, xid, fact_id, updated_at)
                select {workspace}, name, pg_snapshot_xmin(pg_current_snapshot()), 0, {now}
                from unnest({names}::text[]) as name on conflict do nothing
                """,
                names=[consumer.name for consumer in db.registry.consumers],
            )
        )


async def _make_noise(db: Database, people: People, tag: int, seconds: int) -> None:
    """Ten bursts a second; each also gives one contact the tag."""
    chance = random.Random(3)
    started = time.perf_counter()
    for number in range(seconds * 10):
        async with db.transaction(people.workspace_id) as tx:
            who = [chance.randint(1, people.contacts) for _ in range(RATE // 10)]
            # lint: no-row-loops because a turn is a burst
            await record_sets(tx, [(PageVisited(page_id=chance.randint(1, 5_000)), who)])
            await add_tag(tx, tag, these([chance.randint(1, people.contacts)]))
        await asyncio.sleep(max(0.0, started + (number + 1) / 10 - time.perf_counter()))


async def bench(installed: Bench, contacts: int, seconds: int) -> Json:
    db = await installed.open(max_size=16)
    people = await fill(db, contacts)
    async with db.transaction(people.workspace_id) as tx:
        rows = await tx.all(sql("select id from contacts.tag where workspace_id = {workspace} order by id"))
        tags = [row["id"] for row in rows]
        await create_segment(tx, name="Five", condition=five_conditions(tags, people.fields))
    await Builder(db).tick(people.workspace_id)
    _, figures = await build_all(db, people, tags, installed.postgres)
    started = await event_to_start(db, installed, people, tags, seconds)
    await db.close()
    return {"bench": "membership", "contacts": contacts, "segments": figures, "event_to_start": started}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench membership", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="times a million contacts")
    parser.add_argument("--quick", action="store_true", help="a twentieth of the contacts")
    parser.add_argument("--seconds", type=int, default=30, help="how long facts arrive")
    options = parser.parse_args(arguments)
    contacts = int(1_000_000 * (0.05 if options.quick else options.scale))
    with installation() as installed:
        print(json.dumps(asyncio.run(bench(installed, contacts, options.seconds))), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
