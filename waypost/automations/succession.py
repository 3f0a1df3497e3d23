"""Where contacts who are inside go when a new version is published.

Every run that is alive moves to the new version in the transaction that publishes it. On a step that
is still there they stay: time that a wait has lasted counts, and who waits for a condition is looked at
again at once. Whoever stands on a step that is gone goes to the next one that is left, unless they are
sent elsewhere or out. A run that begins by the old version while this happens follows a little later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Literal

import msgspec

from waypost.automations.changes import Value, compare
from waypost.automations.counters import WHOLE, Counters
from waypost.automations.graph import END, AutomationDocument, Node, Program, compile_program, walk
from waypost.automations.wake import exit_runs
from waypost.kernel.registry import Registry
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import ReadTx, Tx

Way = Literal["stay", "next", "step", "exit"]


@dataclass(frozen=True, slots=True)
class Move:
    """Where those on a step go; `to_step_id` is for the way "step"."""

    step_id: str
    way: Way
    to_step_id: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """How to move: by step, what is said of it; `waits_count` lets time already waited count toward a new length."""

    moves: Mapping[str, Move]
    waits_count: bool = True


@dataclass(frozen=True, slots=True)
class Occupied:
    """A step on which contacts stand, and what the new version does with it."""

    step_id: str
    type: str
    here: int
    change: Literal["same", "changed", "gone"]
    values: Sequence[Value]
    next_step_id: str | None
    """Where "next" leads from a step that is gone; None is out."""


@dataclass(frozen=True, slots=True)
class _Place:
    """What happens to the runs on one step of one version."""

    version_id: int
    step_id: str
    to_step: str
    is_anew: bool = False
    """Whether the step is taken as on arrival."""
    looks: bool = False
    """Whether who waits for a condition is looked at again at once."""
    shift: timedelta = timedelta(0)
    fresh_deadline: timedelta | None = None
    """The time-out, from now on, of who had none."""
    drops_deadline: bool = False


async def list_occupied(tx: ReadTx, automation_id: int, document: AutomationDocument) -> list[Occupied]:
    """The steps on which contacts of any version stand, held against a document that may be published."""
    rows = await tx.all(
        sql(
            """
            select version_id, step_id, count(*) as here from automations.enrollment
            where workspace_id = {workspace} and automation_id = {automation_id} and state in (0, 1, 3)
            group by version_id, step_id order by version_id desc, step_id
            """,
            automation_id=automation_id,
        )
    )
    versions = await _documents(tx, automation_id)
    found: dict[str, Occupied] = {}
    for row in rows:
        one = _occupied(tx.registry, versions[row["version_id"]], document, row["step_id"], row["here"])
        known = found.get(one.step_id)
        found[one.step_id] = one if known is None else replace(known, here=known.here + one.here)
    order = {step.id: place for place, (step, _) in enumerate(walk(document.steps))}
    return sorted(found.values(), key=lambda one: (order.get(one.step_id, -1), one.step_id))


def _occupied(
    registry: Registry, before: AutomationDocument, after: AutomationDocument, step_id: str, here: int
) -> Occupied:
    old, new = compile_program(registry, before), compile_program(registry, after)
    was, now = _node(old, step_id), _node(new, step_id)
    kind = next((step.type for step, _ in walk(before.steps) if step.id == step_id), "")
    if was is None or now is None or was.step != now.step:
        return Occupied(step_id, kind, here, "gone", (), _next_left(old, new, step_id))
    values = next((c.values for c in compare(before, after) if c.id == step_id and c.kind == "changed"), ())
    return Occupied(step_id, kind, here, "changed" if values else "same", values, step_id)


async def move_runs(tx: Tx, automation_id: int, plan: Plan) -> int:
    """Take every live run of an older version to the published one; returns how many went or were let out."""
    new_id = await tx.value(
        sql(
            "select version_id from automations.automation where workspace_id = {workspace} and id = {id}",
            id=automation_id,
        )
    )
    versions = await _documents(tx, automation_id)
    after = compile_program(tx.registry, versions.pop(new_id))
    places: list[_Place] = []
    leaving: list[tuple[int, str]] = []
    for version_id, document in versions.items():
        before = compile_program(tx.registry, document)
        for node in before.nodes:
            place = _place(before, version_id, node, after, plan)
            if place is None:
                leaving.append((version_id, node.step_id))
            else:
                places.append(place)
    gone = await exit_runs(tx, _standing_on(automation_id, leaving), reason="published") if leaving else 0
    return gone + (await _move(tx, automation_id, new_id, places) if places else 0)


def _standing_on(automation_id: int, places: Sequence[tuple[int, str]]) -> Sql:
    return sql(
        """
        e.automation_id = {automation_id} and (e.version_id, e.step_id) in (
            select p.version_id, p.step_id from unnest({versions}::bigint[], {steps}::text[]) as p (version_id, step_id))
        """,
        automation_id=automation_id,
        versions=[version_id for version_id, _ in places],
        steps=[step_id for _, step_id in places],
    )


def _place(before: Program, version_id: int, was: Node, after: Program, plan: Plan) -> _Place | None:
    """Where the runs on this step go; None is out."""
    now = _node(after, was.step_id)
    is_left = now is not None and now.step == was.step
    move = plan.moves.get(was.step_id, Move(was.step_id, "stay" if is_left else "next"))
    if move.way == "exit":
        return None
    if move.way == "step":
        return _Place(version_id, was.step_id, move.to_step_id, is_anew=True)
    if move.way == "next" or now is None or not is_left:
        target = _next_left(before, after, was.step_id)
        return None if target is None else _Place(version_id, was.step_id, target, is_anew=True)
    stays = _Place(version_id, was.step_id, was.step_id)
    return stays if was.params == now.params else _changed(stays, was, now, plan)


def _changed(stays: _Place, was: Node, now: Node, plan: Plan) -> _Place:
    """Staying on a step whose settings differ."""
    if now.step is None or was.step is None:
        return stays
    looks = replace(stays, looks=True)
    if not plan.waits_count:
        return looks
    if now.step.lasts is not None:
        before, after = now.step.lasts(was.params), now.step.lasts(now.params)
        shift = timedelta(0) if before is None or after is None else after - before
        return replace(looks, shift=shift, fresh_deadline=after, drops_deadline=after is None)
    return replace(looks, is_anew=now.step.resets)


async def _move(tx: Tx, automation_id: int, new_id: int, places: Sequence[_Place]) -> int:
    """One statement for all: lock the runs where they stand now, and put each where its step leads."""
    moved = await tx.all(
        sql(
            """
            with held as materialized (
                select e.id, e.version_id, e.step_id, e.state from automations.enrollment as e
                where e.workspace_id = {workspace} and e.automation_id = {automation_id}
                  and e.state in (0, 1, 3) and e.version_id <> {new_id}
                order by e.id for update
            ), moved as (
                update automations.enrollment as e
                set version_id = {new_id}, step_id = p.to_step,
                    state = case when p.is_anew then 0 else e.state end,
                    is_served = e.is_served and not p.is_anew,
                    due_at = case when p.is_anew or (p.looks and e.state = 1) then {now}
                                  when e.state = 0 and e.is_served and p.shift <> interval '0'
                                  then greatest(e.due_at + p.shift, {now})
                                  else e.due_at end,
                    deadline = case when p.is_anew or p.drops_deadline or e.state <> 1 then null
                                    else coalesce(e.deadline + p.shift, {now} + p.fresh_deadline) end,
                    error = case when p.is_anew then null else e.error end
                from held, unnest(
                    {versions}::bigint[], {steps}::text[], {targets}::text[], {anew}::boolean[], {looks}::boolean[],
                    {shifts}::interval[], {fresh}::interval[], {drops}::boolean[]
                ) as p (version_id, step_id, to_step, is_anew, looks, shift, fresh_deadline, drops_deadline)
                where e.workspace_id = {workspace} and e.id = held.id
                  and p.version_id = held.version_id and p.step_id = held.step_id
                returning held.step_id as from_step, e.step_id as to_step, held.state as was, e.state as is_now
            )
            select from_step, to_step, count(*) as count, count(*) filter (where was = 3) as parked_before,
                   count(*) filter (where is_now = 3) as parked_after
            from moved group by from_step, to_step
            """,
            automation_id=automation_id,
            new_id=new_id,
            versions=[place.version_id for place in places],
            steps=[place.step_id for place in places],
            targets=[place.to_step for place in places],
            anew=[place.is_anew for place in places],
            looks=[place.looks for place in places],
            shifts=[place.shift for place in places],
            fresh=[place.fresh_deadline for place in places],
            drops=[place.drops_deadline for place in places],
        )
    )
    counters = Counters()
    for row in moved:
        counters.add(automation_id, row["from_step"], here=-row["count"], parked=-row["parked_before"])
        counters.add(automation_id, row["to_step"], here=row["count"], parked=row["parked_after"])
        counters.add(automation_id, WHOLE, parked=row["parked_after"] - row["parked_before"])
    await counters.write(tx)
    if moved:
        tx.wake("automations")
        tx.wake("live")
    return sum(row["count"] for row in moved)


def _next_left(before: Program, after: Program, step_id: str) -> str | None:
    """The first step behind this one, by the ordinary way, that the new version still has."""
    node = _node(before, step_id)
    while node is not None:
        node = None if node.next == END else before.nodes[node.next]
        if node is not None and node.step_id in after.numbers:
            return node.step_id
    return None


def _node(program: Program, step_id: str) -> Node | None:
    number = program.numbers.get(step_id)
    return None if number is None else program.nodes[number]


async def _documents(tx: ReadTx, automation_id: int) -> dict[int, AutomationDocument]:
    """The versions that anyone is on, and the published one."""
    rows: Sequence[Any] = await tx.all(
        sql(
            """
            select v.id, v.document from automations.automation_version as v
            where v.workspace_id = {workspace} and v.automation_id = {automation_id}
              and (v.id = (select a.version_id from automations.automation as a
                           where a.workspace_id = {workspace} and a.id = {automation_id})
                   or exists (select 1 from automations.enrollment as e
                              where e.workspace_id = {workspace} and e.automation_id = {automation_id}
                                and e.version_id = v.id and e.state in (0, 1, 3)))
            """,
            automation_id=automation_id,
        )
    )
    return {row["id"]: msgspec.convert(row["document"], AutomationDocument) for row in rows}
