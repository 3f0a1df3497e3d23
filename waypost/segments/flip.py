"""What time alone changes: contacts are looked at again at their moment, found by an index and not by a scan."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from waypost.kernel.db import Database
from waypost.kernel.registry import Engine
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx
from waypost.kernel.work import SystemWork
from waypost.segments.keeping import CHANNEL, forget_due, settle

BATCH = 5_000


async def flip(tx: Tx, *, limit: int = BATCH) -> int:
    """Settle who is due, the longest overdue first; returns how many that was."""
    rows = await tx.all(
        sql(
            """
            select segment_id, array_agg(contact_id) as contact_ids from ({due}) as due group by segment_id
            """,
            due=due_now(limit),
        )
    )
    if rows:
        await settle(tx, {row["segment_id"]: row["contact_ids"] for row in rows})
        await _forget_lost(tx, [row["segment_id"] for row in rows])
    return sum(len(row["contact_ids"]) for row in rows)


def due_now(limit: int) -> Sql:
    return sql(
        """
        select segment_id, contact_id from segments.membership_due
        where workspace_id = {workspace} and due_at <= {now} order by due_at limit {limit}
        """,
        limit=limit,
    )


async def _forget_lost(tx: Tx, segment_ids: list[int]) -> None:
    """Segments that went away or broke in the meantime are not met again."""
    alive = await tx.all(
        sql(
            """
            select id from segments.segment
            where workspace_id = {workspace} and id = any({ids}::bigint[]) and state <> 2
            """,
            ids=segment_ids,
        )
    )
    lost = set(segment_ids) - {row["id"] for row in alive}
    if lost:
        await forget_due(tx, sorted(lost))


class Flipper:
    """One batch of one workspace a tick."""

    def __init__(self, db: Database) -> None:
        self.db = db

    async def tick(self, workspace_id: int, *, now: datetime | None = None) -> bool:
        async with self.db.transaction(workspace_id, now=now) as tx:
            return await flip(tx) == BATCH


def due() -> Sql:
    """The workspaces in which somebody is due."""
    return sql(
        """
        select w.id as workspace_id from identity.workspace as w
        where exists (select 1 from segments.membership_due as d where d.workspace_id = w.id and d.due_at <= {now})
        """
    )


@asynccontextmanager
async def open_engine(work: SystemWork) -> AsyncGenerator[Callable[[int], Awaitable[bool]]]:
    yield Flipper(work.db).tick


FLIP = Engine(name="segments.flip", channel=CHANNEL, due=due, open=open_engine, interval_seconds=2.0)
