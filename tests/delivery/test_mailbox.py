"""The local mailbox: SMTP in, native API out."""

from __future__ import annotations

import asyncio
import smtplib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage

import pytest

from tests.make import Client
from waypost.delivery.mailbox import MailboxStore
from waypost.delivery.receiver import SmtpReceiver
from waypost.delivery.tokens import Tokens
from waypost.kernel.db import Database

pytestmark = pytest.mark.asyncio(loop_scope="session")


@asynccontextmanager
async def mailbox(db: Database) -> AsyncIterator[int]:
    store = MailboxStore(db.settings, db)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SmtpReceiver(store.keep), "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()


async def talk(port: int, *pieces: bytes) -> bytes:
    """Everything at once, then QUIT; what the server said."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"".join(pieces) + b"QUIT\r\n")
    said = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    return said


def envelope(content: bytes) -> bytes:
    return b"EHLO me\r\nMAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.com>\r\nDATA\r\n" + content + b".\r\n"


async def test_a_mail_is_kept_listed_shown_and_thrown_away(db: Database, client: Client) -> None:
    token = Tokens.of(db.settings).make(client.workspace_id, 1).decode()
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "Grüße 🎉", "a@example.com", "b@example.com"
    mail["Message-ID"] = f"<{token}@example.com>"
    mail.set_content(".leading dot\nÄpfel")
    mail.add_alternative("<p onclick='x()'>Äpfel</p><script>alert(1)</script>", subtype="html")

    def deliver(port: int) -> None:
        with smtplib.SMTP("127.0.0.1", port, timeout=10) as smtp:
            smtp.send_message(mail)

    async with mailbox(db) as port:
        await asyncio.to_thread(deliver, port)
    (item,) = (await client.get("/api/v1/mailbox")).json()["items"]
    assert (item["subject"], item["mail_from"], item["rcpt_to"]) == ("Grüße 🎉", "a@example.com", ["b@example.com"])
    shown = (await client.get(f"/api/v1/mailbox/{item['id']}")).json()
    assert "Äpfel" in shown["html"]
    assert "script" not in shown["html"]
    assert "onclick" not in shown["html"]
    assert shown["text"].startswith(".leading dot")
    raw = await client.get(f"/api/v1/mailbox/{item['id']}/raw")
    assert raw.headers["content-type"].startswith("message/rfc822")
    assert len(raw.content) == item["size"]
    assert (await client.delete("/api/v1/mailbox")).status_code == 204
    assert (await client.get(f"/api/v1/mailbox/{item['id']}")).status_code == 404


async def test_pages_follow_one_another(db: Database, client: Client) -> None:
    token = Tokens.of(db.settings).make(client.workspace_id, 1)
    async with mailbox(db) as port:
        mails = [envelope(b"Message-ID: <%s@x>\r\nSubject: %d\r\n\r\nHi\r\n" % (token, n)) for n in range(5)]
        await talk(port, *mails)
    first = (await client.get("/api/v1/mailbox?limit=3")).json()
    second = (await client.get(f"/api/v1/mailbox?limit=3&after={first['next']}")).json()
    assert [item["subject"] for item in first["items"] + second["items"]] == ["4", "3", "2", "1", "0"]
    assert second["next"] is None


async def test_a_bare_newline_smuggles_nothing(db: Database, client: Client) -> None:
    token = Tokens.of(db.settings).make(client.workspace_id, 1)
    head = b"Message-ID: <%s@x>\r\n\r\n" % token
    async with mailbox(db) as port:
        said = await talk(port, envelope(head + b"Hi\n.\nMAIL FROM:<evil@example.com>\r\n"))
    assert b"554 5.6.0" in said
    assert (await client.get("/api/v1/mailbox")).json()["items"] == []


async def test_commands_out_of_order_are_refused(db: Database) -> None:
    async with mailbox(db) as port:
        said = await talk(port, b"RCPT TO:<b@example.com>\r\nDATA\r\nMAIL FROM:nobody\r\nVRFY x\r\n")
    assert [line[:3] for line in said.splitlines()] == [b"220", b"503", b"503", b"501", b"502", b"221"]


async def test_the_sender_of_a_workspace(client: Client) -> None:
    body = {"from_name": "Olga", "from_email": "olga@example.com"}
    assert (await client.put("/api/v1/delivery/settings", json=body)).json() == body
    assert (await client.get("/api/v1/delivery/settings")).json() == body
    wrong = await client.put("/api/v1/delivery/settings", json={"from_name": "Olga", "from_email": "olga"})
    assert wrong.status_code == 422
