"""A split that comes to an end: after so many contacts, on a day, or when enough have done what counts.

Until then paths are drawn by lot, or everyone takes the first; afterwards everyone takes the winner, or
the last. The winner is the path on which the largest part met the condition, of equals the first. Who
has taken a path takes it again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

import asyncpg
import msgspec

from waypost.automations.steps.paths import SharePath, check_paths, divide, seed_of
from waypost.kernel.model import Model
from waypost.kernel.registry import Batch, Branch, Step
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx
from waypost.segments.queries import build_predicate

PAUSE = timedelta(minutes=1)
"""How often it is counted who has met the condition."""
Many = Annotated[int, msgspec.Meta(ge=1)]


class SplitTestParams(Model):
    """`condition` says what counts; at least one of the three ends must be given."""

    paths: list[SharePath]
    condition: dict[str, Any]
    meanwhile: Literal["by_lot", "first"] = "by_lot"
    afterwards: Literal["winner", "last"] = "winner"
    after_contacts: Many | None = None
    after_matches: Many | None = None
    ends_at: datetime | None = None

    def __post_init__(self) -> None:
        check_paths([path.id for path in self.paths], least=2)
        if self.after_contacts is None and self.after_matches is None and self.ends_at is None:
            raise ValueError("say when the test ends")
        if self.ends_at is not None and self.ends_at.tzinfo is None:
            raise ValueError("the end needs a time zone")


async def run(tx: Tx, batch: Batch, params: SplitTestParams) -> Branch:
    test = await _hold(tx, batch)
    exits: dict[str, list[int]] = {path.id: [] for path in params.paths}
    known = await _taken(tx, batch)
    for contact_id, path_id in known.items():
        exits.setdefault(path_id, []).append(contact_id)
    fresh = [contact_id for contact_id in batch.contact_ids if contact_id not in known]
    winner: str | None = test["winner"]
    if winner is None:
        winner = await _decide(tx, batch, params, test)
    if winner is None:
        room = len(fresh) if params.after_contacts is None else max(0, params.after_contacts - await _count(tx, batch))
        drawn = _draw(batch, params, fresh[:room])
        await _note(tx, batch, drawn)
        for path_id, ids in drawn.items():
            exits[path_id] += ids
        fresh = fresh[room:]
        winner = await _decide(tx, batch, params, test) if fresh else None
    if fresh and winner is not None:
        await _note(tx, batch, {winner: fresh})
        exits.setdefault(winner, []).extend(fresh)
    return Branch(exits)


def _draw(batch: Batch, params: SplitTestParams, contact_ids: list[int]) -> dict[str, list[int]]:
    if params.meanwhile == "first":
        return {params.paths[0].id: contact_ids}
    return divide(contact_ids, params.paths, seed=seed_of(batch.automation_id, batch.step_id))


async def _hold(tx: Tx, batch: Batch) -> asyncpg.Record:
    """The test, held until the transaction ends, so that two workers do not both decide it."""
    place = {"automation_id": batch.automation_id, "step_id": batch.step_id}
    await tx.run(
        sql(
            """
            insert into automations.split_test (workspace_id, automation_id, step_id, started_at)
            values ({workspace}, {automation_id}, {step_id}, {now}) on conflict do nothing
            """,
            **place,
        )
    )
    return await tx.one(
        sql(
            """
            select winner, checked_at from automations.split_test
            where workspace_id = {workspace} and automation_id = {automation_id} and step_id = {step_id}
            for update
            """,
            **place,
        )
    )


async def _taken(tx: Tx, batch: Batch) -> dict[int, str]:
    rows = await tx.all(
        sql(
            """
            select contact_id, path_id from automations.split_taken
            where workspace_id = {workspace} and automation_id = {automation_id} and step_id = {step_id}
              and contact_id = any({ids}::bigint[])
            """,
            automation_id=batch.automation_id,
            step_id=batch.step_id,
            ids=list(batch.contact_ids),
        )
    )
    return {row["contact_id"]: row["path_id"] for row in rows}


async def _note(tx: Tx, batch: Batch, drawn: dict[str, list[int]]) -> None:
    columns = ("workspace_id", "automation_id", "step_id", "contact_id", "path_id", "is_met", "at")
    rows = [
        (tx.workspace_id, batch.automation_id, batch.step_id, contact_id, path_id, False, tx.now)
        for path_id, ids in drawn.items()
        for contact_id in ids
    ]
    await tx.copy("automations.split_taken", columns, rows)


async def _count(tx: Tx, batch: Batch) -> int:
    return await tx.value(
        sql(
            """
            select count(*) from automations.split_taken
            where workspace_id = {workspace} and automation_id = {automation_id} and step_id = {step_id}
            """,
            automation_id=batch.automation_id,
            step_id=batch.step_id,
        )
    )


async def _decide(tx: Tx, batch: Batch, params: SplitTestParams, test: asyncpg.Record) -> str | None:
    """The path for everyone from now on, if the test is over."""
    is_over = params.ends_at is not None and params.ends_at <= tx.now
    if params.after_contacts is not None and not is_over:
        is_over = await _count(tx, batch) >= params.after_contacts
    looks = params.after_matches is not None and (test["checked_at"] is None or test["checked_at"] <= tx.now - PAUSE)
    if not is_over and not looks:
        return None
    scores = await _score(tx, batch, params)
    if not is_over and params.after_matches is not None:
        is_over = sum(met for _, met in scores.values()) >= params.after_matches
    if not is_over:
        return None
    best = max(params.paths, key=lambda path: _rate(scores.get(path.id, (0, 0))))
    winner = best.id if params.afterwards == "winner" else params.paths[-1].id
    await tx.run(
        sql(
            """
            update automations.split_test set winner = {winner}, decided_at = {now}
            where workspace_id = {workspace} and automation_id = {automation_id} and step_id = {step_id}
            """,
            winner=winner,
            automation_id=batch.automation_id,
            step_id=batch.step_id,
        )
    )
    return winner


def _rate(score: tuple[int, int]) -> float:
    taken, met = score
    return met / taken if taken else 0.0


async def _score(tx: Tx, batch: Batch, params: SplitTestParams) -> dict[str, tuple[int, int]]:
    """How many took each path, and how many of them have met the condition by now."""
    place = {"automation_id": batch.automation_id, "step_id": batch.step_id}
    await tx.run(
        sql(
            """
            update automations.split_taken as t set is_met = true
            where t.workspace_id = {workspace} and t.automation_id = {automation_id} and t.step_id = {step_id}
              and not t.is_met and {met}
            """,
            met=await build_predicate(tx, params.condition, sql("t.contact_id")),
            **place,
        )
    )
    await tx.run(
        sql(
            """
            update automations.split_test set checked_at = {now}
            where workspace_id = {workspace} and automation_id = {automation_id} and step_id = {step_id}
            """,
            **place,
        )
    )
    rows = await tx.all(
        sql(
            """
            select path_id, count(*) as taken, count(*) filter (where is_met) as met from automations.split_taken
            where workspace_id = {workspace} and automation_id = {automation_id} and step_id = {step_id}
            group by path_id
            """,
            **place,
        )
    )
    return {row["path_id"]: (row["taken"], row["met"]) for row in rows}


def exits(params: SplitTestParams | None) -> Sequence[str]:
    return tuple(path.id for path in params.paths) if params else ()


SPLIT_TEST = Step(
    type="split_test", label="Split test", group="flow", icon="flask", params=SplitTestParams,
    run=run, exits=exits, reads=True,
)  # fmt: skip
