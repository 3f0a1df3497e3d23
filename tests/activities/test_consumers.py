"""The log is read in order and without loss, however transactions commit."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import ClassVar

from waypost.activities.actions import record, record_each, record_sets
from waypost.activities.consumers import advance
from waypost.activities.queries import list_timeline
from waypost.kernel.db import Database
from waypost.kernel.registry import Consumer, Fact
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx


@dataclass(frozen=True, slots=True)
class Waved(Fact):
    kind: ClassVar[int] = 9001
    name: ClassVar[str] = "waved"
    label: ClassVar[str] = "Waved"
    object: ClassVar[str | None] = "hand_id"
    hand_id: int
    mood: str | None = None


class Reader:
    """A consumer that remembers what it was given."""

    def __init__(self) -> None:
        self.seen: list[int] = []
        self.consumer = Consumer(name="test.reader", facts=(Waved,), handle=self.handle)

    async def handle(self, tx: Tx, facts: Sql) -> None:
        rows = await tx.all(sql("select contact_id from ({facts}) as f order by id", facts=facts))
        self.seen += [row["contact_id"] for row in rows]


async def wave(tx: Tx, contact_id: int) -> None:
    await record(tx, Waved(hand_id=1), sql("select {contact_id} as contact_id", contact_id=contact_id))


async def test_each_fact_is_handed_over_once(db: Database, workspace_id: int) -> None:
    reader = Reader()
    for contact_id in (1, 2, 3):
        async with db.transaction(workspace_id) as tx:
            await wave(tx, contact_id)
    assert await advance(db, workspace_id, reader.consumer, limit=2)
    assert not await advance(db, workspace_id, reader.consumer, limit=2)
    assert not await advance(db, workspace_id, reader.consumer, limit=2)
    assert reader.seen == [1, 2, 3]


async def test_a_fact_committed_late_with_a_lower_id_is_not_lost(db: Database, workspace_id: int) -> None:
    """Place by id alone would pass over contact 1; the horizon makes the reader wait for it."""
    reader = Reader()
    async with db.transaction(workspace_id) as slow:
        await wave(slow, 1)
        async with db.transaction(workspace_id) as quick:
            await wave(quick, 2)
        await advance(db, workspace_id, reader.consumer)
        assert reader.seen == []
    await advance(db, workspace_id, reader.consumer)
    assert sorted(reader.seen) == [1, 2]


async def test_a_transaction_that_writes_before_and_after_another_is_not_lost(db: Database, workspace_id: int) -> None:
    """The horizon with a place by id alone would lose it: the older transaction gets the higher id."""
    reader = Reader()
    async with db.transaction(workspace_id) as older:
        await older.value(sql("select pg_current_xact_id()::text"))
        async with db.transaction(workspace_id) as younger:
            await wave(younger, 1)
        await wave(older, 2)
    await advance(db, workspace_id, reader.consumer, limit=1)
    await advance(db, workspace_id, reader.consumer, limit=1)
    assert sorted(reader.seen) == [1, 2]


async def test_a_handler_that_fails_gets_the_slice_again(db: Database, workspace_id: int) -> None:
    reader = Reader()
    failures = 1

    async def handle(tx: Tx, facts: Sql) -> None:
        nonlocal failures
        if failures:
            failures -= 1
            raise RuntimeError("once")
        await reader.handle(tx, facts)

    consumer = Consumer(name="test.failing", facts=(Waved,), handle=handle)
    async with db.transaction(workspace_id) as tx:
        await wave(tx, 7)
    with contextlib.suppress(RuntimeError):
        await advance(db, workspace_id, consumer)
    await advance(db, workspace_id, consumer)
    assert reader.seen == [7]


async def test_every_way_of_recording_reads_back(tx: Tx) -> None:
    assert await record(tx, Waved(hand_id=1, mood="glad"), sql("select 5::bigint as contact_id")) == 1
    rows = sql("select 5::bigint as contact_id, 2::bigint as object_id, null::jsonb as data")
    assert await record_each(tx, Waved, rows) == 1
    assert await record_sets(tx, [(Waved(hand_id=3), [5, 6])]) == 2
    page = await list_timeline(tx, 5)
    assert [(e.object_id, e.data) for e in page.items] == [(3, None), (2, None), (1, {"mood": "glad"})]
    first = await list_timeline(tx, 5, limit=2)
    second = await list_timeline(tx, 5, limit=2, after=first.next)
    assert [e.object_id for e in (*first.items, *second.items)] == [3, 2, 1]
    assert second.next is None
