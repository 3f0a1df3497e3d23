"""What automations can do about the deals of contacts: a set of contacts is a few statements.

A contact without such a deal passes on. "Newest" and "oldest" are by when the deal was added.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Literal

import asyncpg
import msgspec
from msgspec import UNSET

from waypost.contacts.actions.notes import MAX_TEXT
from waypost.deals.actions.changing import DealChange, change_deals
from waypost.deals.actions.deals import NewDeal, create_deals, these
from waypost.deals.actions.pipelines import first_stage
from waypost.deals.actions.tasks import NewTask, add_deal_notes, create_tasks, finish_tasks
from waypost.deals.money import minor
from waypost.deals.queries.pipelines import get_pipeline, get_stage
from waypost.deals.types import Status, StatusName, TaskType
from waypost.kernel.model import Model
from waypost.kernel.registry import Batch, Step
from waypost.kernel.sql import TRUE, Sql, sql
from waypost.kernel.tx import Tx

Id = Annotated[int, msgspec.Meta(ge=1)]
Days = Annotated[int, msgspec.Meta(ge=0, le=3_650)]
Title = Annotated[str, msgspec.Meta(min_length=1, max_length=250)]
Which = Literal["newest_open", "oldest_open", "all_open", "newest", "all"]


class AddDeal(Model):
    """`value` is in whole units of the currency. Several owners take turns by the contact's id."""

    title: Title
    stage_id: Id | None = None
    value: float = 0
    currency: Annotated[str, msgspec.Meta(pattern="^[A-Za-z]{3}$")] | None = None
    owner_ids: list[Id] = msgspec.field(default_factory=list[int])
    expected_in_days: Days | None = None
    skip_if_open: bool = False
    """Whether who has an open deal in the pipeline gets no other."""


class UpdateDeal(Model):
    """What is left out stays."""

    which: Which = "newest_open"
    pipeline_id: Id | None = None
    stage_id: Id | None = None
    status: StatusName | None = None
    lost_reason: Annotated[str, msgspec.Meta(max_length=250)] = ""
    value: float | None = None
    owner_ids: list[Id] = msgspec.field(default_factory=list[int])
    expected_in_days: Days | None = None


class AddTask(Model):
    """About the deal, or about the contact alone. Without an assignee it is the deal owner's."""

    title: Title
    type: TaskType = "to_do"
    about: Literal["newest_open_deal", "contact"] = "newest_open_deal"
    due_in_days: Days = 1
    assignee_id: Id | None = None
    note: Annotated[str, msgspec.Meta(max_length=MAX_TEXT)] = ""


class FinishTasks(Model):
    """Open tasks about the contact or their deals."""

    type: TaskType | None = None
    outcome: Annotated[str, msgspec.Meta(max_length=250)] = ""


class DealNoteStep(Model):
    body: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_TEXT)]
    which: Which = "newest_open"


async def _find(tx: Tx, batch: Batch, which: Which, pipeline_id: int | None = None) -> Sequence[asyncpg.Record]:
    """The deals meant (id, contact_id, owner_id, currency), by contact."""
    return await tx.all(
        sql(
            """
            select id, contact_id, owner_id, currency from (
                select d.id, d.contact_id, d.owner_id, d.currency,
                       row_number() over (partition by d.contact_id order by {order}) as number
                from deals.deal d where d.workspace_id = {workspace} and d.contact_id = any({ids}::bigint[])
                  and {standing} and {inside}
            ) as d where {chosen} order by contact_id, id
            """,
            ids=list(batch.contact_ids),
            order=Sql("d.created_at, d.id" if which.startswith("oldest") else "d.created_at desc, d.id desc"),
            standing=sql("d.status = 0") if which.endswith("open") else TRUE,
            inside=TRUE if pipeline_id is None else sql("d.pipeline_id = {pipeline_id}", pipeline_id=pipeline_id),
            chosen=TRUE if which.startswith("all") else sql("number = 1"),
        )
    )


