"""Sweeps away what deleted schemas left."""

from __future__ import annotations

from typing import ClassVar

from waypost.identity.spread import each_workspace
from waypost.kernel.registry import Job, Schedule
from waypost.kernel.work import Work
from waypost.objects.sweeping import list_waiting_workspaces, sweep_chunk


class SweepSchemas(Job, frozen=True, kw_only=True):
    """Delete the records of deleted schemas, chunk by chunk; a crash goes on after the last chunk."""

    name: ClassVar[str] = "objects.sweep_schemas"

    async def run(self, work: Work) -> None:
        for one in await each_workspace(work, waiting=list_waiting_workspaces):
            is_more = True
            while is_more:
                async with one.transaction() as tx:
                    # lint: no-row-loops because a turn is a chunk
                    is_more = await sweep_chunk(tx)


SCHEDULES = (Schedule("* * * * *", SweepSchemas()),)
