"""SMTP with connections that stay open and commands that do not wait (RFC 5321, RFC 2920).

One write carries a message's body and the next one's MAIL, RCPT and DATA, so a message costs one
round trip. While the relay works, the next body is built. What was asked is kept in a queue of
expected replies; each reply is given to the one who waits for it:

    MAIL ─> RCPT ─> DATA ─354─> body ─250─> accepted      any 4xx or 5xx ends the exchange there
    connection lost or 421: what has no answer yet is reported with code 0 and tried again
"""

from __future__ import annotations

import asyncio
import base64
import ssl
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from waypost.delivery.channels.base import Envelope, RelayUnreachable, Result

REPLY_SECONDS = 300.0
CONNECT_SECONDS = 30.0
MOST_PER_CONNECTION = 10_000


@dataclass(frozen=True, slots=True)
class Relay:
    """Where and how to connect."""

    host: str
    port: int
    implicit_tls: bool = False
    start_tls: bool = False
    user: str = ""
    password: str = ""
    hello: str = "localhost"

    @classmethod
    def from_url(cls, url: str, *, hello: str = "localhost") -> Relay:
        """smtp://, smtps:// (TLS from the start) or smtp+starttls://, with user and password if needed."""
        parts = urlsplit(url)
        implicit = parts.scheme == "smtps"
        default = 465 if implicit else 25 if parts.scheme == "smtp" else 587
        return cls(
            parts.hostname or "127.0.0.1",
            parts.port or default,
            implicit,
            parts.scheme == "smtp+starttls",
            unquote(parts.username or ""),
            unquote(parts.password or ""),
            hello,
        )


class Exchange:
    """One message on one connection."""

    __slots__ = ("body", "envelope", "handed_over", "refused")

    def __init__(self, envelope: Envelope) -> None:
        self.envelope = envelope
        self.body: bytes | None = None
        self.refused: tuple[int, str] | None = None
        self.handed_over = False


class Batch:
    """The envelopes still to send, shared by all connections, and what became of the others."""

    def __init__(
        self, envelopes: Sequence[Envelope], on_hand_over: Callable[[int], None], on_accept: Callable[[int], None]
    ) -> None:
        self.left = deque(envelopes)
        self.results: list[Result] = []
        self.on_hand_over = on_hand_over
        self.on_accept = on_accept
        self._count = len(envelopes)
        self.done = asyncio.Event()

    def settle(self, exchange: Exchange, code: int, reply: str) -> None:
        if code // 100 == 2:
            self.on_accept(exchange.envelope.index)
        self.results.append(Result(exchange.envelope.index, code, reply))
        if len(self.results) == self._count:
            self.done.set()


