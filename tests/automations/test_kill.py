"""kill -9 at random moments: nobody is skipped, nobody is mailed twice but what was in flight.

Two thousand contacts are tagged in waves; the tag starts an automation that tags, splits and mails.
In each wave the worker (a real process) dies at a random moment. WAYPOST_TEST_KILLS says how often.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import sys
from pathlib import Path

from tests.automations.flow import activate, check_counts, document, has_tag, on_tag, step, tagged, these, trails
from tests.automations.sink import Sink
from tests.make import Make
from waypost.automations import queries
from waypost.automations.types import Automation
from waypost.contacts.actions import add_tag
from waypost.identity.actions.workspaces import create_workspace
from waypost.kernel.db import Database
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx

CONTACTS = 2_000
KILLS = int(os.environ.get("WAYPOST_TEST_KILLS", "5"))
IN_FLIGHT = 8
"""Messages that may be on the wire at one kill: one for each open SMTP connection."""


class Worker:
    """A worker process that can be killed."""

    def __init__(self, db: Database, data_dir: Path, smtp_port: int) -> None:
        self.environment = {
            **os.environ,
            "WAYPOST_DATABASE_URL": db.dsn,
            "WAYPOST_DATA_DIR": str(data_dir),
            "WAYPOST_SMTP_URL": f"smtp://127.0.0.1:{smtp_port}",
            "WAYPOST_SECRET_KEY": "test",
            "WAYPOST_PUBLIC_URL": "http://127.0.0.1:8020",
        }
        self.log = data_dir / "worker.log"

    async def start(self) -> None:
        """Up to the moment it serves."""
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-c", "import sys; from waypost.app.cli import main; sys.exit(main(['worker']))",
                env=self.environment, stderr=log, stdout=log, start_new_session=True,
            )  # fmt: skip
        before = self._ready()
        for _ in range(200):
            if self._ready() > before or self.process.returncode is not None:
                return
            await asyncio.sleep(0.05)

    def _ready(self) -> int:
        return self.log.read_text().count("worker ready")

    async def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        await self.process.wait()


async def prepare(tx: Tx, make: Make) -> tuple[Automation, int, list[int], int]:
    from waypost.messages.actions import create_message

    people = await make.contacts(tx, CONTACTS)
    start, left, right = await make.tag(tx), await make.tag(tx), await make.tag(tx)
    message = await create_message(tx, name="Hello", subject="Hello")
    await tx.run(
        sql(
            """
            update messages.message set from_name = 'Ada', from_email = 'ada@example.org'
            where workspace_id = {workspace}
            """
        )
    )
    arms = {"a": [step("left", "add_tag", tag_id=left)], "b": [step("right", "add_tag", tag_id=right)]}
    ends = {"yes": [step("stop", "end")], "no": []}
    content = document(
        step("split", "split", arms, percent=50),
        step("rest", "wait", amount=0, unit="minutes"),
        step("mail", "send_email", message_id=message.id),
        step("ask", "if_else", ends, condition=has_tag(left)),
        step("last", "end"),
        triggers=[on_tag(start)],
    )
    return await activate(tx, content), start, people, left


async def is_over(db: Database, workspace_id: int, automation_id: int) -> bool:
    """Everybody through, and no message left to send."""
    async with db.read(workspace_id) as read:
        automation = await queries.get_automation(read, automation_id)
        open_mail = await read.value(
            sql("select count(*) from delivery.ledger where workspace_id = {workspace} and state in (0, 1)")
        )
    return automation.completed == CONTACTS and open_mail == 0


async def test_killing_the_worker_skips_nobody_and_mails_nobody_twice(
    fresh_db: Database, make: Make, tmp_path: Path
) -> None:
    chance = random.Random()
    async with fresh_db.transaction(0) as tx:
        workspace_id = (await create_workspace(tx, name="Kill")).id
    async with fresh_db.transaction(workspace_id) as tx:
        automation, start, people, left = await prepare(tx, make)
    async with Sink() as sink:
        worker = Worker(fresh_db, tmp_path, sink.port)
        for number in range(KILLS):
            await worker.start()
            wave = people[CONTACTS * number // (KILLS + 1) : CONTACTS * (number + 1) // (KILLS + 1)]
            async with fresh_db.transaction(workspace_id) as tx:
                await add_tag(tx, start, these(*wave))
            await asyncio.sleep(chance.uniform(0, 0.6))
            await worker.kill()
        await worker.start()
        async with fresh_db.transaction(workspace_id) as tx:
            await add_tag(tx, start, these(*people))
        for _ in range(600):
            if await is_over(fresh_db, workspace_id, automation.id):
                break
            await asyncio.sleep(0.1)
        await worker.kill()

    await check_everyone_once(fresh_db, workspace_id, automation.id, people, left)
    assert set(sink.received) == await addresses(fresh_db, workspace_id), "nobody is skipped"
    twice = {address: ids for address, ids in sink.received.items() if len(ids) > 1}
    assert all(len(set(ids)) == 1 for ids in twice.values()), "the same message has the same Message-ID"
    assert sink.count - CONTACTS <= KILLS * IN_FLIGHT


async def check_everyone_once(
    db: Database, workspace_id: int, automation_id: int, people: list[int], left: int
) -> None:
    lefties = len(await tagged(db, workspace_id, left))
    assert await trails(db, workspace_id, automation_id) == {
        "split:a,left,rest,mail,ask:yes,stop": lefties,
        "split:b,right,rest,mail,ask:no,last": CONTACTS - lefties,
    }
    await check_counts(db, workspace_id, automation_id)
    async with db.read(workspace_id) as read:
        page = await queries.list_enrollments(read, automation_id=automation_id, limit=CONTACTS + 1)
        rows = await read.all(
            sql(
                """
                select contact_id, state from delivery.ledger where workspace_id = {workspace}
                order by contact_id
                """
            )
        )
    assert sorted(item.contact_id for item in page.items) == people
    assert [row["contact_id"] for row in rows] == people
    assert {row["state"] for row in rows} == {2}


async def addresses(db: Database, workspace_id: int) -> set[str]:
    async with db.read(workspace_id) as read:
        rows = await read.all(sql("select email from contacts.contact where workspace_id = {workspace}"))
    return {row["email"] for row in rows}
