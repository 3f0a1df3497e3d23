"""Making and changing scores and rules. What a change means for contacts is worked out behind it, in parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg
import orjson

from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx
from waypost.kernel.uses import refuse_while_live
from waypost.scores.awards import adjust
from waypost.scores.errors import PointsMissing, ScoreNameMissing, ScoreNameTaken
from waypost.scores.queries import get_rule, get_score
from waypost.scores.types import Rule, Score
from waypost.segments.compile import facts_of, is_time_bound
from waypost.segments.expand import check_references
from waypost.segments.types import Node

CHANNEL = "scores"


def _name(text: str) -> str:
    name = " ".join(text.replace("\x00", "").split())[:250]
    if not name:
        raise ScoreNameMissing(pointer="/name")
    return name


async def create_score(tx: Tx, *, name: str, description: str = "") -> Score:
    try:
        score_id = await tx.value(
            sql(
                """
                insert into scores.score (workspace_id, name, description, created_at, updated_at)
                values ({workspace}, {name}, {description}, {now}, {now}) returning id
                """,
                name=_name(name),
                description=description,
            )
        )
    except asyncpg.UniqueViolationError as error:
        raise ScoreNameTaken(name=name, pointer="/name") from error
    return await get_score(tx, score_id)


async def update_score(tx: Tx, score_id: int, changes: Mapping[str, Any]) -> Score:
    """Change name, description or is_active. One that is switched on again looks at everyone anew."""
    there = await get_score(tx, score_id)
    is_active = bool(changes.get("is_active", there.is_active))
    try:
        await tx.run(
            sql(
                """
                update scores.score set name = {name}, description = {description}, is_active = {is_active},
                    updated_at = {now} where workspace_id = {workspace} and id = {id}
                """,
                id=score_id,
                name=_name(str(changes.get("name", there.name))),
                description=changes.get("description", there.description),
                is_active=is_active,
            )
        )
    except asyncpg.UniqueViolationError as error:
        raise ScoreNameTaken(name=changes["name"], pointer="/name") from error
    if is_active and not there.is_active:
        await tx.run(
            sql(
                """
                update scores.rule set place = 0
                where workspace_id = {workspace} and score_id = {id} and deleted_at is null and place is null
                """,
                id=score_id,
            )
        )
        tx.wake(CHANNEL)
    return await get_score(tx, score_id)


async def delete_score(tx: Tx, score_id: int) -> None:
    """Nobody sees it any more at once; its points are taken back behind it."""
    await get_score(tx, score_id)
    await refuse_while_live(tx, "score", score_id)
    await tx.run(
        sql("update scores.score set deleted_at = {now} where workspace_id = {workspace} and id = {id}", id=score_id)
    )
    await tx.run(
        sql(
            """
            update scores.rule set deleted_at = coalesce(deleted_at, {now}), place = -1
            where workspace_id = {workspace} and score_id = {id}
            """,
            id=score_id,
        )
    )
    await _unwatch(
        tx, sql("select id from scores.rule where workspace_id = {workspace} and score_id = {id}", id=score_id)
    )
    tx.wake(CHANNEL)


async def create_rule(
    tx: Tx, score_id: int, *, condition: Mapping[str, Any], points: int, lasts_days: int | None = None
) -> Rule:
    """Everyone who meets the condition now gets the points in a moment, everyone else when they come to meet it."""
    await get_score(tx, score_id)
    node = await check_references(tx, condition, pointer="/condition")
    rule_id = await tx.value(
        sql(
            """
            insert into scores.rule (workspace_id, score_id, condition, points, lasts_days, is_time_bound, place,
                looked_at, created_at, updated_at)
            values ({workspace}, {score_id}, {condition}::jsonb, {points}::integer, {lasts_days}::integer,
                    {is_time_bound}, 0, {now}, {now}, {now}) returning id
            """,
            score_id=score_id,
            condition=orjson.dumps(condition).decode(),
            points=_points(points),
            lasts_days=lasts_days,
            is_time_bound=is_time_bound(node),
        )
    )
    await _watch(tx, rule_id, node)
    tx.wake(CHANNEL)
    return await get_rule(tx, rule_id)


def _points(points: int) -> int:
    if points == 0:
        raise PointsMissing(pointer="/points")
    return points


async def update_rule(tx: Tx, rule_id: int, changes: Mapping[str, Any]) -> Rule:
    """Change condition, points or lasts_days. What it gave is taken back, and given anew as it is now."""
    there = await get_rule(tx, rule_id)
    condition = changes.get("condition", there.condition)
    node = await check_references(tx, condition, pointer="/condition")
    await tx.run(
        sql(
            """
            update scores.rule set condition = {condition}::jsonb, points = {points}::integer,
                lasts_days = {lasts_days}::integer, is_time_bound = {is_time_bound}, place = -1, updated_at = {now}
            where workspace_id = {workspace} and id = {id}
            """,
            id=rule_id,
            condition=orjson.dumps(condition).decode(),
            points=_points(int(changes.get("points", there.points))),
            lasts_days=changes.get("lasts_days", there.lasts_days),
            is_time_bound=is_time_bound(node),
        )
    )
    await _watch(tx, rule_id, node)
    tx.wake(CHANNEL)
    return await get_rule(tx, rule_id)


async def delete_rule(tx: Tx, rule_id: int) -> None:
    """What it gave is taken back behind it."""
    await get_rule(tx, rule_id)
    await tx.run(
        sql(
            """
            update scores.rule set deleted_at = {now}, place = -1 where workspace_id = {workspace} and id = {id}
            """,
            id=rule_id,
        )
    )
    await _unwatch(tx, sql("select {id}::bigint", id=rule_id))
    tx.wake(CHANNEL)


async def _watch(tx: Tx, rule_id: int, node: Node) -> None:
    await _unwatch(tx, sql("select {id}::bigint", id=rule_id))
    watched = sorted({(fact.kind, object_id or 0) for fact, object_id in facts_of(node)})
    await tx.copy(
        "scores.watch",
        ("workspace_id", "kind", "object_id", "rule_id"),
        [(tx.workspace_id, kind, object_id, rule_id) for kind, object_id in watched],
    )


async def _unwatch(tx: Tx, rules: Any) -> None:
    await tx.run(sql("delete from scores.watch where workspace_id = {workspace} and rule_id in ({rules})", rules=rules))


async def adjust_score(
    tx: Tx, score_id: int, contact_ids: Sequence[int], points: int, *, is_target: bool = False, reason: str = ""
) -> int:
    """By hand or by an automation: so many points more or less, or up or down to a number."""
    await get_score(tx, score_id)
    return await adjust(tx, score_id, contact_ids, points, is_target=is_target, reason=reason)
