"""Counting facts: how often, since when, with which object; one by one and as a set."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.make import Make
from tests.questions import next_moment, problem, resolved, who
from waypost.activities.visits import record_visits
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx

PRICING = "https://example.com/pricing"
BLOG = "https://example.com/blog/1"


def at(tx: Tx, **ago: float) -> Tx:
    """The same transaction so long ago."""
    return Tx(
        tx.conn,
        workspace_id=tx.workspace_id,
        actor=tx.actor,
        now=tx.now - timedelta(**ago),
        registry=tx.registry,
        settings=tx.settings,
    )


@pytest.fixture
async def people(tx: Tx, make: Make) -> dict[str, int]:
    """Ada saw the prices 1, 2 and 20 days ago and the blog once; Grace the blog twice; Linus nothing."""
    ids = {name: await make.contact(tx, first_name=name) for name in ("Ada", "Grace", "Linus")}
    for days in (20, 2, 1):
        await record_visits(at(tx, days=days), [(ids["Ada"], PRICING + "#top")])
    await record_visits(at(tx, days=3), [(ids["Ada"], BLOG), (ids["Grace"], BLOG), (ids["Grace"], BLOG)])
    return ids


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"url": PRICING}, {"Ada"}),
        ({"url": PRICING, "count": 3}, {"Ada"}),
        ({"url": PRICING, "count": 4}, set()),
        ({"url": PRICING, "count": 2, "within_days": 14}, {"Ada"}),
        ({"url": PRICING, "count": 3, "within_days": 14}, set()),
        ({"url": PRICING, "count": 3, "within_days": 21}, {"Ada"}),
        ({"url": PRICING, "operator": "exactly", "count": 2, "within_days": 14}, {"Ada"}),
        ({"url": PRICING, "operator": "exactly", "count": 0}, {"Grace", "Linus"}),
        ({"url": PRICING, "operator": "at_most", "count": 2}, {"Grace", "Linus"}),
        ({"url": BLOG, "operator": "at_most", "count": 1}, {"Ada", "Linus"}),
        ({"url": "https://example.com/*", "match": "matches", "count": 2, "within_days": 14}, {"Ada", "Grace"}),
        ({"url": "EXAMPLE.com/b", "match": "contains"}, {"Ada", "Grace"}),
        ({"url": "%", "match": "contains"}, set()),
        ({"url": "https://example.com/elsewhere"}, set()),
    ],
)
async def test_visited_page(tx: Tx, people: dict[str, int], params: dict[str, Any], expected: set[str]) -> None:
    assert await who(tx, "visited_page", **params) == expected


async def test_any_fact_can_be_counted(tx: Tx, people: dict[str, int]) -> None:
    page = await tx.value(
        sql("select id from activities.page where workspace_id = {workspace} and url = {url}", url=PRICING)
    )
    assert await who(tx, "did", fact="page_visited") == {"Ada", "Grace"}
    assert await who(tx, "did", fact="page_visited", count=4) == {"Ada"}
    assert await who(tx, "did", fact="page_visited", object_id=page, within_days=1.5) == {"Ada"}
    assert await who(tx, "did", fact="tag_added", operator="at_most", count=0) == {"Ada", "Grace", "Linus"}
    stranger = tx.in_workspace(tx.workspace_id + 1_000_000)
    assert await who(stranger, "did", fact="page_visited") == set()
    triggers = tx.registry.condition("did").triggers
    assert triggers is not None
    found = triggers(await resolved(tx, "did", {"fact": "page_visited", "object_id": page}))
    assert [(fact.name, object_id) for fact, object_id in found] == [("page_visited", page)]


@pytest.mark.parametrize(
    ("params", "pointer", "code"),
    [
        ({"fact": "flew"}, "/fact", "activities.fact_unknown"),
        ({"fact": "contact_created", "object_id": 1}, "/object_id", "activities.object_unfit"),
        ({"fact": "page_visited", "property": "x"}, "/value", "activities.property_unfit"),
    ],
)
async def test_what_no_fact_has_is_refused(tx: Tx, params: dict[str, Any], pointer: str, code: str) -> None:
    assert await problem(tx, "did", **params) == (pointer, code)


@pytest.mark.parametrize(
    ("operator", "count"),
    [("at_least", 1), ("at_least", 2), ("at_most", 0), ("at_most", 1), ("exactly", 0), ("exactly", 2)],
)
async def test_an_answer_changes_when_a_fact_leaves_the_window(
    tx: Tx, people: dict[str, int], operator: str, count: int
) -> None:
    """Without new facts, from each due moment to the next the answer stands, until nothing is due."""
    params: dict[str, Any] = {"url": PRICING, "operator": operator, "count": count, "within_days": 14}
    ada = people["Ada"]
    now, changes = tx, 0
    while (due := await next_moment(now, "visited_page", ada, **params)) is not None:
        before = "Ada" in await who(now, "visited_page", **params)
        almost = at(tx, seconds=(tx.now - due).total_seconds() + 1)
        assert ("Ada" in await who(almost, "visited_page", **params)) == before
        now, changes = at(tx, seconds=(tx.now - due).total_seconds()), changes + 1
    assert changes <= 3
    late = at(tx, days=-100)
    assert await who(late, "visited_page", **params) == await who(now, "visited_page", **params)


async def test_visits_are_summed_up_as_they_come(tx: Tx, people: dict[str, int]) -> None:
    row = await tx.one(
        sql(
            """
            select visit_count, last_visit_at, open_count, last_open_at from activities.engagement
            where workspace_id = {workspace} and contact_id = {ada}
            """,
            ada=people["Ada"],
        )
    )
    assert tuple(row) == (4, tx.now - timedelta(days=1), 0, None)
    facts = await tx.value(
        sql(
            "select count(*) from activities.fact where workspace_id = {workspace} and contact_id = {ada}",
            ada=people["Ada"],
        )
    )
    assert facts == 4
