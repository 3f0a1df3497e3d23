"""Coming to rest at the end of a pass: where, in what state, until when; and the way that led there.

Everything a pass leaves behind is one statement, counters last. Only the facts and paths of many are
sent ahead by COPY, which writes them for a fraction but takes exchanges of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from waypost.activities.actions import record_sets
from waypost.activities.entries import insert_sets
from waypost.automations.counters import Counters
from waypost.automations.types import State
from waypost.kernel.registry import Fact
from waypost.kernel.sql import Sql, and_, join, sql
from waypost.kernel.tx import Tx

FEW = 20
"""Up to so many contacts, what a pass costs is what its statements cost, whatever they carry."""

Group = tuple[str, list[int]]
"""A trail and the contacts who share it, in order of id."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A way of coming to rest."""

    step_id: str
    state: State
    is_served: bool = False
    due_at: datetime | None = None
    deadline: datetime | None = None
    error: str | None = None


Standings = Mapping[Standing, Sequence[Group]]


@dataclass(frozen=True, slots=True)
class Ending:
    """What a pass leaves behind; `enrollments` are by contact."""

    standings: Standings
    enrollments: Mapping[int, int]
    facts: Sequence[tuple[Fact, Sequence[int]]]

    async def write(self, tx: Tx, counters: Counters | None = None) -> None:
        """Write it all, and the counters behind it where no other pass comes after this one."""
        parts = _stood(tx, self.standings, self.enrollments)
        ids, trails = self._paths()
        if len(self.enrollments) > FEW:
            if self.facts:
                await record_sets(tx, self.facts)
            await _copy_paths(tx, ids, trails)
        else:
            if self.facts:
                parts.append(insert_sets(tx, self.facts))
            if ids:
                parts.append(_insert_paths(ids, trails))
        await tx.run(_together(parts, counters))

    def _paths(self) -> tuple[list[int], list[str]]:
        """The runs that have left a step, and the steps and exits behind each."""
        walked = [group for groups in self.standings.values() for group in groups if group[0]]
        ids = [self.enrollments[contact_id] for _, contact_ids in walked for contact_id in contact_ids]
        return ids, [trail for trail, contact_ids in walked for _ in contact_ids]


def _together(parts: Sequence[Sql], counters: Counters | None) -> Sql:
    """One statement; the counters wait for the parts, so that nobody waits for the counters while those run."""
    named = [(Sql(f"part_{number}"), part) for number, part in enumerate(parts)]
    done = and_(*[sql("(select count(*) from {name}) >= 0", name=name) for name, _ in named])
    last = None if counters is None else counters.upsert(done)
    return sql(
        "with {parts} {last}",
        parts=join(", ", [sql("{name} as ({part} returning 1)", name=name, part=part) for name, part in named]),
        last=sql("select 1") if last is None else last,
    )


def _stood(tx: Tx, standings: Standings, enrollments: Mapping[int, int]) -> list[Sql]:
    """One UPDATE for everyone who stands alike, whatever time they wait for."""
    alike: dict[Standing, list[tuple[Standing, Sequence[Group]]]] = {}
    for standing, groups in standings.items():
        alike.setdefault(replace(standing, due_at=None, deadline=None), []).append((standing, groups))
    return [
        _update_one(tx, *parts[0], enrollments) if len(parts) == 1 else _update_times(shared, parts, enrollments)
        for shared, parts in alike.items()
    ]


def _update_one(tx: Tx, standing: Standing, groups: Sequence[Group], enrollments: Mapping[int, int]) -> Sql:
    return sql(
        """
        update automations.enrollment
        set step_id = {step_id}, state = {state}::smallint, is_served = {is_served},
            due_at = {due_at}::timestamptz, deadline = {deadline}::timestamptz,
            finished_at = {finished_at}::timestamptz, error = {error}::text
        where workspace_id = {workspace} and id = any({ids}::bigint[])
        """,
        step_id=standing.step_id,
        state=int(standing.state),
        is_served=standing.is_served,
        due_at=standing.due_at,
        deadline=standing.deadline,
        finished_at=tx.now if standing.state == State.COMPLETED else None,
        error=standing.error,
        ids=[enrollments[contact_id] for _, ids in groups for contact_id in ids],
    )


def _update_times(
    shared: Standing, parts: Sequence[tuple[Standing, Sequence[Group]]], enrollments: Mapping[int, int]
) -> Sql:
    """Those who stand on the same step, each until a time of their own."""
    rows = [
        (enrollments[contact_id], standing.due_at, standing.deadline)
        for standing, groups in parts
        for _, ids in groups
        for contact_id in ids
    ]
    ids, due, deadlines = zip(*rows, strict=True)
    return sql(
        """
        update automations.enrollment as e
        set step_id = {step_id}, state = {state}::smallint, is_served = {is_served}, due_at = given.due_at,
            deadline = given.deadline, finished_at = null, error = {error}::text
        from unnest({ids}::bigint[], {due}::timestamptz[], {deadlines}::timestamptz[])
          as given (id, due_at, deadline)
        where e.workspace_id = {workspace} and e.id = given.id
        """,
        step_id=shared.step_id,
        state=int(shared.state),
        is_served=shared.is_served,
        error=shared.error,
        ids=list(ids),
        due=list(due),
        deadlines=list(deadlines),
    )


def _insert_paths(ids: list[int], trails: list[str]) -> Sql:
    return sql(
        """
        insert into automations.path (workspace_id, enrollment_id, at, trail)
        select {workspace}, given.id, {now}, given.trail
        from unnest({ids}::bigint[], {trails}::text[]) as given (id, trail)
        """,
        ids=ids,
        trails=trails,
    )


async def _copy_paths(tx: Tx, ids: list[int], trails: list[str]) -> None:
    workspace_id, now = tx.workspace_id, tx.now
    columns = ("workspace_id", "enrollment_id", "at", "trail")
    rows = ((workspace_id, id_, now, trail) for id_, trail in zip(ids, trails, strict=True))
    await tx.copy("automations.path", columns, rows)
