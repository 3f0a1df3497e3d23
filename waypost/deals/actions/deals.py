"""Making, moving and deleting deals, and who else takes part in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import orjson

from waypost.activities.actions import record_copy
from waypost.contacts.actions.row_fields import stored_values
from waypost.contacts.queries.contacts import get_contact
from waypost.deals.actions.changing import DealChange, add_events, change_deals, check_people, top_of
from waypost.deals.actions.pipelines import clean_currency, clean_text, first_stage
from waypost.deals.errors import DealElsewhere, DealNotFound, ParticipantNotFound, StageElsewhere
from waypost.deals.facts import DealAdded, DealDeleted
from waypost.deals.queries.deals import find_deals, get_deal, list_participants
from waypost.deals.queries.fields import list_deal_fields
from waypost.deals.queries.pipelines import get_pipeline, get_stage
from waypost.deals.types import Deal, Participant, Status
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx

CLOSEST = 1e-9
"""Two ranks nearer than this leave no room between them: the stage is numbered anew."""


@dataclass(frozen=True, slots=True)
class NewDeal:
    """A deal to be; without a stage it begins in the pipeline's first, without a pipeline in the first one."""

    title: str
    value: int = 0
    currency: str | None = None
    contact_id: int | None = None
    company_id: int | None = None
    owner_id: int | None = None
    pipeline_id: int | None = None
    stage_id: int | None = None
    status: Status = Status.OPEN
    lost_reason: str = ""
    description: str = ""
    probability: int | None = None
    expected_on: date | None = None
    fields: Mapping[int, object] | None = None


async def create_deal(tx: Tx, new: NewDeal) -> Deal:
    made = await create_deals(tx, new, [new.contact_id])
    return await get_deal(tx, made[0])


async def create_deals(tx: Tx, new: NewDeal, contact_ids: Sequence[int | None]) -> list[int]:
    """The same deal for each of these contacts, on top of its stage; returns the deals in the contacts' order."""
    await check_people(tx, {"owner_id": new.owner_id, "contact_id": new.contact_id, "company_id": new.company_id})
    if new.stage_id is None:
        stage = await first_stage(tx, new.pipeline_id)
    else:
        stage = await get_stage(tx, new.stage_id, pointer="/stage_id")
        if new.pipeline_id not in (None, stage.pipeline_id):
            raise StageElsewhere(stage_id=stage.id, pointer="/stage_id")
    pipeline = await get_pipeline(tx, stage.pipeline_id)
    stored = stored_values(await list_deal_fields(tx), new.fields or {}, is_new=True)
    rows = await tx.all(
        sql(
            """
            insert into deals.deal
                (workspace_id, title, value, currency, contact_id, company_id, owner_id, pipeline_id, stage_id, status,
                 lost_reason, description, probability, expected_on, fields, rank, stage_entered_at, closed_at,
                 touched_at, created_at, updated_at)
            select {workspace}, {title}, {value}, {currency}, given.contact_id, {company_id}::bigint, {owner_id}::bigint,
                   {pipeline_id}, {stage_id}, {status}::smallint, {lost_reason}, {description}, {probability}::smallint,
                   {expected_on}::date, {fields}::jsonb, {top} - given.number, {now},
                   case when {status}::smallint <> 0 then {now} end, {now}, {now}, {now}
            from unnest({contact_ids}::bigint[]) with ordinality as given (contact_id, number)
            order by given.number
            returning id, contact_id
            """,
            title=clean_text(new.title, "A title", "/title"),
            value=new.value,
            currency=pipeline.currency if new.currency is None else clean_currency(new.currency),
            company_id=new.company_id,
            owner_id=new.owner_id,
            pipeline_id=stage.pipeline_id,
            stage_id=stage.id,
            status=int(new.status),
            lost_reason=without_nul(new.lost_reason) if new.status is Status.LOST else "",
            description=without_nul(new.description),
            probability=new.probability,
            expected_on=new.expected_on,
            fields=orjson.dumps({key: value for key, value in stored.items() if value is not None}).decode(),
            top=top_of(stage.id),
            contact_ids=list(contact_ids),
        )
    )
    await add_events(tx, [(row["id"], "created", {"stage_id": stage.id, "value": new.value}) for row in rows])
    await record_copy(
        tx,
        [
            (row["contact_id"], DealAdded(pipeline_id=stage.pipeline_id, deal_id=row["id"], stage_id=stage.id))
            for row in rows
            if row["contact_id"] is not None
        ],
    )
    tx.wake("live")
    return [row["id"] for row in rows]


def without_nul(text: str) -> str:
    """The one character that the database cannot keep."""
    return text.replace("\x00", "")


def these(deal_ids: Sequence[int]) -> Sql:
    """The deals of these ids, as what `change_deals` takes."""
    return sql("select unnest({ids}::bigint[])", ids=list(deal_ids))


async def update_deal(tx: Tx, deal_id: int, change: DealChange) -> Deal:
    if not await update_deals(tx, [deal_id], change):
        raise DealNotFound(deal_id=deal_id)
    return await get_deal(tx, deal_id)


async def update_deals(tx: Tx, deal_ids: Sequence[int], change: DealChange) -> list[int]:
    """Change these deals in the same way, after a look at texts; returns those that were there."""
    given = change.given()
    cleaned = dict(given)
    if "title" in given:
        cleaned["title"] = clean_text(given["title"], "A title", "/title")
    if "currency" in given:
        cleaned["currency"] = clean_currency(given["currency"])
    for name in ("description", "lost_reason"):
        if name in given:
            cleaned[name] = without_nul(given[name])
    return await change_deals(tx, these(deal_ids), DealChange(**cleaned))


