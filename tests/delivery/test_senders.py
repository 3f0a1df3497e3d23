"""Senders and relays: who mail comes from, which server takes it, and what happens when one is down."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.delivery.parts import ledger, message_to, outbox_with
from tests.delivery.sink import Sink
from tests.make import Client, Make
from waypost.delivery.channels.null import NullChannel
from waypost.delivery.journal import open_journal
from waypost.delivery.relays import get_relay, save_relay
from waypost.delivery.routing import Ways
from waypost.delivery.senders import create_sender
from waypost.delivery.types import RelayServer
from waypost.kernel.db import Database
from waypost.kernel.sql import sql

pytestmark = pytest.mark.asyncio(loop_scope="session")
RELAY: dict[str, Any] = {
    "name": "One", "host": "127.0.0.1", "port": 25, "security": "none", "username": "", "password": None,
    "weight": 100, "domains": [], "connections": 2, "signs": False, "is_enabled": True,
}  # fmt: skip


async def add_relay(db: Database, workspace_id: int, **values: Any) -> int:
    async with db.transaction(workspace_id) as tx:
        return (await save_relay(tx, None, RELAY | values)).id


async def send_all(db: Database, workspace_id: int, folder: Path) -> NullChannel:
    """Sends what is due; what would go the settings' way is in the channel returned."""
    journal, channel = open_journal(folder, 0), NullChannel()
    outbox = outbox_with(db, channel, journal)
    while await outbox.tick(workspace_id):
        pass
    sent = list(channel.sent)
    await outbox.close()
    channel.sent = sent
    journal.close()
    return channel


async def test_senders_over_http(client: Client) -> None:
    ada = (await client.post("/api/v1/senders", json={"from_email": "ada@example.com", "from_name": "Ada"})).json()
    assert ada["is_default"]
    twice = await client.post("/api/v1/senders", json={"from_email": "ADA@example.com"})
    assert (twice.status_code, twice.json()["code"]) == (409, "delivery.sender_exists")
    body = {"from_email": "grace@example.org", "reply_to": "help@example.org", "physical_address": "1 Main St"}
    grace = (await client.post("/api/v1/senders", json=body)).json()
    assert not grace["is_default"]
    kept = await client.delete(f"/api/v1/senders/{ada['id']}")
    assert (kept.status_code, kept.json()["code"]) == (409, "delivery.sender_needed")
    grace = (await client.patch(f"/api/v1/senders/{grace['id']}", json={"is_default": True})).json()
    assert (grace["is_default"], grace["reply_to"]) == (True, "help@example.org")
    assert (await client.get("/api/v1/delivery/settings")).json()["from_email"] == "grace@example.org"
    assert (await client.delete(f"/api/v1/senders/{ada['id']}")).status_code == 204
    items = (await client.get("/api/v1/senders")).json()["items"]
    assert [item["from_email"] for item in items] == ["grace@example.org"]
    wrong = await client.post("/api/v1/senders", json={"from_email": "x@example.com", "relay_id": 999_999})
    assert (wrong.status_code, wrong.json()["code"]) == (404, "delivery.relay_not_found")
    broken = await client.post("/api/v1/senders", json={"from_email": "nobody"})
    assert broken.status_code in (400, 422)


async def test_a_relay_keeps_its_password_to_itself(client: Client, db: Database) -> None:
    body = {"name": "SES", "host": "email-smtp.eu-west-1.amazonaws.com", "username": "me", "password": "s3cret!"}
    made = (await client.post("/api/v1/relays", json=body)).json()
    assert made["has_password"]
    assert "s3cret" not in str(made)
    changed = (await client.patch(f"/api/v1/relays/{made['id']}", json={"weight": 5})).json()
    assert (changed["has_password"], changed["weight"]) == (True, 5)
    async with db.read(client.workspace_id) as read:
        sealed = (await get_relay(read, made["id"])).sealed_password
    assert "s3cret" not in sealed
    cleared = (await client.patch(f"/api/v1/relays/{made['id']}", json={"password": ""})).json()
    assert not cleared["has_password"]
    assert (await client.post("/api/v1/relays", json=body | {"port": 0})).status_code in (400, 422)
    assert (await client.delete(f"/api/v1/relays/{made['id']}")).status_code == 204
    assert (await client.get(f"/api/v1/relays/{made['id']}")).status_code == 404


async def test_a_relay_says_whether_it_works(client: Client) -> None:
    ask = {"from_email": "olga@example.com", "to_email": "me@example.com"}
    async with Sink(users={"me": "right"}) as sink:
        body = {"name": "Sink", "host": "127.0.0.1", "port": sink.port, "security": "none", "username": "me"}
        made = (await client.post("/api/v1/relays", json=body | {"password": "wrong"})).json()
        path = f"/api/v1/relays/{made['id']}"
        refused = await client.post(f"{path}/test", json=ask)
        assert (refused.status_code, refused.json()["code"]) == (503, "delivery.server_refused")
        assert "535" in refused.json()["detail"]
        await client.patch(path, json={"password": "right"})
        fine = await client.post(f"{path}/test", json=ask)
        assert (fine.status_code, fine.json()["code"]) == (200, 250)
        assert sink.counts == {"me@example.com": 1}


