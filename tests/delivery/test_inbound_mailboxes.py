"""Bounces read from mailboxes by IMAP and POP3."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from tests.delivery.mailbox_servers import FakeImap, FakePop
from tests.delivery.parts import system_work
from tests.delivery.test_inbound import sent_to
from tests.make import Client, Make
from waypost.delivery.inbound_address import return_path
from waypost.delivery.inbound_mailboxes import Reader, list_inbound_mailboxes, save_inbound_mailbox
from waypost.delivery.tokens import Tokens
from waypost.kernel.db import Database
from waypost.kernel.sql import sql

pytestmark = pytest.mark.asyncio(loop_scope="session")
CORPUS = Path(__file__).parent.parent / "data" / "bounces"


async def bounced(db: Database, workspace_id: int) -> list[int]:
    async with db.read(workspace_id) as read:
        rows = await read.all(
            sql("select ledger_id from delivery.notice where workspace_id = {workspace} order by ledger_id")
        )
    return [row["ledger_id"] for row in rows]


async def prepared(
    db: Database, workspace_id: int, make: Make, protocol: str, port: int, count: int
) -> list[tuple[int, bytes]]:
    """Ledger rows with the bounces of their messages, and a mailbox to read."""
    dsn = (CORPUS / "bounce.unknown_address.postfix.eml").read_bytes()
    made: list[tuple[int, bytes]] = []
    async with db.transaction(workspace_id) as tx:
        tokens = Tokens.of(tx.settings)
        for number in range(count):
            row = await sent_to(tx, await make.contact(tx, f"{protocol}{number}@example.org"))
            address = return_path("b@bounces.example.com", tokens.make(workspace_id, row))
            made.append((row, dsn.replace(b"b+x@bounces.example.com", address.encode())))
        await save_inbound_mailbox(
            tx, None, protocol=protocol, host="127.0.0.1", port=port, security="none", username="me",
            password="secret", folder="", is_enabled=True,
        )  # fmt: skip
    return made


def reader_of(db: Database) -> Reader:
    work = system_work(db)
    return Reader(replace(work, settings=replace(work.settings, allow_private_hosts=True)))


async def wake_all(db: Database, workspace_id: int) -> None:
    async with db.transaction(workspace_id) as tx:
        await tx.run(sql("update delivery.inbound_mailbox set due_at = {now} where workspace_id = {workspace}"))


async def test_an_imap_folder_is_read_from_where_it_was_left(db: Database, workspace_id: int, make: Make) -> None:
    fake = FakeImap()
    async with await asyncio.start_server(fake.serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        made = await prepared(db, workspace_id, make, "imap", port, 3)
        fake.mails = {10: made[0][1], 11: b"Subject: about nothing\r\n\r\nhello", 12: made[1][1]}
        reader = reader_of(db)
        while await reader.tick(workspace_id):
            pass
        assert await bounced(db, workspace_id) == [made[0][0], made[1][0]]
        fake.mails[20] = made[2][1]
        for _ in range(2):
            await wake_all(db, workspace_id)
            while await reader.tick(workspace_id):
                pass
        assert fake.fetched == [10, 11, 12, 20]
        assert await bounced(db, workspace_id) == [row for row, _ in made]
        fake.validity = 8
        await wake_all(db, workspace_id)
        await reader.tick(workspace_id)
        assert fake.fetched[4:] == [10, 11, 12, 20]
        assert await bounced(db, workspace_id) == [row for row, _ in made]
        fake.password = "changed"
        await wake_all(db, workspace_id)
        await reader.tick(workspace_id)
    async with db.read(workspace_id) as read:
        (box,) = await list_inbound_mailboxes(read)
    assert box.last_uid == 20
    assert "wrong password" in (box.problem or "")


async def test_a_pop3_mailbox_is_emptied_once_its_mail_is_dealt_with(
    db: Database, workspace_id: int, make: Make
) -> None:
    fake = FakePop()
    async with await asyncio.start_server(fake.serve, "127.0.0.1", 0) as server:
        made = await prepared(db, workspace_id, make, "pop3", server.sockets[0].getsockname()[1], 2)
        fake.mails = {f"uid-{row}": raw for row, raw in made}
        reader = reader_of(db)
        while await reader.tick(workspace_id):
            pass
    assert fake.mails == {}
    assert await bounced(db, workspace_id) == [row for row, _ in made]


async def test_private_addresses_are_not_asked(db: Database, workspace_id: int, make: Make) -> None:
    await prepared(db, workspace_id, make, "imap", 1, 0)
    reader = Reader(system_work(db))
    assert await reader.tick(workspace_id)
    async with db.read(workspace_id) as read:
        (box,) = await list_inbound_mailboxes(read)
    assert "private" in (box.problem or "")


async def test_mailboxes_are_kept_over_http_without_showing_passwords(client: Client) -> None:
    body = {
        "protocol": "imap",
        "host": "mail.example.com",
        "port": 993,
        "security": "tls",
        "username": "me",
        "password": "p",
    }
    made = await client.post("/api/v1/inbound-mailboxes", json=body)
    assert made.status_code == 201
    assert "password" not in made.text
    path = f"/api/v1/inbound-mailboxes/{made.json()['id']}"
    del body["password"]
    changed = await client.put(path, json={**body, "folder": "Bounces"})
    assert (changed.json()["folder"], changed.json()["username"]) == ("Bounces", "me")
    assert len((await client.get("/api/v1/inbound-mailboxes")).json()["items"]) == 1
    missing = await client.post("/api/v1/inbound-mailboxes", json=body)
    assert missing.json()["errors"][0]["pointer"] == "/password"
    assert (await client.delete(path)).status_code == 204
    assert (await client.delete(path)).status_code == 404
