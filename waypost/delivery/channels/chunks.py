"""Sending by BDAT (RFC 3030) where the server offers CHUNKING: several messages in flight on one connection.

    each message, in one write:  RSET  MAIL  RCPT  BDAT n LAST  <n octets>
    its four replies:            250   250   250   250

No message waits for the answer to the one before, so a round trip is shared by the whole window. RSET goes before
each, since a refused message leaves the server in a state of its own, and nobody here can wait to see that.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from waypost.delivery.channels.base import Reply, Run
from waypost.delivery.channels.commands import ABSENT, NO_UTF8, NOT_RENDERED, mail_and_rcpt, render

MESSAGES = 8
OCTETS = 1_000_000
"""No further message goes out while this much is in flight: full socket buffers only cost time."""
_RSET, _RCPT, _BDAT = 0, 2, 3


@dataclass(slots=True)
class InFlight:
    """A message whose answer is awaited."""

    item: int
    size: int
    heard: int = 0
    refusal: Reply = ABSENT


class Window:
    """The messages of a run that are on their way over one connection."""

    def __init__(self, run: Run, features: Mapping[str, str], write: Callable[[bytes], None]) -> None:
        self._run = run
        self._features = features
        self._write = write
        self._flight: deque[InFlight] = deque()
        self._octets = 0
        self.answers = 0

    def fill(self) -> bool:
        """Send as many more as may be in flight; whether anything is."""
        while len(self._flight) < MESSAGES and (self._octets < OCTETS or not self._flight):
            item = self._run.pull()
            if item is None:
                break
            self._send(item)
        return bool(self._flight)

    def _send(self, item: int) -> None:
        commands = mail_and_rcpt(self._run.envelope(item), self._features)
        content = render(self._run, item) if commands is not None else b""
        if commands is None or not content:
            self.answers += 1
            self._run.answered(item, NO_UTF8 if commands is None else NOT_RENDERED)
            return
        self._run.handed(item)
        self._flight.append(InFlight(item, len(content)))
        self._octets += len(content)
        self._write(b"".join((b"RSET\r\n", commands, b"BDAT %d LAST\r\n" % len(content), content)))

    def react(self, reply: Reply) -> bool:
        """Take a reply; whether anything is still in flight."""
        if not self._flight:
            return False
        first = self._flight[0]
        stage, first.heard = first.heard, first.heard + 1
        if stage < _BDAT:
            if reply.code // 100 != 2 and stage > _RSET and first.refusal is ABSENT:
                first.refusal = reply
            return True
        self._answer(first, reply if first.refusal is ABSENT else first.refusal)
        return self.fill()

    def _answer(self, message: InFlight, reply: Reply) -> None:
        self._flight.popleft()
        self._octets -= message.size
        self.answers += 1
        self._run.answered(message.item, reply)

    def close(self, reply: Reply) -> None:
        """421: the message it answers is to be tried later; the server did not look at those behind it."""
        if self._flight:
            self._answer(self._flight[0], reply)
        while self._flight:
            self._run.put_back(self._flight.popleft().item)

    def lose(self) -> None:
        """The connection is gone; nobody knows which messages the server took."""
        while self._flight:
            self._run.lost(self._flight.popleft().item)
