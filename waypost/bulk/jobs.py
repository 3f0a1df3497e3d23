"""The work of bulk edits: part after part, each one transaction; begun again after a crash, it goes on."""

from __future__ import annotations

from typing import ClassVar

from waypost.bulk.actions import begin_edit, fail_edit, make_part, undo_part
from waypost.kernel.errors import Failure
from waypost.kernel.registry import Job
from waypost.kernel.work import Work


class MakeEdit(Job, frozen=True, kw_only=True):
    name: ClassVar[str] = "bulk.make"
    edit_id: int

    async def run(self, work: Work) -> None:
        try:
            async with work.transaction() as tx:
                await begin_edit(tx, self.edit_id)
            is_more = True
            while is_more:
                async with work.transaction() as tx:
                    # lint: no-row-loops because a turn is a part of thousands
                    is_more = await make_part(tx, self.edit_id)
        except Failure as failure:
            async with work.transaction() as tx:
                await fail_edit(tx, self.edit_id, failure.detail)


class UndoEdit(Job, frozen=True, kw_only=True):
    name: ClassVar[str] = "bulk.undo"
    edit_id: int

    async def run(self, work: Work) -> None:
        try:
            is_more = True
            while is_more:
                async with work.transaction() as tx:
                    # lint: no-row-loops because a turn is a part of thousands
                    is_more = await undo_part(tx, self.edit_id)
        except Failure as failure:
            async with work.transaction() as tx:
                await fail_edit(tx, self.edit_id, failure.detail)
