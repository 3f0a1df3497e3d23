"""Tasks: one, and pages of what is to be done or was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from waypost.deals.errors import TaskNotFound
from waypost.deals.queries.deals import CONTACT_NAME
from waypost.deals.types import Task
from waypost.kernel.page import Page, decode_cursor, page_of
from waypost.kernel.sql import TRUE, Sql, and_, sql
from waypost.kernel.tx import ReadTx

COLUMNS = sql(
    """
    t.id, t.deal_id, d.title as deal_title, c.id as contact_id, {name} as contact_name, t.type, t.title, t.note, t.due_at,
    t.assignee_id, nullif(coalesce(nullif(u.name, ''), u.email), '') as assignee_name, t.done_at, t.outcome,
    t.created_at, t.updated_at
    """,
    name=CONTACT_NAME,
)
TABLES = sql(
    """
    deals.task t
    left join deals.deal d on d.workspace_id = t.workspace_id and d.id = t.deal_id
    left join contacts.contact c on c.workspace_id = t.workspace_id and c.id = coalesce(t.contact_id, d.contact_id)
          and c.deleted_at is null
    left join identity.user_account u on u.id = t.assignee_id
    """
)


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """What is None is not asked for; `due_from` is included, `due_to` is not."""

    is_done: bool | None = None
    deal_id: int | None = None
    contact_id: int | None = None
    assignee_id: int | None = None
    type: str | None = None
    due_from: datetime | None = None
    due_to: datetime | None = None

    def where(self) -> Sql:
        parts = [sql("t.workspace_id = {workspace}")]
        if self.is_done is not None:
            parts.append(sql("(t.done_at is not null) = {is_done}", is_done=self.is_done))
        for text, value in (
            ("t.deal_id = {value}", self.deal_id),
            ("coalesce(t.contact_id, d.contact_id) = {value}", self.contact_id),
            ("t.assignee_id = {value}", self.assignee_id),
            ("t.type = {value}", self.type),
            ("t.due_at >= {value}", self.due_from),
            ("t.due_at < {value}", self.due_to),
        ):
            if value is not None:
                parts.append(Sql(text, {"value": value}))
        return and_(*parts)


async def get_task(tx: ReadTx, task_id: int) -> Task:
    found = await tx.maybe(
        sql(
            "select {columns} from {tables} where t.workspace_id = {workspace} and t.id = {id}",
            columns=COLUMNS,
            tables=TABLES,
            id=task_id,
        ),
        Task,
    )
    if found is None:
        raise TaskNotFound(task_id=task_id)
    return found


async def list_tasks(tx: ReadTx, wanted: TaskFilter, *, limit: int = 100, after: str | None = None) -> Page[Task]:
    """What is open by when it is due; what is done, the latest first."""
    key, is_down = (sql("t.done_at"), True) if wanted.is_done else (sql("t.due_at"), False)
    behind = TRUE
    if after is not None:
        first, last = decode_cursor(after, datetime, int)
        form = "({key}, t.id) < ({first}, {last})" if is_down else "({key}, t.id) > ({first}, {last})"
        behind = Sql(form, {"key": key, "first": first, "last": last})
    rows = await tx.all(
        sql(
            "select {columns} from {tables} where {where} and {behind} order by {order} limit {limit}",
            columns=COLUMNS,
            tables=TABLES,
            where=wanted.where(),
            behind=behind,
            order=Sql("{key} desc, t.id desc" if is_down else "{key}, t.id", {"key": key}),
            limit=limit + 1,
        ),
        Task,
    )
    total = await count_tasks(tx, wanted) if after is None else None
    return page_of(
        rows, limit, lambda task: (task.done_at or task.due_at if is_down else task.due_at, task.id), total=total
    )


async def count_tasks(tx: ReadTx, wanted: TaskFilter) -> int:
    return int(await tx.value(sql("select count(*) from {tables} where {where}", tables=TABLES, where=wanted.where())))
