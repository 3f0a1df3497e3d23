"""Tasks about deals and contacts."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from litestar import delete, get, patch, post
from litestar.params import Parameter

from waypost.deals.actions.tasks import create_task, delete_task, finish_task, reopen_task, update_task
from waypost.deals.queries.tasks import TaskFilter, get_task, list_tasks
from waypost.deals.schemas import TaskBody, TaskList, TaskPatch
from waypost.deals.types import Task, TaskType
from waypost.kernel.tx import ReadTx, Tx

TASKS = "/api/v1/tasks"
Limit = Annotated[int, Parameter(ge=1, le=500)]


@get(TASKS)
async def read_tasks(
    read: ReadTx,
    is_done: bool | None = False,
    deal_id: int | None = None,
    contact_id: int | None = None,
    assignee_id: int | None = None,
    type: TaskType | None = None,
    due_from: datetime | None = None,
    due_to: datetime | None = None,
    limit: Limit = 100,
    after: str | None = None,
) -> TaskList:
    """What is open by when it is due, what is done latest first."""
    wanted = TaskFilter(is_done, deal_id, contact_id, assignee_id, type, due_from, due_to)
    page = await list_tasks(read, wanted, limit=limit, after=after)
    return TaskList(items=list(page.items), next=page.next, total=page.total)


@post(TASKS)
async def add_task(data: TaskBody, tx: Tx) -> Task:
    return await create_task(tx, data.new())


@get(TASKS + "/{task_id:int}")
async def read_task(task_id: int, read: ReadTx) -> Task:
    return await get_task(read, task_id)


@patch(TASKS + "/{task_id:int}")
async def change_task(task_id: int, data: TaskPatch, tx: Tx) -> Task:
    await update_task(tx, task_id, data.changes())
    if data.is_done is True:
        return await finish_task(tx, task_id, outcome=data.outcome)
    return await reopen_task(tx, task_id) if data.is_done is False else await get_task(tx, task_id)


@delete(TASKS + "/{task_id:int}")
async def drop_task(task_id: int, tx: Tx) -> None:
    await delete_task(tx, task_id)


ROUTES = (read_tasks, add_task, read_task, change_task, drop_task)
