"""From a fact to a segment's member to an automation's start, and what time alone flips, in a large workspace.

Facts keep arriving while a real worker serves, as a process of its own. Some of them make a contact a
member of a segment whose entering starts an automation; latency is from the commit of the fact to when
the start can be seen. For time, contacts are given a moment seconds ahead at which "not opened in the
last 30 days" becomes true. Prints one JSON line; rows read are PostgreSQL's own counts over the stretch in
which time flips them.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from tools.bench.harness import Bench, installation, part, report
from tools.bench.people import MESSAGES, filled
from waypost.activities.actions import record_copy
from waypost.automations.actions import activate_automation, create_automation, delete_automation
from waypost.contacts.actions.tags import create_tag, link_tags
from waypost.delivery.facts import MessageOpened
from waypost.kernel.db import Database
from waypost.kernel.sql import sql
from waypost.segments.actions import create_segment, delete_segment
from waypost.segments.queries import get_segment

CONTACTS = 1_000_000
SECONDS = 20
FACTS_PER_SECOND = 500
WATCHED_PER_SECOND = 25
BEAT = 0.2
FLIPPING = 500
AHEAD = timedelta(seconds=8)


@dataclass
class Stage:
    """The workspace with what is watched in it."""

    db: Database
    workspace_id: int
    first_id: int
    contacts: int
    tag_id: int
    segment_id: int
    sleepers_id: int
    automation_id: int


async def prepare(bench: Bench, contacts: int) -> Stage:
    db = await bench.open()
    people = await filled(db, contacts, bench.settings.data_dir)
    run = time.time_ns()  # of this run, since a kept folder may hold earlier ones
    async with db.transaction(people.workspace_id) as tx:
        first_id = await tx.value(sql("select min(id) from contacts.contact where workspace_id = {workspace}"))
        tag = await create_tag(tx, name=f"Watched {run}")
        segment = await create_segment(
            tx, name=f"Watched {run}", condition={"type": "has_tag", "params": {"tag_id": tag.id}}
        )
        asleep = {"what": "open", "operator": "not_in_last_days", "value": 30}
        sleepers = await create_segment(
            tx, name=f"Asleep {run}", condition={"type": "last_engagement", "params": asleep}
        )
        trigger = {"id": "t", "type": "segment_entered", "params": {"segment_id": segment.id}, "runs": "multiple"}
        document = {
            "version": 1, "triggers": [trigger],
            "steps": [{"id": "hold", "type": "wait", "params": {"amount": 1, "unit": "weeks"}, "arms": {}}],
        }  # fmt: skip
        automation = await create_automation(tx, name=f"Reacts {run}", document=document)
        await activate_automation(tx, automation.id)
    return Stage(db, people.workspace_id, first_id, contacts, tag.id, segment.id, sleepers.id, automation.id)


async def until_current(stage: Stage) -> float:
    """Until both segments are kept; how long that took."""
    began = time.perf_counter()
    while True:
        async with stage.db.read(stage.workspace_id) as read:
            found = [await get_segment(read, segment_id) for segment_id in (stage.segment_id, stage.sleepers_id)]
        if all(item.state == "current" for item in found):
            return time.perf_counter() - began
        await asyncio.sleep(0.5)


async def react(stage: Stage) -> dict[str, Any]:
    """Facts at the given rate; the latency of the watched ones."""
    chance = random.Random(7)
    begun: dict[int, float] = {}
    seen: dict[int, float] = {}
    stop = asyncio.Event()
    watcher = asyncio.create_task(_watch(stage, seen, stop))
    people = chance.sample(range(stage.first_id, stage.first_id + stage.contacts), SECONDS * WATCHED_PER_SECOND)
    started = time.perf_counter()
    for beat in range(int(SECONDS / BEAT)):
        count = int(WATCHED_PER_SECOND * BEAT)
        watched = people[beat * count : (beat + 1) * count]
        others = [
            (stage.first_id + chance.randrange(stage.contacts), MessageOpened(message_id=1 + beat % MESSAGES))
            for _ in range(int(FACTS_PER_SECOND * BEAT) - count)
        ]
        async with stage.db.transaction(stage.workspace_id) as tx:
            pairs = sql(
                "select id as contact_id, {tag}::bigint as tag_id from unnest({ids}::bigint[]) as id",
                tag=stage.tag_id,
                ids=watched,
            )
            # lint: no-row-loops because a turn is a beat of the clock
            await link_tags(tx, pairs)
            # lint: no-row-loops because a turn is a beat of the clock
            await record_copy(tx, others)
        begun |= dict.fromkeys(watched, time.perf_counter())
        await asyncio.sleep(max(0.0, started + (beat + 1) * BEAT - time.perf_counter()))
    for _ in range(100):
        if len(seen) == len(begun):
            break
        await asyncio.sleep(0.1)
    stop.set()
    await watcher
    late = sorted((seen[contact_id] - begun[contact_id]) * 1000 for contact_id in begun.keys() & seen.keys())
    return {
        "facts_per_s": FACTS_PER_SECOND,
        "watched": len(begun),
        "started": len(seen),
        "p50_ms": late[len(late) // 2] if late else 0.0,
        "p95_ms": late[int(len(late) * 0.95)] if late else 0.0,
        "worst_ms": late[-1] if late else 0.0,
    }


async def _watch(stage: Stage, seen: dict[int, float], stop: asyncio.Event) -> None:
    """Note when the start of each contact's run can first be seen."""
    last = 0
    while not stop.is_set():
        async with stage.db.read(stage.workspace_id) as read:
            rows = await read.all(
                sql(
                    """
                    select id, contact_id from automations.enrollment
                    where workspace_id = {workspace} and automation_id = {id} and id > {last} - 1000 order by id
                    """,
                    id=stage.automation_id,
                    last=last,
                )
            )
        now = time.perf_counter()
        for row in rows:
            seen.setdefault(row["contact_id"], now)
            last = max(last, row["id"])
        await asyncio.sleep(0.02)


