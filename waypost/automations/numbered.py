"""Runs by row number, with exact totals, for callers who count rows instead of following a cursor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from waypost.automations.types import Enrollment, State
from waypost.kernel.sql import TRUE, Sql, and_, sql
from waypost.kernel.tx import ReadTx


async def list_enrollments_from(
    tx: ReadTx,
    *,
    limit: int,
    offset: int = 0,
    automation_id: int | None = None,
    contact_id: int | None = None,
    is_over: bool | None = None,
) -> tuple[list[Enrollment], int]:
    """Runs in the order they began, and how many there are; `is_over` keeps those that ended, or did not."""
    where = _wanted(automation_id, contact_id, is_over)
    rows = await tx.all(
        sql(
            """
            select e.id, e.automation_id, a.name as automation_name, e.version_id, e.contact_id, c.email,
                   c.first_name, c.last_name, e.trigger_id, e.step_id, e.state, e.due_at, e.entered_at,
                   e.finished_at, e.error
            from automations.enrollment as e
            join automations.automation as a on a.workspace_id = {workspace} and a.id = e.automation_id
            join contacts.contact as c on c.workspace_id = {workspace} and c.id = e.contact_id
            where e.workspace_id = {workspace} and a.deleted_at is null and {where}
            order by e.id limit {limit} offset {offset}
            """,
            where=where,
            limit=limit,
            offset=offset,
        )
    )
    total = await tx.value(
        sql(
            """
            select count(*) from automations.enrollment as e
            join automations.automation as a on a.workspace_id = {workspace} and a.id = e.automation_id
            where e.workspace_id = {workspace} and a.deleted_at is null and {where}
            """,
            where=where,
        )
    )
    return [_enrollment(dict(row)) for row in rows], total


async def find_documents(tx: ReadTx, automation_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """The documents of automations by id."""
    rows = await tx.all(
        sql(
            """
            select id, document from automations.automation
            where workspace_id = {workspace} and id = any({ids}::bigint[])
            """,
            ids=list(automation_ids),
        )
    )
    return {row["id"]: row["document"] for row in rows}


def _enrollment(values: dict[str, Any]) -> Enrollment:
    values["state"] = State(values["state"])
    return Enrollment(**values)


def _wanted(automation_id: int | None, contact_id: int | None, is_over: bool | None) -> Sql:
    parts = [TRUE]
    if automation_id is not None:
        parts.append(sql("e.automation_id = {id}", id=automation_id))
    if contact_id is not None:
        parts.append(sql("e.contact_id = {id}", id=contact_id))
    if is_over is not None:
        parts.append(sql("e.state in (2, 4)") if is_over else sql("e.state in (0, 1, 3)"))
    return and_(*parts)
