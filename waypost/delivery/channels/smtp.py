"""One SMTP connection (RFC 5321) as a state machine, pipelined (RFC 2920) where the server offers it.

    greeting -> EHLO [-> STARTTLS -> EHLO] [-> AUTH] -> idle
    idle -(pull)-> MAIL -> RCPT -> DATA --354--> [content, next MAIL RCPT DATA in one write] -> CONTENT -> MAIL …
                    refused: RSET, then the next;   421 or a lost connection: the connection ends

With pipelining a message costs one round trip, and the next message is rendered while the server
works on this one. Without, each command waits for its answer. Where CHUNKING is offered too, messages
go by BDAT, several in flight (see chunks.py).
"""

from __future__ import annotations

import asyncio
import contextlib
from enum import Enum, auto

from waypost.delivery.channels.base import Reply, Run
from waypost.delivery.channels.chunks import Window
from waypost.delivery.channels.commands import ABSENT, NO_UTF8, NOT_RENDERED, mail_and_rcpt, parse_reply, render

LINE_LIMIT = 8192


class ConnectionBroken(Exception):
    """The connection cannot be used; the message says why."""


class Awaiting(Enum):
    """Whose answer the next reply is."""

    NOTHING = auto()
    MAIL = auto()
    RCPT = auto()
    DATA = auto()
    CONTENT = auto()
    EMPTY = auto()
    RSET = auto()
    WINDOW = auto()


