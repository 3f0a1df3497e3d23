"""A campaign through everything that can go wrong: sink and ledger agree in the end.

The server hangs, drops connections amid the content, answers 421, 451 and 550 at random; sender processes are
killed, and PostgreSQL's connections are cut. With WAYPOST_CHAOS=50000 it runs at full size, with ten kills.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.delivery.parts import ledger, message_to
from tests.delivery.sink import Sink
from tests.make import Make
from waypost.kernel.db import Database
from waypost.kernel.sql import sql

pytestmark = pytest.mark.asyncio(loop_scope="session")
SIZE = int(os.environ.get("WAYPOST_CHAOS", "1200"))
KILLS = 10 if SIZE >= 10_000 else 4
SENDERS, CONNECTIONS, WINDOW = 2, 4, 8
CHUNKING = ("8BITMIME", "SIZE 50000000", "CHUNKING")


class Sometimes(set[str]):
    """Holds an address now and then."""

    def __init__(self, dice: random.Random, share: float) -> None:
        super().__init__()
        self.dice, self.share = dice, share

    def __contains__(self, item: object) -> bool:
        return self.dice.random() < self.share


class Moody(dict[str, str]):
    """Answers an address badly now and then; some addresses are always unknown."""

    def __init__(self, dice: random.Random, share: float, *, knows_all: bool) -> None:
        super().__init__()
        self.dice, self.share, self.knows_all = dice, share, knows_all

    def get(self, key: str, default: str = "") -> str:  # type: ignore[override]
        if not self.knows_all and is_unknown(key):
            return "550 5.1.1 unknown"
        return "451 4.7.1 later" if self.dice.random() < self.share else default


def is_unknown(address: str) -> bool:
    return int(address.partition("@")[0].rpartition("-")[2]) % 40 == 0


class Senders:
    """Processes that send, killed and replaced."""

    def __init__(self, db: Database, folder: Path, url: str, workspace_id: int) -> None:
        self.arguments = [db.dsn, str(folder), url]
        self.workspace_id = workspace_id
        self.running: list[asyncio.subprocess.Process] = []

    async def start(self, number: int) -> None:
        command = [sys.executable, "-m", "tests.delivery.sender_process", *self.arguments, str(number)]
        self.running.insert(
            number,
            await asyncio.create_subprocess_exec(
                *command, str(self.workspace_id), stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
            ),
        )

    async def kill(self, number: int) -> None:
        process = self.running.pop(number)
        process.send_signal(signal.SIGKILL)
        await process.wait()

    async def end(self) -> None:
        while self.running:
            with contextlib.suppress(ProcessLookupError):
                await self.kill(0)


async def count_open(db: Database, workspace_id: int) -> int:
    """What is not over yet; pauses are skipped, as if their time had passed."""
    async with db.transaction(workspace_id) as tx:
        await tx.run(
            sql(
                """
                update delivery.ledger set due_at = {now}
                where workspace_id = {workspace} and state = 0 and due_at > {now}
                """
            )
        )
        statement = sql("select count(*) from delivery.ledger where workspace_id = {workspace} and state in (0, 1)")
        return int(await tx.value(statement))


async def cut_connections(db: Database) -> None:
    """What a restart of PostgreSQL does to those who are connected."""
    async with db.pool.acquire() as conn:
        await conn.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where datname = current_database() and pid <> pg_backend_pid()"
        )


def agree(rows: list[Any], sink: Sink, kills: int, window: int) -> None:
    """Sent is who the server took a message for; failed is who it does not know; nobody is left over."""
    by_state: dict[int, set[str]] = {2: set(), 3: set()}
    for row in rows:
        by_state[row["state"]].add(row["email"])
    assert by_state[2] == set(sink.counts)
    assert by_state[3] == {row["email"] for row in rows if is_unknown(row["email"])}
    assert by_state[2] | by_state[3] == {row["email"] for row in rows}
    doubled = {address: count for address, count in sink.counts.items() if count > 1}
    assert sum(count - 1 for count in doubled.values()) <= kills * CONNECTIONS * window
    ids: dict[str, set[str]] = {}
    for message in sink.messages:
        ids.setdefault(message.rcpt_to, set()).add(message.message_id)
    assert all(len(found) == 1 for found in ids.values()), "one that is sent again is the same message"


@pytest.mark.parametrize("features", [("8BITMIME", "SIZE 50000000"), CHUNKING], ids=["data", "bdat"])
async def test_sink_and_ledger_agree_after_kills_and_faults(
    fresh_db: Database, make: Make, tmp_path: Path, features: tuple[str, ...]
) -> None:
    db, dice = fresh_db, random.Random(features[-1])
    async with db.transaction(0) as tx:
        workspace_id = await tx.value(
            sql("insert into identity.workspace (name, created_at) values ('Chaos', {now}) returning id")
        )
    async with db.transaction(workspace_id) as tx:
        people = await make.contacts(tx, SIZE)
        message_id = await message_to(tx, people)
    async with Sink(features=features) as sink:
        sink.answers, sink.data_answers = Moody(dice, 0.02, knows_all=False), Moody(dice, 0.02, knows_all=True)
        sink.drop_in_data, sink.close_at = Sometimes(dice, 0.01), Sometimes(dice, 0.01)
        sink.hang_at = Sometimes(dice, 0.002)
        senders = Senders(db, tmp_path, sink.url, workspace_id)
        for number in range(SENDERS):
            await senders.start(number)
        try:
            async with asyncio.timeout(90 + SIZE / 50):
                for turn in range(KILLS):
                    seen = len(sink.messages)
                    while len(sink.messages) < min(seen + SIZE // (KILLS + 2), SIZE * 9 // 10):
                        await asyncio.sleep(0.05)
                        await count_open(db, workspace_id)
                    await senders.kill(turn % SENDERS)
                    if turn == KILLS // 2:
                        await cut_connections(db)
                    await senders.start(turn % SENDERS)
                while await count_open(db, workspace_id):
                    await asyncio.sleep(0.2)
        finally:
            await senders.end()
        rows = await ledger(db, workspace_id, message_id)
        window = WINDOW if "CHUNKING" in features else 1
        print(
            f"{len(rows)} rows, {len(sink.messages)} taken, {sum(Counter(sink.counts).values()) - len(sink.counts)} twice"
        )
        agree(rows, sink, KILLS, window)
