"""Rows of deals, pipelines (their deal groups), stages, tasks, notes and of what happened to deals."""

from __future__ import annotations

from datetime import datetime
from hashlib import md5
from zoneinfo import ZoneInfo

from waypost.contacts.types import RowField
from waypost.deals.types import TASK_TYPES, Deal, DealEvent, DealNote, Participant, Pipeline, Stage, Status, Task
from waypost.dialects.activecampaign.coerce import iso, pair_id, stamp
from waypost.dialects.activecampaign.company_rows import shown_value
from waypost.dialects.activecampaign.envelope import Links, Row

DEAL_RELATIONS = (
    "dealActivities", "contact", "contactDeals", "group", "nextTask", "notes", "account", "customerAccount",
    "organization", "owner", "scoreValues", "stage", "tasks", "dealCustomFieldData",
)  # fmt: skip
DEAL_LINKS = Links("deals", DEAL_RELATIONS)
GROUP_LINKS = Links("dealGroups", ("dealGroupGroups", "dealGroupUsers", "stages", "winProbabilityFeatures"))
STAGE_LINKS = Links("dealStages", ("group",))
CONTACT_DEAL_LINKS = Links("contactDeals", ("deal", "contact"))
TASK_LINKS = Links("dealTasks", ("owner", "assignee", "dealTasktype"))
TASKTYPE_LINKS = Links("dealTasktypes", ("dealTasks", "tasktypeOutcomeRels"))
ACTIVITY_LINKS = Links("dealActivities", ("deal", "stage", "user"))
DATUM_LINKS = Links("dealCustomFieldData", ("deal", "dealCustomFieldMetum"))

STAGE_CARD: Row = {
    "width": "280",
    "dealOrder": "next-action DESC",
    "cardRegion1": "title",
    "cardRegion2": "next-action",
    "cardRegion3": "show-avatar",
    "cardRegion4": "contact-fullname-acctname",
    "cardRegion5": "value",
}
TASKTYPE_TITLES = {"call": "Call", "email": "Email", "meeting": "Meeting", "to_do": "To-do"}
DATA_TYPES = {"note_added": "note", "task_added": "task", "task_done": "task", "field": "dealCustomFieldData"}
ADDING = frozenset({"created", "note_added", "task_added", "participant_added"})


def deal_row(deal: Deal, base: str, zone: ZoneInfo) -> Row:
    number = str(deal.id)
    company = None if deal.company_id is None else str(deal.company_id)
    task = deal.next_task
    return {
        "hash": md5(number.encode(), usedforsecurity=False).hexdigest()[:8],
        "owner": str(deal.owner_id or 0),
        "contact": str(deal.contact_id or 0),
        "organization": company,
        "group": str(deal.pipeline_id),
        "stage": str(deal.stage_id),
        "title": deal.title,
        "description": deal.description,
        "percent": str(deal.probability or 0),
        "cdate": iso(deal.created_at, zone),
        "mdate": iso(deal.updated_at, zone),
        "nextdate": None if task is None else iso(task.due_at, zone),
        "nexttaskid": "0" if task is None else str(task.id),
        "value": str(deal.value),
        "currency": deal.currency.lower(),
        "winProbability": None,
        "winProbabilityMdate": None,
        "status": str(int(Status[deal.status.upper()])),
        "activitycount": "0",
        "nextdealid": "0",
        "edate": None,
        "links": DEAL_LINKS.of(base, deal.id),
        "id": number,
        "isDisabled": False,
        "nextTask": None if task is None else str(task.id),
        "account": company,
        "customerAccount": company,
    }


def group_row(pipeline: Pipeline, base: str, zone: ZoneInfo) -> Row:
    return {
        "title": pipeline.name,
        "currency": pipeline.currency.lower(),
        "autoassign": "0",
        "allusers": "1",
        "allgroups": "1",
        "win_probability_initialize_date": None,
        "cdate": iso(pipeline.created_at, zone),
        "udate": iso(pipeline.updated_at, zone),
        "links": GROUP_LINKS.of(base, pipeline.id),
        "id": str(pipeline.id),
        "source": "",
        "stages": [str(stage.id) for stage in pipeline.stages],
    }


def stage_row(stage: Stage, base: str, zone: ZoneInfo) -> Row:
    return {
        "group": str(stage.pipeline_id),
        "title": stage.name,
        "color": stage.color.removeprefix("#"),
        "order": str(stage.position),
        **STAGE_CARD,
        "cdate": iso(stage.created_at, zone),
        "udate": iso(stage.updated_at, zone),
        "links": STAGE_LINKS.of(base, stage.id),
        "id": str(stage.id),
    }


