"""Pages of contacts by a condition or a segment, in the shape and the orders of the contacts list.

Few are looked up by their ids. Many are met on a walk along the order's index: tested one by one where
nearly everyone meets the condition, else against the set.
"""

from __future__ import annotations

from waypost.contacts.audience import RARE
from waypost.contacts.queries.contacts import SortName
from waypost.contacts.queries.profiles import encode_page
from waypost.contacts.types import Filter
from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx
from waypost.segments.expand import check_references, expand
from waypost.segments.plan import Planner
from waypost.segments.queries import in_time
from waypost.segments.terms import EVERYONE, Term, predicate, term_of
from waypost.segments.tree import parse_condition

PROBED = 50_000
"""Sets that may be larger than this are not tried for being small."""

WALKED = 200_000
"""Of sets this large a walk meets enough by itself."""


async def encode_matching(
    tx: ReadTx, document: object, *, search: str, sort: SortName, limit: int, after: str | None
) -> bytes:
    """A page of those who meet the condition, as JSON."""
    await check_references(tx, document, pointer="/condition")
    term = term_of(await expand(tx, parse_condition(tx.registry, document), kept=True))
    async with in_time():
        wanted = await _filter(tx, term, search.strip())
        return await encode_page(tx, wanted, sort=sort, limit=limit, after=after)


async def _filter(tx: ReadTx, term: Term, search: str) -> Filter:
    if term == EVERYONE:
        return Filter(search=search)
    plan = await Planner(tx).plan(term)
    if plan.rows <= PROBED:
        ids = await tx.value(
            sql(
                "select array_agg(contact_id) from (select contact_id from ({who}) as who limit {cap}) as probe",
                who=plan.sql,
                cap=RARE + 1,
            )
        )
        if len(ids or ()) <= RARE:
            return Filter(search=search, contact_ids=tuple(ids or ()))
    if plan.rows > WALKED:
        return Filter(search=search, also=predicate(term, sql("c.id")))
    return Filter(search=search, also=sql("c.id in (select contact_id from ({who}) as who)", who=plan.sql))
