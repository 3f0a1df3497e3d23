"""Writing segments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx
from waypost.kernel.uses import refuse_while_used
from waypost.segments.errors import SegmentInUse, SegmentNameMissing, SegmentNameTaken
from waypost.segments.expand import check_references
from waypost.segments.keeping import CHANNEL, hold, watch
from waypost.segments.queries import COLUMNS, find_outer, get_segment
from waypost.segments.tree import leaves, parse_condition
from waypost.segments.types import InSegment, Segment


async def create_segment(tx: Tx, *, name: str, condition: dict[str, Any]) -> Segment:
    """Save it; its members are found in the background, and kept current from then on."""
    await _hold_named(tx, condition)
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
    await watch(tx, [created.id])
    tx.wake(CHANNEL)
    return created


async def update_segment(
    tx: Tx, segment_id: int, *, name: str | None = None, condition: dict[str, Any] | None = None
) -> Segment:
    """Change what is given; a segment can never come to contain itself."""
    segment = await get_segment(tx, segment_id)
    if condition is not None:
        await _hold_named(tx, condition, segment_id)
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
    if condition is None or (condition == segment.condition and segment.state != "broken"):
        return updated
    await rebuild(tx, await find_outer(tx, segment_id))
    return await get_segment(tx, segment_id)


async def rebuild_all(tx: Tx) -> None:
    """Find everyone's members anew: what changes an answer without a fact (a deleted field, say) is caught up with."""
    rows = await tx.all(
        sql("select id from segments.segment where workspace_id = {workspace} order by id for no key update")
    )
    if rows:
        await rebuild(tx, [row["id"] for row in rows], is_strict=False)


async def rebuild(tx: Tx, segment_ids: Sequence[int], *, is_strict: bool = True) -> None:
    """Find the members of these anew: their trees have changed."""
    await hold(tx, segment_ids)
    await tx.run(
        sql(
            """
            update segments.segment
            set state = 0, version = version + 1, lease_at = null, error = null, built_count = 0, build_total = 0
            where workspace_id = {workspace} and id = any({ids}::bigint[])
            """,
            ids=list(segment_ids),
        )
    )
    await watch(tx, segment_ids, is_strict=is_strict)
    tx.wake(CHANNEL)


async def delete_segment(tx: Tx, segment_id: int) -> None:
    """Delete it with its members, unless another segment or what runs is built on it."""
    segment = await get_segment(tx, segment_id)
    await hold(tx, [segment_id])
    outer = [item for item in await find_outer(tx, segment_id) if item != segment_id]
    if outer:
        raise SegmentInUse(name=segment.name, other=(await get_segment(tx, outer[0])).name)
    await refuse_while_used(tx, "segment", segment_id)
    await tx.run(
        sql(
            """
            with members as (
                delete from segments.membership where workspace_id = {workspace} and segment_id = {segment_id}
            ), movements as (
                delete from segments.movement where workspace_id = {workspace} and segment_id = {segment_id}
            ), dues as (
                delete from segments.membership_due where workspace_id = {workspace} and segment_id = {segment_id}
            ), settled as (
                delete from segments.settled where workspace_id = {workspace} and segment_id = {segment_id}
            )
            delete from segments.segment where workspace_id = {workspace} and id = {segment_id}
            """,
            segment_id=segment_id,
        )
    )


async def _hold_named(tx: Tx, condition: dict[str, Any], *own: int) -> None:
    """Lock the segments that the condition names, so that two changes at once cannot close a circle."""
    node = parse_condition(tx.registry, condition, pointer="/condition")
    named = {leaf.params.segment_id for leaf in leaves(node) if isinstance(leaf.params, InSegment)}
    if named:
        await hold(tx, sorted(named | set(own)))


def _clean(name: str) -> str:
    if not name.strip():
        raise SegmentNameMissing(pointer="/name")
    return name.strip()
