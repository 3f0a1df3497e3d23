"""Writing exports, beginning what is scheduled, removing old files."""

from __future__ import annotations

from typing import ClassVar

from waypost.exports.actions import begin_due, expire_exports
from waypost.exports.queries import list_due_workspaces
from waypost.exports.write import write_export
from waypost.identity.spread import each_workspace
from waypost.kernel.registry import Job, Schedule
from waypost.kernel.work import Work


class WriteExport(Job, frozen=True, kw_only=True):
    name: ClassVar[str] = "exports.write"
    export_id: int

    async def run(self, work: Work) -> None:
        await write_export(work, self.export_id)


class BeginScheduled(Job, frozen=True, kw_only=True):
    """Begin every export whose time has come."""

    name: ClassVar[str] = "exports.begin_scheduled"

    async def run(self, work: Work) -> None:
        for one in await each_workspace(work, waiting=list_due_workspaces):
            async with one.transaction() as tx:
                # lint: no-row-loops because one transaction touches one workspace
                for export in await begin_due(tx, work.files):
                    # lint: no-row-loops because a turn is an export
                    await tx.enqueue(WriteExport(export_id=export.id))


class RemoveOldFiles(Job, frozen=True, kw_only=True):
    name: ClassVar[str] = "exports.remove_old_files"

    async def run(self, work: Work) -> None:
        for one in await each_workspace(work):
            async with one.transaction() as tx:
                # lint: no-row-loops because one transaction touches one workspace
                gone = await expire_exports(tx)
            for file in gone:
                work.files.delete(file)


SCHEDULES = (Schedule("* * * * *", BeginScheduled()), Schedule("50 * * * *", RemoveOldFiles()))
