"""A campaign through everything at once: workers killed, PostgreSQL crashed, a mail server in every bad mood.

Workers are the real command on a server of the test's own, which is stopped without warning and recovers from its
log. The sink hangs, drops connections amid the content and answers 421, 451 and 550 at random. In the end it and the
ledger agree: nobody is skipped, and nobody gets a mail twice but for those in flight at a kill, which have the same
Message-ID. With WAYPOST_CHAOS=50000 it runs at full size, with ten kills and three crashes.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.campaigns.parts import Days, draft
from tests.delivery.moods import Moody, Sometimes, is_unknown
from tests.delivery.sink import Sink
from tests.make import Make
from waypost.app.embedded import EmbeddedPostgres
from waypost.app.setup import prepare_database
from waypost.campaigns.actions import schedule_campaign
from waypost.delivery.channels.chunks import MESSAGES
from waypost.delivery.channels.relay import CONNECTIONS
from waypost.identity.actions.workspaces import create_workspace
from waypost.kernel.config import Settings, environment_of
from waypost.kernel.db import Database
from waypost.kernel.registry import Registry
from waypost.kernel.sql import sql

pytestmark = pytest.mark.asyncio(loop_scope="session")
SIZE = int(os.environ.get("WAYPOST_CHAOS", "1500"))
KILLS, CRASHES = (10, 3) if SIZE >= 10_000 else (3, 1)
CRASHES_AT = [1, 5, 9][:CRASHES]
WORKERS = 2
READY = b"worker ready"
PLAIN, CHUNKING = ("8BITMIME", "SIZE 50000000"), ("8BITMIME", "SIZE 50000000", "CHUNKING")


class House:
    """PostgreSQL and workers, all of which can be ended without warning."""

    def __init__(self, folder: Path, server: EmbeddedPostgres, settings: Settings) -> None:
        self.folder, self.server, self.settings = folder, server, settings
        self.workers: list[asyncio.subprocess.Process] = []

    async def hire(self, number: int) -> None:
        """Until the worker is at work: who has not begun may give up, and is for a supervisor to start again."""
        log_file = self.folder / f"worker-{number}.log"
        begun = log_file.read_bytes().count(READY) if log_file.exists() else 0
        with log_file.open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "waypost.app.cli", "worker", "--number", str(number)),
                env={**os.environ, **environment_of(self.settings)},
                stdout=log,
                stderr=log,
            )
        self.workers.insert(number, process)
        while log_file.read_bytes().count(READY) == begun:
            assert process.returncode is None, log_file.read_text()
            await asyncio.sleep(0.05)

    async def kill(self, number: int) -> None:
        process = self.workers.pop(number)
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGKILL)
        await process.wait()

    async def crash(self) -> None:
        """Immediate shutdown: no checkpoint, sessions cut; the next start recovers from the log."""
        pid = self.server.pid
        assert pid is not None
        os.kill(pid, signal.SIGQUIT)
        while self.server.pid is not None:
            await asyncio.sleep(0.02)
        await asyncio.to_thread(self.server.start)

    async def close(self) -> None:
        while self.workers:
            await self.kill(0)


@pytest_asyncio.fixture(loop_scope="session")
async def own_server(tmp_path: Path) -> AsyncIterator[EmbeddedPostgres]:
    """Durable, unlike the server of other tests: a crash must lose nothing that was committed."""
    server = EmbeddedPostgres(tmp_path, settings={"shared_buffers": "64MB", "max_wal_size": "1GB"})
    await asyncio.to_thread(server.start)
    yield server
    await asyncio.to_thread(server.stop)


async def hurry(days: Days) -> None:
    """What is put off is due now, as if the time had passed."""
    async with days.db.transaction(days.workspace_id) as tx:
        await tx.run(
            sql(
                "update delivery.ledger set due_at = {now} "
                "where workspace_id = {workspace} and state = 0 and due_at > {now}"
            )
        )


async def send_through_trouble(house: House, days: Days, sink: Sink, campaign_id: int, dice: random.Random) -> None:
    """Until the campaign is sent; kills and crashes are spread over its mails."""
    sink.answers, sink.data_answers = Moody(dice, 0.02, knows_all=False), Moody(dice, 0.02, knows_all=True)
    sink.drop_in_data, sink.close_at = Sometimes(dice, 0.004), Sometimes(dice, 0.004)
    # Whoever hangs costs the minute after which a worker gives up.
    sink.hang_at = Sometimes(dice, 0.0003 if SIZE >= 10_000 else 0)
    for number in range(WORKERS):
        await house.hire(number)
    for turn in range(KILLS + CRASHES):
        while len(sink.messages) < SIZE * (turn + 1) // (KILLS + CRASHES + 2):
            await asyncio.sleep(0.05)
            await hurry(days)
        assert all(worker.returncode is None for worker in house.workers), "workers outlive a crash of the database"
        if turn in CRASHES_AT:
            await house.crash()
            await days.db.pool.expire_connections()
        else:
            await house.kill(turn % WORKERS)
            await house.hire(turn % WORKERS)
    while (await days.campaign(campaign_id))[0].state != "sent":
        await hurry(days)
        await asyncio.sleep(0.2)


@pytest.mark.parametrize("features", [PLAIN, CHUNKING], ids=["data", "bdat"])
async def test_sink_and_ledger_agree_whatever_breaks(
    own_server: EmbeddedPostgres, registry: Registry, make: Make, tmp_path: Path, features: tuple[str, ...]
) -> None:
    async with Sink(features=features) as sink:
        settings = Settings(data_dir=tmp_path, database_url=own_server.dsn, secret_key="test", smtp_url=sink.url)
        await prepare_database(settings)
        db = await Database.open(settings.database_url, registry=registry, settings=settings, max_size=2)
        async with db.transaction(0) as tx:
            workspace_id = (await create_workspace(tx, name="Chaos")).id
        async with db.transaction(workspace_id) as tx:
            people = await make.contacts(tx, SIZE)
            campaign = await draft(tx, breaker_percent=90)
            await schedule_campaign(tx, campaign.id)
        days, house = Days(db, workspace_id), House(tmp_path, own_server, settings)
        try:
            async with asyncio.timeout(120 + SIZE / 40):
                await send_through_trouble(house, days, sink, campaign.id, random.Random(features[-1]))
        finally:
            await house.close()
        rows = await days.ledger(campaign.id)
        await db.close()
    sent, failed = ({row["email"] for row in rows if row["state"] == state} for state in (2, 3))
    doubled = sum(sink.counts.values()) - len(sink.counts)
    window = MESSAGES if "CHUNKING" in features else 1
    print(f"{len(rows)} rows, {len(sink.messages)} taken, {doubled} twice, {CRASHES} crashes of PostgreSQL")
    assert sorted(row["contact_id"] for row in rows) == sorted(people)
    assert sent == set(sink.counts)
    assert failed == {row["email"] for row in rows if is_unknown(row["email"])}
    assert sent | failed == {row["email"] for row in rows}
    assert doubled <= (KILLS + CRASHES * WORKERS) * CONNECTIONS * window
    ids = Counter(address for address, _ in {(one.rcpt_to, one.message_id) for one in sink.messages})
    assert set(ids.values()) == {1}, "one that is sent again is the same message"
