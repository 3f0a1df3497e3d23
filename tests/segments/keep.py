"""Lets the log, time and builders run until nothing is left to do for segments."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from waypost.activities.consumers import advance
from waypost.kernel.db import Database
from waypost.kernel.sql import sql
from waypost.segments.actions import create_segment
from waypost.segments.build import Builder
from waypost.segments.flip import Flipper
from waypost.segments.follow import FOLLOW

Json = dict[str, Any]

EVERYONE: Json = {"match": "all", "conditions": []}


def tagged(tag_id: int) -> Json:
    return {"type": "has_tag", "params": {"tag_id": tag_id}}


def inside(segment_id: int) -> Json:
    return {"type": "in_segment", "params": {"segment_id": segment_id}}


def group(match: str, *conditions: Json) -> Json:
    return {"match": match, "conditions": list(conditions)}


async def keep(db: Database, workspace_id: int, *, now: datetime | None = None, chunk: int = 20_000) -> None:
    while await Builder(db, chunk=chunk).tick(workspace_id, now=now):
        pass
    while await advance(db, workspace_id, FOLLOW, now=now):
        pass
    while await Flipper(db).tick(workspace_id, now=now):
        pass


async def kept(db: Database, workspace_id: int, condition: Json, name: str = "Kept") -> int:
    """A segment whose members are current."""
    async with db.transaction(workspace_id) as tx:
        segment = await create_segment(tx, name=name, condition=condition)
    await keep(db, workspace_id)
    return segment.id


async def members(db: Database, workspace_id: int, segment_id: int) -> set[int]:
    async with db.read(workspace_id) as read:
        rows = await read.all(
            sql(
                """
                select contact_id from segments.membership
                where workspace_id = {workspace} and segment_id = {segment_id}
                """,
                segment_id=segment_id,
            )
        )
    return {row["contact_id"] for row in rows}


async def told(db: Database, workspace_id: int) -> list[tuple[int, int, int]]:
    """Facts of entering and leaving, in order: kind, segment, contact."""
    async with db.read(workspace_id) as read:
        rows = await read.all(
            sql(
                """
                select kind, object_id, contact_id from activities.fact
                where workspace_id = {workspace} and kind in (150, 151) order by id
                """
            )
        )
    return [(row["kind"], row["object_id"], row["contact_id"]) for row in rows]
