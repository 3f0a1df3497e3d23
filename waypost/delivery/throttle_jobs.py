"""After limits have changed: what the old ones held back is judged anew, in parts."""

from __future__ import annotations

from typing import ClassVar

from waypost.delivery.throttle_rules import release_held
from waypost.kernel.registry import Job
from waypost.kernel.work import Work

PART = 10_000


class ReleaseHeld(Job, frozen=True, kw_only=True):
    """Each part commits by itself; what has been released is not held any more, so a second run finds the rest."""

    name: ClassVar[str] = "delivery.release_held"

    async def run(self, work: Work) -> None:
        while True:
            # lint: no-row-loops because a turn is ten thousand messages
            async with work.transaction() as tx:
                if await release_held(tx, PART) < PART:
                    return


JOBS = (ReleaseHeld,)