class Connection(asyncio.Protocol):
    """A signed-in connection that works through batches."""

    def __init__(self, on_lost: Callable[[Connection], None]) -> None:
        self._on_lost = on_lost
        self._buffer = b""
        self._waiting: deque[asyncio.Future[tuple[int, list[str]]]] = deque()
        self._lines: list[str] = []
        self._expected: deque[tuple[Callable[[Exchange, int, str], None], Exchange]] = deque()
        self._batch: Batch | None = None
        self.pipelining = False
        self.sent = 0
        self.lost = False
        self.transport: asyncio.Transport

    # The transport's side.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]
        self.transport.set_write_buffer_limits(1 << 18)

    def data_received(self, data: bytes) -> None:
        data = self._buffer + data
        end = data.rfind(b"\n") + 1
        self._buffer = data[end:]
        for line in data[:end].split(b"\n"):
            text = line.rstrip(b"\r")
            if text:
                self._line(text.decode("latin-1"))
        if len(self._buffer) > 8_192:
            self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = True
        for future in self._waiting:
            if not future.done():
                future.set_exception(RelayUnreachable(str(exc or "the relay closed the connection")))
        batch, self._batch = self._batch, None
        if batch is not None:
            seen: set[int] = set()
            for _, exchange in self._expected:
                if id(exchange) not in seen:
                    seen.add(id(exchange))
                    batch.settle(exchange, 0, "the connection was lost")
        self._expected.clear()
        self._on_lost(self)

    def _line(self, line: str) -> None:
        self._lines.append(line)
        if line[3:4] == "-":
            return
        lines, self._lines = self._lines, []
        code = int(line[:3]) if line[:3].isdigit() else 0
        if self._waiting:
            self._waiting.popleft().set_result((code, lines))
        elif self._expected:
            handler, exchange = self._expected.popleft()
            if code == 421:
                self._expected.appendleft((handler, exchange))
                self.transport.abort()
                return
            handler(exchange, code, line[:500])
        elif code == 421:
            self.transport.abort()

    # Getting ready: one command at a time.

    async def command(self, command: bytes | None) -> tuple[int, list[str]]:
        future: asyncio.Future[tuple[int, list[str]]] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        if command is not None:
            self.transport.write(command + b"\r\n")
        return await asyncio.wait_for(future, CONNECT_SECONDS)

    async def prepare(self, relay: Relay) -> None:
        """Greeting, EHLO, TLS and sign-in."""
        code, _ = await self.command(None)
        if code != 220:
            raise RelayUnreachable(f"the relay greeted with {code}")
        features = await self._hello(relay)
        if relay.start_tls:
            if "STARTTLS" not in features:
                raise RelayUnreachable("the relay offers no STARTTLS")
            code, _ = await self.command(b"STARTTLS")
            if code != 220 or self._buffer:
                raise RelayUnreachable("STARTTLS was refused")
            context = ssl.create_default_context()
            loop = asyncio.get_running_loop()
            upgraded = await loop.start_tls(self.transport, self, context, server_hostname=relay.host)
            self.transport = upgraded  # type: ignore[assignment]
            features = await self._hello(relay)
        if relay.user:
            secret = base64.b64encode(f"\0{relay.user}\0{relay.password}".encode())
            code, lines = await self.command(b"AUTH PLAIN " + secret)
            if code != 235:
                raise RelayUnreachable(f"the relay refused to sign in: {lines[-1]}")
        self.pipelining = "PIPELINING" in features

    async def _hello(self, relay: Relay) -> set[str]:
        code, lines = await self.command(b"EHLO " + relay.hello.encode())
        if code != 250:
            code, lines = await self.command(b"HELO " + relay.hello.encode())
            if code != 250:
                raise RelayUnreachable(f"the relay refused the greeting: {lines[-1]}")
        return {line[4:].split(" ")[0].upper() for line in lines[1:]}

    # Sending: replies drive everything.

    def work(self, batch: Batch) -> None:
        """Take part in a batch."""
        self._batch = batch
        self._go_on()

    def _go_on(self) -> None:
        data, exchange = self._open()
        if data:
            self.transport.write(data)
            self._build(exchange)

    def _open(self) -> tuple[bytes, Exchange | None]:
        """The commands that begin the next message, or nothing when none is left."""
        batch = self._batch
        if batch is None or not batch.left or self.lost:
            return b"", None
        exchange = Exchange(batch.left.popleft())
        envelope = exchange.envelope
        mail = b"MAIL FROM:<" + envelope.mail_from + b">\r\n"
        self._expected.append((self._on_mail, exchange))
        if not self.pipelining:
            return mail, exchange
        self._expected.append((self._on_rcpt, exchange))
        self._expected.append((self._on_data, exchange))
        return mail + b"RCPT TO:<" + envelope.rcpt_to + b">\r\nDATA\r\n", exchange

    def _build(self, exchange: Exchange | None) -> None:
        if exchange is not None and exchange.body is None:
            exchange.body = exchange.envelope.build()

    def _on_mail(self, exchange: Exchange, code: int, reply: str) -> None:
        if code // 100 != 2:
            exchange.refused = exchange.refused or (code, reply)
        if self.pipelining:
            return
        if exchange.refused:
            self._refuse(exchange)
            return
        self._expected.append((self._on_rcpt, exchange))
        self.transport.write(b"RCPT TO:<" + exchange.envelope.rcpt_to + b">\r\n")

    def _on_rcpt(self, exchange: Exchange, code: int, reply: str) -> None:
        if code // 100 != 2:
            exchange.refused = exchange.refused or (code, reply)
        if self.pipelining:
            return
        if exchange.refused:
            self._refuse(exchange)
            return
        self._expected.append((self._on_data, exchange))
        self.transport.write(b"DATA\r\n")

    def _refuse(self, exchange: Exchange) -> None:
        """Without pipelining: end the exchange and begin the next with a clean slate."""
        code, reply = exchange.refused or (0, "")
        self._settle(exchange, code, reply)
        self._expected.append((self._on_reset, exchange))
        self.transport.write(b"RSET\r\n")

    def _on_reset(self, _exchange: Exchange, _code: int, _reply: str) -> None:
        self._go_on()

    def _on_data(self, exchange: Exchange, code: int, reply: str) -> None:
        if code != 354:
            refused = exchange.refused or (code, reply)
            self._settle(exchange, *refused)
            self._go_on()
            return
        if exchange.refused:
            # The relay takes data although it refused the recipient: an empty message ends it.
            self._expected.append((self._on_refused_end, exchange))
            self.transport.write(b".\r\n")
            return
        batch = self._batch
        self._build(exchange)
        body = exchange.body or b""
        if batch is not None:
            batch.on_hand_over(exchange.envelope.index)
        exchange.handed_over = True
        exchange.body = None
        self._expected.append((self._on_end, exchange))
        following, next_exchange = self._open() if self.pipelining else (b"", None)
        self.transport.write(b"".join((body, b".\r\n", following)))
        self._build(next_exchange)

    def _on_refused_end(self, exchange: Exchange, _code: int, _reply: str) -> None:
        code, reply = exchange.refused or (0, "")
        self._settle(exchange, code, reply)
        self._go_on()

    def _on_end(self, exchange: Exchange, code: int, reply: str) -> None:
        self.sent += 1
        self._settle(exchange, code, reply)
        if not self._expected:
            self._go_on()

    def _settle(self, exchange: Exchange, code: int, reply: str) -> None:
        if self._batch is not None:
            self._batch.settle(exchange, code, reply)


