"""Pages of contacts by a condition or a segment, in the shape and the orders of the contacts list.

A sample says how many meet the condition. Where that is one in a hundred or more, a walk along the
order's index soon meets enough, tested one by one: the set itself would cost more than the page. Fewer
are found as a set and looked up by their ids.
"""

from __future__ import annotations

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

SAMPLES = 40
SAMPLE_SIZE = 25
"""Contacts looked at from each of the places that are spread over the ids."""

WALKED = 0.01
"""From this share on a walk is short: 10,000 contacts for a page of 100."""

LOOKED_UP = 30_000
"""Sets up to this size are passed as ids and sorted; a larger one that the sample missed is joined."""


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
    if await _share(tx, term) >= WALKED:
        # In a subquery of its own a test stays a look-up by key: else PostgreSQL builds whole sets for a page.
        return Filter(search=search, also=sql("(select {meets})", meets=predicate(term, sql("c.id"))))
    plan = await Planner(tx).plan(term)
    ids = await tx.value(
        sql(
            "select array_agg(contact_id) from (select contact_id from ({who}) as who limit {cap}) as found",
            who=plan.sql,
            cap=LOOKED_UP + 1,
        )
    )
    if len(ids or ()) <= LOOKED_UP:
        return Filter(search=search, contact_ids=tuple(ids or ()))
    return Filter(search=search, also=sql("c.id in (select contact_id from ({who}) as who)", who=plan.sql))


async def _share(tx: ReadTx, term: Term) -> float:
    """About how many of all contacts meet the term, 0 to 1; a thousand of them are asked."""
    found = await tx.value(
        sql(
            """
            with ends as (
                select (select id from contacts.contact where workspace_id = {workspace} order by id limit 1) as first,
                       (select id from contacts.contact where workspace_id = {workspace} order by id desc limit 1) as last
            ),
            sample as materialized (
                select distinct some_.id
                from ends cross join generate_series(0, {samples}::bigint - 1) as place
                cross join lateral (
                    select c.id from contacts.contact c
                    where c.workspace_id = {workspace} and c.deleted_at is null
                      and c.id >= ends.first + (ends.last - ends.first) * place / {samples}
                    order by c.id limit {size}
                ) as some_
            )
            select coalesce(avg(case when {meets} then 1.0 else 0.0 end), 0)::double precision from sample as c
            """,
            samples=SAMPLES,
            size=SAMPLE_SIZE,
            meets=predicate(term, sql("c.id")),
        )
    )
    return float(found)
