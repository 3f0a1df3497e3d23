"""Reading segments, and the predicate of any tree with the segments it names filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from waypost.kernel.errors import Invalid, Problem
from waypost.kernel.page import Page, decode_cursor, encode_cursor
from waypost.kernel.sql import TRUE, Sql, sql
from waypost.kernel.tx import ReadTx
from waypost.segments.compile import compile_condition
from waypost.segments.errors import SegmentLoop, SegmentNotFound, SegmentsTooMany
from waypost.segments.resolve import resolve_leaves
from waypost.segments.tree import leaves, parse_condition
from waypost.segments.types import Group, InSegment, Node, Segment

SAMPLE = 5
MAX_SEGMENTS = 100


@dataclass(frozen=True, slots=True)
class SampleContact:
    """Enough of a contact to recognise it."""

    id: int
    email: str | None
    first_name: str
    last_name: str


async def get_segment(tx: ReadTx, segment_id: int) -> Segment:
    found = await tx.maybe(
        sql(
            """
            select id, name, condition, created_at, updated_at from segments.segment
            where workspace_id = {workspace} and id = {segment_id}
            """,
            segment_id=segment_id,
        ),
        Segment,
    )
    if found is None:
        raise SegmentNotFound(segment_id=segment_id)
    return found


async def list_segments(tx: ReadTx, *, search: str = "", limit: int = 50, after: str | None = None) -> Page[Segment]:
    """Segments by name."""
    start = TRUE
    if after is not None:
        name, last_id = decode_cursor(after, str, int)
        start = sql("(name, id) > ({name}, {last_id})", name=name, last_id=last_id)
    rows = await tx.all(
        sql(
            """
            select id, name, condition, created_at, updated_at from segments.segment
            where workspace_id = {workspace} and {start} and ({search} = '' or strpos(lower(name), lower({search})) > 0)
            order by name, id limit {limit}
            """,
            start=start,
            search=search,
            limit=limit + 1,
        ),
        Segment,
    )
    items = rows[:limit]
    more = encode_cursor(items[-1].name, items[-1].id) if len(rows) > limit else None
    return Page(items, more)


async def expand(tx: ReadTx, node: Node, *, within: Sequence[int] = ()) -> Node:
    """The tree ready to compile: segments filled in, parameters checked; what is wrong holds for nobody."""
    ready, _ = await resolve_leaves(tx, await _filled(tx, node, within))
    return ready


async def _filled(tx: ReadTx, node: Node, within: Sequence[int]) -> Node:
    """The tree with every `in_segment` replaced by that segment's tree; `within` are segments being defined."""
    waiting = _segments_in(node)
    trees: dict[int, Node] = {}
    while missing := waiting - trees.keys():
        rows = await tx.all(  # lint: no-row-loops because it reads one level of nesting at a time
            sql(
                "select id, condition from segments.segment where workspace_id = {workspace} and id = any({ids})",
                ids=sorted(missing),
            )
        )
        trees |= {row["id"]: parse_condition(tx.registry, row["condition"]) for row in rows}
        if lost := missing - trees.keys():
            raise SegmentNotFound(segment_id=min(lost))
        for segment_id in missing:
            waiting |= _segments_in(trees[segment_id])
    return _Filler(trees).fill(node, tuple(within))


def _segments_in(node: Node) -> set[int]:
    return {leaf.params.segment_id for leaf in leaves(node) if isinstance(leaf.params, InSegment)}


class _Filler:
    """Puts trees in the place of their names; segments that use others many times over end at a limit."""

    def __init__(self, trees: dict[int, Node]) -> None:
        self.trees = trees
        self.count = 0

    def fill(self, node: Node, path: tuple[int, ...]) -> Node:
        if isinstance(node, Group):
            return Group(node.match, tuple(self.fill(part, path) for part in node.conditions))
        if not isinstance(node.params, InSegment):
            return node
        segment_id = node.params.segment_id
        if segment_id in path:
            raise SegmentLoop(segment_id=segment_id)
        self.count += 1
        if self.count > MAX_SEGMENTS:
            raise SegmentsTooMany(limit=MAX_SEGMENTS)
        return self.fill(self.trees[segment_id], (*path, segment_id))


async def build_predicate(tx: ReadTx, document: object, contact_id: Sql, *, pointer: str = "") -> Sql:
    """A stored condition, checked, filled in and compiled over the contact whose id `contact_id` gives."""
    node = await expand(tx, parse_condition(tx.registry, document, pointer=pointer))
    return compile_condition(node, contact_id)


async def check_references(tx: ReadTx, document: object, *, pointer: str = "", within: Sequence[int] = ()) -> Node:
    """The tree, filled in; a segment that is missing or would contain itself becomes `Invalid` with its place."""
    node = parse_condition(tx.registry, document, pointer=pointer)
    checked, problems = await resolve_leaves(tx, node)
    if problems:
        raise Invalid(problems)
    try:
        return await expand(tx, checked, within=within)
    except (SegmentNotFound, SegmentLoop, SegmentsTooMany) as error:
        raise Invalid([Problem(pointer or "/", error.detail, error.code)]) from error


async def audience(tx: ReadTx, document: object) -> Sql:
    """A statement that yields contact_id for everyone who meets the condition."""
    predicate = await build_predicate(tx, document, sql("c.id"))
    return sql(
        """
        select c.id as contact_id from contacts.contact as c
        where c.workspace_id = {workspace} and c.deleted_at is null and {predicate}
        """,
        predicate=predicate,
    )


async def matching(tx: ReadTx, document: object, contact_ids: Sequence[int]) -> set[int]:
    """Those of the contacts who meet the condition: one statement for the set."""
    predicate = await build_predicate(tx, document, sql("c.id"))
    rows = await tx.all(
        sql(
            "select c.id from unnest({contact_ids}::bigint[]) as c (id) where {predicate}",
            contact_ids=contact_ids,
            predicate=predicate,
        )
    )
    return {row[0] for row in rows}


async def count_matching(tx: ReadTx, document: object) -> int:
    """How many contacts meet the condition now."""
    return await tx.value(sql("select count(*) from ({who}) as who", who=await audience(tx, document)))


async def sample_matching(tx: ReadTx, document: object, *, limit: int = SAMPLE) -> list[SampleContact]:
    """A few of those who meet the condition, the newest first."""
    return await tx.all(
        sql(
            """
            select c.id, c.email, c.first_name, c.last_name
            from contacts.contact as c join ({who}) as who on who.contact_id = c.id
            where c.workspace_id = {workspace}
            order by c.id desc limit {limit}
            """,
            who=await audience(tx, document),
            limit=limit,
        ),
        SampleContact,
    )