class SmtpConnection(asyncio.Protocol):
    """Commands and replies of one connection."""

    def __init__(self, *, timeout: float) -> None:
        self.features: dict[str, str] = {}
        self.is_open = False
        self._timeout = timeout
        self._transport: asyncio.Transport | None = None
        self._buffer = b""
        self._waiter: asyncio.Future[Reply] | None = None
        self._lines: list[bytes] = []
        self._early: Reply | None = None
        self._commands: list[bytes] = []
        self._awaiting = Awaiting.NOTHING
        self._run: Run | None = None
        self._done: asyncio.Future[int] | None = None
        self._item: int | None = None
        self._content = b""
        self._is_handed = False
        self._next: int | None = None
        self._next_content = b""
        self._refusal = ABSENT
        self._answers = 0
        self._heard = 0.0
        self._watch: asyncio.TimerHandle | None = None
        self._window: Window | None = None
        self._why = "the connection was lost"

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]
        self.is_open = True

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_open = False
        if self._watch is not None:
            self._watch.cancel()
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_exception(ConnectionBroken(str(exc or self._why)))
        self._end()

    def data_received(self, data: bytes) -> None:
        self._heard = asyncio.get_running_loop().time()
        data = self._buffer + data
        lines = data.split(b"\n")
        self._buffer = lines.pop()
        if len(self._buffer) > LINE_LIMIT:
            self.abort("a reply without end")
            return
        for line in lines:
            if self._awaiting is Awaiting.NOTHING:
                self._setup_line(line.rstrip(b"\r"))
            elif line[3:4] != b"-":
                self._react(parse_reply(line))

    # Setting up: one command, one reply.

    def _setup_line(self, line: bytes) -> None:
        self._lines.append(line[4:])
        if len(self._lines) > 200:
            self.abort("too many lines in a reply")
        elif line[3:4] == b"-":
            return
        elif self._waiter is None:
            self._early = parse_reply(line)
        elif not self._waiter.done():
            self._waiter.set_result(parse_reply(line))

    async def reply(self) -> Reply:
        """The next reply while setting up; its lines stay in `lines`."""
        if self._early is not None:
            early, self._early = self._early, None
            return early
        if not self.is_open:
            raise ConnectionBroken(self._why)
        self._lines = []
        self._waiter = asyncio.get_running_loop().create_future()
        try:
            return await asyncio.wait_for(self._waiter, self._timeout)
        except TimeoutError as error:
            self.abort("no answer")
            raise ConnectionBroken("no answer") from error
        finally:
            self._waiter = None

    async def command(self, line: bytes) -> Reply:
        """Ask and wait, while setting up."""
        self._early = None
        self._lines = []
        self.write(line + b"\r\n")
        return await self.reply()

    async def hello(self, name: str) -> None:
        """EHLO, and what the server can do."""
        reply = await self.command(b"EHLO " + name.encode())
        lines = list(self._lines)
        if reply.code // 100 != 2:
            reply = await self.command(b"HELO " + name.encode())
            lines = []
            if reply.code // 100 != 2:
                raise ConnectionBroken(f"{reply.code} {reply.text}")
        self.features = {}
        for line in lines[1:]:
            word, _, rest = line.decode("ascii", "replace").partition(" ")
            self.features[word.upper()] = rest

    def forget_input(self) -> None:
        """What came in before TLS began must not count (command injection)."""
        self._buffer = b""

    def adopt(self, transport: asyncio.BaseTransport) -> None:
        """Go on over TLS."""
        self._transport = transport  # type: ignore[assignment]

    @property
    def transport(self) -> asyncio.Transport:
        if self._transport is None:
            raise ConnectionBroken(self._why)
        return self._transport

    def write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)

    def abort(self, why: str) -> None:
        self._why = why
        if self._transport is not None:
            self._transport.abort()

    async def quit(self) -> None:
        """Part politely; a server that does not answer is not waited for."""
        if self.is_open:
            with contextlib.suppress(ConnectionBroken, TimeoutError):
                await asyncio.wait_for(self.command(b"QUIT"), 2)
        if self._transport is not None:
            self._transport.close()

    # Sending.

    @property
    def why(self) -> str:
        return self._why

    async def serve(self, run: Run) -> int:
        """Send messages of the run until none is left or the connection ends; how many were answered."""
        loop = asyncio.get_running_loop()
        self._run, self._answers, self._done = run, 0, loop.create_future()
        self._heard = loop.time()
        self._watch = loop.call_later(self._timeout / 4, self._look)
        if self._is_pipelining and "CHUNKING" in self.features and self.is_open:
            self._awaiting = Awaiting.WINDOW
            self._window = Window(run, self.features, self.write)
            if not self._window.fill():
                self._end()
        else:
            self._start_next()
        return await self._done

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        if loop.time() - self._heard > self._timeout:
            self.abort("no answer")
        else:
            self._watch = loop.call_later(self._timeout / 4, self._look)

    def _end(self) -> None:
        """Give back what is not settled, and let `serve` return."""
        run, done = self._run, self._done
        if run is None or done is None or done.done():
            return
        if self._item is not None:
            (run.lost if self._is_handed else run.put_back)(self._item)
        if self._next is not None:
            run.put_back(self._next)
        if self._window is not None:
            self._window.lose()
            self._answers += self._window.answers
        if self._watch is not None:
            self._watch.cancel()
        self._item = self._next = self._run = self._window = None
        self._awaiting = Awaiting.NOTHING
        done.set_result(self._answers)

    def _pull(self, run: Run) -> tuple[int, bytes] | None:
        while (item := run.pull()) is not None:
            commands = mail_and_rcpt(run.envelope(item), self.features)
            if commands is not None:
                return item, commands + b"DATA\r\n"
            run.answered(item, NO_UTF8)
            self._answers += 1
        return None

    def _start_next(self, prefix: bytes = b"") -> None:
        """Begin a message from rest."""
        run = self._run
        if run is None or not self.is_open:
            self._end()
            return
        found = self._pull(run)
        if found is None:
            if prefix:
                self._awaiting = Awaiting.RSET
                self.write(prefix)
            else:
                self._end()
            return
        self._item, commands = found
        self._is_handed = False
        self._refusal = ABSENT
        if prefix:
            self._awaiting = Awaiting.RSET
        else:
            self._awaiting = Awaiting.MAIL
        self._commands = commands.split(b"\r\n")
        if self._is_pipelining:
            self.write(prefix + commands)
        else:
            self.write(prefix or self._commands[0] + b"\r\n")
        self._content = render(run, self._item)

    @property
    def _is_pipelining(self) -> bool:
        return "PIPELINING" in self.features

    def _react(self, reply: Reply) -> None:
        if reply.code == 421:
            self._closing(reply)
        elif self._window is not None:
            if not self._window.react(reply):
                self._end()
        elif self._is_pipelining:
            self._react_pipelined(reply)
        else:
            self._react_in_turn(reply)

    def _closing(self, reply: Reply) -> None:
        """421: the server ends the connection; the current message is to be tried again later."""
        if self._window is not None:
            self._window.close(reply)
        elif self._item is not None and self._run is not None:
            self._answer(reply)
        self.abort(f"421 {reply.text}")

    def _react_pipelined(self, reply: Reply) -> None:
        match self._awaiting:
            case Awaiting.RSET:
                self._awaiting = Awaiting.MAIL
                if self._item is None:
                    self._end()
            case Awaiting.MAIL:
                self._note(reply)
                self._awaiting = Awaiting.RCPT
            case Awaiting.RCPT:
                self._note(reply)
                self._awaiting = Awaiting.DATA
            case Awaiting.DATA:
                self._on_data(reply)
            case Awaiting.EMPTY:
                self._answer(self._refusal)
                self._start_next(b"RSET\r\n")
            case _:
                self._on_content(reply)

    def _note(self, reply: Reply) -> None:
        if reply.code // 100 != 2 and self._refusal is ABSENT:
            self._refusal = reply

    def _on_data(self, reply: Reply) -> None:
        if reply.code != 354:
            self._answer(reply if self._refusal is ABSENT else self._refusal)
            self._start_next(b"RSET\r\n")
            return
        if self._refusal is not ABSENT:
            # The server wants content although it refused the recipient: an empty one ends it.
            self._awaiting = Awaiting.EMPTY
            self.write(b".\r\n")
            return
        run, item = self._run, self._item
        if run is None or item is None or self._cannot_write():
            return
        run.handed(item)
        self._is_handed = True
        self._awaiting = Awaiting.CONTENT
        found = self._pull(run)
        if found is None:
            self.write(self._content + b".\r\n")
            return
        self._next, commands = found
        self.write(b"".join((self._content, b".\r\n", commands)))
        self._next_content = render(run, self._next)

    def _cannot_write(self) -> bool:
        """A message that cannot be rendered ends the connection: the server waits for content."""
        if self._content:
            return False
        self._answer(NOT_RENDERED)
        self.abort("a message could not be rendered")
        return True

    def _on_content(self, reply: Reply) -> None:
        self._answer(reply)
        if self._next is None:
            self._start_next()
            return
        self._item, self._next = self._next, None
        self._content, self._next_content = self._next_content, b""
        self._is_handed = False
        self._refusal = ABSENT
        self._awaiting = Awaiting.MAIL

    def _answer(self, reply: Reply) -> None:
        item, run = self._item, self._run
        if item is not None and run is not None:
            self._item = None
            self._content = b""
            self._answers += 1
            run.answered(item, reply)

    def _react_in_turn(self, reply: Reply) -> None:
        """Without pipelining: a refusal is followed by RSET, everything else by the next command."""
        is_fine = reply.code // 100 == 2
        match self._awaiting:
            case Awaiting.RSET:
                if self._item is None:
                    self._end()
                else:
                    self._say(0, Awaiting.MAIL)
            case Awaiting.MAIL if is_fine:
                self._say(1, Awaiting.RCPT)
            case Awaiting.RCPT if is_fine:
                self._say(2, Awaiting.DATA)
            case Awaiting.DATA if reply.code == 354 and self._item is not None and self._run is not None:
                if self._cannot_write():
                    return
                self._run.handed(self._item)
                self._is_handed = True
                self._awaiting = Awaiting.CONTENT
                self.write(self._content + b".\r\n")
            case Awaiting.CONTENT:
                self._answer(reply)
                self._start_next()
            case _:
                self._answer(reply)
                self._start_next(b"RSET\r\n")

    def _say(self, number: int, awaiting: Awaiting) -> None:
        self._awaiting = awaiting
        self.write(self._commands[number] + b"\r\n")
