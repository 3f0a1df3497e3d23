"""The automation engine: 100,000 contacts through ten steps, with workers as processes of their own.

Prints one JSON line. A step is one contact leaving one step. CPU is user plus system, of the worker
process and of every process of PostgreSQL. The comparison is the same engine with batches of one
contact and one step, on a sample, in the same run.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.bench import automation_small, automation_waiting
from tools.bench.harness import SECRET, Bench, cpu_seconds, installation, report
from waypost.app.domains import build_registry
from waypost.automations.actions import activate_automation, create_automation
from waypost.automations.advance import BATCH, Advancer
from waypost.automations.enroll import enroll_contacts
from waypost.kernel.config import Settings
from waypost.kernel.db import BATCHES, Database
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx
from waypost.messages.actions import create_message

SAMPLE = 150
QUICK = 20_000


@dataclass(frozen=True)
class Measured:
    """One run of one or more workers."""

    steps: int
    seconds: float
    ours: float
    postgres: float

    @property
    def steps_per_second(self) -> float:
        return self.steps / self.seconds

    @property
    def cpu_us_per_step(self) -> float:
        return (self.ours + self.postgres) / self.steps * 1e6


async def open_database(dsn: str) -> Database:
    settings = Settings(data_dir=Path(tempfile.gettempdir()), database_url=dsn, secret_key=SECRET)
    return await Database.open(dsn, registry=build_registry(), settings=settings, max_size=2, session=BATCHES)


async def work(dsn: str, workspace_id: int, batch: int, *, one_step: bool) -> None:
    """A worker: waits for a line, then moves contacts until nobody is due, and says what it cost."""
    db = await open_database(dsn)
    engine = Advancer(db, batch=batch, one_step=one_step)
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    before, start = sum(os.times()[:2]), time.perf_counter()
    while await engine.tick(workspace_id):
        pass
    used = {"seconds": time.perf_counter() - start, "cpu": sum(os.times()[:2]) - before}
    print(json.dumps(used), flush=True)
    await db.close()


async def measure(
    db: Database, postgres: int, workspace_id: int, *, workers: int = 1, batch: int = BATCH, one_step: bool = False
) -> Measured:
    """Let so many workers at what is due, all at once."""
    command = [sys.executable, "-m", "tools.bench.automation", "--work", db.dsn, "--workspace", str(workspace_id)]
    command += ["--batch", str(batch)] + (["--one-step"] if one_step else [])
    pipe = asyncio.subprocess.PIPE
    running = [await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe) for _ in range(workers)]
    for process in running:
        if process.stdout is not None:
            await process.stdout.readline()
    steps, cpu = await passed(db, workspace_id), cpu_seconds(postgres)
    results = await asyncio.gather(*(process.communicate(b"go\n") for process in running))
    if any(process.returncode for process in running):
        raise RuntimeError("a worker failed")
    seconds = max(json.loads(out)["seconds"] for out, _ in results)
    return Measured(
        await passed(db, workspace_id) - steps,
        seconds,
        sum(json.loads(out)["cpu"] for out, _ in results),
        cpu_seconds(postgres) - cpu,
    )


async def passed(db: Database, workspace_id: int) -> int:
    async with db.read(workspace_id) as read:
        return int(
            await read.value(
                sql(
                    "select coalesce(sum(passed), 0)::bigint from automations.step_count "
                    "where workspace_id = {workspace} and step_id <> ''"
                )
            )
        )


async def fill(tx: Tx, count: int) -> None:
    """Contacts with an address, names and two fields."""
    await tx.run(
        sql(
            """
            insert into contacts.contact
                (workspace_id, email, first_name, last_name, phone, fields, created_at, updated_at)
            select {workspace}, 'user' || n || '@example' || n % 1000 || '.com', 'First' || n % 5000,
                   'Last' || n % 20000, '', jsonb_build_object('1', 'some text value ' || n, '2', n % 100), {now}, {now}
            from generate_series(1, {count}::int) as n
            """,
            count=count,
        )
    )


async def prepare(tx: Tx, name: str, message_id: int) -> int:
    """An automation of its own words, so that every run finds the same work to do; returns its id."""
    ids = await tx.all(
        sql(
            """
            insert into contacts.tag (workspace_id, name, description, created_at)
            select {workspace}, {name} || ' ' || n, '', {now} from generate_series(1, 3) as n returning id
            """,
            name=name,
        )
    )
    first, left, right = (row["id"] for row in ids)
    list_id = await tx.value(
        sql(
            """
            insert into contacts.list (workspace_id, name, slug, created_at, updated_at)
            values ({workspace}, {name}, {name}, {now}, {now}) returning id
            """,
            name=name,
        )
    )
    field_id = await tx.value(
        sql(
            """
            insert into contacts.field (workspace_id, name, key, type, created_at, updated_at)
            values ({workspace}, {name}, {name}, 'text', {now}, {now}) returning id
            """,
            name=name.upper(),
        )
    )
    created = await create_automation(
        tx,
        name=name,
        document=_document((first, left, right), list_id=list_id, field_id=field_id, message_id=message_id),
    )
    return (await activate_automation(tx, created.id)).id


def _document(tag_ids: tuple[int, int, int], *, list_id: int, field_id: int, message_id: int) -> dict[str, Any]:
    first, left, right = tag_ids

    def step(step_id: str, kind: str, arms: dict[str, Any] | None = None, **params: Any) -> dict[str, Any]:
        return {"id": step_id, "type": kind, "params": params, "arms": arms or {}}

    def tagged(tag_id: int) -> dict[str, Any]:
        return {"type": "has_tag", "params": {"tag_id": tag_id}}

    split = {"a": [step("s7a", "add_tag", tag_id=left)], "b": [step("s7b", "add_tag", tag_id=right)]}
    send = {
        "yes": [step("s9a", "send_email", message_id=message_id)],
        "no": [step("s9b", "send_email", message_id=message_id)],
    }
    steps = [
        step("s1", "add_tag", tag_id=first),
        step("s2", "if_else", {"yes": [], "no": []}, condition=tagged(first)),
        step("s3", "wait", amount=0, unit="minutes"),
        step("s4", "update_field", field_id=field_id, value="seen"),
        step("s5", "add_to_list", list_id=list_id),
        step("s6", "split", split, percent=50),
        step("s8", "if_else", send, condition=tagged(left)),
        step("s10", "end"),
    ]
    return {"version": 1, "triggers": [], "steps": steps}


async def enroll(db: Database, workspace_id: int, name: str, message_id: int, count: int) -> None:
    async with db.transaction(workspace_id) as tx:
        automation_id = await prepare(tx, name, message_id)
        who = sql("select id as contact_id from contacts.contact where workspace_id = {workspace} limit {n}", n=count)
        await enroll_contacts(tx, automation_id, who)
    for table in ("contacts.contact", "automations.enrollment", "contacts.contact_tag", "contacts.subscription"):
        await db.pool.execute(f"vacuum (analyze) {table}")
    await db.pool.execute("checkpoint")


async def compare(bench: Bench, contacts: int) -> None:
    db = await bench.open()
    async with db.transaction(0) as tx:
        insert = "insert into identity.workspace (name, created_at) values ('Bench', {now}) returning id"
        workspace_id = await tx.value(sql(insert))
    async with db.transaction(workspace_id) as tx:
        await fill(tx, contacts)
        message_id = (await create_message(tx, name="Bench", subject="Bench")).id
    await enroll(db, workspace_id, "warm", message_id, min(contacts, 5_000))
    await measure(db, bench.postgres, workspace_id)
    await enroll(db, workspace_id, "one", message_id, contacts)
    one = await measure(db, bench.postgres, workspace_id)
    await enroll(db, workspace_id, "row", message_id, SAMPLE)
    row = await measure(db, bench.postgres, workspace_id, batch=1, one_step=True)
    await enroll(db, workspace_id, "alone", message_id, SAMPLE * 4)
    single = await measure(db, bench.postgres, workspace_id, batch=1)
    await enroll(db, workspace_id, "two", message_id, contacts)
    two = await measure(db, bench.postgres, workspace_id, workers=2)
    # The tables have grown since the first run: two workers are held against one before and one after.
    await enroll(db, workspace_id, "again", message_id, contacts)
    again = await measure(db, bench.postgres, workspace_id)
    alone = (one.steps_per_second + again.steps_per_second) / 2
    await db.close()
    report(
        "automation",
        contacts=contacts,
        steps=one.steps,
        steps_per_s=round(one.steps_per_second),
        cpu_us_per_step=one.cpu_us_per_step,
        cpu_us_per_step_ours=one.ours / one.steps * 1e6,
        cpu_us_per_step_postgres=one.postgres / one.steps * 1e6,
        row_at_a_time_cpu_us_per_step=row.cpu_us_per_step,
        ratio_to_row_at_a_time=row.cpu_us_per_step / one.cpu_us_per_step,
        one_by_one_cpu_us_per_step=single.cpu_us_per_step,
        one_by_one_cpu_us_per_step_ours=single.ours / single.steps * 1e6,
        two_workers_steps_per_s=round(two.steps_per_second),
        again_steps_per_s=round(again.steps_per_second),
        two_workers_speedup=round(two.steps_per_second / alone * 100) / 100,
    )


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=100_000)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--small", type=int, default=0, help="so many automations in many small workspaces instead")
    parser.add_argument("--waiting", type=int, default=0, help="so many contacts who wait, under a stream of facts")
    parser.add_argument("--work")
    parser.add_argument("--workspace", type=int, default=0)
    parser.add_argument("--batch", type=int, default=BATCH)
    parser.add_argument("--one-step", action="store_true")
    given = parser.parse_args(arguments)
    if given.work:
        asyncio.run(work(given.work, given.workspace, given.batch, one_step=given.one_step))
        return
    with installation() as fresh:
        if given.small or given.waiting:
            if given.small:
                automation_small.main(fresh, given.small)
            if given.waiting:
                automation_waiting.main(fresh, given.waiting)
            return
        asyncio.run(compare(fresh, QUICK if given.quick else given.contacts))


if __name__ == "__main__":
    main()
