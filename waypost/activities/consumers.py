"""Hands each consumer the next committed slice of a workspace's log, in order, each fact once.

    place (xid, id) ──slice──> handle ──┐
        ^                               │ one transaction
        └────────── new place <─────────┘

A fact's id says nothing about when it is committed: a lower id can appear later. So every fact
holds the id of its transaction, a slice ends below the oldest transaction that is still running
(`pg_snapshot_xmin`), and a place is the pair (transaction id, fact id). With either of the two
alone, facts are lost (tests/activities/test_consumers.py shows both).
"""

from __future__ import annotations

from datetime import datetime

import asyncpg

from waypost.kernel.db import Database
from waypost.kernel.registry import Consumer
from waypost.kernel.sql import TRUE, Sql, sql
from waypost.kernel.tx import SYSTEM, Tx

SLICE = 5_000


async def advance(
    db: Database, workspace_id: int, consumer: Consumer, *, limit: int = SLICE, now: datetime | None = None
) -> bool:
    """Let one consumer handle one slice; True when there may be more. `now` is for telling a past."""
    async with db.transaction(workspace_id, actor=SYSTEM, now=now) as tx:
        place = await _take_place(tx, consumer.name)
        if place is None:
            return False
        end = await tx.maybe(
            sql(
                """
                select max_xid::text as xid, max_id as fact_id, found from (
                    select xid as max_xid, id as max_id, count(*) over () as found
                    from (
                        select xid, id from activities.fact
                        where workspace_id = {workspace}
                          and (xid, id) > ({xid}::xid8, {fact_id})
                          and xid < pg_snapshot_xmin(pg_current_snapshot())
                        order by xid, id limit {limit}
                    ) as slice
                    order by xid desc, id desc limit 1
                ) as last
                """,
                xid=place["xid"],
                fact_id=place["fact_id"],
                limit=limit,
            )
        )
        if end is None:
            return False
        await consumer.handle(tx, _slice(consumer, place["xid"], place["fact_id"], end["xid"], end["fact_id"]))
        await tx.run(
            sql(
                """
                update activities.place set xid = {xid}::xid8, fact_id = {fact_id}, updated_at = {now}
                where workspace_id = {workspace} and consumer = {consumer}
                """,
                xid=end["xid"],
                fact_id=end["fact_id"],
                consumer=consumer.name,
            )
        )
        return bool(end["found"] == limit)


def _slice(consumer: Consumer, from_xid: str, from_id: int, to_xid: str, to_id: int) -> Sql:
    kinds = None if consumer.facts is None else [fact.kind for fact in consumer.facts]
    return sql(
        """
        select contact_id, at, id, kind, object_id, data, cause from activities.fact
        where workspace_id = {workspace} and {wanted}
          and (xid, id) > ({from_xid}::xid8, {from_id}) and (xid, id) <= ({to_xid}::xid8, {to_id})
        """,
        wanted=TRUE if kinds is None else sql("kind = any({kinds}::smallint[])", kinds=kinds),
        from_xid=from_xid,
        from_id=from_id,
        to_xid=to_xid,
        to_id=to_id,
    )


async def _take_place(tx: Tx, consumer: str) -> asyncpg.Record | None:
    """The consumer's place, locked; None when another worker holds it.

    All consumers get their first place together, before the log. One that comes with a later version
    begins where the slowest of the others is: it has nothing to say about what was long before it.
    """
    await tx.run(
        sql(
            """
            insert into activities.place (workspace_id, consumer, xid, fact_id, updated_at)
            select {workspace}, name, coalesce(slowest.xid, '0'::xid8), coalesce(slowest.fact_id, 0), {now}
            from unnest({consumers}::text[]) as name
            left join (
                select xid, fact_id from activities.place where workspace_id = {workspace} order by xid, fact_id limit 1
            ) as slowest on true
            where not exists (
                select 1 from activities.place where workspace_id = {workspace} and consumer = {consumer}
            )
            on conflict do nothing
            """,
            consumer=consumer,
            consumers=sorted({consumer, *(item.name for item in tx.registry.consumers)}),
        )
    )
    return await tx.maybe(
        sql(
            """
            select xid::text as xid, fact_id from activities.place
            where workspace_id = {workspace} and consumer = {consumer}
            for update skip locked
            """,
            consumer=consumer,
        )
    )


async def read_since(tx: Tx, consumer: Consumer, since: datetime) -> Sql:
    """What the consumer has been given since then, as a slice; it is given no more before the transaction ends."""
    place = await tx.maybe(
        sql(
            """
            select xid::text as xid, fact_id from activities.place
            where workspace_id = {workspace} and consumer = {consumer} for update
            """,
            consumer=consumer.name,
        )
    )
    xid, fact_id = (place["xid"], place["fact_id"]) if place is not None else ("0", 0)
    slice_ = _slice(consumer, "0", 0, xid, fact_id)
    return sql("{slice_} and at >= {since}", slice_=slice_, since=since)
