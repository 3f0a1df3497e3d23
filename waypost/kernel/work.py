"""What background work gets to hold: the database, settings, registry and files."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from waypost.kernel.config import Settings
from waypost.kernel.db import Database
from waypost.kernel.files import Files
from waypost.kernel.registry import Registry
from waypost.kernel.tx import SYSTEM, Actor, ReadTx, Tx


@dataclass(frozen=True, slots=True)
class SystemWork:
    """For engines and raw routes, which serve every workspace."""

    db: Database
    settings: Settings
    registry: Registry
    files: Files
    worker_number: int = 0
    """0, 1, … among the worker processes of one data directory; names its journal."""


@dataclass(frozen=True, slots=True)
class Work(SystemWork):
    """For jobs, which serve one workspace (0 for schedules)."""

    workspace_id: int = 0
    actor: Actor = SYSTEM

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Tx]:
        async with self.db.transaction(self.workspace_id, actor=self.actor) as tx:
            yield tx

    @asynccontextmanager
    async def read(self) -> AsyncIterator[ReadTx]:
        async with self.db.read(self.workspace_id, actor=self.actor) as tx:
            yield tx

    def acting_as(self, actor: Actor) -> Work:
        return replace(self, actor=actor)
