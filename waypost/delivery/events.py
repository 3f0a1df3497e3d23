"""What tracking reads and writes: counters on the ledger and facts, one statement a lot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from waypost.activities.engagement import Deed, keep_engagement
from waypost.activities.entries import insert_facts
from waypost.delivery.facts import LinkClicked, MessageOpened
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import ReadTx, Tx
from waypost.messages.compile import text_function
from waypost.messages.queries import get_recipient_row, list_columns
from waypost.messages.template import Columns, parse_template

Events = Sequence[tuple[int, int]]
"""(ledger id, link number) each."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a link leads; `write` fills in a recipient's values where the address holds tags."""

    url: str
    columns: tuple[str, ...] = ()
    write: Callable[[Any], str] | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    email: str
    workspace: str


async def write_opens(tx: Tx, events: Events) -> None:
    await _write(
        tx,
        events,
        "open",
        touched=sql(
            """
            update delivery.ledger l
            set open_count = l.open_count + counted.n, opened_at = coalesce(l.opened_at, {now})
            from counted where l.workspace_id = {workspace} and l.id = counted.id
            returning l.id, l.contact_id, l.message_id, l.source_kind
            """
        ),
        facts=sql(
            """
            select touched.contact_id, {kind} as kind, touched.message_id as object_id, null::jsonb as data
            from given join touched using (id) where source_kind <> 3 and contact_id is not null
            """,
            kind=MessageOpened.kind,
        ),
    )


async def write_clicks(tx: Tx, events: Events) -> None:
    await _write(
        tx,
        events,
        "click",
        touched=sql(
            """
            update delivery.ledger l
            set click_count = l.click_count + counted.n, clicked_at = coalesce(l.clicked_at, {now})
            from counted where l.workspace_id = {workspace} and l.id = counted.id
            returning l.id, l.contact_id, l.message_id, l.source_kind
            """
        ),
        facts=sql(
            """
            select touched.contact_id, {kind} as kind, touched.message_id as object_id,
                   jsonb_build_object('link', link.number, 'url', link.url) as data
            from given join touched using (id)
            join messages.link link on link.workspace_id = {workspace} and link.message_id = touched.message_id
              and link.number = given.number
            where source_kind <> 3 and contact_id is not null
            """,
            kind=LinkClicked.kind,
        ),
    )


async def _write(tx: Tx, events: Events, deed: Deed, *, touched: Sql, facts: Sql) -> None:
    """Rows are locked in the order of their ids, so that two processes cannot block each other.

    The facts are made once and read twice: for the log, and for who is engaged.
    """
    ordered = sorted(events)
    await tx.value(
        sql(
            """
            with given as (select * from unnest({ids}::bigint[], {numbers}::bigint[]) as rows (id, number)),
            locked as materialized (
                select id from delivery.ledger where workspace_id = {workspace} and id = any({ids}::bigint[])
                order by id for no key update
            ),
            counted as materialized (select id, count(*) as n from given join locked using (id) group by id),
            touched as ({touched}),
            done as materialized ({facts}),
            logged as ({log}), engaged as ({engagement})
            select count(*) from touched
            """,
            ids=[ledger_id for ledger_id, _ in ordered],
            numbers=[number for _, number in ordered],
            touched=touched,
            facts=facts,
            log=insert_facts(tx, sql("select * from done")),
            engagement=keep_engagement(deed, sql("select contact_id from done")),
        )
    )
    tx.wake("facts")


async def find_message_id(read: ReadTx, ledger_id: int) -> int | None:
    return await read.value(
        sql("select message_id from delivery.ledger where workspace_id = {workspace} and id = {id}", id=ledger_id)
    )


async def find_target(read: ReadTx, message_id: int, number: int) -> Target | None:
    """The registered address, prepared once."""
    url = await read.value(
        sql(
            """
            select url from messages.link
            where workspace_id = {workspace} and message_id = {message_id} and number = {number}
            """,
            message_id=message_id,
            number=number,
        )
    )
    if url is None or ("%" not in url and "{{" not in url):
        return None if url is None else Target(url)
    columns = Columns(await list_columns(read), condition_count=0)
    parts = parse_template(url, columns, is_html=False)
    if not columns.used:
        return Target(url)
    write = text_function(parts, columns, 0, escape=lambda value: quote(value, safe=""))
    return Target(url, tuple(columns.used), write)


async def personal_url(read: ReadTx, ledger_id: int, target: Target) -> str:
    """The address with the recipient's values; empty ones for a test without a contact."""
    contact_id = await read.value(
        sql("select contact_id from delivery.ledger where workspace_id = {workspace} and id = {id}", id=ledger_id)
    )
    row = None
    if contact_id is not None:
        row = await get_recipient_row(read, contact_id, target.columns, (), await list_columns(read))
    blank = ("", *("" for _ in target.columns))
    return target.write(row or blank) if target.write is not None else target.url


async def find_recipient(read: ReadTx, ledger_id: int) -> Recipient | None:
    return await read.maybe(
        sql(
            """
            select l.email, w.name as workspace from delivery.ledger l
            join identity.workspace w on w.id = l.workspace_id
            where l.workspace_id = {workspace} and l.id = {id}
            """,
            id=ledger_id,
        ),
        Recipient,
    )
