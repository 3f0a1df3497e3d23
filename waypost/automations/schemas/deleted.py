"""Bodies of the recycle bin."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from waypost.automations.recycle_bin import Deleted
from waypost.kernel.model import Out


class DeletedOut(Out):
    """An automation in the recycle bin, and when it is removed for good."""

    id: int
    name: str
    deleted_at: datetime
    gone_at: datetime


class DeletedList(Out):
    items: list[DeletedOut]

    @classmethod
    def of(cls, items: Sequence[Deleted]) -> DeletedList:
        return cls(
            items=[
                DeletedOut(id=item.id, name=item.name, deleted_at=item.deleted_at, gone_at=item.gone_at)
                for item in items
            ]
        )
