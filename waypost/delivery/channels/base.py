"""What the outbox asks of a channel, and what a channel asks of a run of messages.

A run's items are numbers from 0. A channel pulls one, asks for its envelope, says `handed` before
the content goes on the wire, and ends with exactly one of `answered`, `lost` or `put_back`.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol


class Envelope(NamedTuple):
    """Addresses of SMTP's MAIL and RCPT."""

    sender: str
    recipient: str


class Reply(NamedTuple):
    """A server's last word: three digits and the text."""

    code: int
    text: str


class Run(Protocol):
    """Messages of one batch, on their way."""

    @property
    def is_left(self) -> bool:
        """Whether an item can be pulled."""
        ...

    def pull(self) -> int | None: ...
    def envelope(self, item: int) -> Envelope: ...
    def content(self, item: int) -> bytes:
        """RFC 5322 bytes that need no dot-stuffing and end with CRLF."""
        ...

    def handed(self, item: int) -> None: ...
    def answered(self, item: int, reply: Reply) -> None: ...
    def lost(self, item: int) -> None:
        """The connection went away after the content was handed over: nobody knows."""
        ...

    def put_back(self, item: int) -> None:
        """Nothing of the content was sent."""
        ...


class Channel(Protocol):
    async def send(self, run: Run) -> str | None:
        """Send until nothing is left; or, when the way is blocked, the reason with items left over."""
        ...

    async def close(self) -> None: ...
