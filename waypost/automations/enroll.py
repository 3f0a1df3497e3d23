"""Letting contacts in: by the facts that triggers name, by the calendar, or by hand. Always a whole set.

A contact is inside an automation at most once at a time (the unique index enrollment_live); a trigger
that runs once lets nobody in a second time, one that runs again does so a few times a day at most.
Automations without rules of their own let in by one INSERT; the others look at the set first (enroll_rules).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

import asyncpg

from waypost.activities.actions import record_sets
from waypost.activities.types import Audience
from waypost.automations.counters import WHOLE, Counters
from waypost.automations.enroll_rules import admit, settings_of
from waypost.automations.errors import AutomationNotActive
from waypost.automations.facts import FACTS, AutomationEntered
from waypost.automations.graph import CALLED, MANUAL
from waypost.automations.queries import get_automation
from waypost.automations.types import Status
from waypost.kernel.registry import Consumer
from waypost.kernel.sql import TRUE, Sql, sql
from waypost.kernel.tx import Tx
from waypost.segments.queries import matching

ENTRY_SPAN = timedelta(days=1)
MOST_ENTRIES = 10
"""How often one trigger lets the same contact in within ENTRY_SPAN: what ends two automations calling each other."""


OWN_KINDS = [fact.kind for fact in FACTS]
"""What automations say of themselves: an automation that begins on any of these does not mean its own."""


async def enroll_slice(tx: Tx, slice_: Sql, *, only: Sql = TRUE) -> None:
    """Everyone whose facts match a trigger of an active automation enters it, as far as its rules allow.

    `only` narrows the automations, which are `a`.
    """
    await _enter(
        tx,
        sql(
            """
            select distinct on (automation_id, contact_id) automation_id, contact_id, trigger_id
            from ({matches}) as m where not is_ruled
            order by automation_id, contact_id, fact_id, trigger_id
            """,
            matches=_matches(slice_, only),
        ),
    )
    if await _has_rules(tx):
        await _enroll_by_rules(tx, slice_, only)


async def _enroll_by_rules(tx: Tx, slice_: Sql, only: Sql) -> None:
    rows = await tx.all(
        sql(
            """
            select automation_id, trigger_id, contact_id, condition, settings from ({matches}) as m
            where is_ruled order by automation_id, contact_id, fact_id, trigger_id
            """,
            matches=_matches(slice_, only),
        )
    )
    by_trigger: dict[tuple[int, str], list[asyncpg.Record]] = {}
    for row in rows:
        by_trigger.setdefault((row["automation_id"], row["trigger_id"]), []).append(row)
    met: dict[tuple[int, str], set[int]] = {}
    for way, matched in by_trigger.items():
        ids = sorted({row["contact_id"] for row in matched})
        condition = matched[0]["condition"]
        # lint: no-row-loops because a turn is a trigger, for everyone
        met[way] = set(ids) if condition is None else await matching(tx, condition, ids)
    chosen: dict[tuple[int, int], str] = {}
    for row in rows:
        if row["contact_id"] in met[row["automation_id"], row["trigger_id"]]:
            chosen.setdefault((row["automation_id"], row["contact_id"]), row["trigger_id"])
    settings = {row["automation_id"]: row["settings"] for row in rows}
    for (automation_id, trigger_id), ids in _by_way(chosen).items():
        # lint: no-row-loops because a turn is a trigger, for everyone
        allowed = await admit(tx, automation_id, settings[automation_id], ids)
        await _enter(tx, _these(automation_id, trigger_id, allowed))  # lint: no-row-loops because a turn is a trigger


def _matches(slice_: Sql, only: Sql) -> Sql:
    """Facts with the triggers they match, of contacts whom the trigger has not let in too often."""
    return sql(
        """
        select t.automation_id, s.contact_id, t.trigger_id, s.id as fact_id, t.condition, v.settings,
               t.condition is not null or v.settings is not null as is_ruled
        from ({slice_}) as s
        join automations.trigger as t
          on t.workspace_id = {workspace} and t.kind = s.kind
         and (t.object_id is null or t.object_id = s.object_id) and t.active_from <= s.at
         and (t.object_id is not null or s.kind <> all({own}::smallint[]) or s.object_id <> t.automation_id)
         and (t.data is null or s.data @> t.data)
         and (t.data_path is null or s.data @@ t.data_path)
         and (t.url_like is null or coalesce(s.data ->> 'url', (
                select p.url from activities.page as p where p.workspace_id = {workspace} and p.id = s.object_id
             )) like t.url_like)
        join automations.automation as a
          on a.workspace_id = {workspace} and a.id = t.automation_id and a.status = 1
        join automations.automation_version as v on v.workspace_id = {workspace} and v.id = a.version_id
        where {only} and {may}
        """,
        slice_=slice_,
        only=only,
        own=OWN_KINDS,
        may=_may_enter(sql("s.contact_id")),
    )


def _may_enter(contact_id: Sql) -> Sql:
    """Whether the trigger `t` of a version `v` has not let the contact in too often."""
    return sql(
        """
        (
            select count(*) from automations.enrollment as e
            where e.workspace_id = {workspace} and e.contact_id = {contact_id}
              and e.automation_id = t.automation_id and e.trigger_id = t.trigger_id
              and (t.runs_once or e.entered_at > {now} - {span})
        ) < case when t.runs_once then 1 else coalesce((v.settings ->> 'daily_entries')::int, {most}) end
        """,
        contact_id=contact_id,
        span=ENTRY_SPAN,
        most=MOST_ENTRIES,
    )


async def _has_rules(tx: Tx) -> bool:
    """Whether any running automation lets in by more than its triggers."""
    return bool(
        await tx.value(
            sql(
                """
                select exists (
                    select 1 from automations.trigger as t
                    join automations.automation as a
                      on a.workspace_id = {workspace} and a.id = t.automation_id and a.status = 1
                    join automations.automation_version as v on v.workspace_id = {workspace} and v.id = a.version_id
                    where t.workspace_id = {workspace} and (t.condition is not null or v.settings is not null))
                """
            )
        )
    )


def _by_way(chosen: Mapping[tuple[int, int], str]) -> dict[tuple[int, str], list[int]]:
    found: dict[tuple[int, str], list[int]] = {}
    for (automation_id, contact_id), trigger_id in chosen.items():
        found.setdefault((automation_id, trigger_id), []).append(contact_id)
    return found


def _these(automation_id: int, trigger_id: str, contact_ids: Sequence[int]) -> Sql:
    return sql(
        """
        select {automation_id} as automation_id, s.contact_id, {trigger_id} as trigger_id
        from unnest({ids}::bigint[]) as s (contact_id)
        """,
        automation_id=automation_id,
        trigger_id=trigger_id,
        ids=list(contact_ids),
    )


async def enter_by_trigger(tx: Tx, automation_id: int, trigger_id: str, who: Audience) -> int:
    """Everyone in the set whom this trigger of an active automation may let in."""
    rows = await tx.all(
        sql(
            """
            select distinct who.contact_id, v.settings, t.condition from ({who}) as who
            join automations.trigger as t
              on t.workspace_id = {workspace} and t.automation_id = {automation_id} and t.trigger_id = {trigger_id}
            join automations.automation as a on a.workspace_id = {workspace} and a.id = {automation_id} and a.status = 1
            join automations.automation_version as v on v.workspace_id = {workspace} and v.id = a.version_id
            where {may}
            """,
            who=who,
            automation_id=automation_id,
            trigger_id=trigger_id,
            may=_may_enter(sql("who.contact_id")),
        )
    )
    if not rows:
        return 0
    ids: Sequence[int] = sorted(row["contact_id"] for row in rows)
    if rows[0]["condition"] is not None:
        ids = sorted(await matching(tx, rows[0]["condition"], ids))
    ids = await admit(tx, automation_id, rows[0]["settings"], ids)
    return await _enter(tx, _these(automation_id, trigger_id, ids))


async def enroll_contacts(tx: Tx, automation_id: int, who: Audience) -> int:
    """Let the set in by hand; returns how many entered."""
    automation = await get_automation(tx, automation_id)
    if automation.status != Status.ACTIVE:
        raise AutomationNotActive(name=automation.name)
    settings = await settings_of(tx, automation_id)
    if settings is not None:
        rows = await tx.all(sql("select distinct contact_id from ({who}) as who order by contact_id", who=who))
        ids = await admit(tx, automation_id, settings, [row["contact_id"] for row in rows])
        return await _enter(tx, _these(automation_id, MANUAL, ids))
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
    settings = await settings_of(tx, automation_id)
    if settings is not None:
        contact_ids = await admit(tx, automation_id, settings, contact_ids)
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
