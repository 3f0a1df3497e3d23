"""Keeps the totals short to read, and sweeps away what was deleted long ago."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from waypost.contacts.actions.files import forget_blobs, remove_outdated
from waypost.contacts.counts import fold_counts
from waypost.contacts.field_index import backfill_chunk, list_waiting, list_waiting_workspaces, mark_ready
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


class IndexFields(Job, frozen=True, kw_only=True):
    """Index the contacts that were there before a field was flagged, chunk by chunk; begun again after a crash."""

    name: ClassVar[str] = "contacts.index_fields"

    async def run(self, work: Work) -> None:
        async with work.read() as read:
            workspace_ids = await list_waiting_workspaces(read)
        for workspace_id in workspace_ids:
            # lint: no-row-loops because a turn is a workspace
            await _index_workspace(replace(work, workspace_id=workspace_id))


async def _index_workspace(work: Work) -> None:
    async with work.read() as read:
        fields = await list_waiting(read)
    last: int | None = 0
    while fields and last is not None:
        async with work.transaction() as tx:
            # lint: no-row-loops because a turn is a chunk
            last = await backfill_chunk(tx, fields, after=last)
    if fields:
        async with work.transaction() as tx:
            await mark_ready(tx, fields)


class SweepFiles(Job, frozen=True, kw_only=True):
    """Remove notes and files that were deleted long ago, and blobs that no file has."""

    name: ClassVar[str] = "contacts.sweep_files"

    async def run(self, work: Work) -> None:
        async with work.read() as read:
            workspace_ids = await list_workspace_ids(read)
        for workspace_id in workspace_ids:
            # lint: no-row-loops because a turn is a workspace
            await _sweep_workspace(replace(work, workspace_id=workspace_id))


async def _sweep_workspace(work: Work) -> None:
    """The bytes go before their notes do, so that a crash in between leaves nothing behind."""
    async with work.transaction() as tx:
        blobs = await remove_outdated(tx)
    for blob in blobs:
        work.files.delete(blob)
    if blobs:
        async with work.transaction() as tx:
            await forget_blobs(tx, blobs)


SCHEDULES = (
    Schedule("* * * * *", FoldCounts()),
    Schedule("* * * * *", IndexFields()),
    Schedule("40 3 * * *", SweepFiles()),
)
