"""Waking those who wait for a condition, and letting go of deleted contacts.

Nobody polls: a fact that may change the answer makes the contact due, and the engine looks again.

No wake-up is lost. A fact becomes visible either before the engine's last look, which then sees it,
or after it; in that case the row already stood as waiting in an earlier transaction (run.py writes it
one look ahead), so the statement here finds it, waiting for the engine's lock if it must.
"""

from __future__ import annotations

from waypost.activities.actions import record_sets
from waypost.automations.counters import WHOLE, Counters
from waypost.automations.facts import AutomationExited
from waypost.automations.types import ExitReason
from waypost.contacts.facts import ContactDeleted
from waypost.kernel.registry import Consumer
from waypost.kernel.sql import TRUE, Sql, sql
from waypost.kernel.tx import Tx


async def wake_slice(tx: Tx, slice_: Sql, *, only: Sql = TRUE) -> None:
    """Make due who waits for one of these facts; `only` narrows the runs, which are `e`."""
    woken = await tx.run(
        sql(
            """
            with called as materialized (
                select e.id from automations.enrollment as e
                where e.workspace_id = {workspace} and e.state = 1 and {only}
                  and (e.contact_id, e.version_id, e.step_id) in (
                    select s.contact_id, w.version_id, w.step_id
                    from ({slice_}) as s
                    join automations.wait_fact as w
                      on w.workspace_id = {workspace} and w.kind = s.kind
                     and (w.object_id is null or w.object_id = s.object_id)
                  )
                order by e.id
                for update
            )
            update automations.enrollment as e set due_at = {now}
            from called where e.workspace_id = {workspace} and e.id = called.id
            """,
            slice_=slice_,
            only=only,
        )
    )
    if woken:
        tx.wake("automations")


async def exit_slice(tx: Tx, slice_: Sql) -> None:
    """Deleted contacts leave every automation."""
    await exit_runs(
        tx, sql("e.contact_id in (select contact_id from ({slice_}) as s)", slice_=slice_), reason="deleted"
    )


async def exit_runs(tx: Tx, which: Sql, *, reason: ExitReason) -> int:
    """End the live runs that meet the predicate over `e`; returns how many."""
    left = await tx.all(
        sql(
            """
            with leaving as materialized (
                select e.id, e.state from automations.enrollment as e
                where e.workspace_id = {workspace} and e.state in (0, 1, 3) and {which}
                order by e.id
                for update
            ), gone as (
                update automations.enrollment as e
                set state = 4, due_at = null, deadline = null, finished_at = {now}
                from leaving where e.workspace_id = {workspace} and e.id = leaving.id
                returning e.automation_id, e.step_id, e.contact_id, leaving.state
            )
            select automation_id, step_id, array_agg(contact_id order by contact_id) as contact_ids,
                   count(*) filter (where state = 3) as parked
            from gone group by automation_id, step_id
            """,
            which=which,
        )
    )
    counters = Counters()
    for row in left:
        count, parked = len(row["contact_ids"]), row["parked"]
        counters.add(row["automation_id"], row["step_id"], here=-count, parked=-parked, exited=count)
        counters.add(row["automation_id"], WHOLE, here=-count, parked=-parked, exited=count)
    if left:
        await record_sets(
            tx,
            [(AutomationExited(automation_id=row["automation_id"], reason=reason), row["contact_ids"]) for row in left],
        )
        tx.wake("live")
        await counters.write(tx)
    return sum(len(row["contact_ids"]) for row in left)


WAKE = Consumer(name="automations.wake", facts=None, handle=wake_slice)
EXIT = Consumer(name="automations.exit", facts=(ContactDeleted,), handle=exit_slice)
