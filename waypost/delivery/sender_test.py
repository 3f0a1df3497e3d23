"""A short test message straight through one relay, whose answer is shown."""

from __future__ import annotations

import secrets
from email.utils import formatdate

from waypost.delivery.channels.base import Envelope, Reply
from waypost.delivery.channels.relay import SmtpChannel
from waypost.delivery.errors import ServerRefused
from waypost.delivery.relays import connection_of, get_relay
from waypost.delivery.sender_domains import find_domain, signer_of
from waypost.kernel.work import SystemWork
from waypost.messages.wire import mailbox

PATIENCE_SECONDS = 15.0


class SingleRun:
    """One message on its way."""

    def __init__(self, sender: str, recipient: str, content: bytes) -> None:
        self._envelope = Envelope(sender, recipient)
        self._content = content
        self._is_waiting = True
        self.reply: Reply | None = None

    @property
    def is_left(self) -> bool:
        return self._is_waiting

    def pull(self) -> int | None:
        if not self._is_waiting:
            return None
        self._is_waiting = False
        return 0

    def envelope(self, item: int) -> Envelope:
        del item
        return self._envelope

    def content(self, item: int) -> bytes:
        del item
        return self._content

    def handed(self, item: int) -> None:
        """Nothing depends on it."""

    def answered(self, item: int, reply: Reply) -> None:
        del item
        self.reply = reply

    def lost(self, item: int) -> None:
        del item
        self.reply = Reply(0, "the connection was lost after the message had been handed over")

    def put_back(self, item: int) -> None:
        del item
        self._is_waiting = True


async def send_by(work: SystemWork, workspace_id: int, relay_id: int, *, from_email: str, to_email: str) -> Reply:
    """The relay's answer; `ServerRefused` with its words where it does not take the message."""
    async with work.db.read(workspace_id) as read:
        relay = await get_relay(read, relay_id)
        domain = await find_domain(read, from_email.rpartition("@")[2])
    signer = signer_of(work.settings, domain) if domain and not relay.signs else None
    content = _content(from_email, to_email)
    run = SingleRun(from_email, to_email, content if signer is None else signer.sign(content) + content)
    channel = SmtpChannel(connection_of(work.settings, relay), connections=1, timeout=PATIENCE_SECONDS)
    try:
        problem = await channel.send(run)
    finally:
        await channel.close()
    reply = run.reply
    if reply is None or reply.code // 100 != 2:
        words = problem or (f"{reply.code} {reply.text}" if reply else "no answer")
        raise ServerRefused(host=relay.host, reply=words)
    return reply


def _content(from_email: str, to_email: str) -> bytes:
    lines = (
        b"From: " + mailbox("", from_email),
        b"To: " + mailbox("", to_email),
        b"Subject: Waypost test message",
        b"Date: " + formatdate().encode(),
        b"Message-ID: <"
        + secrets.token_urlsafe(21).encode()
        + b"@"
        + from_email.rpartition("@")[2].encode("idna")
        + b">",
        b"MIME-Version: 1.0",
        b"Content-Type: text/plain; charset=us-ascii",
        b"",
        b"This mail server works: the message came through Waypost.",
        b"",
    )
    return b"\r\n".join(lines)
