"""What happened in automations by day, counted from the log as it comes in, a slice at a time."""

from __future__ import annotations

from enum import IntEnum

from waypost.automations.facts import AutomationCompleted, AutomationEntered, AutomationExited, GoalReached
from waypost.kernel.registry import Consumer
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx


class What(IntEnum):
    """What is counted by day."""

    ENTERED = 1
    COMPLETED = 2
    EXITED = 3
    GOAL = 4


async def count_days(tx: Tx, facts: Sql) -> None:
    """One statement; the time since the entry is that of the contact's latest run then."""
    await tx.run(
        sql(
            """
            insert into automations.day_count as d (workspace_id, automation_id, day, what, detail, count, seconds)
            select {workspace}, f.object_id, (f.at at time zone 'UTC')::date,
                   case f.kind when {entered} then 1 when {completed} then 2 when {exited} then 3 else 4 end as what,
                   case f.kind when {exited} then coalesce(f.data ->> 'reason', '')
                               when {goal} then coalesce(f.data ->> 'step_id', '') else '' end as detail,
                   count(*), coalesce(sum(extract(epoch from f.at - run.entered_at))::bigint, 0)
            from ({facts}) as f
            join automations.automation as a on a.workspace_id = {workspace} and a.id = f.object_id
            left join lateral (
                select e.entered_at from automations.enrollment as e
                where f.kind <> {entered} and e.workspace_id = {workspace} and e.contact_id = f.contact_id
                  and e.automation_id = f.object_id and e.entered_at <= f.at
                order by e.entered_at desc limit 1
            ) as run on true
            group by 2, 3, 4, 5
            order by 2, 3, 4, 5
            on conflict (workspace_id, automation_id, day, what, detail) do update
            set count = d.count + excluded.count, seconds = d.seconds + excluded.seconds
            """,
            facts=facts,
            entered=AutomationEntered.kind,
            completed=AutomationCompleted.kind,
            exited=AutomationExited.kind,
            goal=GoalReached.kind,
        )
    )


DAYS = Consumer(
    name="automations.days",
    facts=(AutomationEntered, AutomationCompleted, AutomationExited, GoalReached),
    handle=count_days,
)
