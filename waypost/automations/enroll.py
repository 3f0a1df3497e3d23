"""Letting contacts in: by the facts that triggers name, or by hand. Always one INSERT for a whole set.

A contact is inside an automation at most once at a time (the unique index enrollment_live); a trigger
that runs once lets nobody in a second time, one that runs again does so a few times a day at most.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from waypost.activities.actions import record_sets
from waypost.activities.types import Audience
from waypost.automations.counters import WHOLE, Counters
from waypost.automations.errors import AutomationNotActive
from waypost.automations.facts import AutomationEntered
from waypost.automations.graph import CALLED, MANUAL
from waypost.automations.queries import get_automation
from waypost.automations.types import Status
from waypost.kernel.registry import Consumer
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx

ENTRY_SPAN = timedelta(days=1)
MOST_ENTRIES = 10
"""How often one trigger lets the same contact in within ENTRY_SPAN: what ends two automations calling each other."""


async def enroll_slice(tx: Tx, slice_: Sql) -> None:
    """Everyone whose facts match a trigger of an active automation enters it."""
    await _enter(
        tx,
        sql(
            """
            select distinct on (t.automation_id, s.contact_id)
                   t.automation_id, s.contact_id, t.trigger_id, t.runs_once
            from ({slice_}) as s
            join automations.trigger as t
              on t.workspace_id = {workspace} and t.kind = s.kind
             and (t.object_id is null or t.object_id = s.object_id) and t.active_from <= s.at
            where (
                select count(*) from automations.enrollment as e
                where e.workspace_id = {workspace} and e.contact_id = s.contact_id
                  and e.automation_id = t.automation_id and e.trigger_id = t.trigger_id
                  and (t.runs_once or e.entered_at > {now} - {span})
            ) < case when t.runs_once then 1 else {most} end
            order by t.automation_id, s.contact_id, s.id, t.trigger_id
            """,
            slice_=slice_,
            span=ENTRY_SPAN,
            most=MOST_ENTRIES,
        ),
    )


async def enroll_contacts(tx: Tx, automation_id: int, who: Audience) -> int:
    """Let the set in by hand; returns how many were not inside already."""
    automation = await get_automation(tx, automation_id)
    if automation.status != Status.ACTIVE:
        raise AutomationNotActive(name=automation.name)
    return await _enter(
        tx,
        sql(
            """
            select distinct {automation_id} as automation_id, who.contact_id, {manual} as trigger_id
            from ({who}) as who
            """,
            automation_id=automation_id,
            manual=MANUAL,
            who=who,
        ),
    )


async def enroll_from_automation(tx: Tx, automation_id: int, contact_ids: Sequence[int]) -> int:
    """Let the set in from another automation, at most MOST_ENTRIES times a day each; none if it is not active."""
    return await _enter(
        tx,
        sql(
            """
            select distinct {automation_id} as automation_id, s.contact_id, {called} as trigger_id
            from unnest({ids}::bigint[]) as s (contact_id)
            where (
                select count(*) from automations.enrollment as e
                where e.workspace_id = {workspace} and e.contact_id = s.contact_id
                  and e.automation_id = {automation_id} and e.trigger_id = {called} and e.entered_at > {now} - {span}
            ) < {most}
            """,
            automation_id=automation_id,
            called=CALLED,
            ids=list(contact_ids),
            span=ENTRY_SPAN,
            most=MOST_ENTRIES,
        ),
    )


async def _enter(tx: Tx, candidates: Sql) -> int:
    """Insert who is not inside yet, record it and count it."""
    entered = await tx.all(
        sql(
            """
            with entered as (
                insert into automations.enrollment
                    (workspace_id, automation_id, version_id, contact_id, trigger_id, step_id, state, is_served,
                     due_at, entered_at)
                select {workspace}, a.id, a.version_id, new.contact_id, new.trigger_id, v.first_step, 0, false,
                       {now}, {now}
                from ({candidates}) as new
                join automations.automation as a
                  on a.workspace_id = {workspace} and a.id = new.automation_id and a.status = 1
                join automations.automation_version as v on v.workspace_id = {workspace} and v.id = a.version_id
                -- A scalar subquery: as a join it can end in a nested loop over all contacts before ANALYZE.
                where (
                    select c.deleted_at is null from contacts.contact as c
                    where c.workspace_id = {workspace} and c.id = new.contact_id
                )
                order by a.id, new.contact_id
                on conflict (workspace_id, automation_id, contact_id) where state in (0, 1, 3) do nothing
                returning automation_id, contact_id, step_id
            )
            select automation_id, step_id, array_agg(contact_id order by contact_id) as contact_ids
            from entered group by automation_id, step_id
            """,
            candidates=candidates,
        )
    )
    if not entered:
        return 0
    counters = Counters()
    for row in entered:
        count = len(row["contact_ids"])
        counters.add(row["automation_id"], row["step_id"], here=count)
        counters.add(row["automation_id"], WHOLE, here=count, passed=count)
    await record_sets(
        tx, [(AutomationEntered(automation_id=row["automation_id"]), row["contact_ids"]) for row in entered]
    )
    tx.wake("automations")
    tx.wake("live")
    await counters.write(tx)
    return sum(len(row["contact_ids"]) for row in entered)


ENROLL = Consumer(name="automations.enroll", facts=None, handle=enroll_slice)
