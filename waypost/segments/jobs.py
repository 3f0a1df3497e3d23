"""Looks at all segments anew once a night."""

from __future__ import annotations

from typing import ClassVar

from waypost.identity.spread import each_workspace
from waypost.kernel.registry import Job, Schedule
from waypost.kernel.work import Work
from waypost.segments.actions import rebuild_all


class RebuildSegments(Job, frozen=True, kw_only=True):
    """Let the builders go over every segment, one workspace after the other."""

    name: ClassVar[str] = "segments.rebuild"

    async def run(self, work: Work) -> None:
        for one in await each_workspace(work):
            async with one.transaction() as tx:
                # lint: no-row-loops because one transaction touches one workspace
                await rebuild_all(tx)


SCHEDULES = (Schedule(cron="40 3 * * *", job=RebuildSegments()),)
