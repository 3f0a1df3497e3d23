"""The local mailbox: a real SMTP server (RFC 5321) on this machine that keeps what it receives.

It speaks PIPELINING, 8BITMIME, SMTPUTF8 and SIZE, ends data only at CRLF.CRLF, and refuses bare
line feeds, so what passes here passes a strict relay. Mail is stored before it is acknowledged.
"""

from __future__ import annotations

import asyncio
import email
import email.policy
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from waypost.delivery.token import Tokens
from waypost.kernel.config import Settings
from waypost.kernel.db import Database
from waypost.kernel.log import log
from waypost.kernel.sql import sql

LARGEST = 25_000_000
MOST_KEPT = 5_000
FLUSH_SECONDS = 0.02
_PATH = re.compile(rb"(?:FROM|TO):\s*<([^>]*)>", re.IGNORECASE)
_BARE = re.compile(rb"(?<!\r)\n|\r(?!\n)")
_MESSAGE_ID = re.compile(rb"^Message-ID:\s*<([A-Za-z0-9_-]{28})@", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Received:
    mail_from: str
    rcpt_to: str
    raw: bytes


class Store:
    """Writes mails in small batches; each waits for its batch."""

    def __init__(self, db: Database, tokens: Tokens) -> None:
        self._db = db
        self._tokens = tokens
        self._waiting: list[tuple[Received, asyncio.Future[bool]]] = []
        self._task: asyncio.Task[None] | None = None

    def keep(self, mail: Received) -> asyncio.Future[bool]:
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((mail, future))
        if self._task is None:
            self._task = asyncio.create_task(self._flush())
        return future

    async def _flush(self) -> None:
        await asyncio.sleep(FLUSH_SECONDS)
        while self._waiting:
            batch, self._waiting = self._waiting, []
            stored = True
            try:
                await self._write([mail for mail, _ in batch])
            except Exception as error:  # noqa: BLE001 - the client is told to try again
                log.error("mail could not be stored", exc_info=error)
                stored = False
            for _, future in batch:
                if not future.done():
                    future.set_result(stored)
        self._task = None

    async def _write(self, mails: list[Received]) -> None:
        now = datetime.now(UTC)
        by_workspace: dict[int, list[tuple[object, ...]]] = {}
        for mail in mails:
            found = _MESSAGE_ID.search(mail.raw)
            owner = self._tokens.read(found[1].decode()) if found else None
            workspace_id = owner[0] if owner else 0
            row = (workspace_id, now, mail.mail_from, mail.rcpt_to, subject_of(mail.raw), len(mail.raw), mail.raw)
            by_workspace.setdefault(workspace_id, []).append(row)
        columns = ("workspace_id", "received_at", "mail_from", "rcpt_to", "subject", "size", "raw")
        for workspace_id, rows in by_workspace.items():
            async with self._db.transaction(workspace_id) as tx:
                await tx.copy("delivery.mailbox", columns, rows)
                await tx.run(
                    sql(
                        """
                        delete from delivery.mailbox where workspace_id = {workspace} and id <= (
                            select id from delivery.mailbox where workspace_id = {workspace}
                            order by id desc offset {most} limit 1
                        )
                        """,
                        most=MOST_KEPT,
                    )
                )
                await tx.notify("live")


def subject_of(raw: bytes) -> str:
    """The decoded subject, or nothing when it cannot be read."""
    head = raw[: raw.find(b"\r\n\r\n") + 4]
    message = email.message_from_bytes(head, policy=email.policy.default)
    try:
        return str(message["subject"] or "")[:500]
    except (ValueError, LookupError):
        return ""


class Session(asyncio.Protocol):
    """One client."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._buffer = bytearray()
        self._in_data = False
        self._mail_from: str | None = None
        self._recipients: list[str] = []
        self._closing = False
        self._busy = False
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]
        self._reply("220 waypost mailbox ESMTP")

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        self._go_on()

    def _go_on(self) -> None:
        while not self._busy and not self._closing and (self._take_mail() if self._in_data else self._take_line()):
            pass

    def _reply(self, text: str) -> None:
        if not self._transport.is_closing():
            self._transport.write(text.encode() + b"\r\n")

    def _take_line(self) -> bool:
        end = self._buffer.find(b"\n")
        if end < 0:
            if len(self._buffer) > 4_096:
                self._refuse("500 5.5.2 Line too long")
            return False
        line = bytes(self._buffer[: end + 1])
        del self._buffer[: end + 1]
        if not line.endswith(b"\r\n"):
            self._refuse("500 5.5.2 Lines end with CR LF")
            return False
        self._command(line[:-2])
        return True

    def _refuse(self, text: str) -> None:
        self._reply(text)
        self._closing = True
        self._transport.close()

    def _command(self, line: bytes) -> None:
        verb = line[:4].upper()
        if verb == b"EHLO":
            self._reset()
            self._reply(f"250-waypost\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE {LARGEST}")
        elif verb == b"HELO":
            self._reset()
            self._reply("250 waypost")
        elif verb in (b"MAIL", b"RCPT"):
            self._address(verb, line)
        elif verb == b"DATA":
            if self._mail_from is None or not self._recipients:
                self._reply("503 5.5.1 MAIL and RCPT come first")
            else:
                self._in_data = True
                self._reply("354 End with CRLF.CRLF")
        elif verb == b"QUIT":
            self._reply("221 2.0.0 Bye")
            self._closing = True
            self._transport.close()
        elif verb in (b"RSET", b"NOOP"):
            if verb == b"RSET":
                self._reset()
            self._reply("250 2.0.0 OK")
        else:
            self._reply("502 5.5.1 Not implemented")

    def _address(self, verb: bytes, line: bytes) -> None:
        found = _PATH.search(line)
        if found is None:
            self._reply("501 5.5.4 No address")
            return
        address = found[1].decode("utf-8", "replace")
        if verb == b"MAIL":
            self._mail_from = address
            self._recipients = []
        elif self._mail_from is None:
            self._reply("503 5.5.1 MAIL comes first")
            return
        else:
            self._recipients.append(address)
        self._reply("250 2.1.0 OK")

    def _take_mail(self) -> bool:
        start = self._buffer.startswith(b".\r\n")
        end = 0 if start else self._buffer.find(b"\r\n.\r\n")
        if not start and end < 0:
            if len(self._buffer) > LARGEST:
                self._refuse("552 5.3.4 Too large")
            return False
        raw = b"" if start else bytes(self._buffer[: end + 2])
        del self._buffer[: 3 if start else end + 5]
        self._in_data = False
        if _BARE.search(raw):
            self._reply("554 5.6.0 Bare line feeds are not accepted")
        else:
            self._busy = True
            mail = Received(self._mail_from or "", ", ".join(self._recipients), raw.replace(b"\r\n..", b"\r\n."))
            self._store.keep(mail).add_done_callback(self._stored)
        self._reset()
        return True

    def _stored(self, future: asyncio.Future[bool]) -> None:
        self._reply("250 2.0.0 Kept" if future.result() else "451 4.3.0 Could not be stored")
        self._busy = False
        self._go_on()

    def _reset(self) -> None:
        self._mail_from = None
        self._recipients = []


async def serve_mailbox(settings: Settings, db: Database) -> None:
    """Listen on this machine until cancelled."""
    store = Store(db, Tokens(settings))
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Session(store), "127.0.0.1", settings.local_mailbox_port)
    log.info("mailbox ready", port=settings.local_mailbox_port)
    async with server:
        await server.serve_forever()
