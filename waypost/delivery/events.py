"""What tracking reads and writes: raw events, counters on the ledger and facts, one statement a lot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from waypost.activities.engagement import Deed, keep_engagement
from waypost.activities.entries import insert_facts
from waypost.delivery.facts import LinkClicked, MachineOpened, MessageOpened
from waypost.delivery.signs import Asked, Hit
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import ReadTx, Tx
from waypost.messages.compile import text_function
from waypost.messages.queries import get_recipient_row, list_columns
from waypost.messages.template import Columns, parse_template

Events = Sequence[Hit | tuple[int, int]]
"""Requests, or (ledger id, link number) of what a person is known to have done."""
HOLD = timedelta(seconds=6)
"""How long what is not sure waits for what comes with it."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a link leads; `write` fills in a recipient's values where the address holds tags."""

    url: str
    columns: tuple[str, ...] = ()
    write: Callable[[Any], str] | None = None
    is_lasting: bool = True
    """Whether it may be remembered: a message variable's words may change."""


@dataclass(frozen=True, slots=True)
class Recipient:
    email: str
    workspace: str


async def write_opens(tx: Tx, events: Events) -> None:
    await _write(tx, "open", Asked.OPEN, events)


async def write_clicks(tx: Tx, events: Events) -> None:
    await _write(tx, "click", Asked.CLICK, events)


_TRUSTED: dict[Deed, Sql] = {
    "open": sql(
        """
        locked.sent_at < {now} - interval '2 seconds' and locked.machine_click_count = 0
        """
    ),
    "click": sql(
        """
        locked.machine_click_count = 0 and locked.sent_at < {now} - interval '10 seconds'
        and (locked.sent_at < {now} - interval '1 minute' or locked.opened_at < {now} - interval '1 second')
        and not exists (
            select 1 from given other where other.id = given.id and other.number <> given.number)
        and not exists (
            select 1 from delivery.event e where e.workspace_id = {workspace} and e.ledger_id = given.id
              and e.at > {now} - interval '3 seconds' and e.kind <> 1 and e.link <> given.number)
        """
    ),
}
"""When a request without a bad sign is told at once. A click is judged again when its window closes."""


async def _write(tx: Tx, deed: Deed, asked: Asked, events: Events) -> None:
    """Everything is kept; what is sure is told, what is not is put down to be judged.

    Rows are locked in the order of their ids, so that two processes cannot block each other.
    """
    hits = sorted((event if isinstance(event, Hit) else Hit(*event) for event in events), key=lambda hit: hit[:2])
    seen = sql(
        """
        given as (
            select * from unnest({ids}::bigint[], {numbers}::bigint[], {kinds}::smallint[], {signs}::smallint[],
                {networks}::text[], {agents}::text[]) as rows (id, number, kind, sign, network, agent)
        ),
        locked as materialized (
            select id, sent_at, opened_at, machine_click_count from delivery.ledger
            where workspace_id = {workspace} and id = any({ids}::bigint[]) order by id for no key update
        ),
        seen as materialized (
            select given.*, case when sign <> 0 then sign when {is_trusted} then 1 else 0 end as verdict
            from given join locked using (id)
        ),
        kept as (
            insert into delivery.event
                (workspace_id, ledger_id, at, told_at, link, kind, sign, verdict, network, agent)
            select {workspace}, id, {now}, case when verdict = 1 then {now} end, number, kind, sign, verdict,
                   network::cidr, agent
            from seen
        ),
        waiting as (
            insert into delivery.unjudged as u (workspace_id, ledger_id, due_at)
            select {workspace}, id, {now} + case when bool_or(kind = 3) then interval '0' else {hold} end
            from seen where verdict = 0 or (kind <> 1 and sign <> 1) group by id order by id
            on conflict (workspace_id, ledger_id) do update set due_at = least(u.due_at, excluded.due_at)
        )
        """,
        ids=[hit.ledger_id for hit in hits],
        numbers=[hit.link for hit in hits],
        kinds=[int(hit.asked or asked) for hit in hits],
        signs=[int(hit.sign) for hit in hits],
        networks=[hit.network for hit in hits],
        agents=[hit.agent for hit in hits],
        is_trusted=_TRUSTED[deed],
        hold=HOLD,
    )
    await tell(tx, deed, seen)


async def tell(tx: Tx, deed: Deed, seen: Sql) -> None:
    """`seen` is one or more CTEs, the last of that name: (id, number, verdict) of ledger rows that are locked.

    The facts are made once and read twice: for the log, and for who is engaged.
    """
    is_open = deed == "open"
    human = MessageOpened if is_open else LinkClicked
    await tx.value(
        sql(
            """
            with {seen},
            counted as materialized (
                select id, count(*) filter (where verdict = 1) as n, count(*) filter (where verdict > 1) as machines
                from seen group by id
            ),
            touched as ({touched} returning l.id, l.contact_id, l.message_id, l.source_kind),
            done as materialized ({facts}),
            logged as ({log}), engaged as ({engagement})
            select count(*) from touched
            """,
            seen=seen,
            touched=_OPENS if is_open else _CLICKS,
            facts=_OPEN_FACTS if is_open else _CLICK_FACTS,
            log=insert_facts(tx, sql("select * from done")),
            engagement=keep_engagement(deed, sql("select contact_id from done where kind = {kind}", kind=human.kind)),
        )
    )
    tx.wake("facts")


_OPENS = sql(
    """
    update delivery.ledger l
    set open_count = l.open_count + counted.n, machine_open_count = l.machine_open_count + counted.machines,
        opened_at = case when counted.n > 0 then coalesce(l.opened_at, {now}) else l.opened_at end
    from counted where l.workspace_id = {workspace} and l.id = counted.id
    """
)
_CLICKS = sql(
    """
    update delivery.ledger l
    set click_count = l.click_count + counted.n, machine_click_count = l.machine_click_count + counted.machines,
        clicked_at = case when counted.n > 0 then coalesce(l.clicked_at, {now}) else l.clicked_at end
    from counted where l.workspace_id = {workspace} and l.id = counted.id
    """
)
_OPEN_FACTS = sql(
    """
    select touched.contact_id, case when verdict = 1 then {human} else {machine} end as kind,
           touched.message_id as object_id, null::jsonb as data
    from seen join touched using (id) where verdict > 0 and source_kind not in (3, 6) and contact_id is not null
    """,
    human=MessageOpened.kind,
    machine=MachineOpened.kind,
)
_CLICK_FACTS = sql(
    """
    select touched.contact_id, {kind} as kind, touched.message_id as object_id,
           jsonb_build_object('link', link.number, 'url', link.url) as data
    from seen join touched using (id)
    join messages.link link on link.workspace_id = {workspace} and link.message_id = touched.message_id
      and link.number = seen.number
    where verdict = 1 and source_kind not in (3, 6) and contact_id is not null
    """,
    kind=LinkClicked.kind,
)


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
        said = columns.sayings.fill(url, is_html=False)
        return Target(said, is_lasting=said == url)
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
