"""The local mailbox: what our SMTP server received, in PostgreSQL, for people to look at.

Mails gather while the last lot is written and go in together, each acknowledged once it is in. A
mail belongs to the workspace that its Message-ID's token names, else to the first one. Only the
latest few thousand are kept.
"""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser, BytesParser

import nh3

from waypost.delivery.receiver import Received, SmtpReceiver
from waypost.delivery.tokens import Tokens
from waypost.kernel.config import Settings
from waypost.kernel.db import Database
from waypost.kernel.log import log
from waypost.kernel.sql import sql

KEPT = 5_000
_message_id = re.compile(rb"^Message-ID:\s*<([A-Za-z0-9_-]{28})@", re.IGNORECASE | re.MULTILINE).search
_STYLING = {
    "style",
    "align",
    "bgcolor",
    "width",
    "height",
    "cellpadding",
    "cellspacing",
    "border",
    "role",
    "dir",
    "lang",
}


class MailboxStore:
    """Writes what is received, many at a time."""

    def __init__(self, settings: Settings, db: Database) -> None:
        self._db = db
        self._tokens = Tokens.of(settings)
        self._waiting: list[tuple[Received, asyncio.Future[None]]] = []
        self._task: asyncio.Task[None] | None = None
        self._since_trim = 0

    async def keep(self, received: Received) -> None:
        """Returns when the mail is in the database."""
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((received, done))
        if self._task is None or self._task.done():
            self._task = asyncio.ensure_future(self._write())
        await done

    async def _write(self) -> None:
        while self._waiting:
            lot, self._waiting = self._waiting, []
            groups: dict[int, list[tuple[Received, asyncio.Future[None]]]] = defaultdict(list)
            for item in lot:
                groups[self._workspace_of(item[0].raw)].append(item)
            for workspace_id, items in groups.items():
                try:
                    # lint: no-row-loops because a turn is a workspace
                    await self._store(workspace_id, [received for received, _ in items])
                except Exception as error:  # noqa: BLE001 - told to every sender
                    for _, done in items:
                        done.set_exception(error)
                else:
                    for _, done in items:
                        done.set_result(None)

    def _workspace_of(self, raw: bytes) -> int:
        found = _message_id(raw[:8_192])
        read = self._tokens.read(found[1]) if found else None
        return read[0] if read else 0

    async def _store(self, workspace_id: int, lot: list[Received]) -> None:
        if workspace_id == 0:
            async with self._db.read(0) as read:
                workspace_id = await read.value(sql("select min(id) from identity.workspace"))
        async with self._db.transaction(workspace_id) as tx:
            await tx.copy(
                "delivery.mailbox",
                ("workspace_id", "received_at", "mail_from", "rcpt_to", "subject", "raw"),
                [
                    (
                        workspace_id,
                        tx.now,
                        _clean(item.mail_from),
                        [_clean(to) for to in item.rcpt_to],
                        subject_of(item.raw),
                        item.raw,
                    )
                    for item in lot
                ],
            )
            self._since_trim += len(lot)
            if self._since_trim >= KEPT // 10:
                self._since_trim = 0
                await tx.run(
                    sql(
                        """
                        delete from delivery.mailbox where workspace_id = {workspace} and id <= (
                            select id from delivery.mailbox where workspace_id = {workspace}
                            order by id desc offset {kept} limit 1)
                        """,
                        kept=KEPT,
                    )
                )
            tx.wake("live")


def _clean(text: str) -> str:
    return text.replace("\0", "")


async def serve_mailbox(settings: Settings, db: Database) -> None:
    """Listen on the local mailbox's port until cancelled."""
    store = MailboxStore(settings, db)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SmtpReceiver(store.keep, name="waypost.local"), "127.0.0.1", settings.local_mailbox_port
    )
    log.info("mailbox ready", port=settings.local_mailbox_port)
    async with server:
        await server.serve_forever()


@dataclass(frozen=True, slots=True)
class Opened:
    """A mail taken apart for reading."""

    headers: list[tuple[str, str]]
    html: str | None
    text: str | None


def subject_of(raw: bytes) -> str:
    """The decoded subject; a header that cannot be read is no reason to lose the mail."""
    head = raw[: raw.find(b"\r\n\r\n") + 2] if b"\r\n\r\n" in raw else raw
    try:
        return _clean(str(BytesHeaderParser(policy=policy.default).parsebytes(head).get("subject", "")))[:1_000]
    except (ValueError, IndexError, AttributeError):
        return ""


def open_mail(raw: bytes) -> Opened:
    """Headers and bodies, decoded; the HTML made harmless."""
    message = BytesParser(policy=policy.default).parsebytes(raw)
    headers = [(name, str(value)) for name, value in message.items()]
    html, text = _body(message, "html"), _body(message, "plain")
    return Opened(headers, None if html is None else sanitise(html), text)


def _body(message: EmailMessage, kind: str) -> str | None:
    part = message.get_body(preferencelist=(kind,))
    if part is None:
        return None
    try:
        return str(part.get_content())
    except (LookupError, ValueError, KeyError):
        payload = part.get_payload(decode=True)
        return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def sanitise(html: str) -> str:
    """Mail's HTML without scripts, forms and foreign documents, with its inline looks."""
    tags = nh3.ALLOWED_TAGS | {"font", "center", "section", "main", "header", "footer"}
    attributes = {tag: set(found) for tag, found in nh3.ALLOWED_ATTRIBUTES.items()}
    attributes["*"] = attributes.get("*", set()) | _STYLING
    return nh3.clean(html, tags=tags, attributes=attributes, link_rel="noopener noreferrer")
