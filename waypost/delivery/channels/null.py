"""Accepts everything and sends nothing, for measuring and for trying."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from waypost.delivery.channels.base import Envelope, Result


class NullChannel:
    """Keeps what it was given."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    async def send(
        self,
        envelopes: Sequence[Envelope],
        *,
        on_hand_over: Callable[[int], None],
        on_accept: Callable[[int], None],
    ) -> list[Result]:
        for envelope in envelopes:
            on_hand_over(envelope.index)
            self.sent.append(envelope.build())
            on_accept(envelope.index)
        return [Result(envelope.index, 250, "2.0.0 accepted") for envelope in envelopes]

    async def close(self) -> None:
        """Nothing to close."""
