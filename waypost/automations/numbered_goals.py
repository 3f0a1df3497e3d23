"""Goals that contacts reached, for dialects whose rows are numbered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx

MOST = 1_000


@dataclass(frozen=True, slots=True)
class ReachedGoal:
    """A run of the contact came to a goal by meeting it."""

    enrollment_id: int
    automation_id: int
    contact_id: int
    step_id: str
    entered_at: datetime
    at: datetime


async def list_reached_goals(tx: ReadTx, contact_id: int) -> list[ReachedGoal]:
    """In the order in which they were reached."""
    return await tx.all(
        sql(
            """
            select e.id as enrollment_id, e.automation_id, e.contact_id, m.step_id, e.entered_at, m.at
            from automations.enrollment e
            join automations.goal_met m on m.workspace_id = e.workspace_id and m.enrollment_id = e.id
            where e.workspace_id = {workspace} and e.contact_id = {contact_id} and m.is_passed
            order by m.at, e.id, m.step_id limit {most}
            """,
            contact_id=contact_id,
            most=MOST,
        ),
        ReachedGoal,
    )
