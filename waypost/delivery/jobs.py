"""Background work of delivery: the outbox, and claims of machines that are gone."""

from __future__ import annotations

from waypost.delivery.outbox import due, free_expired, open_outbox
from waypost.kernel.registry import Engine, Job, Schedule
from waypost.kernel.sql import sql
from waypost.kernel.work import Work


class FreeExpiredClaims(Job, frozen=True, kw_only=True):
    name = "delivery.free_expired_claims"

    async def run(self, work: Work) -> None:
        async with work.db.read(0) as read:
            rows = await read.all(sql("select id from identity.workspace order by id"))
        for workspace_id in [row["id"] for row in rows]:
            async with work.db.transaction(workspace_id) as tx:
                await free_expired(tx)


OUTBOX = Engine("delivery.outbox", "delivery", due, open_outbox, interval_seconds=2.0)
SCHEDULES = (Schedule("* * * * *", FreeExpiredClaims()),)
