"""How a condition is turned into a set of contacts: the smallest set first, the rest tested against it.

Of everything that must hold, the cheapest part that can be had as a set is the start. Each other part is
then either joined as a set (semi or anti join) or tested contact by contact on primary keys, whichever
PostgreSQL's own estimates make cheaper. Parts of which any may hold are united. The contact table is read
only where nothing else can be the start; sets of other tables leave the deleted out at the very end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import orjson

from waypost.kernel.sql import Sql, and_, join, or_, sql
from waypost.kernel.tx import ReadTx
from waypost.segments.terms import NOBODY, AllOf, AnyOf, Single, Term, opposite, predicate

MAX_TURNS = 1
"""How often a union is turned into what is left out of it, on the way down."""

MANY = 30
"""Above this many conditions their costs are taken as alike, since asking for each takes its time too."""

MAX_STARTS = 8
"""How many of the smallest sets are weighed as the start."""

MERGED_COST = 0.1
"""Sorting out one double of a union, which PostgreSQL takes for cheaper than it is."""

ROW_COST = 10.0
"""One look by primary key, in PostgreSQL's units."""


@dataclass(frozen=True, slots=True)
class Source:
    """A set of contacts: the statement, how many they may be, what it may cost, and the plan in words."""

    sql: Sql
    rows: float
    cost: float
    words: tuple[str, ...]
    is_living: bool = False
    """Whether it has no deleted contacts in it."""
    parts: tuple[Sql, ...] = ()
    """The sets of which it is the union, where it is one."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One of the things that must hold, in the ways in which it can be had."""

    term: Term
    name: str
    inside: Source | None
    outside: Source | None
    row_cost: float


@dataclass(frozen=True, slots=True)
class _Way:
    """How one part is tested against the start."""

    cost: float
    share: float
    test: Sql
    words: str
    arms: tuple[Sql, ...] = ()
    """The sets of which being in any is enough."""


@dataclass(slots=True)
class Planner:
    """Plans one condition; estimates are asked for once a leaf."""

    tx: ReadTx
    total: float = 0.0
    is_asking: bool = True
    _known: dict[tuple[int, str], tuple[float, float]] = field(
        default_factory=dict[tuple[int, str], tuple[float, float]]
    )

    async def plan(self, term: Term) -> Source:
        """The set of the living contacts who meet the term."""
        if term == NOBODY:
            return Source(sql("select null::bigint as contact_id where false"), 0, 0, ("Nobody",), is_living=True)
        self.is_asking = 1 < _size(term) <= MANY
        if isinstance(term, Single) and not term.is_denied and (alone := await self._inside(term, 0)) is not None:
            return _living(alone)
        if isinstance(term, AnyOf) and (united := await self._inside(term, MAX_TURNS)) is not None:
            return _living(united)
        terms = term.parts if isinstance(term, AllOf) else (term,)
        return _living(await self._all([await self._part(part, MAX_TURNS) for part in terms]))

    async def _all(self, parts: Sequence[_Part]) -> Source:
        starts = [(part, part.inside) for part in parts if part.inside is not None]
        starts = sorted(starts, key=lambda start: start[1].rows)[:MAX_STARTS]
        found: list[tuple[float, Source]] = []
        for start in (*starts, (None, await self._everyone())):
            first, source = start
            ways = [_cheapest(part, source.rows, self.total) for part in parts if part is not first]
            cost = source.cost + sum(way.cost for way in ways)
            found.append((cost, _narrowed(source, ways, cost)))
        return min(found, key=lambda item: item[0])[1]

    async def _part(self, term: Term, turns: int) -> _Part:
        inside = await self._inside(term, turns)
        outside = None
        if inside is None:
            outside = await self._outside(term, turns)
        return _Part(term, _name(term), inside, outside, await self._row_cost(term))

    async def _inside(self, term: Term, turns: int) -> Source | None:
        """Everyone who meets the term, where that can be had as a set."""
        if isinstance(term, AllOf):
            parts = [await self._part(part, turns) for part in term.parts]
            return await self._all(parts) if any(part.inside for part in parts) else None
        if isinstance(term, AnyOf):
            sources = [await self._inside(part, turns) for part in term.parts]
            return _united([source for source in sources if source is not None]) if all(sources) else None
        condition, params = term.leaf.condition, term.leaf.params
        members = None if condition.members is None else condition.members(params)
        if term.is_denied:
            others = condition.others
            found = None if members is not None or others is None else others(params)
        else:
            found = members
        return None if found is None else await self._source(term, found)

    async def _outside(self, term: Term, turns: int) -> Source | None:
        """Everyone who does not, where that can be had as a set."""
        if isinstance(term, Single):
            return await self._inside(opposite(term), turns)
        return await self._inside(opposite(term), turns - 1) if turns > 0 else None

    async def _source(self, term: Single, members: Sql) -> Source:
        rows, cost = await self.estimate((id(term.leaf), "set"), members)
        return Source(members, rows, cost, (f"{_name(term)} (about {_rounded(rows)})",))

    async def _row_cost(self, term: Term) -> float:
        if not isinstance(term, Single):
            return sum([await self._row_cost(part) for part in term.parts])
        key = (id(term.leaf), "row")
        if key in self._known:
            return self._known[key][1]
        one = predicate(Single(term.leaf), sql("{some}", some=0))
        return (await self.estimate(key, sql("select {one}", one=one)))[1]

    async def estimate(self, key: tuple[int, str], statement: Sql) -> tuple[float, float]:
        if not self.is_asking:
            return (1_000.0, ROW_COST * (1_000.0 if key[1] == "set" else 1.0))
        if key not in self._known:
            found = await self.tx.value(sql("explain (format json) {statement}", statement=statement))
            self._known[key] = _read_estimate(found)
        return self._known[key]

    async def _everyone(self) -> Source:
        statement = sql(
            """
            select p.id as contact_id from contacts.contact as p
            where p.workspace_id = {workspace} and p.deleted_at is null
            """
        )
        rows, cost = await self.estimate((0, "set"), statement)
        self.total = max(rows, 1.0)
        return Source(statement, rows, cost, (f"All contacts (about {_rounded(rows)})",), is_living=True)


