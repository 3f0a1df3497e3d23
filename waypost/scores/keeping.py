"""Keeping scores current: by facts as they come, by the clock, and part by part after a change of a rule.

fact ──watch──► rules that may hold now ──► give
rule made or changed ──► take back what it gave (place -1) ──► everyone who meets it, by id (place) ──► done (null)
an hour passed ──► rules that time alone can meet, asked of everyone      points' time is over ──► they run out
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial

import asyncpg

from waypost.delivery.facts import ClickTakenBack, OpenTakenBack
from waypost.kernel.db import Database
from waypost.kernel.registry import Consumer, Engine
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx
from waypost.kernel.work import SystemWork
from waypost.scores.awards import BATCH, give, run_out, take_back
from waypost.segments.queries import audience, matching

UNDONE = (OpenTakenBack, ClickTakenBack)
"""Facts after which points may have been given for nothing."""
LOOK_AGAIN = timedelta(hours=1)
"""How often everyone is asked about a condition that passing time alone can meet."""


async def follow_slice(tx: Tx, slice_: Sql) -> None:
    """Give to those of the slice who have come to meet a rule that watches one of their facts, or take back."""
    rows = await tx.all(
        sql(
            """
            select r.id, r.score_id, r.condition, r.points, r.lasts_days, s.contact_ids, s.doubted, s.doubted_since
            from (
                select w.rule_id, array_agg(distinct f.contact_id) as contact_ids,
                       array_agg(distinct f.contact_id) filter (where f.kind = any({undone}::smallint[])) as doubted,
                       min((f.data ->> 'told_at')::timestamptz) filter (where f.kind = any({undone}::smallint[]))
                           as doubted_since
                from ({slice_}) as f
                join scores.watch w on w.workspace_id = {workspace} and w.kind = f.kind
                  and w.object_id in (0, coalesce(f.object_id, 0))
                group by w.rule_id
            ) as s
            join scores.rule r on r.workspace_id = {workspace} and r.id = s.rule_id and r.deleted_at is null
            join scores.score o on o.workspace_id = {workspace} and o.id = r.score_id and o.is_active
            order by r.id
            """,
            slice_=slice_,
            undone=[fact.kind for fact in UNDONE],
        )
    )
    for row in rows:
        # lint: no-row-loops because a turn is a rule, for everyone of the slice
        met = await matching(tx, row["condition"], row["contact_ids"])
        wrong = [contact_id for contact_id in row["doubted"] or () if contact_id not in met]
        if wrong:
            # lint: no-row-loops because a turn is a rule, for everyone of the slice
            await take_back(tx, _given_for_nothing(row, wrong), limit=len(wrong))
        if met:
            who = sql("select unnest({ids}::bigint[]) as contact_id", ids=sorted(met))
            # lint: no-row-loops because a turn is a rule, for everyone of the slice
            await give(tx, row["id"], row["score_id"], row["points"], _until(tx, row), who)


def _given_for_nothing(rule: asyncpg.Record, contact_ids: list[int]) -> Sql:
    """What came after an open or a click that a scanner turned out to have made."""
    return sql(
        "rule_id = {id} and contact_id = any({ids}::bigint[]) and given_at >= {since}",
        id=rule["id"],
        ids=contact_ids,
        since=rule["doubted_since"],
    )


def _until(tx: Tx, rule: asyncpg.Record) -> datetime | None:
    return None if rule["lasts_days"] is None else tx.now + timedelta(days=rule["lasts_days"])


async def go_on(tx: Tx, *, limit: int = BATCH) -> bool:
    """One part of whatever is to be done; whether there may be more."""
    rule = await tx.maybe(
        sql(
            """
            select r.id, r.score_id, r.condition, r.points, r.lasts_days, r.place, r.deleted_at,
                   s.deleted_at is not null as is_score_gone, s.is_active
            from scores.rule r join scores.score s on s.workspace_id = r.workspace_id and s.id = r.score_id
            where r.workspace_id = {workspace} and r.place is not null
            order by r.place = -1 desc, r.id limit 1 for update of r skip locked
            """
        )
    )
    if rule is not None:
        await (_clear(tx, rule, limit) if rule["place"] == -1 else _look(tx, rule, limit))
        tx.wake("live")
        return True
    if await _forget_score(tx, limit):
        return True
    if await run_out(tx, limit=limit):
        tx.wake("live")
        return True
    return await _look_again(tx)


async def _clear(tx: Tx, rule: asyncpg.Record, limit: int) -> None:
    """Take back what the rule gave; when nothing is left, a living rule begins anew and a deleted one is gone."""
    if await take_back(tx, sql("rule_id = {id}", id=rule["id"]), limit=limit):
        return
    if rule["deleted_at"] is None:
        await _set_place(tx, rule["id"], 0)
    else:
        await tx.run(sql("delete from scores.rule where workspace_id = {workspace} and id = {id}", id=rule["id"]))


async def _look(tx: Tx, rule: asyncpg.Record, limit: int) -> None:
    """Give to the next part of those who meet the rule, in order of id."""
    if not rule["is_active"]:
        await _set_place(tx, rule["id"], None)
        return
    rows = await tx.all(
        sql(
            "select contact_id from ({who}) as who where contact_id > {place} order by contact_id limit {limit}",
            who=await audience(tx, rule["condition"]),
            place=rule["place"],
            limit=limit,
        )
    )
    ids = [row["contact_id"] for row in rows]
    if ids:
        who = sql("select unnest({ids}::bigint[]) as contact_id", ids=ids)
        await give(tx, rule["id"], rule["score_id"], rule["points"], _until(tx, rule), who)
    await _set_place(tx, rule["id"], ids[-1] if len(ids) == limit else None)


async def _set_place(tx: Tx, rule_id: int, place: int | None) -> None:
    await tx.run(
        sql(
            """
            update scores.rule set place = {place}::bigint, looked_at = {now}
            where workspace_id = {workspace} and id = {id}
            """,
            id=rule_id,
            place=place,
        )
    )


async def _forget_score(tx: Tx, limit: int) -> bool:
    """What was given by hand goes with a deleted score, then its totals and the score itself."""
    score_id = await tx.value(
        sql(
            """
            select s.id from scores.score s where s.workspace_id = {workspace} and s.deleted_at is not null
              and not exists (select 1 from scores.rule r where r.workspace_id = s.workspace_id and r.score_id = s.id)
            order by s.id limit 1 for update skip locked
            """
        )
    )
    if score_id is None:
        return False
    if not await take_back(tx, sql("score_id = {id}", id=score_id), limit=limit):
        await tx.run(sql("delete from scores.total where workspace_id = {workspace} and score_id = {id}", id=score_id))
        await tx.run(sql("delete from scores.score where workspace_id = {workspace} and id = {id}", id=score_id))
    return True


async def _look_again(tx: Tx) -> bool:
    """Ask everyone again about the rule that waits longest for it."""
    due = await tx.run(
        sql(
            """
            update scores.rule r set place = 0 from (
                select id from scores.rule
                where workspace_id = {workspace} and is_time_bound and place is null and deleted_at is null
                  and looked_at <= {now} - {again}::interval order by looked_at limit 1 for update skip locked
            ) as due where r.workspace_id = {workspace} and r.id = due.id
            """,
            again=LOOK_AGAIN,
        )
    )
    return due > 0


def due() -> Sql:
    """The workspaces in which something is to be done."""
    return sql(
        """
        select w.id as workspace_id from identity.workspace w
        where exists (select 1 from scores.rule r where r.workspace_id = w.id
                        and (r.place is not null or (r.is_time_bound and r.looked_at <= {now} - {again}::interval)))
           or exists (select 1 from scores.score s where s.workspace_id = w.id and s.deleted_at is not null)
           or exists (select 1 from scores.award a where a.workspace_id = w.id and a.expires_at <= {now}
                        and a.over_at is null)
        """,
        again=LOOK_AGAIN,
    )


async def _tick(db: Database, workspace_id: int) -> bool:
    async with db.transaction(workspace_id) as tx:
        return await go_on(tx)


@asynccontextmanager
async def open_engine(work: SystemWork) -> AsyncGenerator[Callable[[int], Awaitable[bool]]]:
    yield partial(_tick, work.db)


FOLLOW = Consumer(name="scores.follow", facts=None, handle=follow_slice)
ENGINE = Engine(name="scores.keep", channel="scores", due=due, open=open_engine, interval_seconds=5.0)
