"""The worker runs jobs, consumers and engines, and goes on after a failure."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import ClassVar

from tests.activities.test_consumers import Reader, Waved, wave
from waypost.app.worker import Worker
from waypost.kernel.db import Database
from waypost.kernel.files import Files
from waypost.kernel.registry import Domain, Engine, Job, Registry
from waypost.kernel.sql import sql
from waypost.kernel.work import SystemWork, Work

DONE: list[tuple[int, int]] = []


class Count(Job, frozen=True, kw_only=True):
    name: ClassVar[str] = "test.count"
    number: int

    async def run(self, work: Work) -> None:
        DONE.append((work.workspace_id, self.number))


def work_of(db: Database, *domains: Domain) -> SystemWork:
    registry = Registry(domains)
    db.registry = registry
    return SystemWork(db=db, settings=db.settings, registry=registry, files=Files(db.settings))


@asynccontextmanager
async def running(worker: Worker) -> AsyncIterator[None]:
    task = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        worker.stopping.set()
        await asyncio.wait_for(task, 10)


async def until(condition, seconds: float = 8.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.02)


async def test_a_job_runs_when_its_transaction_commits_and_not_when_it_does_not(fresh_db: Database) -> None:
    DONE.clear()
    work = work_of(fresh_db, Domain(name="test", jobs=(Count,)))
    async with running(Worker(work)):
        with suppress(RuntimeError):
            async with fresh_db.transaction(4) as tx:
                await tx.enqueue(Count(number=1))
                raise RuntimeError
        async with fresh_db.transaction(4) as tx:
            await tx.enqueue(Count(number=2))
        await until(lambda: DONE)
    assert DONE == [(4, 2)]


async def test_consumers_hear_of_facts_at_once(fresh_db: Database) -> None:
    reader = Reader()
    work = work_of(fresh_db, Domain(name="test", facts=(Waved,), consumers=(reader.consumer,)))
    async with running(Worker(work)):
        await asyncio.sleep(0.3)
        async with fresh_db.transaction(4) as tx:
            await wave(tx, 11)
        await until(lambda: reader.seen, 2)
    assert reader.seen == [11]


async def test_an_engine_serves_workspaces_in_turn_and_outlives_an_error(fresh_db: Database) -> None:
    served: list[int] = []
    left = {1: 2, 2: 1}
    failures = [RuntimeError("once")]

    @asynccontextmanager
    async def open_engine(_work: SystemWork):
        async def tick(workspace_id: int) -> bool:
            if failures:
                raise failures.pop()
            served.append(workspace_id)
            left[workspace_id] -= 1
            return left[workspace_id] > 0

        yield tick

    due = sql("select n as workspace_id from generate_series(1, 2) n")
    engine = Engine("test.engine", "test", lambda: due, open_engine, interval_seconds=60)
    work = work_of(fresh_db, Domain(name="test", engines=(engine,)))
    async with running(Worker(replace(work))):
        await until(lambda: len(served) == 3)
    assert served == [1, 2, 1]