async def move_stage_deals(tx: Tx, stage_id: int, to_id: int) -> list[int]:
    """All deals of a stage into another; returns those that moved."""
    await get_stage(tx, stage_id)
    inside = sql(
        "select id from deals.deal where workspace_id = {workspace} and stage_id = {stage_id}", stage_id=stage_id
    )
    return await change_deals(tx, inside, DealChange(stage_id=to_id))


async def move_deal(tx: Tx, deal_id: int, stage_id: int, *, before_id: int | None = None) -> Deal:
    """Into the stage, above another deal there, or at its end."""
    await get_stage(tx, stage_id, pointer="/stage_id", lock=sql("for no key update"))
    await update_deal(tx, deal_id, DealChange(stage_id=stage_id))
    rank = await _rank_above(tx, deal_id, stage_id, before_id)
    if rank is None:
        await tx.run(
            sql(
                """
                update deals.deal d set rank = o.rank from (
                    select id, row_number() over (order by rank, id) as rank from deals.deal
                    where workspace_id = {workspace} and stage_id = {stage_id}) as o
                where d.workspace_id = {workspace} and d.id = o.id
                """,
                stage_id=stage_id,
            )
        )
        rank = await _rank_above(tx, deal_id, stage_id, before_id)
    await tx.run(
        sql("update deals.deal set rank = {rank} where workspace_id = {workspace} and id = {id}", rank=rank, id=deal_id)
    )
    return await get_deal(tx, deal_id)


async def _rank_above(tx: Tx, deal_id: int, stage_id: int, before_id: int | None) -> float | None:
    """A rank between the deal and the one above it; None where there is no room. Without a deal: behind the last."""
    others = sql(
        "from deals.deal where workspace_id = {workspace} and stage_id = {stage_id} and id <> {id}",
        stage_id=stage_id,
        id=deal_id,
    )
    if before_id is None:
        return float(await tx.value(sql("select coalesce(max(rank), 0) + 1 {others}", others=others)))
    below = await tx.value(sql("select rank {others} and id = {before_id}", others=others, before_id=before_id))
    if below is None:
        raise DealElsewhere(deal_id=before_id, pointer="/before_id")
    above = await tx.value(
        sql(
            "select max(rank) {others} and (rank, id) < ({below}, {before_id})",
            others=others,
            below=below,
            before_id=before_id,
        )
    )
    if above is None:
        return float(below) - 1
    middle = (float(above) + float(below)) / 2
    return middle if float(below) - float(above) > CLOSEST and above < middle < below else None


async def delete_deals(tx: Tx, deal_ids: Sequence[int]) -> int:
    """Take deals away with their tasks, notes and events; their contacts' logs keep that they were there."""
    found = await find_deals(tx, deal_ids)
    ids = [deal.id for deal in found]
    await tx.run(
        sql(
            """
            with gone as (
                delete from deals.deal where workspace_id = {workspace} and id = any({ids}::bigint[]) returning id
            ),
            notes as (delete from deals.note where workspace_id = {workspace} and deal_id = any({ids}::bigint[])),
            tasks as (delete from deals.task where workspace_id = {workspace} and deal_id = any({ids}::bigint[])),
            people as (delete from deals.participant where workspace_id = {workspace} and deal_id = any({ids}::bigint[]))
            delete from deals.event where workspace_id = {workspace} and deal_id = any({ids}::bigint[])
            """,
            ids=ids,
        )
    )
    facts = [
        (deal.contact_id, DealDeleted(pipeline_id=deal.pipeline_id, deal_id=deal.id))
        for deal in found
        if deal.contact_id is not None
    ]
    if facts:
        await record_copy(tx, facts)
    tx.wake("live")
    return len(ids)


async def delete_deal(tx: Tx, deal_id: int) -> None:
    if not await delete_deals(tx, [deal_id]):
        raise DealNotFound(deal_id=deal_id)


async def add_participant(tx: Tx, deal_id: int, contact_id: int, *, role: str = "") -> Participant:
    """A further contact of the deal, or another role for one who is there."""
    await get_deal(tx, deal_id)
    await get_contact(tx, contact_id)
    role = " ".join(role.replace("\x00", "").split())[:250]
    participant_id = await tx.value(
        sql(
            """
            insert into deals.participant (workspace_id, deal_id, contact_id, role, created_at)
            values ({workspace}, {deal_id}, {contact_id}, {role}, {now})
            on conflict (workspace_id, deal_id, contact_id) do update set role = excluded.role
            returning id
            """,
            deal_id=deal_id,
            contact_id=contact_id,
            role=role,
        )
    )
    await add_events(tx, [(deal_id, "participant_added", {"contact_id": contact_id, "role": role})])
    return (await list_participants(tx, only=sql("m.id = {id}", id=participant_id)))[0]


async def remove_participant(tx: Tx, participant_id: int) -> None:
    row = await tx.maybe(
        sql(
            "delete from deals.participant where workspace_id = {workspace} and id = {id} returning deal_id, contact_id",
            id=participant_id,
        )
    )
    if row is None:
        raise ParticipantNotFound(participant_id=participant_id)
    await add_events(tx, [(row["deal_id"], "participant_removed", {"contact_id": row["contact_id"]})])


async def touch_deals(tx: Tx, which: Sql) -> None:
    """Somebody did something about these deals (deal_id)."""
    await tx.run(
        sql(
            "update deals.deal set touched_at = {now} where workspace_id = {workspace} and id in ({which})", which=which
        )
    )