def _size(term: Term) -> int:
    return 1 if isinstance(term, Single) else sum(_size(part) for part in term.parts)


def _name(term: Term) -> str:
    if isinstance(term, Single):
        return ("Not: " if term.is_denied else "") + term.leaf.condition.label
    joined = (" and " if isinstance(term, AllOf) else " or ").join(_name(part) for part in term.parts[:3])
    return f"({joined}{', …' if len(term.parts) > 3 else ''})"


def _read_estimate(found: str) -> tuple[float, float]:
    top = orjson.loads(found)[0]["Plan"]
    return float(top["Plan Rows"]), float(top["Total Cost"])


def _rounded(rows: float) -> str:
    return f"{int(rows):,}"


def _cheapest(part: _Part, rows: float, total: float) -> _Way:
    """Joined as a set, or tested one by one."""
    share = min(1.0, part.inside.rows / total) if part.inside else 1.0
    if part.outside:
        share = max(0.0, 1 - part.outside.rows / total)
    one_by_one = _Way(
        rows * part.row_cost, share, predicate(part.term, _BASE), f"then, one by one, who meets: {part.name}"
    )
    if part.inside is not None and part.inside.cost <= one_by_one.cost:
        arms = part.inside.parts
        cost = part.inside.cost - (MERGED_COST * part.inside.rows if arms else 0.0)
        test = or_(*(_is_in(those) for those in arms or (part.inside.sql,)))
        return _Way(cost, share, test, f"then who is also in the set: {'; '.join(part.inside.words)}", arms)
    if part.outside is not None and part.outside.cost <= one_by_one.cost:
        test = sql(
            "not exists (select 1 from ({those}) as o where o.contact_id = {base})", those=part.outside.sql, base=_BASE
        )
        return _Way(part.outside.cost, share, test, f"then who is not in the set: {'; '.join(part.outside.words)}")
    return one_by_one


_BASE = sql("base.contact_id")


def _is_in(those: Sql) -> Sql:
    return sql("exists (select 1 from ({those}) as o where o.contact_id = {base})", those=those, base=_BASE)


def _narrowed(start: Source, ways: Sequence[_Way], cost: float) -> Source:
    if not ways:
        return start
    rows = start.rows
    for way in ways:
        rows *= way.share
    plain = sorted((way for way in ways if len(way.arms) < 2), key=lambda way: way.share)
    narrowed = start.sql
    if plain:
        narrowed = sql(
            "select base.contact_id from ({start}) as base where {tests}",
            start=narrowed,
            tests=and_(*(way.test for way in plain)),
        )
    for way in ways:
        if len(way.arms) > 1:
            narrowed = _in_any(narrowed, way.arms)
    words = (f"Start: {start.words[0]}", *start.words[1:], *(way.words for way in ways))
    return Source(narrowed, rows, cost, words, is_living=start.is_living)


def _in_any(start: Sql, arms: Sequence[Sql]) -> Sql:
    """Each set is joined with the few who are left: an OR of sets would hash all of every set."""
    met = [sql("select base.contact_id from base where {is_in}", is_in=_is_in(those)) for those in arms]
    return sql(
        "select met.contact_id from (with base as materialized ({start}) {met}) as met",
        start=start,
        met=join(" union ", met),
    )


def _united(sources: Sequence[Source]) -> Source:
    if len(sources) == 1:
        return sources[0]
    both = join(" union ", [sql("(select contact_id from ({one}) as one)", one=source.sql) for source in sources])
    return Source(
        sql("select contact_id from ({both}) as united", both=both),
        sum(source.rows for source in sources),
        sum(source.cost + MERGED_COST * source.rows for source in sources),
        ("Any of: " + " | ".join("; ".join(source.words) for source in sources),),
        is_living=all(source.is_living for source in sources),
        parts=tuple(source.sql for source in sources),
    )


def _living(source: Source) -> Source:
    if source.is_living:
        return source
    living = sql(
        """
        select found.contact_id from ({source}) as found where not exists (
            select 1 from contacts.contact as gone
            where gone.workspace_id = {workspace} and gone.id = found.contact_id and gone.deleted_at is not null
        )
        """,
        source=source.sql,
    )
    return Source(living, source.rows, source.cost, source.words, is_living=True)
