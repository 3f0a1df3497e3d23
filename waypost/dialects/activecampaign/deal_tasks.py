"""Tasks about deals and contacts, and their four types."""

from __future__ import annotations

from datetime import datetime

from waypost.contacts.errors import ContactNotFound
from waypost.contacts.queries.contacts import get_contact
from waypost.deals.actions.tasks import (
    NewTask,
    create_task,
    delete_task,
    finish_task,
    reopen_task,
    retype_tasks,
    update_task,
)
from waypost.deals.errors import DealNotFound
from waypost.deals.queries.deals import find_deals, get_deal
from waypost.deals.queries.numbered import TaskText, list_tasks_from
from waypost.deals.queries.tasks import TaskFilter, get_task
from waypost.deals.types import TASK_TYPES, Task, TaskType
from waypost.dialects.activecampaign.calls import Read, Sent, Write
from waypost.dialects.activecampaign.coerce import Unreadable, integer, moment
from waypost.dialects.activecampaign.deal_rows import deal_row, task_row, tasktype_id, tasktype_row
from waypost.dialects.activecampaign.envelope import Answer, Row, echo, meta
from waypost.dialects.activecampaign.errors import NoResult, related_missing
from waypost.dialects.activecampaign.paging import MOST
from waypost.dialects.activecampaign.routing import Routes
from waypost.dialects.activecampaign.rows import contact_row, user_row
from waypost.identity.errors import UserNotFound
from waypost.identity.queries import get_user, get_workspace

routes = Routes({"due_at": "duedate", "assignee_id": "assignee", "deal_id": "relid"})

TEXTS: tuple[TaskText, ...] = ("title", "note")


@routes.get("/dealTasks")
async def list_tasks(call: Read) -> Answer:
    query = call.query
    reltype, relid = query.filter("reltype"), query.filter_number("relid")
    is_of_deal = None if reltype is None else reltype.lower() == "deal"
    status = query.filter_number("status")
    wanted = TaskFilter(
        is_done=None if status is None else status == 1,
        deal_id=None if is_of_deal is False else relid,
        contact_id=relid if is_of_deal is False else None,
        assignee_id=query.filter_number("assignee_userid", "userid"),
        type=_type_asked(query.filter_number("d_tasktypeid")),
        due_from=_moment(call, "due_after"),
        due_to=_moment(call, "due_before"),
    )
    contains: dict[TaskText, str] = {name: value for name in TEXTS if (value := query.filter(name))}
    found, total = await list_tasks_from(
        call.tx, wanted, is_of_deal=is_of_deal, contains=contains, limit=query.limit(), offset=query.offset
    )
    return Answer({"dealTasks": _rows(call, found), "meta": meta(total)})


def _moment(call: Read, column: str) -> datetime | None:
    """A documented example spells the word for filters with its letters swapped."""
    mistyped = call.query.many.get("Fitlers", ()) if column == "due_before" else ()
    value = call.query.filter(column) or next(iter(mistyped), None)
    return None if not value else moment(value, column, call.zone)


def _type_asked(number: int | None) -> str | None:
    """A type that is not there has no tasks."""
    if number is None:
        return None
    return TASK_TYPES[number - 1] if 1 <= number <= len(TASK_TYPES) else ""


def _rows(call: Read, found: list[Task]) -> list[Row]:
    return [task_row(task, call.base, call.zone) for task in found]


def _type(sent: Sent) -> TaskType:
    number = sent.integer("dealTasktype")
    if not 1 <= number <= len(TASK_TYPES):
        raise related_missing("dealTasktype", f"There is no task type {number}.")
    return TASK_TYPES[number - 1]


def _assignee(sent: Sent) -> int | None:
    return integer(sent.get("assignee") or 0, "assignee") or None


def _about(sent: Sent) -> tuple[int | None, int | None]:
    """The deal or the contact."""
    kind, relid = (sent.text("ownerType") or "deal").lower(), sent.integer("relid")
    if kind not in ("deal", "contact", "subscriber"):
        raise Unreadable("ownerType", "ownerType must be deal or contact.")
    return (relid, None) if kind == "deal" else (None, relid)


async def _done(call: Write, task: Task, sent: Sent) -> Task:
    """Status 1 finishes the task, 0 opens it again."""
    if sent.text("status") in (None, ""):
        return task
    status = integer(sent.get("status"), "status")
    if status not in (0, 1):
        raise Unreadable("status", "status must be 0 (open) or 1 (done).")
    if status == 1:
        return await finish_task(call.tx, task.id, outcome=sent.text("outcomeInfo") or "")
    return task if task.done_at is None else await reopen_task(call.tx, task.id)


