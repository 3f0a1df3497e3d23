"""Why a contact is in an automation or not: where, since when, what it waits for, and what would make it move.

The answer names one cause; below it stand all checks that were made, in the order in which the engine
makes them, each with the values compared. The engine's own fragments decide wherever there are any.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import asyncpg
import msgspec

from waypost.automations.enroll_rules import settings_of
from waypost.automations.graph import WAIT_UNTIL, WEBHOOK, AutomationDocument, Settings, StepDocument, walk
from waypost.automations.lots import in_first
from waypost.automations.queries import get_automation, list_enrollments, list_path
from waypost.automations.triggers import CALENDAR
from waypost.automations.types import Automation, Enrollment, PathStep, State, Status
from waypost.contacts.queries.contacts import find_contact
from waypost.delivery.types import State as MailState
from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx
from waypost.segments.explain import Part, explain_condition

Cause = Literal[
    "contact_deleted", "inactive", "never_triggered", "before_start", "trigger_condition", "entry_condition",
    "suppressed", "held_out", "once_only", "entered_by_hand_only", "not_read_yet", "waits_for_time",
    "waits_for_condition", "waits_for_server", "due", "held", "parked", "completed", "exited",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that decides; `tree` has the values compared, `at` when it happened."""

    name: Cause
    passed: bool
    trigger_id: str | None = None
    tree: Part | None = None
    at: datetime | None = None
    limit_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Mail:
    """What became of a message that a step sent; `reason` is why it was not."""

    step_id: str
    message_id: int
    state: str
    at: datetime | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """`moves_at` is when it moves by time alone, whatever happens; `run` is the latest one."""

    automation: Automation
    contact_id: int
    is_inside: bool
    cause: Cause
    run: Enrollment | None = None
    step_type: str = ""
    moves_at: datetime | None = None
    waits_for: Part | None = None
    checks: Sequence[Check] = ()
    path: Sequence[PathStep] = ()
    mails: Sequence[Mail] = ()


async def explain_contact(tx: ReadTx, automation_id: int, contact_id: int) -> Explanation:
    """Everything at this moment; raises AutomationNotFound."""
    automation = await get_automation(tx, automation_id)
    contact = await find_contact(tx, contact_id)
    if contact is None:
        gone = [Check("contact_deleted", passed=False)]
        return Explanation(automation, contact_id, False, "contact_deleted", checks=gone)
    contact_id = contact.id
    runs = (await list_enrollments(tx, automation_id=automation_id, contact_id=contact_id, limit=1)).items
    run = runs[0] if runs else None
    if run is not None and run.state in (State.DUE, State.WAITING, State.PARKED):
        return await _inside(tx, automation, run)
    checks = await _entry_checks(tx, automation, contact_id)
    failed: Cause = "not_read_yet"
    for check in checks:
        if not check.passed:
            failed = check.name
            break
    if run is None:
        return Explanation(automation, contact_id, False, failed, checks=checks)
    cause: Cause = "completed" if run.state == State.COMPLETED else "exited"
    return Explanation(
        automation,
        contact_id,
        False,
        cause,
        run=run,
        checks=checks,
        path=await list_path(tx, run.id),
        mails=await _mails(tx, run),
    )


async def _inside(tx: ReadTx, automation: Automation, run: Enrollment) -> Explanation:
    step = await _step(tx, run)
    cause, waits_for = await _standing(tx, automation, run, step)
    return Explanation(
        automation,
        run.contact_id,
        True,
        cause,
        run=run,
        step_type=step.type if step is not None else "",
        moves_at=run.due_at if cause in ("waits_for_time", "waits_for_condition", "waits_for_server") else None,
        waits_for=waits_for,
        path=await list_path(tx, run.id),
        mails=await _mails(tx, run),
    )


async def _step(tx: ReadTx, run: Enrollment) -> StepDocument | None:
    """The step the contact stands on, in the version it entered with."""
    document = await tx.value(
        sql(
            "select document from automations.automation_version where workspace_id = {workspace} and id = {id}",
            id=run.version_id,
        )
    )
    steps = msgspec.convert(document, AutomationDocument).steps
    return next((step for step, _ in walk(steps) if step.id == run.step_id), None)


async def _standing(
    tx: ReadTx, automation: Automation, run: Enrollment, step: StepDocument | None
) -> tuple[Cause, Part | None]:
    """Why it stands there, with the condition it waits for."""
    if run.state == State.PARKED:
        return "parked", None
    waits_for: Part | None = None
    if run.state == State.WAITING and step is not None and step.type == WAIT_UNTIL:
        waits_for = (await explain_condition(tx, step.params["condition"], run.contact_id)).tree
    if automation.status != Status.ACTIVE:
        return "held", waits_for
    if waits_for is not None:
        return "waits_for_condition", waits_for
    if step is not None and step.type == WEBHOOK:
        return "waits_for_server", None
    return ("waits_for_time" if run.due_at is not None and run.due_at > tx.now else "due"), None


