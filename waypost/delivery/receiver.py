"""A small SMTP server (RFC 5321): one asyncio Protocol with PIPELINING, 8BITMIME, SMTPUTF8 and SIZE.

Content ends only at CRLF . CRLF, and a bare LF refuses the message, so that nobody can smuggle a
second one. A message is acknowledged when `keep` has returned, not before.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from waypost.kernel.log import log

MAX_BYTES = 30_000_000
MAX_LINE = 4_096
MAX_RECIPIENTS = 100
IDLE_SECONDS = 300
_END = b"\r\n.\r\n"
_bare_newline = re.compile(rb"(?<!\r)\n|\r(?!\n)").search
_path = re.compile(rb"\s*<([^<>]*)>\s*(.*)", re.DOTALL).fullmatch


@dataclass(frozen=True, slots=True)
class Received:
    """An envelope with its content."""

    mail_from: str
    rcpt_to: list[str]
    raw: bytes


Keep = Callable[[Received], Awaitable[None]]


class SmtpReceiver(asyncio.Protocol):
    """One connection."""

    def __init__(self, keep: Keep, *, name: str = "waypost", accepts: Callable[[str], bool] | None = None) -> None:
        self._keep = keep
        self._accepts = accepts
        self._name = name.encode()
        self._buffer = bytearray()
        self._searched = 0
        self._is_content = False
        self._is_busy = False
        self._sender: str | None = None
        self._recipients: list[str] = []
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]
        self._touch()
        self._say(b"220 " + self._name + b" ESMTP")

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._transport = None
        if self._timer is not None:
            self._timer.cancel()

    def _touch(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(IDLE_SECONDS, self._close, b"421 4.4.2 Too quiet")

    def _close(self, reply: bytes) -> None:
        if self._transport is not None:
            self._say(reply)
            self._transport.close()

    def _say(self, *lines: bytes) -> None:
        if self._transport is not None:
            self._transport.write(b"".join(line + b"\r\n" for line in lines))

    def data_received(self, data: bytes) -> None:
        self._touch()
        self._buffer += data
        self._work()

    def _work(self) -> None:
        """Everything the buffer holds, but nothing while a message is being kept."""
        while not self._is_busy and self._transport is not None and not self._transport.is_closing():
            if not (self._take_content() if self._is_content else self._take_line()):
                return

    def _take_line(self) -> bool:
        end = self._buffer.find(b"\n")
        if end < 0:
            if len(self._buffer) > MAX_LINE:
                self._close(b"500 5.5.2 The line is too long")
            return False
        line = bytes(self._buffer[: end + 1])
        del self._buffer[: end + 1]
        if not line.endswith(b"\r\n"):
            self._close(b"500 5.5.2 Lines end with CR LF")
            return False
        self._command(line[:-2])
        return True

    def _take_content(self) -> bool:
        """Up to the line that is a dot; a dot may also be the very first line."""
        if self._buffer.startswith(b".\r\n"):
            end, rest = 0, 3
        else:
            found = self._buffer.find(_END, max(0, self._searched - len(_END)))
            if found < 0:
                self._searched = len(self._buffer)
                if len(self._buffer) > MAX_BYTES:
                    self._close(b"552 5.3.4 The message is too large")
                return False
            end, rest = found + 2, found + len(_END)
        raw = bytes(self._buffer[:end])
        del self._buffer[:rest]
        self._searched, self._is_content = 0, False
        sender, recipients = self._sender or "", self._recipients
        self._sender, self._recipients = None, []
        if _bare_newline(raw):
            self._say(b"554 5.6.0 The message holds a bare CR or LF")
        elif len(raw) > MAX_BYTES:
            self._say(b"552 5.3.4 The message is too large")
        else:
            unstuffed = raw.replace(b"\r\n..", b"\r\n.")
            content = unstuffed[1:] if unstuffed.startswith(b"..") else unstuffed
            self._is_busy = True
            self._task = asyncio.ensure_future(self._store(Received(sender, recipients, content)))
        return True

    async def _store(self, received: Received) -> None:
        try:
            await self._keep(received)
        except Exception as error:  # noqa: BLE001 - the sender is told to try again
            log.error("mail not kept", exc_info=error)
            self._say(b"451 4.3.0 The message could not be kept, try again")
        else:
            self._say(b"250 2.0.0 Kept")
        self._is_busy = False
        self._work()

    def _command(self, line: bytes) -> None:
        word, _, rest = line.partition(b" ")
        match word.upper():
            case b"EHLO":
                self._reset()
                size = b"250-SIZE %d" % MAX_BYTES
                self._say(b"250-" + self._name, b"250-PIPELINING", size, b"250-SMTPUTF8", b"250 8BITMIME")
            case b"HELO":
                self._reset()
                self._say(b"250 " + self._name)
            case b"MAIL":
                self._mail(rest)
            case b"RCPT":
                self._rcpt(rest)
            case b"DATA":
                self._data()
            case b"RSET":
                self._reset()
                self._say(b"250 2.0.0 Reset")
            case b"NOOP":
                self._say(b"250 2.0.0 Fine")
            case b"QUIT":
                self._close(b"221 2.0.0 Bye")
            case _:
                self._say(b"502 5.5.2 Not known here")

    def _reset(self) -> None:
        self._sender, self._recipients = None, []

    def _mail(self, rest: bytes) -> None:
        found = _path(rest[5:]) if rest[:5].upper() == b"FROM:" else None
        if found is None:
            self._say(b"501 5.5.4 MAIL FROM:<address>")
            return
        if self._sender is not None:
            self._say(b"503 5.5.1 There is a sender already")
            return
        for parameter in found[2].upper().split():
            if parameter.startswith(b"SIZE=") and parameter[5:].isdigit() and int(parameter[5:]) > MAX_BYTES:
                self._say(b"552 5.3.4 The message is too large")
                return
        self._sender = found[1].decode("utf-8", "replace")
        self._say(b"250 2.1.0 Sender taken")

    def _rcpt(self, rest: bytes) -> None:
        found = _path(rest[3:]) if rest[:3].upper() == b"TO:" else None
        if self._sender is None:
            self._say(b"503 5.5.1 MAIL first")
        elif found is None or not found[1]:
            self._say(b"501 5.5.4 RCPT TO:<address>")
        elif len(self._recipients) >= MAX_RECIPIENTS:
            self._say(b"452 4.5.3 Too many recipients")
        elif self._accepts is not None and not self._accepts(found[1].decode("utf-8", "replace")):
            self._say(b"550 5.1.1 No such address here")
        else:
            self._recipients.append(found[1].decode("utf-8", "replace"))
            self._say(b"250 2.1.5 Recipient taken")

    def _data(self) -> None:
        if not self._recipients:
            self._say(b"554 5.5.1 No recipients" if self._sender is not None else b"503 5.5.1 MAIL first")
            return
        self._is_content = True
        self._say(b"354 End with a line that is a dot")
