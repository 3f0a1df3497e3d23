"""Pausing and going on: what becomes of timers that ran out meanwhile, and of those who would have entered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from waypost.activities.consumers import read_since
from waypost.automations.enroll import ENROLL, enroll_slice
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx

Overdue = Literal["at_once", "stop", "spread"]
"""Timers ran on, and whoever is overdue goes at once; they stood still; or they ran on and the overdue go one by one."""


@dataclass(frozen=True, slots=True)
class Resumption:
    """How to go on after a pause; `spread_over` is for "spread"."""

    overdue: Overdue = "at_once"
    spread_over: timedelta = timedelta(hours=1)
    lets_in: bool = False
    """Whether those enter who would have entered during the pause."""


async def pause_runs(tx: Tx, automation_id: int) -> None:
    """Nobody enters and nobody moves from now on."""
    await tx.run(
        sql(
            """
            update automations.automation set status = 2, paused_at = {now}, updated_at = {now}
            where workspace_id = {workspace} and id = {automation_id}
            """,
            automation_id=automation_id,
        )
    )


async def resume_runs(tx: Tx, automation_id: int, paused_at: datetime | None, how: Resumption) -> None:
    """Let those inside go on. Who waits for a condition is looked at again, whatever became of the timers."""
    due = {"at_once": _AT_ONCE, "spread": _spread(how.spread_over)}.get(how.overdue, _AT_ONCE)
    lasted = timedelta(0)
    if how.overdue == "stop" and paused_at is not None:
        lasted = tx.now - paused_at
        due = _SHIFTED
    await tx.run(
        sql(
            """
            with live as materialized (
                select e.id, e.state, e.is_served, coalesce(e.held_due, e.due_at) as due_at,
                       row_number() over (order by coalesce(e.held_due, e.due_at), e.id) as place,
                       count(*) over () as everyone
                from automations.enrollment as e
                where e.workspace_id = {workspace} and e.automation_id = {automation_id} and e.state in (0, 1)
                  and ({all} or e.due_at is null or e.due_at <= {now})
            )
            update automations.enrollment as e
            set due_at = {due}, deadline = e.deadline + {lasted}, held_due = null
            from live where e.workspace_id = {workspace} and e.id = live.id
            """,
            automation_id=automation_id,
            all=lasted > timedelta(0),
            due=Sql(due.text, {**due.params, "lasted": lasted}),
            lasted=lasted,
        )
    )
    await tx.run(
        sql(
            "update automations.automation set paused_at = null where workspace_id = {workspace} and id = {automation_id}",
            automation_id=automation_id,
        )
    )


_AT_ONCE = sql("{now}")
_SHIFTED = Sql(
    "case when live.state = 0 and live.is_served then greatest(live.due_at + {lasted}, {now}) else {now} end"
)


def _spread(period: timedelta) -> Sql:
    return sql("{now} + {period} * (live.place - 1) / live.everyone", period=period)


async def let_in_late(tx: Tx, automation_id: int, since: datetime) -> None:
    """Let in by what happened since the pause began, as far as the log has been read; the reader sees to the rest."""
    slice_ = await read_since(tx, ENROLL, since)
    await enroll_slice(tx, slice_, only=sql("a.id = {automation_id}", automation_id=automation_id))