async def _mails(tx: ReadTx, run: Enrollment) -> list[Mail]:
    """The messages of this run: those queued for the contact by its steps since it entered."""
    rows = await tx.all(
        sql(
            """
            select step_id, message_id, state, coalesce(sent_at, due_at) as at, smtp_reply from delivery.ledger
            where workspace_id = {workspace} and contact_id = {contact_id} and automation_id = {automation_id}
              and step_id is not null and created_at >= {since} and created_at <= coalesce({until}::timestamptz, {now})
            order by id
            """,
            contact_id=run.contact_id,
            automation_id=run.automation_id,
            since=run.entered_at,
            until=run.finished_at,
        )
    )
    return [
        Mail(row["step_id"], row["message_id"], MailState(row["state"]).name.lower(), row["at"], row["smtp_reply"])
        for row in rows
    ]


async def _entry_checks(tx: ReadTx, automation: Automation, contact_id: int) -> list[Check]:
    """What decides whether the contact enters, in order; those that cannot be told any more are left out."""
    checks = [Check("inactive", automation.status == Status.ACTIVE)]
    if automation.version_id is None:
        return checks
    triggers = await _triggers(tx, automation.id, contact_id)
    opened, by_trigger = await _trigger_checks(tx, triggers, contact_id)
    checks += by_trigger
    given = await settings_of(tx, automation.id)
    if given is not None:
        checks += await _rule_checks(tx, automation.id, msgspec.convert(given, Settings), contact_id)
    entered = [row for row in opened if row["is_spent"]]
    if opened:
        last = max((row["entered_at"] for row in entered), default=None)
        checks.append(Check("once_only", len(entered) < len(opened), at=last))
    return checks


async def _triggers(tx: ReadTx, automation_id: int, contact_id: int) -> list[asyncpg.Record]:
    """Each trigger with the last thing that happened to the contact which it means, ever and since it is open."""
    return await tx.all(
        sql(
            """
            select t.trigger_id, t.kind, t.condition, t.active_from,
                   max(f.at) as happened_at, max(f.at) filter (where f.at >= t.active_from) as counted_at,
                   e.entered_at, t.runs_once and e.entered_at is not null as is_spent
            from automations.trigger as t
            left join activities.fact as f
              on f.workspace_id = {workspace} and f.contact_id = {contact_id} and f.kind = t.kind
             and (t.object_id is null or f.object_id = t.object_id)
             and (t.data is null or f.data @> t.data)
             and (t.url_like is null or coalesce(f.data ->> 'url', (
                    select p.url from activities.page as p where p.workspace_id = {workspace} and p.id = f.object_id
                 )) like t.url_like)
            left join lateral (
                select max(e.entered_at) as entered_at from automations.enrollment as e
                where e.workspace_id = {workspace} and e.contact_id = {contact_id}
                  and e.automation_id = {automation_id} and e.trigger_id = t.trigger_id
            ) as e on true
            where t.workspace_id = {workspace} and t.automation_id = {automation_id}
            group by t.trigger_id, t.kind, t.condition, t.active_from, t.runs_once, e.entered_at
            order by t.trigger_id
            """,
            automation_id=automation_id,
            contact_id=contact_id,
        )
    )


async def _trigger_checks(
    tx: ReadTx, triggers: Sequence[asyncpg.Record], contact_id: int
) -> tuple[list[asyncpg.Record], list[Check]]:
    """The triggers that would let the contact in; where none would, what keeps each of them from it."""
    if not triggers:
        return [], [Check("entered_by_hand_only", passed=False)]
    opened: list[asyncpg.Record] = []
    closed: list[Check] = []
    for row in triggers:
        name, at = row["trigger_id"], row["counted_at"]
        if row["kind"] != CALENDAR and at is None:
            early = row["happened_at"]
            cause: Cause = "never_triggered" if early is None else "before_start"
            closed.append(Check(cause, passed=False, trigger_id=name, at=early, limit_at=row["active_from"]))
            continue
        tree: Part | None = None
        if row["condition"] is not None:
            # lint: no-row-loops because a turn is a trigger of one automation, for one contact
            tree = (await explain_condition(tx, row["condition"], contact_id)).tree
        if tree is not None and not tree.holds:
            closed.append(Check("trigger_condition", passed=False, trigger_id=name, tree=tree, at=at))
        else:
            opened.append(row)
    if opened:
        return opened, [Check("never_triggered", True, row["trigger_id"], at=row["counted_at"]) for row in opened]
    # What came closest tells most.
    order: dict[Cause, int] = {"trigger_condition": 0, "before_start": 1, "never_triggered": 2}
    return [], sorted(closed, key=lambda check: order[check.name])


async def _rule_checks(tx: ReadTx, automation_id: int, settings: Settings, contact_id: int) -> list[Check]:
    """The automation's own rules."""
    checks: list[Check] = []
    if settings.entry_condition is not None:
        tree = (await explain_condition(tx, settings.entry_condition, contact_id)).tree
        checks.append(Check("entry_condition", tree.holds, tree=tree))
    if settings.suppression_condition is not None:
        tree = (await explain_condition(tx, settings.suppression_condition, contact_id)).tree
        checks.append(Check("suppressed", not tree.holds, tree=tree))
    if settings.holdout_percent:
        held = in_first([contact_id], seed=automation_id << 24, percent=settings.holdout_percent)
        checks.append(Check("held_out", not held))
    if settings.entries == "once":
        entered = await tx.value(
            sql(
                """
                select max(entered_at) from automations.enrollment
                where workspace_id = {workspace} and automation_id = {automation_id} and contact_id = {contact_id}
                """,
                automation_id=automation_id,
                contact_id=contact_id,
            )
        )
        checks.append(Check("once_only", entered is None, at=entered))
    return checks
