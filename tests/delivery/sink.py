"""A faithful SMTP server to send to, which can be told to misbehave.

`answers` maps a recipient to the reply its RCPT gets, `data_answers` to the reply its content gets.
`hang_at`, `drop_in_data` and `close_at` name recipients at whose content the server falls silent,
drops the connection half-way, or says 421.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from dataclasses import dataclass, field
from types import TracebackType

_ID = re.compile(rb"^message-id:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Kept:
    """A message that was accepted."""

    mail_from: str
    rcpt_to: str
    raw: bytes

    @property
    def message_id(self) -> str:
        found = _ID.search(self.raw)
        return found[1].decode() if found else ""


@dataclass
class Sink:
    """Starts on a free port; use as an async context manager."""

    is_pipelining: bool = True
    features: tuple[str, ...] = ("8BITMIME", "SMTPUTF8", "SIZE 50000000")
    answers: dict[str, str] = field(default_factory=dict)
    data_answers: dict[str, str] = field(default_factory=dict)
    hang_at: set[str] = field(default_factory=set)
    drop_in_data: set[str] = field(default_factory=set)
    close_at: set[str] = field(default_factory=set)
    messages: list[Kept] = field(default_factory=list)
    commands: Counter[str] = field(default_factory=Counter)
    connections: int = 0
    port: int = 0

    async def __aenter__(self) -> Sink:
        self._writers: set[asyncio.StreamWriter] = set()
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, limit=50_000_000)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for writer in list(self._writers):
            writer.transport.abort()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def counts(self) -> Counter[str]:
        """How many messages each recipient got."""
        return Counter(message.rcpt_to for message in self.messages)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.add(writer)
        try:
            await _Session(self, reader, writer).run()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self._writers.discard(writer)
            writer.close()


class _Session:
    def __init__(self, sink: Sink, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.sink, self.reader, self.writer = sink, reader, writer
        self.sender: str | None = None
        self.recipient = ""
        self.refused = ""

    def say(self, *lines: str) -> None:
        self.writer.write("".join(f"{line}\r\n" for line in lines).encode())

    async def run(self) -> None:
        self.say("220 sink ESMTP")
        while line := await self.reader.readline():
            word = line[:4].decode().strip().upper()
            self.sink.commands[word] += 1
            if word == "QUIT":
                self.say("221 bye")
                return
            if not await self.obey(word, line):
                return
            await self.writer.drain()

    async def obey(self, word: str, line: bytes) -> bool:
        path = line.partition(b"<")[2].partition(b">")[0].decode()
        match word:
            case "EHLO":
                offered = [*self.sink.features, *(["PIPELINING"] if self.sink.is_pipelining else [])]
                self.say("250-sink", *(f"250-{item}" for item in offered[:-1]), f"250 {offered[-1]}")
            case "MAIL":
                if self.sender is not None:
                    self.say("503 nested MAIL")
                else:
                    self.sender, self.recipient, self.refused = path, "", ""
                    self.say("250 sender ok")
            case "RCPT":
                self.recipient = path
                self.refused = self.sink.answers.get(path, "")
                self.say(self.refused or "250 recipient ok")
            case "DATA":
                return await self.data()
            case "RSET":
                self.sender = None
                self.say("250 reset")
            case _:
                self.say("502 what")
        return True

    async def data(self) -> bool:
        if self.sender is None or self.refused or not self.recipient:
            self.say("554 no valid recipients")
            return True
        self.say("354 go on")
        await self.writer.drain()
        if self.recipient in self.sink.drop_in_data:
            self.sink.drop_in_data.discard(self.recipient)
            await self.reader.readexactly(40)
            self.writer.transport.abort()
            return False
        raw = await self.reader.readuntil(b"\r\n.\r\n")
        if self.recipient in self.sink.close_at:
            self.sink.close_at.discard(self.recipient)
            self.say("421 4.3.2 shutting down")
            return False
        if self.recipient in self.sink.hang_at:
            self.sink.hang_at.discard(self.recipient)
            await asyncio.sleep(3600)
        answer = self.sink.data_answers.get(self.recipient, "250 2.0.0 queued")
        if answer.startswith("2"):
            self.sink.messages.append(Kept(self.sender, self.recipient, raw[:-3]))
        self.sender = None
        self.say(answer)
        return True