async def flip(stage: Stage) -> dict[str, Any]:
    """Give contacts a moment ahead at which time alone makes them members; how late they are, and rows read."""
    async with stage.db.transaction(stage.workspace_id) as tx:
        rows = await tx.all(
            sql(
                """
                with chosen as materialized (
                    select e.contact_id from activities.engagement e
                    where e.workspace_id = {workspace} and e.last_open_at > {now} - interval '20 days'
                    order by e.contact_id limit {count}
                ),
                moved as (
                    update activities.engagement e set last_open_at = {then}
                    from chosen where e.workspace_id = {workspace} and e.contact_id = chosen.contact_id
                    returning e.contact_id
                )
                select contact_id from moved
                """,
                count=FLIPPING,
                then=tx.now - timedelta(days=30) + AHEAD,
            )
        )
        people = [row["contact_id"] for row in rows]
        await record_copy(tx, [(contact_id, MessageOpened(message_id=1)) for contact_id in people])
        moment = tx.now + AHEAD
    await asyncio.sleep(AHEAD.total_seconds() - 2)
    before = await _rows_read(stage)
    found, late = 0, 0.0
    for _ in range(700):
        async with stage.db.read(stage.workspace_id) as read:
            found = await read.value(
                sql(
                    """
                    select count(*) from segments.membership
                    where workspace_id = {workspace} and segment_id = {id} and contact_id = any({people}::bigint[])
                    """,
                    id=stage.sleepers_id,
                    people=people,
                )
            )
            late = (read.now - moment).total_seconds()
        if found == len(people):
            break
        await asyncio.sleep(0.1)
    await asyncio.sleep(1)
    return {
        "flipped": int(found),
        "flip_late_s": round(late, 2),
        "flip_rows_read": await _rows_read(stage) - before,
    }


async def _rows_read(stage: Stage) -> int:
    """Rows that scans of tables and indexes gave, of people, their engagement and segments."""
    async with stage.db.pool.acquire() as conn:
        await conn.execute("select pg_stat_force_next_flush()")
        return int(
            await conn.fetchval(
                """
                select sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::bigint from pg_stat_user_tables
                where schemaname in ('contacts', 'activities', 'segments')
                """
            )
        )


async def clear(stage: Stage) -> None:
    """A kept folder serves the next run with nothing of this one to keep up to date."""
    async with stage.db.transaction(stage.workspace_id) as tx:
        await delete_automation(tx, stage.automation_id)
        await delete_segment(tx, stage.segment_id)
        await delete_segment(tx, stage.sleepers_id)


async def bench(fresh: Bench, contacts: int) -> None:
    stage = await prepare(fresh, contacts)
    with part(fresh, "worker"):
        built = await until_current(stage)
        figures = await react(stage)
        figures |= await flip(stage)
    await clear(stage)
    await stage.db.close()
    report("reaction", contacts=contacts, segments_built_s=round(built, 1), **figures)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=CONTACTS)
    parser.add_argument("--quick", action="store_true", help="a twentieth of the contacts")
    parser.add_argument("--data", type=Path, help="fill this folder once and keep it; later runs use what it holds")
    given = parser.parse_args(arguments)
    with installation(data=given.data) as fresh:
        asyncio.run(bench(fresh, given.contacts // 20 if given.quick else given.contacts))


if __name__ == "__main__":
    main()
