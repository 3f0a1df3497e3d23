"""Split tests: by lot until they end, then the winner for everyone; who has a path keeps it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.automations.flow import activate, document, enter, has_tag, settle_at, step, trails
from tests.make import Make
from waypost.contacts.actions import add_tag
from waypost.contacts.audience import these
from waypost.kernel.db import Database
from waypost.kernel.sql import sql

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
PATHS: list[dict[str, Any]] = [{"id": "a"}, {"id": "b"}]


async def takers(db: Database, workspace_id: int, path: str) -> list[int]:
    async with db.read(workspace_id) as read:
        rows = await read.all(
            sql(
                """
                select contact_id from automations.split_taken
                where workspace_id = {workspace} and path_id = {path} order by contact_id
                """,
                path=path,
            )
        )
    return [row["contact_id"] for row in rows]


@pytest.mark.parametrize(
    ("end", "later"),
    [
        ({"after_contacts": 40}, timedelta(minutes=2)),
        ({"after_matches": 5}, timedelta(minutes=2)),
        ({"ends_at": (NOON + timedelta(days=1)).isoformat()}, timedelta(days=2)),
    ],
)
async def test_the_path_on_which_most_did_it_wins(
    db: Database, workspace_id: int, make: Make, end: dict[str, Any], later: timedelta
) -> None:
    async with db.transaction(workspace_id, now=NOON) as tx:
        bought = await make.tag(tx)
        people = await make.contacts(tx, 70)
        split = step("s", "split_test", paths=PATHS, condition=has_tag(bought), **end)
        automation = await activate(tx, document(split, step("e", "end")))
        await enter(tx, automation.id, people[:40])
    await settle_at(db, workspace_id, NOON)
    first, second = await takers(db, workspace_id, "a"), await takers(db, workspace_id, "b")
    assert sorted(first + second) == people[:40]
    assert 8 < len(first) < 32
    async with db.transaction(workspace_id, now=NOON) as tx:
        await add_tag(tx, bought, these([*second[:6], first[0]]))
        await enter(tx, automation.id, [second[0]])
    async with db.transaction(workspace_id, now=NOON + later) as tx:
        await enter(tx, automation.id, [first[0], *people[40:]])
    await settle_at(db, workspace_id, NOON + later)
    assert await takers(db, workspace_id, "b") == sorted(second + people[40:])
    found = await trails(db, workspace_id, automation.id)
    assert found["s:a,e"] == len(first) + 1, "who took a path takes it again"


async def test_all_take_the_first_until_so_many_have_and_the_last_from_then_on(
    db: Database, workspace_id: int, make: Make
) -> None:
    async with db.transaction(workspace_id, now=NOON) as tx:
        params: dict[str, Any] = {"meanwhile": "first", "afterwards": "last", "after_contacts": 4}
        split = step("s", "split_test", paths=PATHS, condition=has_tag(await make.tag(tx)), **params)
        automation = await activate(tx, document(split))
        await enter(tx, automation.id, await make.contacts(tx, 10))
    await settle_at(db, workspace_id, NOON)
    assert await trails(db, workspace_id, automation.id) == {"s:a": 4, "s:b": 6}