class SmtpChannel:
    """A pool of connections to one relay."""

    def __init__(self, relay: Relay, *, connections: int = 8) -> None:
        self._relay = relay
        self._size = connections
        self._open: list[Connection] = []
        self._batch: Batch | None = None

    async def send(
        self,
        envelopes: Sequence[Envelope],
        *,
        on_hand_over: Callable[[int], None],
        on_accept: Callable[[int], None],
    ) -> list[Result]:
        """Send all; a result for each. Raises `RelayUnreachable` only when nothing could be begun."""
        batch = Batch(envelopes, on_hand_over, on_accept)
        await self._fill(min(self._size, max(1, len(envelopes) // 4 + 1)))
        self._batch = batch
        for connection in list(self._open):
            connection.work(batch)
        await self._wait(batch)
        self._batch = None
        missing = {envelope.index for envelope in envelopes} - {result.index for result in batch.results}
        lost = [Result(index, 0, "the relay did not answer") for index in sorted(missing)]
        self._retire()
        return batch.results + lost

    async def _wait(self, batch: Batch) -> None:
        seen = -1
        while not batch.done.is_set() and self._open:
            try:
                await asyncio.wait_for(batch.done.wait(), 1.0 if len(self._open) == 0 else 5.0)
            except TimeoutError:
                idle = seen == len(batch.results)
                seen = len(batch.results)
                self._stalled = self._stalled + 5.0 if idle else 0.0
                if self._stalled >= REPLY_SECONDS:
                    for connection in list(self._open):
                        connection.transport.abort()
                    await asyncio.sleep(0)

    _stalled = 0.0

    async def _fill(self, wanted: int) -> None:
        self._open = [connection for connection in self._open if not connection.lost]
        missing = wanted - len(self._open)
        if missing <= 0:
            return
        made = await asyncio.gather(*(self._connect() for _ in range(missing)), return_exceptions=True)
        self._open += [item for item in made if isinstance(item, Connection)]
        if not self._open:
            raise RelayUnreachable("; ".join(sorted({str(item) for item in made})))

    async def _connect(self) -> Connection:
        relay = self._relay
        tls = ssl.create_default_context() if relay.implicit_tls else None
        try:
            _, connection = await asyncio.wait_for(
                asyncio.get_running_loop().create_connection(
                    lambda: Connection(self._lost), relay.host, relay.port, ssl=tls
                ),
                CONNECT_SECONDS,
            )
        except (OSError, TimeoutError) as error:
            raise RelayUnreachable(f"{relay.host}:{relay.port} does not answer: {error}") from error
        try:
            await connection.prepare(relay)
        except (RelayUnreachable, TimeoutError, OSError):
            connection.transport.abort()
            raise
        return connection

    def _lost(self, connection: Connection) -> None:
        if connection in self._open:
            self._open.remove(connection)
        if not self._open and self._batch is not None:
            self._batch.done.set()

    def _retire(self) -> None:
        """Relays count messages per connection; leave before they do."""
        for connection in list(self._open):
            if connection.sent >= MOST_PER_CONNECTION:
                self._open.remove(connection)
                connection.transport.write(b"QUIT\r\n")
                connection.transport.close()

    async def close(self) -> None:
        for connection in list(self._open):
            connection.transport.write(b"QUIT\r\n")
            connection.transport.close()
        self._open = []
