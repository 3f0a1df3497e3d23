"""Deals and what hangs on them by row number, with totals; for dialects whose pages are numbered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from waypost.deals.errors import NoteNotFound, ParticipantNotFound
from waypost.deals.money import units_sql
from waypost.deals.queries.deals import (
    COLUMNS,
    CONTACT_NAME,
    JOINED,
    NOTE,
    TABLES,
    DealFilter,
    deal_of,
    list_participants,
)
from waypost.deals.queries.tasks import COLUMNS as TASK_COLUMNS
from waypost.deals.queries.tasks import TABLES as TASK_TABLES
from waypost.deals.queries.tasks import TaskFilter
from waypost.deals.types import Deal, DealEvent, DealNote, Participant, Task
from waypost.kernel.sql import TRUE, Sql, and_, join, sql
from waypost.kernel.tx import ACTOR_KINDS, ReadTx

Place = Literal["title", "contact", "company"]
NextTask = Literal["upcoming", "overdue", "none"]
TaskText = Literal["title", "note"]
DealOrder = Literal["title", "value", "created_at", "contact_name", "company_name", "next_task"]

_ORDERS: dict[DealOrder, Sql] = {
    "title": sql('lower(d.title) collate "C"'),
    "value": sql("d.value"),
    "created_at": sql("d.created_at"),
    "contact_name": sql('lower({name}) collate "C"', name=CONTACT_NAME),
    "company_name": sql("lower(coalesce(k.name, '')) collate \"C\""),
    "next_task": sql("coalesce(t.due_at, 'infinity'::timestamptz)"),
}
_PLACES: dict[Place, Sql] = {
    "title": sql("d.title"),
    "contact": sql("{name} || ' ' || coalesce(c.email, '')", name=CONTACT_NAME),
    "company": sql("coalesce(k.name, '')"),
}
_NEXT: dict[NextTask, Sql] = {
    "upcoming": sql("t.due_at >= {now}"),
    "overdue": sql("t.due_at < {now}"),
    "none": sql("t.id is null"),
}


@dataclass(frozen=True, slots=True)
class DealsAsked:
    """Our own filter, and what only numbered lists offer; amounts are in whole units of each deal's currency."""

    plain: DealFilter
    contains: Mapping[Place, str] | None = None
    amount_from: int | None = None
    amount_to: int | None = None
    next_task: NextTask | None = None
    task_type: str | None = None
    created_after: datetime | None = None
    created_before: datetime | None = None
    updated_after: datetime | None = None
    updated_before: datetime | None = None

    def where(self) -> Sql:
        parts = [self.plain.where()]
        parts += [
            sql("strpos(lower({text}), {word}) > 0", text=_PLACES[place], word=word.lower())
            for place, word in (self.contains or {}).items()
        ]
        units = units_sql(sql("d.currency"))
        for text, value in (
            ("d.value >= {value}::numeric * {units}", self.amount_from),
            ("d.value <= {value}::numeric * {units}", self.amount_to),
            ("d.created_at > {value}", self.created_after),
            ("d.created_at < {value}", self.created_before),
            ("d.updated_at > {value}", self.updated_after),
            ("d.updated_at < {value}", self.updated_before),
            ("t.type = {value}", self.task_type),
        ):
            if value is not None:
                parts.append(Sql(text, {"value": value, "units": units}))
        return and_(*parts, TRUE if self.next_task is None else _NEXT[self.next_task])


@dataclass(frozen=True, slots=True)
class CurrencySum:
    """How many deals are in a currency, and their value in its smallest unit."""

    currency: str
    count: int
    value: int


async def list_deals_from(
    tx: ReadTx, asked: DealsAsked, *, orders: Sequence[tuple[DealOrder, bool]] = (), limit: int, offset: int
) -> list[Deal]:
    """In the order asked for (and whether it descends), else in that of their making."""
    rows = await tx.all(
        sql(
            "select {columns} from {tables} where {where} order by {order} limit {limit} offset {offset}",
            columns=COLUMNS,
            tables=TABLES,
            where=asked.where(),
            order=join(", ", [*(_order(name, is_down=is_down) for name, is_down in orders), sql("d.id")]),
            limit=limit,
            offset=offset,
        )
    )
    return [deal_of(row) for row in rows]


def _order(name: DealOrder, *, is_down: bool) -> Sql:
    return Sql("{key} desc" if is_down else "{key}", {"key": _ORDERS[name]})


async def sum_deals(tx: ReadTx, asked: DealsAsked) -> list[CurrencySum]:
    """Counts and values of all that match, by currency."""
    return await tx.all(
        sql(
            """
            select d.currency, count(*) as count, sum(d.value)::bigint as value
            from {tables} where {where} group by d.currency order by d.currency
            """,
            tables=JOINED if asked.next_task is None and asked.task_type is None else TABLES,
            where=asked.where(),
        ),
        CurrencySum,
    )