def contact_deal_row(one: Participant, base: str, zone: ZoneInfo) -> Row:
    at = stamp(one.created_at, zone)
    return {
        "deal": str(one.deal_id),
        "contact": str(one.contact_id),
        "role": one.role or None,
        "cdate": iso(one.created_at, zone),
        "created_timestamp": at,
        "updated_timestamp": at,
        "created_by": None,
        "updated_by": None,
        "links": CONTACT_DEAL_LINKS.of(base, one.id),
        "id": str(one.id),
    }


def deal_note_row(note: DealNote, zone: ZoneInfo) -> Row:
    """No links: those of notes lead to notes of contacts, which are numbered on their own."""
    author, relid = str(note.author_id or 0), str(note.deal_id)
    return {
        "relid": relid,
        "reltype": "Deal",
        "userid": author,
        "is_draft": "0",
        "cdate": iso(note.created_at, zone),
        "mdate": iso(note.updated_at, zone),
        "note": note.body,
        "links": [],
        "id": str(note.id),
        "user": author,
        "owner": {"type": "deal", "id": relid},
    }


def task_row(task: Task, base: str, zone: ZoneInfo) -> Row:
    """A task of a deal is the deal's, whoever else it is about."""
    kind, reltype, relid = (
        ("deal", "Deal", task.deal_id) if task.deal_id is not None else ("contact", "Subscriber", task.contact_id)
    )
    due, assignee = iso(task.due_at, zone), str(task.assignee_id or 0)
    return {
        "title": task.title,
        "note": task.note,
        "relid": str(relid),
        "reltype": reltype,
        "duedate": due,
        "edate": due,
        "duration": "0",
        "status": "0" if task.done_at is None else "1",
        "donedate": iso(task.done_at, zone),
        "dealTasktype": str(tasktype_id(task.type)),
        "cdate": iso(task.created_at, zone),
        "udate": iso(task.updated_at, zone),
        "automation": None,
        "doneAutomation": None,
        "user": assignee,
        "assignee": assignee,
        "owner": {"type": kind, "id": str(relid)},
        "outcomeId": None,
        "outcomeInfo": task.outcome or None,
        "links": TASK_LINKS.of(base, task.id),
        "id": str(task.id),
    }


def tasktype_id(name: str) -> int:
    return [str(one) for one in TASK_TYPES].index(name) + 1


def tasktype_row(number: int, at: datetime, base: str, zone: ZoneInfo) -> Row:
    """The types are the same everywhere and are as old as the workspace."""
    made = iso(at, zone)
    return {
        "defduration": "0",
        "status": "1",
        "title": TASKTYPE_TITLES[TASK_TYPES[number - 1]],
        "cdate": made,
        "udate": made,
        "created_by": "0",
        "updated_by": None,
        "created_utc_timestamp": made,
        "updated_utc_timestamp": made,
        "display_order": str(number),
        "links": TASKTYPE_LINKS.of(base, number),
        "id": str(number),
    }


def activity_row(deal: Deal, event: DealEvent, base: str, zone: ZoneInfo) -> Row:
    data = event.data or {}
    at, user = iso(event.at, zone), str(event.actor_id or 0) if event.actor_kind in ("user", "api") else "0"
    about = data.get("note_id") or data.get("task_id") or data.get("field_id") or deal.id
    number = str(deal.id)
    return {
        "d_id": number,
        "d_stageid": str(deal.stage_id),
        "userid": user,
        "data_id": str(about),
        "data_type": DATA_TYPES.get(event.kind, "deal" if event.kind == "created" else event.kind),
        "data_action": "add" if event.kind in ADDING else "update",
        "data_oldval": None if data.get("old") is None else str(data["old"]),
        "cdate": at,
        "sortdate": at,
        "is_addtask": "1" if event.kind == "task_added" else "0",
        "deleted": "0",
        "seriesid": str(event.actor_id or 0) if event.actor_kind == "automation" else "0",
        "links": ACTIVITY_LINKS.of(base, event.id),
        "id": str(event.id),
        "deal": number,
        "stage": str(deal.stage_id),
        "user": user,
        "automation": None,
    }


def deal_datum_row(deal: Deal, field: RowField, base: str, zone: ZoneInfo) -> Row:
    """A deal's value of a field; values have no dates of their own, the deal's stand in."""
    number = pair_id(deal.id, field.id)
    return {
        "id": str(number),
        "dealCustomFieldMetumId": field.id,
        "dealId": deal.id,
        "customFieldId": field.id,
        "createdTimestamp": stamp(deal.created_at, zone),
        "updatedTimestamp": stamp(deal.updated_at, zone),
        "fieldValue": shown_value(field, deal.fields.get(str(field.id))),
        "links": DATUM_LINKS.of(base, number),
    }
