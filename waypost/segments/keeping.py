"""Members of segments: what is looked at after which facts, and the one statement that settles contacts.

    change of a segment ──> building ──build.py: everyone, in chunks──> current
    facts ──follow.py──┐
    time ───flip.py────┴──> settle: these contacts, all their segments, facts of who entered and left

Whoever settles or builds holds the segment's row for the transaction, and only then looks, so that the
later answer is always the one that stays. Rows are locked in order of id.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg

from waypost.activities.actions import record_sets
from waypost.contacts.facts import ContactCreated, ContactDeleted, ContactMerged, ContactRestored
from waypost.kernel.errors import Failure
from waypost.kernel.log import log
from waypost.kernel.registry import Fact
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx
from waypost.segments.compile import facts_of
from waypost.segments.due import due_of
from waypost.segments.expand import expand
from waypost.segments.facts import SegmentEntered, SegmentLeft
from waypost.segments.terms import Term, predicate, term_of
from waypost.segments.tree import parse_condition
from waypost.segments.types import BROKEN, BUILDING

CHANNEL = "segments"
MAX_ERROR = 500

ALWAYS: tuple[type[Fact], ...] = (ContactCreated, ContactDeleted, ContactRestored, ContactMerged)
"""After these any segment may have to take in or let go of the contact."""

TROUBLE = (Failure, asyncpg.DataError, asyncpg.SyntaxOrAccessError, asyncpg.ProgramLimitExceededError)
"""What is wrong with the condition itself, and not with the moment."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A segment that is held by this transaction."""

    id: int
    condition: dict[str, Any]
    state: int
    version: int
    is_new: bool
    """Its first members have not all been found: who is found now has not entered it."""


@dataclass(frozen=True, slots=True)
class Moved:
    """Who came into a segment and who left it."""

    segment: Kept
    entered: Sequence[int]
    left: Sequence[int]


async def hold(tx: Tx, segment_ids: Sequence[int]) -> list[Kept]:
    """Lock the segments that still are and can be asked, in order."""
    return await tx.all(
        sql(
            """
            select id, condition, state, version, evaluated_at is null as is_new from segments.segment
            where workspace_id = {workspace} and id = any({ids}::bigint[]) and state <> {broken}
            order by id for no key update
            """,
            ids=sorted(segment_ids),
            broken=BROKEN,
        ),
        Kept,
    )


async def watch(tx: Tx, segment_ids: Sequence[int], *, is_strict: bool = True) -> None:
    """Write down after which facts the segments are looked at, as their trees are now.

    One that cannot be asked fails the change (the caller's), or is marked as broken where nothing was changed.
    """
    rows: set[tuple[int, int, int, int]] = set()
    for segment in await hold(tx, segment_ids):
        try:
            # lint: no-row-loops because a turn is a segment that is built on the one that changed
            node = await expand(tx, parse_condition(tx.registry, segment.condition))
        except Failure as error:
            if is_strict:
                raise
            await mark_broken(tx, segment.id, error)  # lint: no-row-loops because few break
            continue
        named = [(fact.kind, object_id or 0) for fact, object_id in facts_of(node)]
        rows |= {
            (tx.workspace_id, kind, object_id, segment.id)
            for kind, object_id in [*named, *((fact.kind, 0) for fact in ALWAYS)]
        }
    await tx.run(
        sql(
            "delete from segments.watch where workspace_id = {workspace} and segment_id = any({ids}::bigint[])",
            ids=list(segment_ids),
        )
    )
    await tx.copy("segments.watch", ("workspace_id", "kind", "object_id", "segment_id"), sorted(rows))


async def settle(tx: Tx, contacts: Mapping[int, Sequence[int]]) -> None:
    """Look at these contacts of these segments and write who came, who left and when to look again."""
    segments = await hold(tx, list(contacts))
    try:
        async with tx.conn.transaction():
            # lint: no-row-loops because a turn is a segment, with all its contacts
            moved = [await _settle_one(tx, segment, contacts[segment.id]) for segment in segments]
    except TROUBLE:
        moved = await _settle_apart(tx, segments, contacts)
    await _tell(tx, moved)


async def _settle_apart(tx: Tx, segments: Sequence[Kept], contacts: Mapping[int, Sequence[int]]) -> list[Moved]:
    """One by one, so that a segment that cannot be asked any more stops no other."""
    moved: list[Moved] = []
    for segment in segments:
        try:
            async with tx.conn.transaction():
                # lint: no-row-loops because a turn is a segment, with all its contacts
                moved.append(await _settle_one(tx, segment, contacts[segment.id]))
        except TROUBLE as error:
            await mark_broken(tx, segment.id, error)  # lint: no-row-loops because few break
    return moved


