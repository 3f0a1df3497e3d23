"""Sweeps away what deleted schemas left."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from waypost.kernel.registry import Job, Schedule
from waypost.kernel.work import Work
from waypost.objects.sweeping import list_waiting_workspaces, sweep_chunk


class SweepSchemas(Job, frozen=True, kw_only=True):
    """Delete the records of deleted schemas, chunk by chunk; a crash goes on after the last chunk."""

    name: ClassVar[str] = "objects.sweep_schemas"

    async def run(self, work: Work) -> None:
        async with work.read() as read:
            workspace_ids = await list_waiting_workspaces(read)
        for workspace_id in workspace_ids:
            one, is_more = replace(work, workspace_id=workspace_id), True
            while is_more:
                async with one.transaction() as tx:
                    # lint: no-row-loops because a turn is a chunk
                    is_more = await sweep_chunk(tx)


SCHEDULES = (Schedule("* * * * *", SweepSchemas()),)
