"""From a tree as stored to a tree ready to compile: segments in the place of their names, leaves checked.

A segment whose members are kept is either left as a name, which compiles to a look into its members
(`kept=True`: for large sets, as fresh as the log is read), or replaced by its tree like any other (exact
at this very moment: for automations, explaining and for keeping members itself).
"""

from __future__ import annotations

from collections.abc import Sequence

from waypost.kernel.errors import Invalid, Problem
from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx
from waypost.segments.errors import SegmentLoop, SegmentNotFound, SegmentsTooDeep, SegmentsTooMany
from waypost.segments.resolve import resolve_leaves
from waypost.segments.tree import leaves, parse_condition
from waypost.segments.types import CURRENT, Group, InSegment, Node

MAX_SEGMENTS = 100
MAX_LEAVES = 2_000
MAX_FILLED_DEPTH = 200


async def expand(tx: ReadTx, node: Node, *, within: Sequence[int] = (), kept: bool = False) -> Node:
    """The tree ready to compile; a leaf that is wrong holds for nobody. `within` are segments being defined."""
    ready, _ = await resolve_leaves(tx, await _filled(tx, node, within, kept=kept))
    return ready


async def check_references(tx: ReadTx, document: object, *, pointer: str = "", within: Sequence[int] = ()) -> Node:
    """The tree, filled in; a segment that is missing or would contain itself becomes `Invalid` with its place."""
    node = parse_condition(tx.registry, document, pointer=pointer)
    checked, problems = await resolve_leaves(tx, node)
    if problems:
        raise Invalid(problems)
    try:
        return await expand(tx, checked, within=within)
    except (SegmentNotFound, SegmentLoop, SegmentsTooMany, SegmentsTooDeep) as error:
        raise Invalid([Problem(pointer or "/", error.detail, error.code)]) from error


async def _filled(tx: ReadTx, node: Node, within: Sequence[int], *, kept: bool) -> Node:
    waiting = _segments_in(node)
    if not waiting:
        return node
    trees: dict[int, Node] = {}
    found: set[int] = set()
    while missing := waiting - found:
        rows = await tx.all(  # lint: no-row-loops because it reads one level of nesting at a time
            sql(
                """
                select id, condition, state from segments.segment
                where workspace_id = {workspace} and id = any({ids}::bigint[])
                """,
                ids=sorted(missing),
            )
        )
        found |= {row["id"] for row in rows}
        if lost := missing - found:
            raise SegmentNotFound(segment_id=min(lost))
        for row in rows:
            if not (kept and row["state"] == CURRENT):
                tree = trees[row["id"]] = parse_condition(tx.registry, row["condition"])
                waiting |= _segments_in(tree)
    return _Filler(trees, kept_ids=found - trees.keys()).fill(node, tuple(within), 1)


def _segments_in(node: Node) -> set[int]:
    return {leaf.params.segment_id for leaf in leaves(node) if isinstance(leaf.params, InSegment)}


class _Filler:
    """Puts trees in the place of their names; segments that use others many times over end at a limit."""

    def __init__(self, trees: dict[int, Node], *, kept_ids: set[int]) -> None:
        self.trees = trees
        self.kept_ids = kept_ids
        self.segment_count = 0
        self.leaf_count = 0

    def fill(self, node: Node, path: tuple[int, ...], depth: int) -> Node:
        if depth > MAX_FILLED_DEPTH:
            raise SegmentsTooDeep(limit=MAX_FILLED_DEPTH)
        if isinstance(node, Group):
            return Group(node.match, tuple([self.fill(part, path, depth + 1) for part in node.conditions]))
        self.leaf_count += 1
        if self.leaf_count > MAX_LEAVES:
            raise SegmentsTooMany(limit=MAX_LEAVES, noun="conditions")
        if not isinstance(node.params, InSegment) or node.params.segment_id in self.kept_ids:
            return node
        return self._segment(node.params.segment_id, path, depth)

    def _segment(self, segment_id: int, path: tuple[int, ...], depth: int) -> Node:
        if segment_id in path:
            raise SegmentLoop(segment_id=segment_id)
        self.segment_count += 1
        if self.segment_count > MAX_SEGMENTS:
            raise SegmentsTooMany(limit=MAX_SEGMENTS, noun="segments")
        inner = self.fill(self.trees[segment_id], (*path, segment_id), depth + 1)
        return Group("all", (inner,), segment_id)
