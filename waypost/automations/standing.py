"""Coming to rest at the end of a pass: where, in what state, until when; and the way that led there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from waypost.automations.types import State
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx

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


async def write_standings(tx: Tx, standings: Standings, enrollments: Mapping[int, int]) -> None:
    """One UPDATE for everyone who stands alike, whatever time they wait for. `enrollments` are by contact."""
    alike: dict[Standing, list[tuple[Standing, Sequence[Group]]]] = {}
    for standing, groups in standings.items():
        alike.setdefault(replace(standing, due_at=None, deadline=None), []).append((standing, groups))
    for shared, parts in alike.items():
        if len(parts) == 1:
            # lint: no-row-loops because a turn is everyone who stands alike
            await _write_one(tx, *parts[0], enrollments)
        else:
            # lint: no-row-loops because a turn is everyone who stands alike
            await _write_times(tx, shared, parts, enrollments)


async def _write_one(tx: Tx, standing: Standing, groups: Sequence[Group], enrollments: Mapping[int, int]) -> None:
    await tx.run(
        sql(
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
    )


async def _write_times(
    tx: Tx, shared: Standing, parts: Sequence[tuple[Standing, Sequence[Group]]], enrollments: Mapping[int, int]
) -> None:
    """Those who stand on the same step, each until a time of their own."""
    rows = [
        (enrollments[contact_id], standing.due_at, standing.deadline)
        for standing, groups in parts
        for _, ids in groups
        for contact_id in ids
    ]
    ids, due, deadlines = zip(*rows, strict=True)
    await tx.run(
        sql(
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
    )


async def write_paths(tx: Tx, standings: Standings, enrollments: Mapping[int, int]) -> None:
    """The steps and exits behind each contact in this pass, by COPY."""
    workspace_id, now = tx.workspace_id, tx.now
    await tx.copy(
        "automations.path",
        ("workspace_id", "enrollment_id", "at", "trail"),
        (
            (workspace_id, enrollments[contact_id], now, trail)
            for groups in standings.values()
            for trail, contact_ids in groups
            if trail
            for contact_id in contact_ids
        ),
    )
