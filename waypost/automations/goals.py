"""Jumping to goals: a contact who meets a goal's condition goes there at once, out of waits too.

Two look for such contacts: the engine, at everyone it takes up (who enters may meet a goal already),
and a consumer of the log, at those whom a fact concerns and who may be in the middle of a wait. Both
note the goal as met in the same transaction, so that nobody jumps to it twice in one run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import asyncpg

from waypost.automations.counters import Counters
from waypost.automations.graph import EXIT, Program
from waypost.automations.wake import exit_runs
from waypost.kernel.registry import Consumer
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx
from waypost.segments.queries import matching

JUMPED = "jumped"
"""The exit by which a step is left for a goal."""


async def find_jumps(tx: Tx, program: Program, rows: Sequence[asyncpg.Record]) -> Mapping[int, int]:
    """The number of the goal's node for each contact of the claimed runs who jumps now."""
    jumps: dict[int, int] = {}
    for goal in reversed(program.goals):
        runs = {
            row["id"]: row["contact_id"]
            for row in rows
            if row["step_id"] in goal.from_steps and row["contact_id"] not in jumps
        }
        # lint: no-row-loops because a turn is a goal, for everyone
        runs = {key: runs[key] for key in runs.keys() - (await list_met(tx, goal.step_id, list(runs))).keys()}
        if not runs:
            continue
        # lint: no-row-loops because a turn is a goal, for everyone
        met = await matching(tx, goal.condition, sorted(runs.values()))
        jumps |= dict.fromkeys(met, goal.number)
        noted = [(key, goal.step_id) for key, contact_id in runs.items() if contact_id in met]
        if goal.number != EXIT:
            # lint: no-row-loops because a turn is a goal, for everyone
            await note_met(tx, noted, is_passed=False)
    return jumps


async def list_met(tx: Tx, step_id: str, enrollment_ids: Sequence[int]) -> dict[int, bool]:
    """Those of the runs that have met the goal, and whether they have come by it since."""
    statement = sql(
        """
        select enrollment_id, is_passed from automations.goal_met
        where workspace_id = {workspace} and enrollment_id = any({ids}::bigint[]) and step_id = {step_id}
        """,
        ids=list(enrollment_ids),
        step_id=step_id,
    )
    return {row["enrollment_id"]: row["is_passed"] for row in await tx.all(statement)}


async def note_met(tx: Tx, met: Sequence[tuple[int, str]], *, is_passed: bool = True) -> None:
    """Note runs with the goals they have met; who jumps to one has not passed it yet."""
    if met:
        columns = ("workspace_id", "enrollment_id", "step_id", "at", "is_passed")
        await tx.copy("automations.goal_met", columns, [(tx.workspace_id, *item, tx.now, is_passed) for item in met])


async def note_passed(tx: Tx, step_id: str, enrollment_ids: Sequence[int]) -> None:
    """Note who has arrived by a jump."""
    if enrollment_ids:
        await tx.run(
            sql(
                """
                update automations.goal_met set is_passed = true
                where workspace_id = {workspace} and enrollment_id = any({ids}::bigint[]) and step_id = {step_id}
                """,
                ids=list(enrollment_ids),
                step_id=step_id,
            )
        )


async def jump_slice(tx: Tx, slice_: Sql) -> None:
    """Whoever of the slice meets a goal now goes there, and is due."""
    await jump_where(
        tx,
        sql(
            """
            (e.contact_id, g.version_id, g.step_id) in (
                select s.contact_id, f.version_id, f.step_id
                from ({slice_}) as s
                join automations.goal_fact as f
                  on f.workspace_id = {workspace} and f.kind = s.kind
                 and (f.object_id is null or f.object_id = s.object_id)
            )
            """,
            slice_=slice_,
        ),
    )


async def jump_where(tx: Tx, which: Sql) -> None:
    """Whoever meets a goal now goes there; `which` narrows the runs `e` of active automations and the goals `g`."""
    rows = await _candidates(tx, which)
    chosen: dict[int, asyncpg.Record] = {}
    goals = {(row["version_id"], row["goal_step"]): row["condition"] for row in rows}
    for (version_id, step_id), condition in goals.items():
        here = [row for row in rows if (row["version_id"], row["goal_step"]) == (version_id, step_id)]
        # lint: no-row-loops because a turn is a goal, for everyone
        met = await matching(tx, condition, sorted({row["contact_id"] for row in here}))
        for row in here:
            before = chosen.get(row["id"])
            if row["contact_id"] in met and (before is None or before["number"] < row["number"]):
                chosen[row["id"]] = row
    leaving = [row["id"] for row in chosen.values() if row["number"] == EXIT]
    if leaving:
        await exit_runs(tx, sql("e.id = any({ids}::bigint[])", ids=leaving), reason="exit_rule")
    jumping = [row for row in chosen.values() if row["number"] != EXIT]
    if jumping:
        await _jump(tx, jumping)


async def _candidates(tx: Tx, which: Sql) -> list[asyncpg.Record]:
    """Live runs with a goal that they may have come to meet, locked."""
    return await tx.all(
        sql(
            """
            select e.id, e.automation_id, e.version_id, e.contact_id, e.step_id, g.step_id as goal_step, g.number,
                   g.condition
            from automations.enrollment as e
            join automations.goal as g
              on g.workspace_id = {workspace} and g.version_id = e.version_id and e.step_id = any(g.from_steps)
            where e.workspace_id = {workspace} and e.state in (0, 1) and {which}
              and not exists (
                select 1 from automations.goal_met as m
                where m.workspace_id = {workspace} and m.enrollment_id = e.id and m.step_id = g.step_id)
              and exists (
                select 1 from automations.automation as a
                where a.workspace_id = {workspace} and a.id = e.automation_id and a.status = 1)
            order by e.id
            for update of e
            """,
            which=which,
        )
    )


async def _jump(tx: Tx, rows: Sequence[asyncpg.Record]) -> None:
    await tx.run(
        sql(
            """
            update automations.enrollment as e
            set step_id = given.step_id, state = 0, is_served = false, due_at = {now}, deadline = null
            from unnest({ids}::bigint[], {steps}::text[]) as given (id, step_id)
            where e.workspace_id = {workspace} and e.id = given.id
            """,
            ids=[row["id"] for row in rows],
            steps=[row["goal_step"] for row in rows],
        )
    )
    await note_met(tx, [(row["id"], row["goal_step"]) for row in rows], is_passed=False)
    columns = ("workspace_id", "enrollment_id", "at", "trail")
    trails = [(tx.workspace_id, row["id"], tx.now, f"{row['step_id']}:{JUMPED}") for row in rows]
    await tx.copy("automations.path", columns, trails)
    counters = Counters()
    for row in rows:
        counters.add(row["automation_id"], row["step_id"], here=-1)
        counters.add(row["automation_id"], row["goal_step"], here=1)
    tx.wake("automations")
    await counters.write(tx)


JUMP = Consumer(name="automations.goals", facts=None, handle=jump_slice)
