"""The jobs of an import. Each may be run again after a crash."""

from __future__ import annotations

from typing import ClassVar

from waypost.imports.apply import check_import, run_import
from waypost.imports.undo import undo_import
from waypost.kernel.registry import Job
from waypost.kernel.work import Work


class RunImport(Job, frozen=True, kw_only=True):
    name: ClassVar[str] = "imports.run"
    import_id: int

    async def run(self, work: Work) -> None:
        await run_import(work, self.import_id)


class CheckImport(Job, frozen=True, kw_only=True):
    name: ClassVar[str] = "imports.check"
    import_id: int

    async def run(self, work: Work) -> None:
        await check_import(work, self.import_id)


class UndoImport(Job, frozen=True, kw_only=True):
    name: ClassVar[str] = "imports.undo"
    import_id: int

    async def run(self, work: Work) -> None:
        await undo_import(work, self.import_id)
