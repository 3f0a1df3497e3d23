"""The recycle bin: a deleted automation lets everyone go, is seen nowhere else, and can be brought back for KEPT.

live ──delete──> bin ──restore──> draft or paused (those who were inside stay outside)
                  └───after KEPT, or at once by hand──> gone, with its versions, runs and paths
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from waypost.automations.actions import lock_automation
from waypost.automations.errors import AutomationNotFound
from waypost.automations.pausing import pause_runs
from waypost.automations.queries import get_automation
from waypost.automations.types import Automation, Status
from waypost.automations.wake import exit_runs
from waypost.identity.spread import each_workspace
from waypost.kernel.registry import Job, Schedule
from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx, Tx
from waypost.kernel.work import Work

KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Deleted:
    """An automation in the bin."""

    id: int
    name: str
    deleted_at: datetime

    @property
    def gone_at(self) -> datetime:
        """When it is removed for good."""
        return self.deleted_at + KEPT


async def delete_automation(tx: Tx, automation_id: int) -> None:
    """Put it into the bin; everyone inside leaves."""
    automation = await lock_automation(tx, automation_id)
    if automation.status == Status.ACTIVE:
        await pause_runs(tx, automation_id)
    await exit_runs(tx, sql("e.automation_id = {id}", id=automation_id), reason="by_hand")
    await _set_deleted(tx, automation_id, tx.now)


async def restore_automation(tx: Tx, automation_id: int) -> Automation:
    """Take it out of the bin: a draft again, or paused."""
    await _lock_deleted(tx, automation_id)
    await _set_deleted(tx, automation_id, None)
    return await get_automation(tx, automation_id)


async def list_deleted(tx: ReadTx) -> list[Deleted]:
    """The bin, what came last first."""
    return await tx.all(
        sql(
            """
            select id, name, deleted_at from automations.automation
            where workspace_id = {workspace} and deleted_at is not null order by deleted_at desc, id desc
            """
        ),
        Deleted,
    )


async def remove_deleted(tx: Tx, automation_id: int) -> None:
    """Out of the bin and gone, with its versions, runs and paths; the facts stay in the log."""
    await _lock_deleted(tx, automation_id)
    await tx.run(
        sql(
            """
            delete from automations.path as p using automations.enrollment as e
            where p.workspace_id = {workspace} and e.workspace_id = {workspace}
              and e.id = p.enrollment_id and e.automation_id = {automation_id}
            """,
            automation_id=automation_id,
        )
    )
    await tx.run(
        sql(
            "delete from automations.automation where workspace_id = {workspace} and id = {automation_id}",
            automation_id=automation_id,
        )
    )


async def _lock_deleted(tx: Tx, automation_id: int) -> None:
    found = await tx.value(
        sql(
            """
            select id from automations.automation
            where workspace_id = {workspace} and id = {automation_id} and deleted_at is not null for update
            """,
            automation_id=automation_id,
        )
    )
    if found is None:
        raise AutomationNotFound(automation_id=automation_id)


async def _set_deleted(tx: Tx, automation_id: int, at: datetime | None) -> None:
    await tx.run(
        sql(
            """
            update automations.automation set deleted_at = {at}, updated_at = {now}
            where workspace_id = {workspace} and id = {automation_id}
            """,
            at=sql("{at}::timestamptz", at=at),
            automation_id=automation_id,
        )
    )
    tx.wake("live")


async def list_full_bins(tx: ReadTx) -> list[int]:
    """Workspaces in whose bin something has lain long enough."""
    rows = await tx.all(
        sql(
            """
            select w.id from identity.workspace as w where exists (
                select 1 from automations.automation as a where a.workspace_id = w.id and a.deleted_at < {now} - {kept})
            """,
            kept=KEPT,
        )
    )
    return [row["id"] for row in rows]


class EmptyBin(Job, frozen=True, kw_only=True):
    """Remove what has lain in the bin long enough."""

    name: ClassVar[str] = "automations.empty_bin"

    async def run(self, work: Work) -> None:
        for one in await each_workspace(work, waiting=list_full_bins):
            async with one.read() as read:
                # lint: no-row-loops because a turn is a workspace
                old = [item.id for item in await list_deleted(read) if item.gone_at < read.now]
            for automation_id in old:
                async with one.transaction() as tx:
                    # lint: no-row-loops because a turn is an automation
                    await remove_deleted(tx, automation_id)


SCHEDULES = (Schedule("35 4 * * *", EmptyBin()),)