@routes.post("/dealTasks")
async def post_task(call: Write) -> Answer:
    sent = call.inner("dealTask")
    sent.require("relid", "duedate", "dealTasktype")
    deal_id, contact_id = _about(sent)
    kind = _type(sent)
    note = sent.text("note") or ""
    new = NewTask(
        title=sent.text("title") or note.strip()[:250] or kind.replace("_", "-").capitalize(),
        due_at=moment(sent.get("duedate"), "duedate", call.zone),
        type=kind,
        note=note,
        assignee_id=_assignee(sent) if sent.has("assignee") else call.caller.user_id,
        deal_id=deal_id,
        contact_id=contact_id,
    )
    try:
        task = await create_task(call.tx, new)
    except (DealNotFound, ContactNotFound) as failure:
        raise related_missing("relid", failure.detail) from failure
    except UserNotFound as failure:
        raise related_missing("assignee", failure.detail) from failure
    task = await _done(call, task, sent)
    return Answer({"dealTask": echo(task_row(task, call.base, call.zone), sent.values)}, 201)


@routes.get("/dealTasks/{id}")
async def read_task(call: Read) -> Answer:
    return Answer({"dealTask": task_row(await get_task(call.tx, call.id), call.base, call.zone)})


@routes.put("/dealTasks/{id}")
async def put_task(call: Write) -> Answer:
    """What a task is about stays."""
    await get_task(call.tx, call.id)
    sent = call.inner("dealTask")
    changes: dict[str, object] = {name: sent.text(name) for name in ("title", "note") if sent.has(name)}
    if sent.text("duedate"):
        changes["due_at"] = moment(sent.get("duedate"), "duedate", call.zone)
    if sent.text("dealTasktype"):
        changes["type"] = _type(sent)
    if sent.has("assignee"):
        changes["assignee_id"] = _assignee(sent)
    try:
        task = await update_task(call.tx, call.id, changes)
    except UserNotFound as failure:
        raise related_missing("assignee", failure.detail) from failure
    task = await _done(call, task, sent)
    return Answer({"dealTask": echo(task_row(task, call.base, call.zone), sent.values)})


@routes.delete("/dealTasks/{id}")
async def remove_task(call: Write) -> Answer:
    await delete_task(call.tx, call.id)
    return Answer({})


@routes.get("/dealTasks/{id}/owner")
async def read_owner_of(call: Read) -> Answer:
    """What the task is about."""
    task = await get_task(call.tx, call.id)
    if task.deal_id is not None:
        return Answer({"deal": deal_row(await get_deal(call.tx, task.deal_id), call.base, call.zone)})
    return Answer({"contact": contact_row(await get_contact(call.tx, task.contact_id or 0), call.base, call.zone)})


@routes.get("/dealTasks/{id}/assignee")
async def read_assignee_of(call: Read) -> Answer:
    task = await get_task(call.tx, call.id)
    if task.assignee_id is None:
        raise NoResult(model="User", id=0)
    return Answer({"user": user_row(await get_user(call.tx, task.assignee_id), call.zone.key, call.base, call.zone)})


async def _tasktype(call: Read, number: int) -> Row:
    if not 1 <= number <= len(TASK_TYPES):
        raise NoResult(model="DealTasktype", id=number)
    return tasktype_row(number, (await get_workspace(call.tx)).created_at, call.base, call.zone)


@routes.get("/dealTasks/{id}/dealTasktype")
async def read_type_of(call: Read) -> Answer:
    return Answer({"dealTasktype": await _tasktype(call, tasktype_id((await get_task(call.tx, call.id)).type))})


@routes.get("/dealTasktypes")
async def list_types(call: Read) -> Answer:
    made = (await get_workspace(call.tx)).created_at
    rows = [tasktype_row(number, made, call.base, call.zone) for number in range(1, len(TASK_TYPES) + 1)]
    return Answer({"dealTasktypes": rows, "meta": meta(len(rows))})


@routes.get("/dealTasktypes/{id}")
async def read_type(call: Read) -> Answer:
    return Answer({"dealTasktype": await _tasktype(call, call.id)})


@routes.get("/dealTasktypes/{id}/dealTasks")
async def list_tasks_of_type(call: Read) -> Answer:
    await _tasktype(call, call.id)
    wanted = TaskFilter(type=TASK_TYPES[call.id - 1])
    found, _ = await list_tasks_from(call.tx, wanted, limit=MOST, offset=call.query.offset)
    return Answer({"dealTasks": _rows(call, found)})


@routes.put("/dealTasktypes/{id}/dealTasks")
async def move_tasks(call: Write) -> Answer:
    """Every task of the type gets the other; the first hundred of that are shown with their deals."""
    await _tasktype(call, call.id)
    target = _type(call.inner("dealTask"))
    await retype_tasks(call.tx, TASK_TYPES[call.id - 1], target)
    found, _ = await list_tasks_from(call.tx, TaskFilter(type=target), limit=MOST, offset=0)
    deals = await find_deals(call.tx, sorted({task.deal_id for task in found if task.deal_id is not None}))
    return Answer({"dealTasks": _rows(call, found), "deals": [deal_row(one, call.base, call.zone) for one in deals]})
