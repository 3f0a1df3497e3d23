"""Finding all members of a segment that is new or changed, in chunks that commit on their own.

Everyone who meets the condition is read once, in a transaction that writes nothing and so holds nobody
up; then members are put right, a range of ids at a time, each with a look whether the segment is still the
same. Contacts that the log or time settled in between are left as they are. A builder that dies lets its
lease run out, and the next begins again; what was right stays.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from waypost.kernel.db import Database
from waypost.kernel.registry import Engine
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import ReadTx, Tx
from waypost.kernel.work import SystemWork
from waypost.segments.due import due_of, still_part
from waypost.segments.expand import expand
from waypost.segments.keeping import CHANNEL, TROUBLE, Kept, forget_due, mark_broken
from waypost.segments.plan import Planner
from waypost.segments.terms import EVERYONE, Term, term_of
from waypost.segments.tree import parse_condition

CHUNK = 20_000
LEASE = timedelta(seconds=60)
LAST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Found:
    """What one reading found, in order of id: the members, whom time may move, and where to cut."""

    term: Term
    now: datetime
    contact_ids: Sequence[int]
    movable_ids: Sequence[int]
    bounds: Sequence[int]


class Builder:
    """Builds one segment of a workspace a tick."""

    def __init__(self, db: Database, *, chunk: int = CHUNK) -> None:
        self.db = db
        self.chunk = chunk

    async def tick(self, workspace_id: int, *, now: datetime | None = None) -> bool:
        """Build the next segment; False when there is none that nobody else is building."""
        async with self.db.transaction(workspace_id, now=now) as tx:
            segment = await claim(tx)
        if segment is None:
            return False
        try:
            async with self.db.transaction(workspace_id, now=now) as tx:
                found = await self.read(tx, segment)
            await self.write(workspace_id, segment, found)
        except TROUBLE as error:
            async with self.db.transaction(workspace_id) as tx:
                await mark_broken(tx, segment.id, error)
        return True

    async def read(self, tx: ReadTx, segment: Kept) -> Found:
        term = term_of(await expand(tx, parse_condition(tx.registry, segment.condition)))
        contact_ids = await _ids_of(tx, term)
        movable_ids: list[int] = []
        if due_of(term, sql("c.id")) is not None:
            movable_ids = await _ids_of(tx, still_part(term) or EVERYONE)
        cuts = set(contact_ids[self.chunk - 1 :: self.chunk]) | set(movable_ids[self.chunk - 1 :: self.chunk])
        cuts |= set(await tx.value(_cuts(segment.id, self.chunk)) or ())
        return Found(term, tx.now, contact_ids, movable_ids, [*sorted(cuts), LAST])

    async def write(self, workspace_id: int, segment: Kept, found: Found) -> None:
        lower = -1
        for number, upper in enumerate(found.bounds):
            async with self.db.transaction(workspace_id, now=found.now) as tx:
                # lint: no-row-loops because a turn is a chunk with a transaction of its own
                if not await _go_on(tx, segment, number, len(found.bounds)):
                    return
                # lint: no-row-loops because a turn is a chunk with a transaction of its own
                await put_right(tx, segment, found, (lower, upper))
                tx.wake("live")
            lower = upper
        async with self.db.transaction(workspace_id, now=found.now) as tx:
            await _finish(tx, segment, found.term)


async def claim(tx: Tx) -> Kept | None:
    """The next segment to build, for this builder alone until the lease is over."""
    return await tx.maybe(
        sql(
            """
            with next as materialized (
                select id from segments.segment
                where workspace_id = {workspace} and state = 0 and (lease_at is null or lease_at < now())
                order by id limit 1 for no key update skip locked
            ), anew as (
                delete from segments.settled as d using next
                where d.workspace_id = {workspace} and d.segment_id = next.id
            )
            update segments.segment as s
            set lease_at = now() + {lease}, built_count = 0, build_total = 0
            from next where s.workspace_id = {workspace} and s.id = next.id
            returning s.id, s.condition, s.state, s.version, s.evaluated_at is null as is_new
            """,
            lease=LEASE,
        ),
        Kept,
    )


async def _ids_of(tx: ReadTx, term: Term) -> list[int]:
    """Everyone who meets the term, in order."""
    plan = await Planner(tx).plan(term)
    statement = sql("select array_agg(contact_id order by contact_id) from ({who}) as who", who=plan.sql)
    return await tx.value(statement) or []


def _cuts(segment_id: int, chunk: int) -> Sql:
    """Every so many of the members there are."""
    return sql(
        """
        select array_agg(contact_id) from (
            select contact_id, row_number() over (order by contact_id) as number from segments.membership
            where workspace_id = {workspace} and segment_id = {segment_id}
        ) as numbered
        where number % {chunk} = 0
        """,
        segment_id=segment_id,
        chunk=chunk,
    )


def _within(ids: Sequence[int], span: tuple[int, int]) -> list[int]:
    return list(ids[bisect_right(ids, span[0]) : bisect_right(ids, span[1])])


async def _go_on(tx: Tx, segment: Kept, number: int, total: int) -> bool:
    """Hold the segment and note how far the build is; False when it was changed or deleted."""
    return bool(
        await tx.run(
            sql(
                """
                update segments.segment
                set lease_at = now() + {lease}, built_count = {number}, build_total = {total}
                where workspace_id = {workspace} and id = {segment_id} and version = {version} and state = 0
                """,
                lease=LEASE,
                number=number,
                total=total,
                segment_id=segment.id,
                version=segment.version,
            )
        )
    )


async def put_right(tx: Tx, segment: Kept, found: Found, span: tuple[int, int]) -> None:
    """Make those found the members within a span of ids, and write when to look again."""
    await tx.run(
        sql(
            """
            with wanted as materialized (
                select c.id as contact_id from contacts.contact as c
                where c.workspace_id = {workspace} and c.id = any({contact_ids}::bigint[]) and c.deleted_at is null
            ), kept as materialized (
                select contact_id from segments.settled
                where workspace_id = {workspace} and segment_id = {segment_id}
                  and contact_id > {lower} and contact_id <= {upper}
            ), entered as (
                insert into segments.membership (workspace_id, segment_id, contact_id, entered_at)
                select {workspace}, {segment_id}, contact_id, {now} from wanted
                where contact_id not in (select contact_id from kept) order by contact_id
                on conflict do nothing returning contact_id
            ), gone as (
                delete from segments.membership as m
                where m.workspace_id = {workspace} and m.segment_id = {segment_id}
                  and m.contact_id > {lower} and m.contact_id <= {upper}
                  and m.contact_id not in (select contact_id from wanted)
                  and m.contact_id not in (select contact_id from kept)
                returning contact_id
            )
            insert into segments.movement (workspace_id, segment_id, contact_id, at, is_entry)
            select {workspace}, {segment_id}, contact_id, {now}, is_entry
            from (select contact_id, true as is_entry from entered union all select contact_id, false from gone) as moves
            where not {is_new}
            """,
            segment_id=segment.id,
            contact_ids=_within(found.contact_ids, span),
            lower=span[0],
            upper=span[1],
            is_new=segment.is_new,
        )
    )
    due = due_of(found.term, sql("c.id"))
    if due is not None:
        await _put_due(tx, segment, due, span, _within(found.movable_ids, span))


async def _put_due(tx: Tx, segment: Kept, due: Sql, span: tuple[int, int], contact_ids: Sequence[int]) -> None:
    await tx.run(
        sql(
            """
            with kept as materialized (
                select contact_id from segments.settled
                where workspace_id = {workspace} and segment_id = {segment_id}
                  and contact_id > {lower} and contact_id <= {upper}
            ), fresh as materialized (
                select c.id as contact_id, {due} as due_at from contacts.contact as c
                where c.workspace_id = {workspace} and c.deleted_at is null and c.id = any({contact_ids}::bigint[])
                  and c.id not in (select contact_id from kept)
            ), dropped as (
                delete from segments.membership_due as d
                where d.workspace_id = {workspace} and d.segment_id = {segment_id}
                  and d.contact_id > {lower} and d.contact_id <= {upper}
                  and d.contact_id not in (select contact_id from kept)
                  and d.contact_id not in (select contact_id from fresh where due_at is not null)
            )
            insert into segments.membership_due (workspace_id, segment_id, contact_id, due_at)
            select {workspace}, {segment_id}, contact_id, due_at from fresh where due_at is not null order by contact_id
            on conflict (workspace_id, segment_id, contact_id) do update set due_at = excluded.due_at
            """,
            segment_id=segment.id,
            due=due,
            contact_ids=contact_ids,
            lower=span[0],
            upper=span[1],
        )
    )


async def _finish(tx: Tx, segment: Kept, term: Term) -> None:
    """From here on the log and time keep it current."""
    if not await _go_on(tx, segment, 1, 1):
        return
    if due_of(term, sql("c.id")) is None:
        await forget_due(tx, [segment.id])
    await tx.run(
        sql(
            """
            with over as (
                delete from segments.settled where workspace_id = {workspace} and segment_id = {segment_id}
            )
            update segments.segment
            set state = 1, lease_at = null, evaluated_at = {now}, error = null, member_count = (
                select count(*) from segments.membership
                where workspace_id = {workspace} and segment_id = {segment_id})
            where workspace_id = {workspace} and id = {segment_id}
            """,
            segment_id=segment.id,
        )
    )
    tx.wake("live")


def building() -> Sql:
    """The workspaces with a segment that nobody builds."""
    return sql(
        """
        select w.id as workspace_id from identity.workspace as w
        where exists (
            select 1 from segments.segment as s
            where s.workspace_id = w.id and s.state = 0 and (s.lease_at is null or s.lease_at < {now})
        )
        """
    )


@asynccontextmanager
async def open_engine(work: SystemWork) -> AsyncGenerator[Callable[[int], Awaitable[bool]]]:
    yield Builder(work.db).tick


BUILD = Engine(name="segments.build", channel=CHANNEL, due=building, open=open_engine, interval_seconds=2.0)
