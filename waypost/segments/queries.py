"""Reading segments, and the predicate of any tree with the segments it names filled in."""

from __future__ import annotations

from asyncio import timeout
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic

from waypost.kernel.page import Page, decode_cursor, page_of
from waypost.kernel.sql import TRUE, Sql, sql
from waypost.kernel.tx import ReadTx
from waypost.segments.compile import compile_condition
from waypost.segments.errors import ConditionTooSlow, SegmentNotFound
from waypost.segments.expand import check_references, expand
from waypost.segments.plan import Planner, Source
from waypost.segments.terms import term_of
from waypost.segments.tree import parse_condition
from waypost.segments.types import Segment

__all__ = ["check_references", "expand"]

SAMPLE = 5
COUNT_SECONDS = 5.0
"""How long a person waits for the people a condition means."""

COLUMNS = sql(
    """
    id, name, condition, created_at, updated_at, state as state_number, version, member_count, evaluated_at,
    built_count, build_total, error
    """
)


@dataclass(frozen=True, slots=True)
class SampleContact:
    """Enough of a contact to recognise it."""

    id: int
    email: str | None
    first_name: str
    last_name: str


@dataclass(frozen=True, slots=True)
class Trial:
    """What a condition comes to now."""

    count: int
    sample: list[SampleContact]
    milliseconds: float
    plan: list[str]


@asynccontextmanager
async def in_time(seconds: float | None = None) -> AsyncIterator[None]:
    """Reading that is given up, with a failure that says so, when it takes too long."""
    limit = COUNT_SECONDS if seconds is None else seconds
    try:
        async with timeout(limit):
            yield
    except TimeoutError as error:
        raise ConditionTooSlow(seconds=limit, pointer="/condition") from error


async def get_segment(tx: ReadTx, segment_id: int) -> Segment:
    found = await tx.maybe(
        sql(
            """
            select {columns} from segments.segment
            where workspace_id = {workspace} and id = {segment_id}
            """,
            columns=COLUMNS,
            segment_id=segment_id,
        ),
        Segment,
    )
    if found is None:
        raise SegmentNotFound(segment_id=segment_id)
    return found


async def find_outer(tx: ReadTx, segment_id: int) -> list[int]:
    """The segment and all that are built on it, however indirectly."""
    rows = await tx.all(
        sql(
            """
            with recursive outer_ as (
                select {segment_id} as id
                union
                select s.id from segments.segment as s join outer_ as o on {named} where s.workspace_id = {workspace}
            )
            select id from outer_ order by id
            """,
            segment_id=segment_id,
            named=sql("jsonb_path_exists(s.condition, '$.**.segment_id ? (@ == $id)', jsonb_build_object('id', o.id))"),
        )
    )
    return [row["id"] for row in rows]


async def list_segments(tx: ReadTx, *, search: str = "", limit: int = 50, after: str | None = None) -> Page[Segment]:
    """Segments by name."""
    start = TRUE
    if after is not None:
        name, last_id = decode_cursor(after, str, int)
        start = sql("(name, id) > ({name}, {last_id})", name=name, last_id=last_id)
    rows = await tx.all(
        sql(
            """
            select {columns} from segments.segment
            where workspace_id = {workspace} and {start} and ({search} = '' or strpos(lower(name), lower({search})) > 0)
            order by name, id limit {limit}
            """,
            columns=COLUMNS,
            start=start,
            search=search,
            limit=limit + 1,
        ),
        Segment,
    )
    return page_of(rows, limit, lambda row: (row.name, row.id))


async def build_predicate(tx: ReadTx, document: object, contact_id: Sql, *, pointer: str = "") -> Sql:
    """A stored condition, checked, filled in and compiled over the contact whose id `contact_id` gives."""
    node = await expand(tx, parse_condition(tx.registry, document, pointer=pointer))
    return compile_condition(node, contact_id)


async def plan_audience(tx: ReadTx, document: object) -> Source:
    """The set of everyone who meets the condition, with the plan that was chosen."""
    node = await expand(tx, parse_condition(tx.registry, document), kept=True)
    return await Planner(tx).plan(term_of(node))


async def audience(tx: ReadTx, document: object) -> Sql:
    """A statement that yields contact_id for everyone who meets the condition."""
    return (await plan_audience(tx, document)).sql


async def matching(tx: ReadTx, document: object, contact_ids: Sequence[int]) -> set[int]:
    """Those of the contacts who meet the condition: one statement for the set."""
    predicate = await build_predicate(tx, document, sql("c.id"))
    rows = await tx.all(
        sql(
            "select c.id from unnest({contact_ids}::bigint[]) as c (id) where {predicate}",
            contact_ids=contact_ids,
            predicate=predicate,
        )
    )
    return {row[0] for row in rows}


async def count_matching(tx: ReadTx, document: object) -> int:
    """How many contacts meet the condition now."""
    return await tx.value(sql("select count(*) from ({who}) as who", who=await audience(tx, document)))


async def try_condition(tx: ReadTx, document: object, *, pointer: str = "/condition") -> Trial:
    """How many meet a condition that is being made, a few of them, and by which plan, within a time."""
    await check_references(tx, document, pointer=pointer)
    started = monotonic()
    async with in_time():
        plan = await plan_audience(tx, document)
        count = await tx.value(sql("select count(*) from ({who}) as who", who=plan.sql))
        spent = monotonic() - started
        sample = await _sample(tx, plan.sql, SAMPLE) if count else []
    return Trial(count, sample, round(spent * 1000, 1), list(plan.words))


async def _sample(tx: ReadTx, who: Sql, limit: int) -> list[SampleContact]:
    return await tx.all(
        sql(
            """
            select c.id, c.email, c.first_name, c.last_name
            from (select contact_id from ({who}) as who order by contact_id desc limit {limit}) as newest
            join contacts.contact as c on c.workspace_id = {workspace} and c.id = newest.contact_id
            order by c.id desc
            """,
            who=who,
            limit=limit,
        ),
        SampleContact,
    )