async def test_servers_are_chosen_by_sender_then_domain_then_weight() -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)

    def relay(number: int, **values: Any) -> RelayServer:
        given = RELAY | {"sealed_password": "", "failures": 0, "open_until": None, "problem": None, "problem_at": None}
        given |= {"id": number, "created_at": now, "updated_at": now} | values
        given.pop("password")
        return RelayServer(**given)

    own, theirs = relay(1, domains=["other.example"]), relay(2, domains=["example.com"])
    small, large, off = relay(3, weight=25), relay(4, weight=75), relay(5, is_enabled=False)
    ways = Ways([own, theirs, small, large, off], now)
    assert ways.choose("example.com", 1, 7) == 1
    assert ways.choose("example.com", None, 7) == 2
    shares = Counter(ways.choose("third.example", None, number) for number in range(4_000))
    assert set(shares) == {3, 4}
    assert 0.20 < shares[3] / 4_000 < 0.30
    ways.failed.add(2)
    assert ways.choose("example.com", None, 7) in (3, 4)
    opened = [relay(2, domains=["example.com"], open_until=now + timedelta(seconds=9), problem="down"), own]
    assert Ways(opened, now).choose("example.com", None, 7) is None
    assert Ways(opened, now).why_none("example.com", None) == (
        "The mail server cannot be reached: down", now + timedelta(seconds=9)
    )  # fmt: skip
    assert Ways(opened, now).why_none("third.example", None)[1] is None
    assert Ways([], now).choose("example.com", None, 7) == 0


async def test_when_a_server_is_down_the_next_takes_over(
    db: Database, workspace_id: int, make: Make, tmp_path: Path
) -> None:
    async with Sink() as backup:
        dead = await add_relay(db, workspace_id, name="Dead", port=1, domains=["example.com"])
        await add_relay(db, workspace_id, name="Backup", port=backup.port)
        async with db.transaction(workspace_id) as tx:
            message_id = await message_to(tx, await make.contacts(tx, 50))
        unused = await send_all(db, workspace_id, tmp_path)
        assert unused.sent == []
        assert len(backup.messages) == 50
        assert set(backup.counts.values()) == {1}
    assert {row["state"] for row in await ledger(db, workspace_id, message_id)} == {2}
    async with db.read(workspace_id) as read:
        relay = await get_relay(read, dead)
    assert relay.failures == 1
    assert relay.open_until is not None
    assert relay.problem


async def test_a_server_that_is_down_alone_loses_nothing_and_is_tried_again(
    db: Database, workspace_id: int, make: Make, tmp_path: Path
) -> None:
    only = await add_relay(db, workspace_id, port=1)
    async with db.transaction(workspace_id) as tx:
        message_id = await message_to(tx, await make.contacts(tx, 5))
    await send_all(db, workspace_id, tmp_path)
    rows = await ledger(db, workspace_id, message_id)
    assert {(row["state"], row["attempts"]) for row in rows} == {(0, 1)}
    await make_due(db, workspace_id)
    await send_all(db, workspace_id, tmp_path)
    rows = await ledger(db, workspace_id, message_id)
    assert {(row["state"], row["attempts"]) for row in rows} == {(0, 1)}, "an open breaker costs no attempt"
    assert "cannot be reached" in rows[0]["smtp_reply"]
    async with Sink() as sink:
        async with db.transaction(workspace_id) as tx:
            await save_relay(tx, only, {"port": sink.port})
        await make_due(db, workspace_id)
        await send_all(db, workspace_id, tmp_path)
        assert len(sink.messages) == 5


async def make_due(db: Database, workspace_id: int) -> None:
    async with db.transaction(workspace_id) as tx:
        await tx.run(sql("update delivery.ledger set due_at = {now} where workspace_id = {workspace} and state = 0"))


async def test_a_made_up_address_never_leaves_through_a_real_server(
    db: Database, client: Client, make: Make, tmp_path: Path
) -> None:
    workspace_id = client.workspace_id
    async with Sink() as sink:
        await add_relay(db, workspace_id, port=sink.port)
        assert (await client.get("/api/v1/delivery/settings")).json()["from_email"] == ""
        async with db.transaction(workspace_id) as tx:
            message_id = await message_to(tx, [await make.contact(tx)])
            await tx.run(
                sql(
                    "update messages.message set from_email = '' where workspace_id = {workspace} and id = {id}",
                    id=message_id,
                )
            )
        refused = await client.post(f"/api/v1/messages/{message_id}/test", json={"email": "me@example.com"})
        assert refused.json()["code"] == "delivery.sender_missing"
        await send_all(db, workspace_id, tmp_path)
        assert sink.messages == []
        (row,) = await ledger(db, workspace_id, message_id)
        assert row["state"] == 3
        assert "Add a sender" in row["smtp_reply"]


async def test_a_sender_brings_its_name_reply_address_and_server(
    db: Database, workspace_id: int, make: Make, tmp_path: Path
) -> None:
    async with Sink() as general, Sink() as own:
        await add_relay(db, workspace_id, port=general.port)
        relay_id = await add_relay(db, workspace_id, port=own.port, domains=["nobody.example"])
        async with db.transaction(workspace_id) as tx:
            await create_sender(
                tx, from_name="Olga", from_email="olga@example.com", reply_to="help@example.com", relay_id=relay_id
            )
            await message_to(tx, await make.contacts(tx, 3))
        await asyncio.wait_for(send_all(db, workspace_id, tmp_path), 30)
        assert (len(general.messages), len(own.messages)) == (0, 3)
        assert b"Reply-To: help@example.com\r\n" in own.messages[0].raw
