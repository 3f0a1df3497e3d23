"""What is known after a worker was killed, and what comes of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.delivery.parts import ledger, message_to, outbox_with
from tests.make import Make
from waypost.delivery import claims
from waypost.delivery.channels.null import NullChannel
from waypost.delivery.journal import Entry, Journal, open_journal, orphans
from waypost.kernel.db import Database

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_page_is_read_again_by_the_next_process(tmp_path: Path) -> None:
    journal = open_journal(tmp_path, 0)
    page = journal.pages[1]
    page.begin(7, [11, 12, 13])
    page.handed(1)
    page.answered(2, 250)
    name = journal.id
    journal.close()
    again = open_journal(tmp_path, 0)
    assert again.id == name
    assert again.pages[0].read()[1] == []
    assert again.pages[1].read() == (7, [Entry(11, 0, 0), Entry(12, 1, 0), Entry(13, 2, 250)])
    again.close()


async def test_two_workers_never_share_a_file(tmp_path: Path) -> None:
    first, second = open_journal(tmp_path, 0), open_journal(tmp_path, 0)
    assert first.id != second.id
    assert list(orphans(tmp_path, second)) == []
    first.close()
    assert [found.id for found in orphans(tmp_path, second)] == [first.id]
    second.close()


async def test_recovery_settles_what_was_accepted_and_sends_the_rest(
    db: Database, workspace_id: int, make: Make, tmp_path: Path
) -> None:
    async with db.transaction(workspace_id) as tx:
        people = await make.contacts(tx, 4)
        message_id = await message_to(tx, people)
    dead = open_journal(tmp_path, 3)
    async with db.transaction(workspace_id) as tx:
        rows = await claims.claim(tx, dead.id, 10)
    dead.pages[0].begin(workspace_id, [row.id for row in rows])
    dead.pages[0].answered(0, 250)
    dead.pages[0].handed(1)
    dead.pages[0].answered(2, 550)
    dead.close()

    channel = NullChannel()
    with_journal: Journal = open_journal(tmp_path, 3)
    outbox = outbox_with(db, channel, with_journal)
    await outbox.recover(with_journal)
    assert await outbox.tick(workspace_id) is False
    with_journal.close()

    by_id = {row["id"]: row for row in await ledger(db, workspace_id, message_id)}
    assert [by_id[row.id]["state"] for row in rows] == [2, 2, 3, 2]
    assert {envelope.recipient for envelope, _ in channel.sent} == {rows[1].email, rows[3].email}
