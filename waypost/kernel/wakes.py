"""Wakes: after a commit, tell the processes that listen which workspaces have news on which channel.

A NOTIFY inside each transaction would cost every writer a round trip and PostgreSQL a signal to every
listener. So a process gathers what its transactions ask for and sends it after they committed, at
once when it was quiet and at most every `PAUSE_SECONDS` under load. A wake is a hint: one that is
lost with its process is made up for by the sweep that every listener does at an interval.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

import asyncpg

from waypost.kernel.log import log

PAUSE_SECONDS = 0.02

Wake = tuple[str, int]


class Wakes:
    """What is still to be sent by this process: pairs of channel and workspace."""

    def __init__(self, pool: asyncpg.Pool[Any]) -> None:
        self._pool = pool
        self._waiting: set[Wake] = set()
        self._sender: asyncio.Task[None] | None = None

    def send(self, wakes: Iterable[Wake]) -> None:
        """Send soon; returns at once."""
        self._waiting.update(wakes)
        if self._waiting and (self._sender is None or self._sender.done()):
            self._sender = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Send what waits."""
        if self._sender is not None:
            await self._sender

    async def _run(self) -> None:
        while self._waiting:
            wakes, self._waiting = self._waiting, set()
            channels = [f"waypost_{channel}" for channel, _ in wakes]
            workspaces = [str(workspace_id) for _, workspace_id in wakes]
            try:
                # lint: no-row-loops because a turn sends everything there is
                await self._pool.execute(
                    "select pg_notify(channel, workspace) from unnest($1::text[], $2::text[]) as wake(channel, workspace)",
                    channels,
                    workspaces,
                )
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("a wake was not sent, sweeps make up for it", error=str(error))
            await asyncio.sleep(PAUSE_SECONDS)
