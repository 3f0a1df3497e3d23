"""Who asked, judged from the company a request comes in: human or scanner.

    request ──(bad sign)───────────────────────────────> scanner, proxy: counted apart, never told
       ├────(good signs)──> human, told at once ──┐
       └────(not sure)────> unknown ──(window)────┴─judge─> human: told   scanner: never told, or taken back

A scanner is known by the link that nobody can see, by several links within a moment, by speed after delivery, by
the lists, and by sharing its network and its minute with one that is known. A verdict is final after `REACH`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

from waypost.activities.engagement import Deed, take_back_engagement
from waypost.activities.entries import disprove_facts, insert_facts
from waypost.delivery.events import HOLD, tell
from waypost.delivery.facts import (
    ClickDisproved,
    ClickTakenBack,
    LinkClicked,
    MessageOpened,
    OpenDisproved,
    OpenTakenBack,
)
from waypost.delivery.judging import WINDOW, Seen, judge_row
from waypost.delivery.signs import Asked, Verdict
from waypost.kernel.registry import Engine
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Actor, Tx
from waypost.kernel.work import SystemWork

PART = 500
REACH = timedelta(minutes=20)
"""How far back a later sign can change a verdict."""
CONTACT = Actor("contact")
Judged = tuple[Seen, Verdict]
"""A request as it was, and what it turns out to be."""
DEEDS: tuple[tuple[Asked, Deed], ...] = ((Asked.OPEN, "open"), (Asked.CLICK, "click"))


async def judge(tx: Tx, ledger_ids: Sequence[int]) -> None:
    """Verdicts for what these rows' recipients asked for lately, and what follows from them."""
    ids = await tx.value(
        sql(
            """
            select array_agg(id) from (
                select id from delivery.ledger where workspace_id = {workspace} and id = any({ids}::bigint[])
                order by id for no key update) as locked
            """,
            ids=list(ledger_ids),
        )
    )
    changed = await _judge(tx, ids or [])
    await tx.run(_still_waiting(list(ledger_ids)))
    for asked, deed in DEEDS:
        mine = [item for item in changed if item[0].kind == asked]
        told = [item for item in mine if item[0].verdict == Verdict.UNKNOWN]
        wrong = [event for event, _ in mine if event.verdict == Verdict.HUMAN]
        if told:
            # lint: no-row-loops because a turn is opens or clicks
            await tell(tx, deed, _rows(told))
        if wrong:
            # lint: no-row-loops because a turn is opens or clicks
            await _take_back(tx, deed, wrong)


def _rows(told: Sequence[Judged]) -> Sql:
    return sql(
        """
        seen as materialized (
            select * from unnest({ids}::bigint[], {links}::bigint[], {verdicts}::smallint[])
                as rows (id, number, verdict))
        """,
        ids=[event.ledger_id for event, _ in told],
        links=[event.link for event, _ in told],
        verdicts=[int(verdict) for _, verdict in told],
    )


async def _judge(tx: Tx, ids: Sequence[int]) -> list[Judged]:
    """The verdicts that change, written; each with the time at which it was told before, if it was."""
    events = await tx.all(
        sql(
            """
            select e.ledger_id, e.at, e.id, e.link, e.kind, e.sign, e.verdict, e.told_at, e.network::text as network,
                   l.sent_at
            from delivery.event e join delivery.ledger l on l.workspace_id = e.workspace_id and l.id = e.ledger_id
            where e.workspace_id = {workspace} and e.ledger_id = any({ids}::bigint[]) and e.at > {now} - {reach}
            """,
            ids=ids,
            reach=REACH,
        ),
        Seen,
    )
    rows: defaultdict[int, list[Seen]] = defaultdict(list)
    for event in events:
        rows[event.ledger_id].append(event)
    changed = [item for row in rows.values() for item in judge_row(row, tx.now)]
    await tx.run(
        sql(
            """
            update delivery.event e
            set verdict = j.verdict, told_at = case when j.verdict = 1 then {now} else e.told_at end
            from unnest({ids}::bigint[], {times}::timestamptz[], {events}::bigint[], {verdicts}::smallint[])
                as j (ledger_id, at, id, verdict)
            where e.workspace_id = {workspace} and e.ledger_id = j.ledger_id and e.at = j.at and e.id = j.id
            """,
            ids=[event.ledger_id for event, _ in changed],
            times=[event.at for event, _ in changed],
            events=[event.id for event, _ in changed],
            verdicts=[int(verdict) for _, verdict in changed],
        )
    )
    return changed


