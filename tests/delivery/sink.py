"""A faithful SMTP server to send to, which can be told to misbehave.

`answers` maps a recipient to the reply its RCPT gets, `data_answers` to the reply its content gets.
`hang_at`, `drop_in_data` and `close_at` name recipients at whose content the server falls silent,
drops the connection half-way, or says 421. With `tls` it offers STARTTLS, or speaks TLS from the
first byte if `is_wrapped`. With `users` it takes mail only from who signed in, by one of `methods`,
and offers that, as servers should, only once the line is encrypted.
"""

from __future__ import annotations

import asyncio
import base64
import re
import ssl
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
    tls: ssl.SSLContext | None = None
    is_wrapped: bool = False
    users: dict[str, str] = field(default_factory=dict)
    methods: tuple[str, ...] = ("PLAIN", "LOGIN")
    messages: list[Kept] = field(default_factory=list)
    commands: Counter[str] = field(default_factory=Counter)
    connections: int = 0
    port: int = 0

    async def __aenter__(self) -> Sink:
        self._writers: set[asyncio.StreamWriter] = set()
        wrapped = self.tls if self.is_wrapped else None
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, limit=50_000_000, ssl=wrapped)
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
        self.is_encrypted = sink.is_wrapped
        self.is_known = not sink.users
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
                offered = self.offered()
                self.say("250-sink", *(f"250-{item}" for item in offered[:-1]), f"250 {offered[-1]}")
            case "STAR":
                await self.encrypt()
            case "AUTH":
                await self.sign_in(line.decode().split())
            case "MAIL":
                if not self.is_known:
                    self.say("530 5.7.0 Authentication required")
                elif self.sender is not None:
                    self.say("503 nested MAIL")
                else:
                    self.sender, self.recipient, self.refused = path, "", ""
                    self.say("250 sender ok")
            case "RCPT":
                self.recipient = path
                self.refused = self.sink.answers.get(path, "")
                self.say(self.refused or "250 recipient ok")
            case "DATA" | "BDAT":
                return await (self.data() if word == "DATA" else self.chunk(line.split()))
            case "RSET":
                self.sender = None
                self.say("250 reset")
            case _:
                self.say("502 what")
        return True

    def offered(self) -> list[str]:
        offered = [*self.sink.features, *(["PIPELINING"] if self.sink.is_pipelining else [])]
        if self.sink.tls is not None and not self.is_encrypted:
            return [*offered, "STARTTLS"]
        return [*offered, f"AUTH {' '.join(self.sink.methods)}"] if self.sink.users else offered

    async def encrypt(self) -> None:
        if self.sink.tls is None or self.is_encrypted:
            self.say("502 no")
            return
        self.say("220 go on")
        await self.writer.drain()
        await self.writer.start_tls(self.sink.tls)
        self.is_encrypted = True

    async def sign_in(self, words: list[str]) -> None:
        """RFC 4954: PLAIN with its answer on the same line, or LOGIN question by question."""
        if words[1] not in self.sink.methods:
            self.say("504 not offered")
            return
        if words[1] == "PLAIN":
            _, user, password = base64.b64decode(words[2]).decode().split("\0")
        else:
            user, password = await self.ask("Username:"), await self.ask("Password:")
        self.is_known = self.sink.users.get(user) == password
        self.say("235 2.7.0 welcome" if self.is_known else "535 5.7.8 wrong credentials")

    async def ask(self, question: str) -> str:
        self.say(f"334 {base64.b64encode(question.encode()).decode()}")
        await self.writer.drain()
        return base64.b64decode(await self.reader.readline()).decode()

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
        return await self.take(raw[:-3])

    async def chunk(self, words: list[bytes]) -> bool:
        """RFC 3030: the octets follow whether or not they are welcome."""
        size = int(words[1])
        if self.recipient in self.sink.drop_in_data and self.sender is not None and not self.refused:
            self.sink.drop_in_data.discard(self.recipient)
            await self.reader.readexactly(size // 2)
            self.writer.transport.abort()
            return False
        raw = await self.reader.readexactly(size)
        if self.sender is None or self.refused or not self.recipient:
            self.say("554 no valid recipients")
            return True
        return await self.take(raw)

    async def take(self, raw: bytes) -> bool:
        if self.recipient in self.sink.close_at:
            self.sink.close_at.discard(self.recipient)
            self.say("421 4.3.2 shutting down")
            await self.writer.drain()
            await self.reader.read()
            return False
        if self.recipient in self.sink.hang_at:
            self.sink.hang_at.discard(self.recipient)
            await asyncio.sleep(3600)
        answer = self.sink.data_answers.get(self.recipient, "250 2.0.0 queued")
        if answer.startswith("2"):
            self.sink.messages.append(Kept(self.sender or "", self.recipient, raw))
        self.sender = None
        self.say(answer)
        return True
