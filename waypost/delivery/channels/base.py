"""What the outbox asks of a channel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(slots=True)
class Envelope:
    """One message to hand over; `build` makes its bytes when its turn comes."""

    index: int
    mail_from: bytes
    rcpt_to: bytes
    build: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of it: an SMTP code, or 0 when the connection told nothing (it is to be tried again)."""

    index: int
    code: int
    reply: str


class RelayUnreachable(Exception):
    """No connection could be opened or kept; the messages are not to blame."""


class Channel(Protocol):
    """Sends a batch. `on_hand_over` is called right before a body leaves, `on_accept` at its 250."""

    async def send(
        self,
        envelopes: Sequence[Envelope],
        *,
        on_hand_over: Callable[[int], None],
        on_accept: Callable[[int], None],
    ) -> list[Result]: ...

    async def close(self) -> None: ...
