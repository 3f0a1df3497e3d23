"""Opens, clicks and unsubscribing, through the web application."""

from __future__ import annotations

from typing import Any

import pytest

from tests.delivery.parts import events_written, facts, ledger, message_to
from tests.make import Client, Make
from waypost.delivery.tokens import Tokens
from waypost.kernel.db import Database
from waypost.kernel.sql import sql

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def sent_to(db: Database, client: Client, make: Make, **contact: Any) -> tuple[int, int, str]:
    """(contact, message, token) of one message."""
    async with db.transaction(client.workspace_id) as tx:
        person = await make.contact(tx, **contact)
        message_id = await message_to(tx, [person])
        # Long since, so that nothing looks like a scanner's haste.
        await tx.run(
            sql(
                """
                update delivery.ledger set state = 2, sent_at = {now} - interval '1 hour'
                where workspace_id = {workspace} and message_id = {id}
                """,
                id=message_id,
            )
        )
    (row,) = await ledger(db, client.workspace_id, message_id)
    return person, message_id, Tokens.of(db.settings).make(client.workspace_id, row["id"]).decode()


async def test_a_token_cannot_be_made_up() -> None:
    tokens = Tokens(b"k" * 32)
    token = tokens.make(3, 2**48 + 5)
    assert len(token) == 28
    assert tokens.read(token) == (3, 2**48 + 5)
    assert Tokens(b"o" * 32).read(token) is None
    for place in range(28):
        changed = bytearray(token)
        changed[place] = ord("A") if changed[place] != ord("A") else ord("B")
        assert tokens.read(bytes(changed)) is None
    assert tokens.read(b"") is None
    assert tokens.read(b"!" * 28) is None


async def test_a_link_leads_where_its_variable_says_now(db: Database, client: Client, make: Make) -> None:
    _, message_id, token = await sent_to(db, client, make)
    shop = (await client.post("/api/v1/message-variables", json={"tag": "SHOP", "content": "a.example"})).json()
    async with db.transaction(client.workspace_id) as tx:
        await tx.run(
            sql(
                """
                update messages.link set url = 'https://%SHOP%/new%20in?q=%AB%CD'
                where workspace_id = {workspace} and message_id = {id} and number = 2
                """,
                id=message_id,
            )
        )
    assert (await client.get(f"/c/{token}/2")).headers["location"] == "https://a.example/new%20in?q=%AB%CD"
    await client.put(f"/api/v1/message-variables/{shop['id']}", json={"content": "b.example"})
    assert (await client.get(f"/c/{token}/2")).headers["location"] == "https://b.example/new%20in?q=%AB%CD"


async def test_the_pixel_counts_every_get_and_no_head(db: Database, client: Client, make: Make) -> None:
    person, message_id, token = await sent_to(db, client, make)
    for _ in range(3):
        answer = await client.get(f"/o/{token}.gif")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/gif")
        assert "no-store" in answer.headers["cache-control"]
    await client.head(f"/o/{token}.gif")
    assert (await client.get(f"/o/{'A' * 28}.gif")).status_code == 200
    await events_written()
    (row,) = await ledger(db, client.workspace_id, message_id)
    assert (row["open_count"], row["opened_at"] is None) == (3, False)
    found = await facts(db, client.workspace_id)
    assert [(row["contact_id"], row["kind"], row["object_id"]) for row in found] == [(person, 201, message_id)] * 3


async def test_an_acknowledged_click_is_written(db: Database, client: Client, make: Make) -> None:
    person, message_id, token = await sent_to(db, client, make, email="ada+1@example.com")
    answer = await client.get(f"/c/{token}/2")
    assert (answer.status_code, answer.headers["location"]) == (302, "https://example.com/shop")
    (row,) = await ledger(db, client.workspace_id, message_id)
    assert row["click_count"] == 1
    (fact,) = await facts(db, client.workspace_id)
    assert (fact["contact_id"], fact["kind"], fact["data"]) == (
        person, 202, {"link": 2, "url": "https://example.com/shop"},
    )  # fmt: skip
    personal = await client.get(f"/c/{token}/1")
    assert personal.headers["location"].startswith("https://example.com/read?who=ada")
    await client.head(f"/c/{token}/2")
    # A second link within a moment, and a HEAD, are for the judge (test_verdicts).
    assert len(await facts(db, client.workspace_id)) == 1


@pytest.mark.parametrize("path", ["/c/{token}/99", "/c/{token}/x", "/c/{token}", "/c/nonsense/1", "/u/nonsense"])
async def test_unknown_addresses_lead_nowhere(db: Database, client: Client, make: Make, path: str) -> None:
    _, _, token = await sent_to(db, client, make)
    answer = await client.get(path.format(token=token))
    assert answer.status_code == 404
    assert "location" not in answer.headers


async def test_only_a_post_unsubscribes_and_once_is_enough(db: Database, client: Client, make: Make) -> None:
    async with db.transaction(client.workspace_id) as tx:
        list_id = await tx.value(
            sql(
                """
                insert into contacts.list (workspace_id, name, slug, created_at, updated_at)
                values ({workspace}, 'News', 'news', {now}, {now}) returning id
                """
            )
        )
    person, message_id, token = await sent_to(db, client, make, lists=[list_id])
    page = await client.get(f"/u/{token}")
    assert page.status_code == 200
    assert '<form method="post">' in page.text
    assert await facts(db, client.workspace_id) == []
    for _ in range(2):
        done = await client.post(f"/u/{token}", data={"List-Unsubscribe": "One-Click"})
        assert done.status_code == 200
    found = await facts(db, client.workspace_id)
    assert [(row["contact_id"], row["kind"], row["object_id"]) for row in found] == [(person, 204, message_id)]
    async with db.transaction(client.workspace_id) as tx:
        status = await tx.value(
            sql(
                "select status from contacts.subscription where workspace_id = {workspace} and contact_id = {person}",
                person=person,
            )
        )
        assert status == 2
        later = await message_to(tx, [person])
    (row,) = await ledger(db, client.workspace_id, later)
    assert row["state"] == 4
