"""Live updates: PostgreSQL notifications fanned out to browsers as server-sent events."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import orjson

from waypost.kernel.db import connect
from waypost.kernel.log import log

CHANNELS = ("facts", "live", "automations", "delivery")
PAUSE_SECONDS = 0.5
KEEP_ALIVE_SECONDS = 20.0


class _Browser:
    """What one open page waits for."""

    def __init__(self) -> None:
        self.woken = asyncio.Event()
        self.channels: set[str] = set()


class LiveHub:
    """One listening connection per web process; each browser has an event that says "something new"."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._browsers: dict[int, set[_Browser]] = defaultdict(set)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._listen())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _listen(self) -> None:
        while True:
            try:
                conn = await connect(self._dsn)
                for channel in CHANNELS:
                    await conn.add_listener(f"waypost_{channel}", self._heard)
                lost = asyncio.Event()
                conn.add_termination_listener(lambda *_, lost=lost: lost.set())
                try:
                    await lost.wait()
                finally:
                    if not conn.is_closed():
                        await conn.close()
            except (OSError, asyncpg.PostgresError) as error:
                log.warning("live updates lost their connection", error=str(error))
            await asyncio.sleep(1)

    def _heard(self, _conn: Any, _pid: int, channel: str, payload: Any) -> None:
        for browser in self._browsers.get(int(payload), ()):
            browser.channels.add(channel.removeprefix("waypost_"))
            browser.woken.set()

    async def events(self, workspace_id: int) -> AsyncIterator[str]:
        """JSON texts {"channels": [...]}, at most two a second; an empty one keeps the line open."""
        browser = _Browser()
        self._browsers[workspace_id].add(browser)
        try:
            yield orjson.dumps({"channels": []}).decode()
            while True:
                try:
                    await asyncio.wait_for(browser.woken.wait(), KEEP_ALIVE_SECONDS)
                except TimeoutError:
                    yield orjson.dumps({"channels": []}).decode()
                    continue
                await asyncio.sleep(PAUSE_SECONDS)
                names = sorted(browser.channels)
                browser.woken.clear()
                browser.channels.clear()
                yield orjson.dumps({"channels": names}).decode()
        finally:
            self._browsers[workspace_id].discard(browser)
