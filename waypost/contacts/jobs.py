"""Keeps the totals short to read, and sweeps away what was deleted long ago."""

from __future__ import annotations

from typing import ClassVar

from waypost.contacts.actions.files import forget_blobs, remove_outdated
from waypost.contacts.automerging import merge_meant
from waypost.contacts.counts import fold_counts, list_changed_workspaces, sweep_changes
from waypost.contacts.duplicates import begin_scan, scan_chunk
from waypost.contacts.erasing import erase_due
from waypost.contacts.field_flagging import flag_fields
from waypost.contacts.field_index import backfill_chunk, list_waiting, list_waiting_workspaces, mark_ready
from waypost.contacts.person_exports import (
    collect_if_there,
    end_export,
    find_waiting,
    remove_expired,
    write_export,
)
from waypost.identity.spread import each_workspace
from waypost.kernel.registry import Job, Schedule
from waypost.kernel.work import Work


class FoldCounts(Job, frozen=True, kw_only=True):
    """Fold the count changes of workspaces that have some into their totals, one transaction each."""

    name: ClassVar[str] = "contacts.fold_counts"

    async def run(self, work: Work) -> None:
        folded = 0
        for one in await each_workspace(work, waiting=list_changed_workspaces):
            async with one.transaction() as tx:
                # lint: no-row-loops because one transaction touches one workspace
                folded += await fold_counts(tx)
        if folded:
            await sweep_changes(work.db.pool)


class IndexFields(Job, frozen=True, kw_only=True):
    """Index the contacts that were there before a field was flagged, chunk by chunk; begun again after a crash."""

    name: ClassVar[str] = "contacts.index_fields"

    async def run(self, work: Work) -> None:
        for one in await each_workspace(work, waiting=list_waiting_workspaces):
            # lint: no-row-loops because a turn is a workspace
            await _index_workspace(one)


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


class FlagFields(Job, frozen=True, kw_only=True):
    """Have fields looked up that conditions ask for, workspace by workspace."""

    name: ClassVar[str] = "contacts.flag_fields"

    async def run(self, work: Work) -> None:
        for one in await each_workspace(work):
            async with one.transaction() as tx:
                # lint: no-row-loops because a turn is a workspace
                await flag_fields(tx)


class SweepFiles(Job, frozen=True, kw_only=True):
    """Remove notes and files that were deleted long ago, and blobs that no file has."""

    name: ClassVar[str] = "contacts.sweep_files"

    async def run(self, work: Work) -> None:
        for one in await each_workspace(work):
            # lint: no-row-loops because a turn is a workspace
            await _sweep_workspace(one)


async def _sweep_workspace(work: Work) -> None:
    """The bytes go before their notes do, so that a crash in between leaves nothing behind."""
    async with work.transaction() as tx:
        blobs = await remove_outdated(tx)
    for blob in blobs:
        work.files.delete(blob)
    if blobs:
        async with work.transaction() as tx:
            await forget_blobs(tx, blobs)


class PurgeTrash(Job, frozen=True, kw_only=True):
    """Erase who has been in the trash for its time, chunk by chunk; in one workspace, or in all."""

    name: ClassVar[str] = "contacts.purge_trash"

    async def run(self, work: Work) -> None:
        for one in await each_workspace(work):
            count = 1
            while count:
                async with one.transaction() as tx:
                    # lint: no-row-loops because a turn is a chunk
                    count = await erase_due(tx)
            async with one.transaction() as tx:
                # lint: no-row-loops because a turn is a workspace
                await remove_expired(tx)


class FindDuplicates(Job, frozen=True, kw_only=True):
    """Compare everyone who changed, chunk by chunk; a crash goes on after the last chunk."""

    name: ClassVar[str] = "contacts.find_duplicates"

    async def run(self, work: Work) -> None:
        for one in await each_workspace(work):
            is_more = True
            async with one.transaction() as tx:
                # lint: no-row-loops because a turn is a workspace
                await begin_scan(tx)
            while is_more:
                async with one.transaction() as tx:
                    # lint: no-row-loops because a turn is a chunk
                    is_more = await scan_chunk(tx)
            count = 1
            while count:
                async with one.transaction() as tx:
                    # lint: no-row-loops because a turn is a chunk
                    count = await merge_meant(tx)


class ExportPerson(Job, frozen=True, kw_only=True):
    """Write the file of an export of one person; done again after a crash, it writes the same file."""

    name: ClassVar[str] = "contacts.export_person"
    export_id: int

    async def run(self, work: Work) -> None:
        async with work.read() as read:
            export = await find_waiting(read, self.export_id)
            data = export and await collect_if_there(read, export.contact_id)
        if export is None:
            return
        filename, size = ("", 0) if data is None else await write_export(work.files, export.file, data)
        async with work.transaction() as tx:
            await end_export(tx, export.id, filename=filename, size_bytes=size)


SCHEDULES = (
    Schedule("20 * * * *", PurgeTrash()),
    Schedule("10 2 * * *", FindDuplicates()),
    Schedule("* * * * *", FoldCounts()),
    Schedule("* * * * *", IndexFields()),
    Schedule("15 * * * *", FlagFields()),
    Schedule("40 3 * * *", SweepFiles()),
)
