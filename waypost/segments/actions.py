"""Writing segments."""

from __future__ import annotations

from typing import Any

from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx
from waypost.segments.errors import SegmentInUse, SegmentNameMissing, SegmentNameTaken
from waypost.segments.queries import COLUMNS, check_references, get_segment
from waypost.segments.types import Segment


async def create_segment(tx: Tx, *, name: str, condition: dict[str, Any]) -> Segment:
    await check_references(tx, condition, pointer="/condition")
    created = await tx.maybe(
        sql(
            """
            insert into segments.segment (workspace_id, name, condition, created_at, updated_at)
            values ({workspace}, {name}, {condition}, {now}, {now})
            on conflict (workspace_id, name) do nothing
            returning {columns}
            """,
            columns=COLUMNS,
            name=_clean(name),
            condition=condition,
        ),
        Segment,
    )
    if created is None:
        raise SegmentNameTaken(name=name.strip(), pointer="/name")
    return created


async def update_segment(
    tx: Tx, segment_id: int, *, name: str | None = None, condition: dict[str, Any] | None = None
) -> Segment:
    """Change what is given; a segment can never come to contain itself."""
    segment = await get_segment(tx, segment_id)
    if condition is not None:
        await check_references(tx, condition, pointer="/condition", within=[segment_id])
    wanted = segment.name if name is None else _clean(name)
    updated = await tx.maybe(
        sql(
            """
            update segments.segment set name = {name}, condition = {condition}, updated_at = {now}
            where workspace_id = {workspace} and id = {segment_id} and not exists (
                select 1 from segments.segment
                where workspace_id = {workspace} and name = {name} and id <> {segment_id}
            )
            returning {columns}
            """,
            columns=COLUMNS,
            segment_id=segment_id,
            name=wanted,
            condition=segment.condition if condition is None else condition,
        ),
        Segment,
    )
    if updated is None:
        raise SegmentNameTaken(name=wanted, pointer="/name")
    return updated


async def delete_segment(tx: Tx, segment_id: int) -> None:
    """Delete it, unless another segment is built on it."""
    segment = await get_segment(tx, segment_id)
    other = await tx.value(
        sql(
            """
            select name from segments.segment
            where workspace_id = {workspace} and id <> {segment_id}
              and jsonb_path_exists(
                condition,
                '$.** ? (@.type == "in_segment" && @.params.segment_id == $id)',
                jsonb_build_object('id', {segment_id})
              )
            order by name limit 1
            """,
            segment_id=segment_id,
        )
    )
    if other is not None:
        raise SegmentInUse(name=segment.name, other=other)
    await tx.run(
        sql(
            "delete from segments.segment where workspace_id = {workspace} and id = {segment_id}",
            segment_id=segment_id,
        )
    )


def _clean(name: str) -> str:
    if not name.strip():
        raise SegmentNameMissing(pointer="/name")
    return name.strip()