def _still_waiting(ids: Sequence[int]) -> Sql:
    """What is too fresh comes again; the rest is done with."""
    return sql(
        """
        with fresh as (
            select distinct ledger_id from delivery.event
            where workspace_id = {workspace} and ledger_id = any({ids}::bigint[]) and at > {now} - {window}
              and sign <> 1 and (verdict = 0 or kind <> 1)
        ),
        later as (
            update delivery.unjudged u set due_at = {now} + {hold} from fresh
            where u.workspace_id = {workspace} and u.ledger_id = fresh.ledger_id
        )
        delete from delivery.unjudged u
        where u.workspace_id = {workspace} and u.ledger_id = any({ids}::bigint[])
          and not exists (select 1 from fresh where fresh.ledger_id = u.ledger_id)
        """,
        ids=ids,
        window=WINDOW,
        hold=HOLD,
    )


_OPENS_BACK = sql(
    """
    update delivery.ledger l
    set open_count = greatest(0, l.open_count - counted.n), machine_open_count = l.machine_open_count + counted.n,
        opened_at = case when l.open_count > counted.n then coalesce((
            select min(e.told_at) from delivery.event e where e.workspace_id = {workspace}
              and e.ledger_id = l.id and e.kind = 1 and e.verdict = 1), l.opened_at) end
    from counted where l.workspace_id = {workspace} and l.id = counted.id
    """
)
_CLICKS_BACK = sql(
    """
    update delivery.ledger l
    set click_count = greatest(0, l.click_count - counted.n), machine_click_count = l.machine_click_count + counted.n,
        clicked_at = case when l.click_count > counted.n then coalesce((
            select min(e.told_at) from delivery.event e where e.workspace_id = {workspace}
              and e.ledger_id = l.id and e.kind = 2 and e.verdict = 1), l.clicked_at) end
    from counted where l.workspace_id = {workspace} and l.id = counted.id
    """
)


async def _take_back(tx: Tx, deed: Deed, wrong: Sequence[Seen]) -> None:
    """The ledger, the log and who is engaged are put right together; a fact tells those above."""
    is_open = deed == "open"
    fact, becomes, back = (
        (MessageOpened, OpenDisproved, OpenTakenBack) if is_open else (LinkClicked, ClickDisproved, ClickTakenBack)
    )
    links = sql("null::bigint") if is_open else sql("given.link")
    contact_ids = await tx.value(
        sql(
            """
            with given as (
                select * from unnest({ids}::bigint[], {numbers}::bigint[], {times}::timestamptz[])
                    as rows (id, link, told_at)
            ),
            counted as materialized (select id, count(*) as n from given group by id),
            touched as ({touched} returning l.id, l.contact_id, l.message_id, l.source_kind),
            wrong as materialized (
                select touched.contact_id, given.told_at as at, touched.message_id as object_id, {links} as link
                from given join touched using (id) where source_kind not in (3, 6) and contact_id is not null
            ),
            disproved as ({disprove}), logged as ({log})
            select array_agg(contact_id) from wrong
            """,
            ids=[event.ledger_id for event in wrong],
            numbers=[event.link for event in wrong],
            times=[event.told_at for event in wrong],
            touched=_OPENS_BACK if is_open else _CLICKS_BACK,
            links=links,
            disprove=disprove_facts(fact.kind, becomes.kind, sql("select distinct * from wrong")),
            log=insert_facts(
                tx,
                sql(
                    """
                    select contact_id, {back} as kind, object_id,
                           jsonb_strip_nulls(jsonb_build_object('link', link, 'told_at', at)) as data
                    from wrong
                    """,
                    back=back.kind,
                ),
            ),
        )
    )
    if contact_ids:
        await take_back_engagement(
            tx, deed, contact_ids, opens=(MessageOpened.kind,), clicks=(LinkClicked.kind,)
        )  # fmt: skip
    tx.wake("facts")


def due_verdicts() -> Sql:
    return sql(
        """
        select w.id as workspace_id from identity.workspace w
        where exists (select 1 from delivery.unjudged u where u.workspace_id = w.id and u.due_at <= {now})
        """
    )


async def judge_due(tx: Tx) -> bool:
    """One part; whether there may be more."""
    ids = await tx.value(
        sql(
            """
            select array_agg(ledger_id) from (
                select ledger_id from delivery.unjudged where workspace_id = {workspace} and due_at <= {now}
                order by due_at limit {part}) as due
            """,
            part=PART,
        )
    )
    if ids:
        await judge(tx, ids)
    return len(ids or ()) == PART


@asynccontextmanager
async def open_judge(work: SystemWork) -> AsyncIterator[Callable[[int], Awaitable[bool]]]:
    async def tick(workspace_id: int) -> bool:
        async with work.db.transaction(workspace_id, actor=CONTACT) as tx:
            return await judge_due(tx)

    yield tick


VERDICTS = Engine("verdicts", "verdicts", due_verdicts, open_judge)