async def mark_broken(tx: Tx, segment_id: int, error: Exception) -> None:
    log.warning("a segment cannot be kept", segment_id=segment_id, error=str(error))
    await tx.run(
        sql(
            """
            update segments.segment set state = {broken}::smallint, error = {error}, lease_at = null
            where workspace_id = {workspace} and id = {segment_id}
            """,
            broken=BROKEN,
            error=str(error)[:MAX_ERROR],
            segment_id=segment_id,
        )
    )
    await forget_due(tx, [segment_id])


async def forget_due(tx: Tx, segment_ids: Sequence[int]) -> None:
    """Look at nobody because of time any more."""
    await tx.run(
        sql(
            "delete from segments.membership_due where workspace_id = {workspace} and segment_id = any({ids}::bigint[])",
            ids=list(segment_ids),
        )
    )


async def _settle_one(tx: Tx, segment: Kept, contact_ids: Sequence[int]) -> Moved:
    term = term_of(await expand(tx, parse_condition(tx.registry, segment.condition)))
    due = due_of(term, sql("w.contact_id"))
    row = await tx.one(settling(segment, term, due, contact_ids))
    return Moved(segment, row["entered"], row["gone"])


def settling(segment: Kept, term: Term, due: Sql | None, contact_ids: Sequence[int]) -> Sql:
    return sql(
        """
        with looked as materialized (
            select w.contact_id, l.id is not null and ({holds}) is true as holds,
                   case when l.id is not null then {due} end as due_at
            from unnest({contact_ids}::bigint[]) as w (contact_id)
            left join contacts.contact as l
              on l.workspace_id = {workspace} and l.id = w.contact_id and l.deleted_at is null
        ), entered as (
            insert into segments.membership (workspace_id, segment_id, contact_id, entered_at)
            select {workspace}, {segment_id}, contact_id, {now} from looked where holds order by contact_id
            on conflict do nothing returning contact_id
        ), gone as (
            -- An array, so that members are looked up by their key whatever the planner knows of a young table.
            delete from segments.membership as m
            where m.workspace_id = {workspace} and m.segment_id = {segment_id}
              and m.contact_id = any(array(select contact_id from looked where not holds))
            returning m.contact_id
        ), moved as (
            insert into segments.movement (workspace_id, segment_id, contact_id, at, is_entry)
            select {workspace}, {segment_id}, contact_id, {now}, is_entry
            from (select contact_id, true as is_entry from entered union all select contact_id, false from gone) as moves
            where not {is_new}
        ), timed as ({timed}), untimed as ({untimed}), settled as (
            insert into segments.settled (workspace_id, segment_id, contact_id)
            select {workspace}, {segment_id}, contact_id from looked where {is_building} on conflict do nothing
        )
        select array(select contact_id from entered) as entered, array(select contact_id from gone) as gone
        """,
        contact_ids=list(contact_ids),
        holds=predicate(term, sql("w.contact_id")),
        due=due or sql("null::timestamptz"),
        timed=sql("select 1") if due is None else _timing(segment),
        untimed=sql("select 1") if due is None else _untiming(segment),
        segment_id=segment.id,
        is_new=segment.is_new,
        is_building=segment.state == BUILDING,
    )


def _timing(segment: Kept) -> Sql:
    return sql(
        """
        insert into segments.membership_due (workspace_id, segment_id, contact_id, due_at)
        select {workspace}, {segment_id}, contact_id, due_at from looked where due_at is not null order by contact_id
        on conflict (workspace_id, segment_id, contact_id) do update set due_at = excluded.due_at
        """,
        segment_id=segment.id,
    )


def _untiming(segment: Kept) -> Sql:
    return sql(
        """
        delete from segments.membership_due as d
        where d.workspace_id = {workspace} and d.segment_id = {segment_id}
          and d.contact_id = any(array(select contact_id from looked where due_at is null))
        """,
        segment_id=segment.id,
    )


async def _tell(tx: Tx, moved: Sequence[Moved]) -> None:
    """Count the members anew and record who entered and left."""
    if not moved:
        return
    await tx.run(
        sql(
            """
            update segments.segment as s
            set member_count = s.member_count + c.change, evaluated_at = coalesce(c.at, s.evaluated_at)
            from unnest({ids}::bigint[], {changes}::bigint[], {times}::timestamptz[]) as c (id, change, at)
            where s.workspace_id = {workspace} and s.id = c.id
            """,
            ids=[item.segment.id for item in moved],
            changes=[len(item.entered) - len(item.left) for item in moved],
            times=[None if item.segment.state == BUILDING else tx.now for item in moved],
        )
    )
    told = [item for item in moved if not item.segment.is_new]
    sets: list[tuple[Fact, Sequence[int]]] = [
        (SegmentEntered(segment_id=item.segment.id), item.entered) for item in told if item.entered
    ]
    sets += [(SegmentLeft(segment_id=item.segment.id), item.left) for item in told if item.left]
    if sets:
        await record_sets(tx, sets)
        tx.wake("live")
