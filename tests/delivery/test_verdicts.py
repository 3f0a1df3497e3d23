"""Humans, proxies and scanners at the tracking addresses, over HTTP: what is counted, told, and taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.delivery.parts import events_written, facts, ledger, message_to
from tests.make import Client, Make
from waypost.delivery.tokens import Tokens
from waypost.delivery.verdicts import judge_due
from waypost.kernel.db import Database
from waypost.kernel.sql import sql

pytestmark = pytest.mark.asyncio(loop_scope="session")

BROWSER = "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 Version/17.5 Safari/605.1.15"
GMAIL = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"
APPLE = "Mozilla/5.0"


async def sent_to(db: Database, client: Client, make: Make, *, ago: timedelta) -> tuple[int, int, str]:
    """(contact, message, token) of a message sent so long ago."""
    async with db.transaction(client.workspace_id) as tx:
        person = await make.contact(tx)
        message_id = await message_to(tx, [person])
        await tx.run(
            sql(
                """
                update delivery.ledger set state = 2, sent_at = {at}
                where workspace_id = {workspace} and message_id = {id}
                """,
                id=message_id,
                at=tx.now - ago,
            )
        )
    (row,) = await ledger(db, client.workspace_id, message_id)
    return person, message_id, Tokens.of(db.settings).make(client.workspace_id, row["id"]).decode()


async def ask(client: Client, path: str, *, agent: str = BROWSER, method: str = "GET") -> httpx.Response:
    return await client.request(method, path, headers={"User-Agent": agent})


async def windows_close(db: Database, workspace_id: int, after: timedelta = timedelta(seconds=10)) -> None:
    """What the engine does when the windows have closed."""
    await events_written()
    async with db.transaction(workspace_id) as tx:
        now = tx.now + after
    more = True
    while more:
        async with db.transaction(workspace_id, now=now) as tx:
            more = await judge_due(tx)


async def counts(db: Database, client: Client, message_id: int) -> Mapping[str, Any]:
    (row,) = await ledger(db, client.workspace_id, message_id)
    names = ("open_count", "click_count", "machine_open_count", "machine_click_count")
    return {name: row[name] for name in names if row[name]}


async def kinds(db: Database, client: Client) -> list[int]:
    return sorted(row["kind"] for row in await facts(db, client.workspace_id))


async def test_a_person_is_told_at_once(db: Database, client: Client, make: Make) -> None:
    _, message_id, token = await sent_to(db, client, make, ago=timedelta(minutes=5))
    await ask(client, f"/o/{token}.gif", agent=GMAIL)
    await events_written()
    await ask(client, f"/c/{token}/2")
    assert await kinds(db, client) == [201, 202]
    await windows_close(db, client.workspace_id)
    assert await counts(db, client, message_id) == {"open_count": 1, "click_count": 1}
    assert await kinds(db, client) == [201, 202]


async def test_apples_proxy_is_counted_apart_and_never_told(db: Database, client: Client, make: Make) -> None:
    _, message_id, token = await sent_to(db, client, make, ago=timedelta(minutes=5))
    await ask(client, f"/o/{token}.gif", agent=APPLE)
    await windows_close(db, client.workspace_id)
    assert await counts(db, client, message_id) == {"machine_open_count": 1}
    assert await kinds(db, client) == [219]


async def test_all_links_right_after_delivery_start_nothing(db: Database, client: Client, make: Make) -> None:
    _, message_id, token = await sent_to(db, client, make, ago=timedelta(seconds=1))
    await ask(client, f"/o/{token}.gif")
    await ask(client, f"/c/{token}/1")
    await ask(client, f"/c/{token}/2")
    assert await kinds(db, client) == []
    await windows_close(db, client.workspace_id)
    assert await kinds(db, client) == [219]
    assert await counts(db, client, message_id) == {"machine_open_count": 1, "machine_click_count": 2}


async def test_a_hasty_person_is_told_when_the_window_closes(db: Database, client: Client, make: Make) -> None:
    _, message_id, token = await sent_to(db, client, make, ago=timedelta(seconds=30))
    answer = await ask(client, f"/c/{token}/2")
    assert answer.status_code == 302
    assert await kinds(db, client) == []
    await windows_close(db, client.workspace_id, timedelta(seconds=1))
    assert await kinds(db, client) == []
    await windows_close(db, client.workspace_id)
    assert await kinds(db, client) == [202]
    assert await counts(db, client, message_id) == {"click_count": 1}


@pytest.mark.parametrize(
    ("path", "method", "agent"),
    [
        ("/c/{token}/0", "GET", BROWSER),
        ("/c/{token}/2", "HEAD", BROWSER),
        ("/c/{token}/2", "GET", "python-requests/2.32"),
    ],
)
async def test_a_late_sign_takes_back_what_was_told(
    db: Database, client: Client, make: Make, path: str, method: str, agent: str
) -> None:
    person, message_id, token = await sent_to(db, client, make, ago=timedelta(minutes=5))
    await ask(client, f"/o/{token}.gif")
    await events_written()
    await ask(client, f"/c/{token}/1")
    assert await kinds(db, client) == [201, 202]
    assert (await ledger(db, client.workspace_id, message_id))[0]["clicked_at"] is not None
    await ask(client, path.format(token=token), method=method, agent=agent)
    await windows_close(db, client.workspace_id)
    assert await counts(db, client, message_id) == {"machine_open_count": 1, "machine_click_count": 2}
    (row,) = await ledger(db, client.workspace_id, message_id)
    assert (row["opened_at"], row["clicked_at"]) == (None, None)
    assert await kinds(db, client) == [215, 216, 217, 218]
    async with db.read(client.workspace_id) as read:
        engaged = await read.one(
            sql(
                """
                select open_count, click_count, last_open_at, last_click_at from activities.engagement
                where workspace_id = {workspace} and contact_id = {person}
                """,
                person=person,
            )
        )
    assert tuple(engaged) == (0, 0, None, None)


async def test_a_person_behind_a_scanner_still_counts(db: Database, client: Client, make: Make) -> None:
    """The gateway looks at delivery, the reader an hour later."""
    _, message_id, token = await sent_to(db, client, make, ago=timedelta(seconds=1))
    await ask(client, f"/c/{token}/0")
    await ask(client, f"/c/{token}/1")
    await ask(client, f"/c/{token}/2")
    await windows_close(db, client.workspace_id)
    async with db.transaction(client.workspace_id) as tx:
        await tx.run(
            sql(
                """
                update delivery.event set at = at - interval '1 hour' where workspace_id = {workspace}
                """
            )
        )
        await tx.run(
            sql(
                """
                update delivery.ledger set sent_at = sent_at - interval '1 hour'
                where workspace_id = {workspace} and message_id = {id}
                """,
                id=message_id,
            )
        )
    await ask(client, f"/o/{token}.gif")
    await ask(client, f"/c/{token}/2")
    await windows_close(db, client.workspace_id)
    assert await counts(db, client, message_id) == {"open_count": 1, "click_count": 1, "machine_click_count": 3}
