"""A campaign outlives its workers: killed amid freezing, queueing and sending, nobody is skipped or doubled."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from tests.campaigns.parts import Days, draft
from tests.delivery.sink import Sink
from tests.make import Make
from waypost.campaigns.actions import schedule_campaign
from waypost.campaigns.types import SplitTest
from waypost.kernel.db import Database
from waypost.kernel.sql import sql

pytestmark = pytest.mark.asyncio(loop_scope="session")
SIZE = int(os.environ.get("WAYPOST_CHAOS", "2000"))
KILLS, CONNECTIONS = 3, 4


class Workers:
    """One process of each kind, killed and begun again."""

    def __init__(self, db: Database, folder: Path, url: str, workspace_id: int) -> None:
        self.arguments = [db.dsn, str(folder), url, "0", str(workspace_id)]
        self.running: dict[str, asyncio.subprocess.Process] = {}

    async def start(self, module: str) -> None:
        command = [sys.executable, "-m", module, *self.arguments]
        quiet = asyncio.subprocess.DEVNULL
        self.running[module] = await asyncio.create_subprocess_exec(*command, stdout=quiet, stderr=quiet)

    async def kill(self, module: str) -> None:
        process = self.running.pop(module)
        process.send_signal(signal.SIGKILL)
        await process.wait()


MODULES = ("tests.campaigns.engine_process", "tests.delivery.sender_process")


async def test_killed_workers_skip_and_double_nobody(fresh_db: Database, make: Make, tmp_path: Path) -> None:
    db = fresh_db
    async with db.transaction(0) as tx:
        workspace_id = await tx.value(
            sql("insert into identity.workspace (name, created_at) values ('Kills', {now}) returning id")
        )
    async with db.transaction(workspace_id) as tx:
        people = await make.contacts(tx, SIZE)
        campaign = await draft(
            tx,
            kind="split",
            variants=[{"subject": "One"}, {"subject": "Two"}],
            test=SplitTest(share=50, hours=0.0003),
        )
        await schedule_campaign(tx, campaign.id)
    days, seen = Days(db, workspace_id), list[tuple[int, int]]()
    async with Sink() as sink:
        workers = Workers(db, tmp_path, sink.url, workspace_id)
        for module in MODULES:
            await workers.start(module)
        try:
            async with asyncio.timeout(150):
                for turn in range(KILLS):
                    while True:
                        frozen = (await days.campaign(campaign.id))[0].frozen_count
                        if frozen + len(sink.messages) >= (turn + 1) * 2 * SIZE // (KILLS + 2):
                            break
                        await asyncio.sleep(0.02)
                    seen.append((frozen, len(sink.messages)))
                    for module in MODULES:
                        await workers.kill(module)
                        await workers.start(module)
                while (await days.campaign(campaign.id))[0].state != "sent":
                    await asyncio.sleep(0.2)
        finally:
            for module in list(workers.running):
                await workers.kill(module)
        rows = await days.ledger(campaign.id)
        doubled = sum(count - 1 for count in sink.counts.values())
        print(f"{len(rows)} rows, {len(sink.messages)} taken, {doubled} twice, killed when (frozen, taken) was {seen}")
        assert sorted(row["contact_id"] for row in rows) == sorted(people)
        assert {row["state"] for row in rows} == {2}
        assert set(sink.counts) == {row["email"] for row in rows}
        assert doubled <= KILLS * CONNECTIONS
