"""The worker process: consumers of the log, engines, jobs and schedules, until told to stop.

Each consumer and each engine is a loop of its own. A notification wakes the loops that listen to
its channel for that workspace; a sweep at an interval finds what a lost notification left behind.
Workspaces are served in turn, a slice each, so that a large one does not hold up the others.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import asyncpg

from waypost.activities.consumers import advance
from waypost.kernel.db import connect
from waypost.kernel.jobs.queue import serve as serve_jobs
from waypost.kernel.log import log
from waypost.kernel.registry import Consumer, Engine
from waypost.kernel.sql import Sql, sql
from waypost.kernel.work import SystemWork

SWEEP_SECONDS = 5.0
ERROR_PAUSE_SECONDS = 1.0
REST_SECONDS = 0.03
"""Between two rounds of a loop: under a steady trickle of news a round takes what has come meanwhile."""


class Signal:
    """Workspaces that have news on a channel, for one loop."""

    def __init__(self) -> None:
        self.workspaces: set[int] = set()
        self.woken = asyncio.Event()

    def ring(self, workspace_id: int) -> None:
        self.workspaces.add(workspace_id)
        self.woken.set()

    def take(self) -> set[int]:
        taken, self.workspaces = self.workspaces, set()
        self.woken.clear()
        return taken


class Worker:
    """All loops of one process."""

    def __init__(self, work: SystemWork) -> None:
        self.work = work
        self.stopping = asyncio.Event()
        self._signals: dict[str, list[Signal]] = defaultdict(list)

    async def run(self) -> None:
        """Serve until `stopping` is set; what is under way is finished first."""
        async with AsyncExitStack() as stack, asyncio.TaskGroup() as group:
            for consumer in self.work.registry.consumers:
                group.create_task(self._consume(consumer))
            for engine in self.work.registry.engines:
                tick = await stack.enter_async_context(engine.open(self.work))
                group.create_task(self._drive(engine, tick))
            group.create_task(self._listen())
            group.create_task(serve_jobs(self.work, self.stopping))
            log.info("worker ready", engines=len(self.work.registry.engines))

    def _signal(self, channel: str) -> Signal:
        signal = Signal()
        self._signals[channel].append(signal)
        return signal

    async def _consume(self, consumer: Consumer) -> None:
        async def tick(workspace_id: int) -> bool:
            return await advance(self.work.db, workspace_id, consumer)

        due = sql("select id as workspace_id from identity.workspace")
        await self._loop(consumer.name, self._signal("facts"), due, tick, SWEEP_SECONDS)

    async def _drive(self, engine: Engine, tick: Callable[[int], Awaitable[bool]]) -> None:
        signal = self._signal(engine.channel)
        await self._loop(engine.name, signal, engine.due(), tick, engine.interval_seconds)

    async def _loop(
        self, name: str, signal: Signal, due: Sql, tick: Callable[[int], Awaitable[bool]], interval: float
    ) -> None:
        waiting: dict[int, None] = {}
        swept = -interval
        clock = asyncio.get_running_loop().time
        while not self.stopping.is_set():
            waiting.update(dict.fromkeys(sorted(signal.take())))
            try:
                if clock() - swept >= interval:
                    waiting.update(dict.fromkeys(await self._due(due)))
                    swept = clock()
                for workspace_id in list(waiting):
                    if self.stopping.is_set():
                        return
                    if not await tick(workspace_id):
                        waiting.pop(workspace_id)
            except Exception as error:  # noqa: BLE001 - a loop outlives any one failure
                log.error("loop failed, trying again", loop=name, exc_info=error)
                await self._pause(signal, ERROR_PAUSE_SECONDS)
                continue
            if not waiting:
                await asyncio.sleep(REST_SECONDS)
                await self._pause(signal, max(0.0, interval - (clock() - swept)))

    async def _due(self, due: Sql) -> list[int]:
        async with self.work.db.read(0) as read:
            return [row["workspace_id"] for row in await read.all(due)]

    async def _pause(self, signal: Signal, seconds: float) -> None:
        stop = asyncio.ensure_future(self.stopping.wait())
        wake = asyncio.ensure_future(signal.woken.wait())
        await asyncio.wait({stop, wake}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        wake.cancel()

    async def _listen(self) -> None:
        """Keep one connection listening; while it is down the sweeps carry on."""
        while not self.stopping.is_set():
            try:
                await self._hear()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("cannot listen yet", error=str(error))
                await asyncio.sleep(ERROR_PAUSE_SECONDS)

    async def _hear(self) -> None:
        """With one connection, as long as it lives."""
        conn = await connect(self.work.db.dsn)
        lost = asyncio.Event()
        conn.add_termination_listener(lambda *_: lost.set())
        for channel in self._signals:
            await conn.add_listener(f"waypost_{channel}", self._heard)
        stop, gone = asyncio.ensure_future(self.stopping.wait()), asyncio.ensure_future(lost.wait())
        await asyncio.wait({stop, gone}, return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        gone.cancel()
        if not conn.is_closed():
            await conn.close()

    def _heard(self, _conn: Any, _pid: int, channel: str, payload: Any) -> None:
        for signal in self._signals[channel.removeprefix("waypost_")]:
            signal.ring(int(payload))