async def count_company_deals(tx: ReadTx, company_ids: Sequence[int]) -> dict[int, int]:
    """How many deals each of these companies has."""
    rows = await tx.all(
        sql(
            """
            select company_id, count(*) as count from deals.deal
            where workspace_id = {workspace} and company_id = any({ids}::bigint[]) group by company_id
            """,
            ids=list(company_ids),
        )
    )
    return {row["company_id"]: row["count"] for row in rows}


async def list_participants_from(tx: ReadTx, *, limit: int, offset: int) -> tuple[list[Participant], int]:
    """Further contacts that are alive, in the order they joined, and how many there are."""
    alive = sql(
        """
        deals.participant m
        join contacts.contact c on c.workspace_id = m.workspace_id and c.id = m.contact_id and c.deleted_at is null
        where m.workspace_id = {workspace}
        """
    )
    rows = await tx.all(
        sql(
            """
            select m.id, m.deal_id, m.contact_id, {name} as contact_name, c.email as contact_email, m.role, m.created_at
            from {alive} order by m.id limit {limit} offset {offset}
            """,
            name=CONTACT_NAME,
            alive=alive,
            limit=limit,
            offset=offset,
        ),
        Participant,
    )
    return rows, int(await tx.value(sql("select count(*) from {alive}", alive=alive)))


async def list_participants_of(
    tx: ReadTx, *, deal_id: int | None = None, contact_id: int | None = None
) -> list[Participant]:
    """Of a deal, of a contact, or the contact's part in the deal."""
    only = [
        Sql(text, {"id": value})
        for text, value in (("m.deal_id = {id}", deal_id), ("m.contact_id = {id}", contact_id))
        if value is not None
    ]
    return await list_participants(tx, only=and_(*only))


async def get_participant(tx: ReadTx, participant_id: int) -> Participant:
    found = await list_participants(tx, only=sql("m.id = {id}", id=participant_id))
    if not found:
        raise ParticipantNotFound(participant_id=participant_id)
    return found[0]


async def get_deal_note(tx: ReadTx, deal_id: int, note_id: int) -> DealNote:
    found = await tx.maybe(
        sql(
            """
            select {columns} from deals.note n
            where n.workspace_id = {workspace} and n.deal_id = {deal_id} and n.id = {id}
            """,
            columns=NOTE,
            deal_id=deal_id,
            id=note_id,
        ),
        DealNote,
    )
    if found is None:
        raise NoteNotFound(note_id=note_id)
    return found


async def list_events_from(
    tx: ReadTx, *, deal_id: int | None = None, kinds: Sequence[str] | None = None, limit: int, offset: int
) -> tuple[list[tuple[Deal, DealEvent]], int]:
    """What happened to deals, the latest first, each with the deal as it is now, and how much there is."""
    where = and_(
        TRUE if deal_id is None else sql("e.deal_id = {deal_id}", deal_id=deal_id),
        TRUE if kinds is None else sql("e.kind = any({kinds}::text[])", kinds=list(kinds)),
    )
    rows = await tx.all(
        sql(
            """
            select {columns}, e.id as event_id, e.at as event_at, e.kind as event_kind, e.data as event_data,
                   e.actor_kind as event_actor_kind, e.actor_id as event_actor_id
            from (select * from deals.event e
                  where e.workspace_id = {workspace} and {where} order by e.at desc, e.id desc limit {limit} offset {offset})
                as e,
            {tables} where d.workspace_id = {workspace} and d.id = e.deal_id order by e.at desc, e.id desc
            """,
            columns=COLUMNS,
            tables=TABLES,
            where=where,
            limit=limit,
            offset=offset,
        )
    )
    found = [
        (
            deal_of(row),
            DealEvent(
                row["event_id"],
                row["event_at"],
                row["event_kind"],
                row["event_data"],
                ACTOR_KINDS[row["event_actor_kind"]],
                row["event_actor_id"],
            ),
        )
        for row in rows
    ]
    return found, int(
        await tx.value(
            sql("select count(*) from deals.event e where e.workspace_id = {workspace} and {where}", where=where)
        )
    )


async def list_tasks_from(
    tx: ReadTx,
    wanted: TaskFilter,
    *,
    is_of_deal: bool | None = None,
    contains: Mapping[TaskText, str] | None = None,
    limit: int,
    offset: int,
) -> tuple[list[Task], int]:
    """In the order of their making; `is_of_deal` says whether those about deals or those about contacts alone."""
    columns: dict[TaskText, Sql] = {"title": sql("t.title"), "note": sql("t.note")}
    said = [
        sql("strpos(lower({text}), {word}) > 0", text=columns[name], word=word.lower())
        for name, word in (contains or {}).items()
    ]
    of_deal = TRUE if is_of_deal is None else sql("(t.deal_id is not null) = {is_of_deal}", is_of_deal=is_of_deal)
    where = and_(wanted.where(), of_deal, *said)
    rows = await tx.all(
        sql(
            "select {columns} from {tables} where {where} order by t.id limit {limit} offset {offset}",
            columns=TASK_COLUMNS,
            tables=TASK_TABLES,
            where=where,
            limit=limit,
            offset=offset,
        ),
        Task,
    )
    total = await tx.value(sql("select count(*) from {tables} where {where}", tables=TASK_TABLES, where=where))
    return rows, int(total)
