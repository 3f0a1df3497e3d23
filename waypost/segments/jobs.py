"""Looks at all segments anew once a night."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from waypost.identity.queries import list_workspace_ids
from waypost.kernel.registry import Job, Schedule
from waypost.kernel.work import Work
from waypost.segments.actions import rebuild_all


class RebuildSegments(Job, frozen=True, kw_only=True):
    """Let the builders go over every segment, one workspace after the other."""

    name: ClassVar[str] = "segments.rebuild"

    async def run(self, work: Work) -> None:
        async with work.read() as read:
            workspace_ids = await list_workspace_ids(read)
        for workspace_id in workspace_ids:
            async with replace(work, workspace_id=workspace_id).transaction() as tx:
                # lint: no-row-loops because one transaction touches one workspace
                await rebuild_all(tx)


SCHEDULES = (Schedule(cron="40 3 * * *", job=RebuildSegments()),)
