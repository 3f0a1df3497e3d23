"""A schedule runs once for the whole installation; its work is done one workspace after the other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from waypost.identity.queries import list_workspace_ids
from waypost.kernel.tx import ReadTx
from waypost.kernel.work import Work


async def each_workspace(
    work: Work, *, waiting: Callable[[ReadTx], Awaitable[Sequence[int]]] = list_workspace_ids
) -> list[Work]:
    """The workspace of a job that was asked for; for a schedule every one, or those that are `waiting`."""
    if work.workspace_id:
        return [work]
    async with work.read() as read:
        return [replace(work, workspace_id=number) for number in await waiting(read)]
