"""Keeps the totals short to read."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from waypost.contacts.counts import fold_counts
from waypost.identity.queries import list_workspace_ids
from waypost.kernel.registry import Job, Schedule
from waypost.kernel.work import Work


class FoldCounts(Job, frozen=True, kw_only=True):
    """Fold every workspace's count changes into its totals, one transaction each."""

    name: ClassVar[str] = "contacts.fold_counts"

    async def run(self, work: Work) -> None:
        async with work.read() as read:
            workspace_ids = await list_workspace_ids(read)
        for workspace_id in workspace_ids:
            async with replace(work, workspace_id=workspace_id).transaction() as tx:
                # lint: no-row-loops because one transaction touches one workspace
                await fold_counts(tx)


SCHEDULES = (Schedule("* * * * *", FoldCounts()),)
