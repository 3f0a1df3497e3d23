"""Members of segments kept: what building each named segment costs, and settling a batch of a thousand contacts.

Prints one JSON line in milliseconds of processor time of PostgreSQL. How soon a fact makes a member and starts an
automation is the reaction benchmark's question.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from pathlib import Path
from typing import Any

from tools.bench.harness import Bench, cpu_seconds, installation
from tools.bench.people import People, filled
from tools.bench.sales import Sales, with_sales
from tools.bench.segments import group, leaf, questions
from waypost.kernel.db import Database
from waypost.kernel.sql import sql
from waypost.segments.actions import create_segment, delete_segment
from waypost.segments.build import Builder
from waypost.segments.keeping import settle
from waypost.segments.queries import get_segment

BATCH = 1_000

Json = dict[str, Any]


async def build_all(db: Database, people: People, sales: Sales, tags: list[int], postgres: int) -> Json:
    """The named segments, one after the other, each gone again afterwards."""
    figures: Json = {}
    asked = [
        (item.name, item.condition) for item in questions(people, sales, tags, 0) if item.name != "segment_in_segment"
    ]
    silent = leaf("last_engagement", what="open", operator="more_than_days_ago", value=30)
    asked += [("silent_30_days", silent), ("silent_and_tagged", group("all", leaf("has_tag", tag_id=tags[0]), silent))]
    for name, condition in asked:
        # lint: no-row-loops because a turn is a segment
        async with db.transaction(people.workspace_id) as tx:
            segment_id = (await create_segment(tx, name=f"{name} {time.time_ns()}", condition=condition)).id
        before, began = cpu_seconds(postgres), time.perf_counter()
        await Builder(db).tick(people.workspace_id)
        spent, waited = cpu_seconds(postgres) - before, time.perf_counter() - began
        async with db.read(people.workspace_id) as read:
            segment = await get_segment(read, segment_id)
        figures[name] = {
            "members": segment.member_count,
            "state": segment.state,
            "build_ms": round(spent * 1000),
            "build_seconds": round(waited, 2),
            "settle_1000_ms": round(await settle_batch(db, people, segment_id, postgres), 1),
        }
        async with db.transaction(people.workspace_id) as tx:
            await delete_segment(tx, segment_id)
    return figures


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


async def bench(installed: Bench, contacts: int) -> Json:
    db = await installed.open()
    people = await filled(db, contacts, installed.settings.data_dir)
    async with db.transaction(people.workspace_id) as tx:
        rows = await tx.all(sql("select id from contacts.tag where workspace_id = {workspace} order by id"))
    sales = await with_sales(db, people.workspace_id)
    figures = await build_all(db, people, sales, [row["id"] for row in rows], installed.postgres)
    await db.close()
    return {"bench": "membership", "contacts": contacts, "segments": figures}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench membership", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="times a million contacts")
    parser.add_argument("--quick", action="store_true", help="a twentieth of the contacts")
    parser.add_argument("--data", type=Path, help="fill this folder once and keep it; later runs use what it holds")
    options = parser.parse_args(arguments)
    contacts = int(1_000_000 * (0.05 if options.quick else options.scale))
    with installation(data=options.data) as installed:
        print(json.dumps(asyncio.run(bench(installed, contacts))), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
