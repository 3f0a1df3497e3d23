"""Deals: one, a page of them, the board's columns; what happened to one and who takes part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import asyncpg
import msgspec

from waypost.deals.errors import DealNotFound
from waypost.deals.types import Deal, DealEvent, DealNote, NextTask, Participant, Status, StatusName
from waypost.kernel.page import Page, decode_cursor, page_of
from waypost.kernel.sql import TRUE, Sql, and_, or_, sql
from waypost.kernel.tx import ACTOR_KINDS, ReadTx

DealSort = Literal[
    "title", "-title", "value", "-value", "created_at", "-created_at", "updated_at", "-updated_at", "expected_on",
    "-expected_on", "touched_at", "-touched_at",
]  # fmt: skip

CONTACT_NAME = sql("coalesce(nullif(trim(c.first_name || ' ' || c.last_name), ''), c.email, c.phone, '')")
PROBABILITY = sql(
    "(case d.status when 1 then 100 when 2 then 0 else coalesce(d.probability, s.probability) end)::integer"
)
IS_STALE = sql(
    "coalesce(d.status = 0 and s.stale_days is not null"
    " and d.touched_at < {now} - s.stale_days * interval '1 day', false)"
)

COLUMNS = sql(
    """
    d.id, d.title, d.value, d.currency, c.id as contact_id, {contact_name} as contact_name, c.email as contact_email,
    k.id as company_id, k.name as company_name, d.owner_id, nullif(coalesce(nullif(u.name, ''), u.email), '') as owner_name,
    d.pipeline_id, d.stage_id, d.status, d.lost_reason, d.description, d.probability, {probability} as win_probability,
    d.expected_on, d.fields, {is_stale} as is_stale, d.stage_entered_at, d.closed_at, d.touched_at, d.created_at,
    d.updated_at, d.rank, t.id as task_id, t.type as task_type, t.title as task_title, t.due_at as task_due_at
    """,
    contact_name=CONTACT_NAME,
    probability=PROBABILITY,
    is_stale=IS_STALE,
)
JOINED = sql(
    """
    deals.deal d
    join deals.stage s on s.workspace_id = d.workspace_id and s.id = d.stage_id
    left join contacts.contact c on c.workspace_id = d.workspace_id and c.id = d.contact_id and c.deleted_at is null
    left join contacts.company k on k.workspace_id = d.workspace_id and k.id = d.company_id
    left join identity.user_account u on u.id = d.owner_id
    """
)
"""Without the next task, which counting would look up for every deal."""
TABLES = sql(
    """
    {joined} left join lateral (
        select id, type, title, due_at from deals.task t
        where t.workspace_id = {workspace} and t.deal_id = d.id and t.done_at is null order by due_at, id limit 1
    ) as t on true
    """,
    joined=JOINED,
)


@dataclass(frozen=True, slots=True)
class DealFilter:
    """What is None is not asked for."""

    pipeline_id: int | None = None
    stage_id: int | None = None
    status: StatusName | None = None
    owner_id: int | None = None
    contact_id: int | None = None
    company_id: int | None = None
    search: str = ""
    is_stale: bool | None = None
    value_from: int | None = None
    value_to: int | None = None
    expected_from: date | None = None
    expected_to: date | None = None

    def where(self) -> Sql:
        parts = [
            sql("d.workspace_id = {workspace}"),
            *(
                sql("{column} = {value}", column=Sql(f"d.{name}"), value=value)
                for name in ("pipeline_id", "stage_id", "owner_id", "company_id")
                if (value := getattr(self, name)) is not None
            ),
        ]
        if self.contact_id is not None:
            parts.append(_about(self.contact_id))
        if self.status is not None:
            parts.append(sql("d.status = {status}", status=int(Status[self.status.upper()])))
        if self.is_stale is not None:
            parts.append(sql("{stale} = {wanted}", stale=IS_STALE, wanted=self.is_stale))
        for text, value in (
            ("d.value >= {value}", self.value_from),
            ("d.value <= {value}", self.value_to),
            ("d.expected_on >= {value}", self.expected_from),
            ("d.expected_on <= {value}", self.expected_to),
        ):
            if value is not None:
                parts.append(Sql(text, {"value": value}))
        return and_(*parts, *(_said(word) for word in self.search.lower().split()[:4]))


def _about(contact_id: int) -> Sql:
    """Deals of the contact, as the first or a further one."""
    return sql(
        """
        (d.contact_id = {contact_id} or exists (
            select 1 from deals.participant m
            where m.workspace_id = {workspace} and m.deal_id = d.id and m.contact_id = {contact_id}))
        """,
        contact_id=contact_id,
    )


def _said(word: str) -> Sql:
    return or_(
        sql("strpos(lower(d.title), {word}) > 0", word=word),
        sql("strpos(lower({name}), {word}) > 0", name=CONTACT_NAME, word=word),
        sql("strpos(coalesce(c.email, ''), {word}) > 0", word=word),
        sql("strpos(lower(coalesce(k.name, '')), {word}) > 0", word=word),
    )


async def get_deal(tx: ReadTx, deal_id: int) -> Deal:
    found = await find_deals(tx, [deal_id])
    if not found:
        raise DealNotFound(deal_id=deal_id)
    return found[0]


async def find_deals(tx: ReadTx, deal_ids: Sequence[int]) -> list[Deal]:
    """Those that are there, by id."""
    rows = await tx.all(
        sql(
            "select {columns} from {tables} where d.workspace_id = {workspace} and d.id = any({ids}::bigint[]) order by d.id",
            columns=COLUMNS,
            tables=TABLES,
            ids=list(deal_ids),
        )
    )
    return [deal_of(row) for row in rows]


_KEYS: dict[str, tuple[Sql, type]] = {
    "title": (sql('lower(d.title) collate "C"'), str),
    "value": (sql("d.value"), int),
    "created_at": (sql("d.created_at"), datetime),
    "updated_at": (sql("d.updated_at"), datetime),
    "touched_at": (sql("d.touched_at"), datetime),
    "expected_on": (sql("coalesce(d.expected_on, 'infinity'::date)::text"), str),
}


async def list_deals(
    tx: ReadTx, wanted: DealFilter, *, sort: DealSort = "-created_at", limit: int = 100, after: str | None = None
) -> Page[Deal]:
    """A page of deals, with how many there are on the first."""
    key, kind = _KEYS[sort.removeprefix("-")]
    is_down = sort.startswith("-")
    behind = TRUE
    if after is not None:
        first, last = decode_cursor(after, kind, int)
        form = "({key}, d.id) < ({first}, {last})" if is_down else "({key}, d.id) > ({first}, {last})"
        behind = Sql(form, {"key": key, "first": first, "last": last})
    rows = await tx.all(
        sql(
            """
            select {columns}, {key} as sort_key from {tables} where {where} and {behind}
            order by {order} limit {limit}
            """,
            columns=COLUMNS,
            key=key,
            tables=TABLES,
            where=wanted.where(),
            behind=behind,
            order=Sql("{key} desc, d.id desc" if is_down else "{key}, d.id", {"key": key}),
            limit=limit + 1,
        )
    )
    total = await count_deals(tx, wanted) if after is None else None
    page = page_of(rows, limit, lambda row: (row["sort_key"], row["id"]), total=total)
    return Page([deal_of(row) for row in page.items], page.next, page.total)


async def count_deals(tx: ReadTx, wanted: DealFilter) -> int:
    return int(await tx.value(sql("select count(*) from {tables} where {where}", tables=JOINED, where=wanted.where())))


@dataclass(frozen=True, slots=True)
class Column:
    """A stage on the board: how many deals, their value by currency, weighted too, and the first of them."""

    stage_id: int
    count: int
    values: dict[str, int]
    weighted: dict[str, int]
    deals: Sequence[Deal]
    next: str | None


async def read_board(tx: ReadTx, wanted: DealFilter, stage_ids: Sequence[int], *, limit: int = 50) -> list[Column]:
    """The columns of these stages, two statements for all of them."""
    sums = await tx.all(
        sql(
            """
            select d.stage_id, d.currency, count(*) as count, sum(d.value)::bigint as value,
                   (sum(d.value * {probability}) / 100)::bigint as weighted
            from {tables} where {where} and d.stage_id = any({ids}::bigint[]) group by 1, 2 order by 1, 2
            """,
            probability=PROBABILITY,
            tables=TABLES,
            where=wanted.where(),
            ids=list(stage_ids),
        )
    )
    rows = await tx.all(
        sql(
            """
            select * from (
                select {columns}, row_number() over (partition by d.stage_id order by d.rank, d.id) as number
                from {tables} where {where} and d.stage_id = any({ids}::bigint[])
            ) as d where number <= {limit} order by stage_id, number
            """,
            columns=COLUMNS,
            tables=TABLES,
            where=wanted.where(),
            ids=list(stage_ids),
            limit=limit + 1,
        )
    )
    return [
        _column(stage_id, sums, [row for row in rows if row["stage_id"] == stage_id], limit) for stage_id in stage_ids
    ]


def _column(stage_id: int, sums: Sequence[asyncpg.Record], rows: Sequence[asyncpg.Record], limit: int) -> Column:
    mine = [row for row in sums if row["stage_id"] == stage_id]
    page = page_of(rows, limit, lambda row: (str(row["rank"]), row["id"]))
    return Column(
        stage_id,
        sum(row["count"] for row in mine),
        {row["currency"]: row["value"] for row in mine},
        {row["currency"]: row["weighted"] for row in mine},
        [deal_of(row) for row in page.items],
        page.next,
    )


async def list_column(
    tx: ReadTx, wanted: DealFilter, stage_id: int, *, limit: int = 50, after: str | None = None
) -> Page[Deal]:
    """A column of the board, or what follows in it."""
    behind = TRUE
    if after is not None:
        rank, last = decode_cursor(after, str, int)
        behind = sql("(d.rank, d.id) > ({rank}::text::double precision, {last})", rank=rank, last=last)
    rows = await tx.all(
        sql(
            """
            select {columns} from {tables} where {where} and d.stage_id = {stage_id} and {behind}
            order by d.rank, d.id limit {limit}
            """,
            columns=COLUMNS,
            tables=TABLES,
            where=wanted.where(),
            stage_id=stage_id,
            behind=behind,
            limit=limit + 1,
        )
    )
    page = page_of(rows, limit, lambda row: (str(row["rank"]), row["id"]))
    return Page([deal_of(row) for row in page.items], page.next)


async def list_events(tx: ReadTx, deal_id: int, *, limit: int = 50, after: str | None = None) -> Page[DealEvent]:
    """What happened to the deal, newest first."""
    before = TRUE
    if after is not None:
        at, last_id = decode_cursor(after, datetime, int)
        before = sql("(at, id) < ({at}, {last_id})", at=at, last_id=last_id)
    rows = await tx.all(
        sql(
            """
            select id, at, kind, data, actor_kind, actor_id from deals.event
            where workspace_id = {workspace} and deal_id = {deal_id} and {before}
            order by at desc, id desc limit {limit}
            """,
            deal_id=deal_id,
            before=before,
            limit=limit + 1,
        )
    )
    events = [
        DealEvent(row["id"], row["at"], row["kind"], row["data"], ACTOR_KINDS[row["actor_kind"]], row["actor_id"])
        for row in rows
    ]
    return page_of(events, limit, lambda event: (event.at, event.id))


async def list_participants(tx: ReadTx, *, only: Sql) -> list[Participant]:
    """Further contacts that are alive; `only` is a condition on `m`."""
    return await tx.all(
        sql(
            """
            select m.id, m.deal_id, m.contact_id, {name} as contact_name, c.email as contact_email, m.role, m.created_at
            from deals.participant m
            join contacts.contact c on c.workspace_id = m.workspace_id and c.id = m.contact_id and c.deleted_at is null
            where m.workspace_id = {workspace} and {only} order by m.deal_id, m.id
            """,
            name=CONTACT_NAME,
            only=only,
        ),
        Participant,
    )


NOTE = sql(
    """
    n.id, n.deal_id, n.body, n.author_id, (select coalesce(nullif(u.name, ''), u.email) from identity.user_account u
    where u.id = n.author_id) as author_name, n.created_at, n.updated_at
    """
)


async def list_notes(tx: ReadTx, deal_id: int) -> list[DealNote]:
    """The newest first."""
    return await tx.all(
        sql(
            """
            select {columns} from deals.note n where n.workspace_id = {workspace} and n.deal_id = {deal_id}
            order by n.created_at desc, n.id desc limit 500
            """,
            columns=NOTE,
            deal_id=deal_id,
        ),
        DealNote,
    )


def deal_of(row: asyncpg.Record) -> Deal:
    values = {name: row[name] for name in Deal.__dataclass_fields__ if name not in ("status", "next_task")}
    task = None
    if row["task_id"] is not None:
        task = NextTask(row["task_id"], row["task_type"], row["task_title"], row["task_due_at"])
    return msgspec.convert({**values, "status": Status(row["status"]).word, "next_task": task}, Deal)