async def add_deal(tx: Tx, batch: Batch, params: AddDeal) -> None:
    stage = await first_stage(tx, None) if params.stage_id is None else await get_stage(tx, params.stage_id)
    currency = (params.currency or (await get_pipeline(tx, stage.pipeline_id)).currency).upper()
    contact_ids = list(batch.contact_ids)
    if params.skip_if_open:
        there = {row["contact_id"] for row in await _find(tx, batch, "newest_open", stage.pipeline_id)}
        contact_ids = [contact_id for contact_id in contact_ids if contact_id not in there]
    expected = None if params.expected_in_days is None else (tx.now + timedelta(days=params.expected_in_days)).date()
    for owner_id, members in _by_owner(params.owner_ids, contact_ids).items():
        new = NewDeal(
            title=params.title,
            value=minor(params.value, currency),
            currency=currency,
            stage_id=stage.id,
            owner_id=owner_id,
            expected_on=expected,
        )
        await create_deals(tx, new, members)  # lint: no-row-loops because a turn is one of a few owners


def _by_owner(owner_ids: Sequence[int], contact_ids: Sequence[int]) -> dict[int | None, list[int]]:
    """Who gets whom: by the contact's id, so that the same contact comes to the same owner."""
    shares: dict[int | None, list[int]] = defaultdict(list)
    for contact_id in contact_ids:
        shares[owner_ids[contact_id % len(owner_ids)] if owner_ids else None].append(contact_id)
    return shares


async def update_deal(tx: Tx, batch: Batch, params: UpdateDeal) -> None:
    found = await _find(tx, batch, params.which, params.pipeline_id)
    expected = None if params.expected_in_days is None else (tx.now + timedelta(days=params.expected_in_days)).date()
    shares: dict[tuple[int | None, str], list[int]] = defaultdict(list)
    for row in found:
        owner_id = params.owner_ids[row["contact_id"] % len(params.owner_ids)] if params.owner_ids else None
        shares[owner_id, row["currency"]].append(row["id"])
    for (owner_id, currency), deal_ids in shares.items():
        change = DealChange(
            stage_id=UNSET if params.stage_id is None else params.stage_id,
            status=UNSET if params.status is None else Status[params.status.upper()],
            lost_reason=params.lost_reason if params.status == "lost" else UNSET,
            value=UNSET if params.value is None else minor(params.value, currency),
            owner_id=UNSET if owner_id is None else owner_id,
            expected_on=UNSET if expected is None else expected,
        )
        # lint: no-row-loops because a turn is one of a few owners and currencies
        await change_deals(tx, these(deal_ids), change)


async def add_task(tx: Tx, batch: Batch, params: AddTask) -> None:
    about: dict[int | None, list[tuple[int | None, int | None, int | None]]] = defaultdict(list)
    if params.about == "contact":
        about[params.assignee_id] = [(None, contact_id, contact_id) for contact_id in batch.contact_ids]
    else:
        for row in await _find(tx, batch, "newest_open"):
            about[params.assignee_id or row["owner_id"]].append((row["id"], row["contact_id"], None))
    for assignee_id, those in about.items():
        new = NewTask(
            title=params.title,
            type=params.type,
            note=params.note,
            due_at=tx.now + timedelta(days=params.due_in_days),
            assignee_id=assignee_id,
        )
        await create_tasks(tx, new, those)  # lint: no-row-loops because a turn is one of a few owners


async def finish(tx: Tx, batch: Batch, params: FinishTasks) -> None:
    which = sql(
        """
        select t.id from deals.task t left join deals.deal d on d.workspace_id = t.workspace_id and d.id = t.deal_id
        where t.workspace_id = {workspace} and t.done_at is null
          and coalesce(t.contact_id, d.contact_id) = any({ids}::bigint[]) and {kind}
        """,
        ids=list(batch.contact_ids),
        kind=TRUE if params.type is None else sql("t.type = {type}", type=params.type),
    )
    await finish_tasks(tx, which, outcome=params.outcome)


async def add_note(tx: Tx, batch: Batch, params: DealNoteStep) -> None:
    found = await _find(tx, batch, params.which)
    await add_deal_notes(tx, [row["id"] for row in found], params.body)


STEPS = (
    Step("add_deal", "Add deal", "deals", "handshake", AddDeal, add_deal, reads=True),
    Step("update_deal", "Update deal", "deals", "refresh", UpdateDeal, update_deal, reads=True),
    Step("add_task", "Add task", "deals", "checklist", AddTask, add_task, reads=True),
    Step("finish_tasks", "Finish tasks", "deals", "check", FinishTasks, finish, reads=True),
    Step("add_deal_note", "Add note to deal", "deals", "note", DealNoteStep, add_note, reads=True),
)
