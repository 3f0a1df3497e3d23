"""Reading automations, counters, runs and paths."""

from __future__ import annotations

from typing import Any

import asyncpg
import msgspec

from waypost.automations.counters import WHOLE
from waypost.automations.errors import AutomationNotFound, EnrollmentNotFound
from waypost.automations.graph import AutomationDocument, walk
from waypost.automations.types import Automation, Enrollment, PathStep, State, Status, StepCount
from waypost.kernel.page import Page, decode_cursor, page_of
from waypost.kernel.sql import TRUE, Sql, join, sql
from waypost.kernel.tx import ReadTx

_AUTOMATION = sql(
    """
    select a.id, a.name, a.status, a.document, a.revision, a.version_id, a.published_revision, a.paused_at,
           a.created_at, a.updated_at, coalesce(c.passed, 0) as entered, coalesce(c.here, 0) as here,
           coalesce(c.completed, 0) as completed, coalesce(c.exited, 0) as exited, coalesce(c.parked, 0) as parked
    from automations.automation as a
    left join automations.step_count as c
      on c.workspace_id = {workspace} and c.automation_id = a.id and c.step_id = ''
    where a.workspace_id = {workspace} and a.deleted_at is null
    """
)

_ENROLLMENT = sql(
    """
    select e.id, e.automation_id, a.name as automation_name, e.version_id, e.contact_id, c.email,
           c.first_name, c.last_name, e.trigger_id, e.step_id, e.state, e.due_at, e.entered_at,
           e.finished_at, e.error
    from automations.enrollment as e
    join automations.automation as a on a.workspace_id = {workspace} and a.id = e.automation_id
    join contacts.contact as c on c.workspace_id = {workspace} and c.id = e.contact_id
    where e.workspace_id = {workspace} and a.deleted_at is null
    """
)


async def find_automation(tx: ReadTx, automation_id: int) -> Automation | None:
    row = await tx.maybe(sql("{base} and a.id = {automation_id}", base=_AUTOMATION, automation_id=automation_id))
    return None if row is None else _automation(row)


async def get_automation(tx: ReadTx, automation_id: int) -> Automation:
    found = await find_automation(tx, automation_id)
    if found is None:
        raise AutomationNotFound(automation_id=automation_id)
    return found


async def list_automations(
    tx: ReadTx, *, search: str = "", status: Status | None = None, limit: int = 50, after: str | None = None
) -> Page[Automation]:
    """Automations, the newest first."""
    start = TRUE
    if after is not None:
        (last_id,) = decode_cursor(after, int)
        start = sql("a.id < {last_id}", last_id=last_id)
    rows = await tx.all(
        sql(
            """
            {base} and {start} and {wanted} and ({search} = '' or strpos(lower(a.name), lower({search})) > 0)
            order by a.id desc limit {limit}
            """,
            base=_AUTOMATION,
            start=start,
            wanted=TRUE if status is None else sql("a.status = {status}", status=int(status)),
            search=search,
            limit=limit + 1,
        )
    )
    return page_of([_automation(row) for row in rows], limit, lambda row: row.id)


async def list_step_counts(tx: ReadTx, automation_id: int) -> list[StepCount]:
    """The counters of every step that anyone has reached."""
    return await tx.all(
        sql(
            """
            select step_id, here, passed, completed, exited, parked from automations.step_count
            where workspace_id = {workspace} and automation_id = {automation_id} and step_id <> {whole}
            order by step_id
            """,
            automation_id=automation_id,
            whole=WHOLE,
        ),
        StepCount,
    )


async def get_enrollment(tx: ReadTx, enrollment_id: int) -> Enrollment:
    row = await tx.maybe(sql("{base} and e.id = {enrollment_id}", base=_ENROLLMENT, enrollment_id=enrollment_id))
    if row is None:
        raise EnrollmentNotFound(enrollment_id=enrollment_id)
    return _enrollment(row)


async def list_enrollments(
    tx: ReadTx,
    *,
    automation_id: int | None = None,
    contact_id: int | None = None,
    step_id: str | None = None,
    state: State | None = None,
    limit: int = 50,
    after: str | None = None,
) -> Page[Enrollment]:
    """Runs, the newest first; `step_id` keeps those who stand on the step now."""
    wanted: list[Sql] = []
    if automation_id is not None:
        wanted.append(sql("and e.automation_id = {automation_id}", automation_id=automation_id))
    if contact_id is not None:
        wanted.append(sql("and e.contact_id = {contact_id}", contact_id=contact_id))
    if step_id is not None:
        wanted.append(sql("and e.step_id = {step_id} and e.state in (0, 1, 3)", step_id=step_id))
    if state is not None:
        wanted.append(sql("and e.state = {state}::smallint", state=int(state)))
    if after is not None:
        (last_id,) = decode_cursor(after, int)
        wanted.append(sql("and e.id < {last_id}", last_id=last_id))
    rows = await tx.all(
        sql(
            "{base} {wanted} order by e.id desc limit {limit}",
            base=_ENROLLMENT,
            wanted=join(" ", wanted),
            limit=limit + 1,
        )
    )
    return page_of([_enrollment(row) for row in rows], limit, lambda row: row.id)


async def list_path(tx: ReadTx, enrollment_id: int) -> list[PathStep]:
    """The steps a run has left, in order, from every pass."""
    enrollment = await get_enrollment(tx, enrollment_id)
    document = await tx.value(
        sql(
            "select document from automations.automation_version where workspace_id = {workspace} and id = {version_id}",
            version_id=enrollment.version_id,
        )
    )
    types = {step.id: step.type for step, _ in walk(msgspec.convert(document, AutomationDocument).steps)}
    rows = await tx.all(
        sql(
            """
            select at, trail from automations.path
            where workspace_id = {workspace} and enrollment_id = {enrollment_id}
            order by id
            """,
            enrollment_id=enrollment_id,
        )
    )
    return [
        PathStep(row["at"], step_id, types.get(step_id, ""), outcome)
        for row in rows
        for step_id, _, outcome in (mark.partition(":") for mark in row["trail"].split(","))
    ]


def _automation(row: asyncpg.Record) -> Automation:
    values: dict[str, Any] = {**row, "status": Status(row["status"])}
    return Automation(**values)


def _enrollment(row: asyncpg.Record) -> Enrollment:
    values: dict[str, Any] = {**row, "state": State(row["state"])}
    return Enrollment(**values)
