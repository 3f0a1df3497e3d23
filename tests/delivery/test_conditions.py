"""What was mailed and what came of it: through the outbox's and the tracking's own statements."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.delivery.parts import message_to
from tests.make import Make
from tests.questions import next_moment, problem, who
from waypost.delivery import claims, events
from waypost.delivery.types import State
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx

NOBODY: set[str] = set()
EVERYONE = {"Ada", "Grace", "Linus"}


def at(tx: Tx, days: float) -> Tx:
    """The same transaction so many days ago."""
    return Tx(
        tx.conn,
        workspace_id=tx.workspace_id,
        actor=tx.actor,
        now=tx.now - timedelta(days=days),
        registry=tx.registry,
        settings=tx.settings,
    )


async def mail(tx: Tx, people: list[int]) -> tuple[int, list[int]]:
    """A message sent to the people: its id and theirs in the ledger."""
    message = await message_to(tx, people)
    rows = await claims.claim(tx, 7, 100)
    await claims.settle(tx, 7, [claims.Result(row.id, State.SENT, 250, "ok", 1, tx.now) for row in rows])
    found = await tx.all(
        sql(
            "select id from delivery.ledger where workspace_id = {workspace} and message_id = {message} order by contact_id",
            message=message,
        )
    )
    return message, [row["id"] for row in found]


@pytest.fixture
async def world(tx: Tx, make: Make) -> dict[str, int]:
    """A newsletter of 40 days ago, opened by Ada 40, 3 and 2 days ago; an offer of 3 days ago, clicked by Grace unseen."""
    ada, grace = await make.contact(tx, first_name="Ada"), await make.contact(tx, first_name="Grace")
    await make.contact(tx, first_name="Linus")
    news, (to_ada, _) = await mail(at(tx, 40), [ada, grace])
    for days in (40, 3, 2):
        await events.write_opens(at(tx, days), [(to_ada, 0)])
    offer, (_, to_grace) = await mail(at(tx, 3), [ada, grace])
    await events.write_clicks(at(tx, 2), [(to_grace, 1)])
    return {"ada": ada, "grace": grace, "news": news, "offer": offer}


@pytest.mark.parametrize(
    ("kind", "params", "expected"),
    [
        ("was_sent", {"message_id": "news"}, {"Ada", "Grace"}),
        ("was_sent", {}, {"Ada", "Grace"}),
        ("was_sent", {"count": 2}, {"Ada", "Grace"}),
        ("was_sent", {"count": 3}, NOBODY),
        ("was_sent", {"within_days": 2.5}, NOBODY),
        ("was_sent", {"message_id": "news", "within_days": 30}, NOBODY),
        ("opened_message", {"message_id": "news"}, {"Ada"}),
        ("opened_message", {"message_id": "offer"}, {"Grace"}),
        ("opened_message", {"message_id": "offer", "within_days": 30}, {"Grace"}),
        ("opened_message", {"within_days": 30}, {"Ada", "Grace"}),
        ("opened_message", {"within_days": 1}, NOBODY),
        ("opened_message", {"count": 3}, {"Ada"}),
        ("opened_message", {"count": 3, "within_days": 30}, NOBODY),
        ("opened_message", {"count": 2, "within_days": 30, "message_id": "news"}, {"Ada"}),
        ("clicked_link", {}, {"Grace"}),
        ("clicked_link", {"message_id": "offer"}, {"Grace"}),
        ("clicked_link", {"message_id": "offer", "link": 1}, {"Grace"}),
        ("clicked_link", {"link": 2}, NOBODY),
        ("clicked_link", {"within_days": 30}, {"Grace"}),
        ("last_engagement", {"what": "open", "operator": "in_last_days", "value": 30}, {"Ada", "Grace"}),
        ("last_engagement", {"what": "click", "operator": "in_last_days", "value": 30}, {"Grace"}),
        ("last_engagement", {"what": "click", "operator": "not_in_last_days", "value": 30}, {"Ada", "Linus"}),
        ("last_engagement", {"what": "open", "operator": "more_than_days_ago", "value": 1}, {"Ada", "Grace"}),
        ("last_engagement", {"what": "open", "operator": "is_empty"}, {"Linus"}),
        ("last_engagement", {"what": "sent", "operator": "before", "value": "2026-11-22"}, {"Ada", "Grace"}),
        ("last_engagement", {"what": "visit", "operator": "is_not_empty"}, NOBODY),
        ("engagement_count", {"what": "open", "operator": "equals", "value": 3}, {"Ada"}),
        ("engagement_count", {"what": "open", "operator": "less", "value": 3}, {"Grace", "Linus"}),
        ("engagement_count", {"what": "open", "operator": "not_equals", "value": 3}, {"Grace", "Linus"}),
        ("engagement_count", {"what": "sent", "operator": "between", "value": 0, "value_to": 1}, {"Linus"}),
        ("engagement_count", {"what": "sent", "operator": "greater_or_equal", "value": 0}, EVERYONE),
    ],
)
async def test_engagement(tx: Tx, world: dict[str, int], kind: str, params: dict[str, Any], expected: set[str]) -> None:
    if "message_id" in params:
        params = {**params, "message_id": world[params["message_id"]]}
    assert await who(tx, kind, **params) == expected
    assert await who(tx.in_workspace(tx.workspace_id + 1_000_000), kind, **params) == NOBODY


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        ("opened_message", {"within_days": 30}),
        ("opened_message", {"within_days": 30, "count": 2}),
        ("last_engagement", {"what": "open", "operator": "in_last_days", "value": 30}),
        ("last_engagement", {"what": "open", "operator": "more_than_days_ago", "value": 30}),
        ("last_engagement", {"what": "open", "operator": "not_in_last_days", "value": 30}),
    ],
)
async def test_being_quiet_long_enough_is_due_to_the_second(
    tx: Tx, world: dict[str, int], kind: str, params: dict[str, Any]
) -> None:
    before = "Ada" in await who(tx, kind, **params)
    due = await next_moment(tx, kind, world["ada"], **params)
    last = 3 if params.get("count") == 2 else 2
    assert due == tx.now + timedelta(days=30 - last)
    assert ("Ada" in await who(at(tx, last - 30 + 1e-5), kind, **params)) == before
    assert ("Ada" in await who(at(tx, last - 30), kind, **params)) != before


async def test_what_does_not_fit_is_refused(tx: Tx) -> None:
    assert await problem(tx, "last_engagement", what="open", operator="contains", value="x") == (
        "/operator", "contacts.operator_unfit",
    )  # fmt: skip
    assert await problem(tx, "last_engagement", operator="in_last_days", value="soon") == (
        "/value", "contacts.value_unfit",
    )  # fmt: skip
