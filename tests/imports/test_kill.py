"""kill -9 at random moments of an import: every row once, and every row that was left out explained.

The worker is a real process and dies at random moments while the file goes in. WAYPOST_TEST_KILLS says
how often.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import sys
from pathlib import Path

from tests.imports.test_routes import errors_of, upload
from tests.make import Client
from waypost.kernel.db import Database
from waypost.kernel.sql import sql

ROWS = 30_000
KILLS = int(os.environ.get("WAYPOST_TEST_KILLS", "3"))
TAGS = ["Trial", "Trial, VIP", ""]


def content() -> bytes:
    """Every tenth row is wrong: no address, a bad one, or one that stands further down again."""
    lines = ["email,first name,tags"]
    for number in range(ROWS):
        address = f"person{number}@example.com"
        if number % 30 == 0:
            address = ""
        elif number % 30 == 10:
            address = f"person{number}.example.com"
        elif number % 30 == 20:
            address = f"person{number + 1}@example.com"
        lines.append(f'{address},Ada,"{TAGS[number % 3]}"')
    return "\n".join(lines).encode()


async def start_worker(db: Database) -> asyncio.subprocess.Process:
    """A process of its own over the same database and files; small chunks, so that it can die in many places."""
    environment = {
        **os.environ,
        "WAYPOST_DATABASE_URL": db.dsn,
        "WAYPOST_DATA_DIR": str(db.settings.data_dir),
        "WAYPOST_SECRET_KEY": "test",
    }
    code = (
        "import sys, datetime; from waypost.imports import apply, undo; undo.AT_ONCE = 500;"
        "from waypost.kernel.jobs import queue; queue.HEARTBEAT = datetime.timedelta(seconds=4);"
        "apply.run_import.__kwdefaults__['chunk_size'] = 500;"
        "from waypost.app.cli import main; sys.exit(main(['worker']))"
    )
    with (Path(db.settings.data_dir) / "worker.log").open("ab") as log:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-c", code, env=environment, stdout=log, stderr=log, start_new_session=True
        )


async def kill(worker: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(worker.pid, signal.SIGKILL)
    await worker.wait()


async def progress(client: Client, import_id: int) -> tuple[str, int]:
    item = (await client.get(f"/api/v1/imports/{import_id}")).json()
    return item["state"], item["progress"]["rows_done"]


async def reach(client: Client, import_id: int, rows: int) -> None:
    """Until so many rows are in, or all of them."""
    for _ in range(1_200):
        state, done = await progress(client, import_id)
        if done >= rows or state != "running":
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"the import stands at {done} of {rows}")


async def test_killing_the_worker_loses_no_row_and_doubles_none(client: Client, db: Database) -> None:
    chance = random.Random()
    list_id = (await client.post("/api/v1/lists", json={"name": "News"})).json()["id"]
    item = (await upload(client, content())).json()
    await client.patch(f"/api/v1/imports/{item['id']}", json={"options": {"list_ids": [list_id]}})
    await client.post(f"/api/v1/imports/{item['id']}/start")
    places: list[int] = []
    for number in range(KILLS):
        worker = await start_worker(db)
        try:
            # All kills fall into the first half: what is left must outlast the moment until the kill is felt.
            await reach(client, item["id"], (ROWS * number + chance.randrange(1, ROWS)) // (2 * KILLS))
            await asyncio.sleep(chance.random() * 0.05)
        finally:
            await kill(worker)
        state, done = await progress(client, item["id"])
        places.append(done)
        assert state == "running", f"it was over before the kill: {places}"
    worker = await start_worker(db)
    try:
        await reach(client, item["id"], ROWS + 1)
    finally:
        await kill(worker)

    done = (await client.get(f"/api/v1/imports/{item['id']}")).json()
    bad = {kind: len(range(first, ROWS, 30)) for kind, first in (("empty", 0), ("wrong", 10), ("double", 20))}
    good = ROWS - sum(bad.values())
    tagged = sum(number % 3 == 0 for number in range(ROWS) if number % 30 not in (0, 10, 20))
    both = sum(number % 3 == 1 for number in range(ROWS) if number % 30 not in (0, 10, 20))
    assert done["state"] == "completed", (done["error"], places)
    assert done["progress"] == {
        "rows_done": ROWS, "rows_total": ROWS, "created": good, "updated": 0, "unchanged": 0,
        "skipped": bad["empty"] + bad["double"], "failed": bad["wrong"],
    }, places  # fmt: skip
    async with db.read(client.workspace_id) as read:
        counts = await read.one(
            sql(
                """
                select (select count(*) from contacts.contact where workspace_id = {workspace}) as contacts,
                       (select count(*) from contacts.subscription where workspace_id = {workspace}) as subscriptions,
                       (select count(*) from contacts.contact_tag where workspace_id = {workspace}) as tags,
                       (select count(*) from activities.fact where workspace_id = {workspace}) as facts
                """
            )
        )
    links = tagged + 2 * both
    assert dict(counts) == {"contacts": good, "subscriptions": good, "tags": links, "facts": 2 * good + links}
    assert (await client.get(f"/api/v1/lists/{list_id}")).json()["contact_count"] == good
    errors = await errors_of(client, item["id"])
    assert [int(row["line"]) for row in errors] == [n + 2 for n in range(ROWS) if n % 30 in (0, 10, 20)]
