"""An SMTP server as a channel: a few connections that live on between runs."""

from __future__ import annotations

import asyncio
import base64
import ipaddress
import socket
import ssl
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from waypost.delivery.channels.base import Reply, Run
from waypost.delivery.channels.smtp import ConnectionBroken, SmtpConnection

CONNECTIONS = 10
TIMEOUT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Relay:
    """Where to and how."""

    host: str
    port: int
    security: str
    """none (TLS where offered, unverified), starttls or tls (both verified)."""
    user: str = ""
    password: str = ""


def parse_relay(url: str) -> Relay:
    """smtp://, smtp+starttls:// or smtps:// with user, password, host and port."""
    parts = urlsplit(url)
    security = {"smtps": "tls", "smtp+starttls": "starttls"}.get(parts.scheme, "none")
    port = parts.port or {"tls": 465, "starttls": 587}.get(security, 25)
    return Relay(
        parts.hostname or "127.0.0.1", port, security, unquote(parts.username or ""), unquote(parts.password or "")
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class SmtpChannel:
    """Up to so many connections; each takes messages from the run as it gets through with them."""

    def __init__(
        self,
        relay: Relay,
        *,
        connections: int = CONNECTIONS,
        timeout: float = TIMEOUT_SECONDS,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._relay = relay
        self._limit = connections
        self._timeout = timeout
        self._tls = tls
        self._idle: list[SmtpConnection] = []
        self._problem = ""

    async def send(self, run: Run) -> str | None:
        """In rounds: while connections get something done, lost ones are replaced."""
        while run.is_left:
            done = await asyncio.gather(*(self._serve(run) for _ in range(self._limit)))
            if run.is_left and not sum(done):
                return self._problem or "the mail server closed the connection"
        return None

    async def _serve(self, run: Run) -> int:
        try:
            connection = self._take() or await self._open()
        except (ConnectionBroken, OSError, TimeoutError, ssl.SSLError) as error:
            self._problem = str(error) or type(error).__name__
            return 0
        if not run.is_left:
            self._idle.append(connection)
            return 0
        answers = await connection.serve(run)
        if connection.is_open:
            self._idle.append(connection)
        else:
            self._problem = connection.why
        return answers

    def _take(self) -> SmtpConnection | None:
        while self._idle:
            connection = self._idle.pop()
            if connection.is_open:
                return connection
        return None

    async def _open(self) -> SmtpConnection:
        relay, loop = self._relay, asyncio.get_running_loop()
        context = self._context() if relay.security == "tls" else None
        _, connection = await asyncio.wait_for(
            loop.create_connection(
                lambda: SmtpConnection(timeout=self._timeout),
                relay.host,
                relay.port,
                ssl=context,
                server_hostname=relay.host if context else None,
            ),
            self._timeout,
        )
        try:
            await self._greet(connection)
        except BaseException:
            connection.abort("the greeting failed")
            raise
        return connection

    async def _greet(self, connection: SmtpConnection) -> None:
        relay, name = self._relay, socket.gethostname() or "localhost"
        _require(await connection.reply(), 2)
        await connection.hello(name)
        wants_tls = relay.security == "starttls" or (relay.security == "none" and not _is_loopback(relay.host))
        if wants_tls and "STARTTLS" in connection.features:
            _require(await connection.command(b"STARTTLS"), 2)
            connection.forget_input()
            upgraded = await asyncio.get_running_loop().start_tls(
                connection.transport, connection, self._context(), server_hostname=relay.host
            )
            if upgraded is None:
                raise ConnectionBroken("TLS could not be started")
            connection.adopt(upgraded)
            await connection.hello(name)
        elif relay.security == "starttls":
            raise ConnectionBroken("the mail server does not offer STARTTLS")
        if relay.user:
            await self._sign_in(connection)

    async def _sign_in(self, connection: SmtpConnection) -> None:
        """AUTH PLAIN where offered, else LOGIN."""
        relay = self._relay
        offered = connection.features.get("AUTH", "").upper().split()
        user, password = relay.user.encode(), relay.password.encode()
        if "PLAIN" in offered or "LOGIN" not in offered:
            secret = base64.b64encode(b"\0" + user + b"\0" + password)
            _require(await connection.command(b"AUTH PLAIN " + secret), 2)
            return
        _require(await connection.command(b"AUTH LOGIN"), 3)
        _require(await connection.command(base64.b64encode(user)), 3)
        _require(await connection.command(base64.b64encode(password)), 2)

    def _context(self) -> ssl.SSLContext:
        """Verified where the address asks for TLS; else better than nothing."""
        if self._tls is None:
            self._tls = ssl.create_default_context()
            if self._relay.security == "none":
                self._tls.check_hostname = False
                self._tls.verify_mode = ssl.CERT_NONE
        return self._tls

    async def close(self) -> None:
        idle, self._idle = self._idle, []
        await asyncio.gather(*(connection.quit() for connection in idle))


def _require(reply: Reply, digit: int) -> None:
    if reply.code // 100 != digit:
        raise ConnectionBroken(f"{reply.code} {reply.text}")
