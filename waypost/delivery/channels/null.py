"""The channel that goes nowhere: accepts everything and remembers it."""

from __future__ import annotations

from waypost.delivery.channels.base import Envelope, Reply, Run


class NullChannel:
    """For tests."""

    def __init__(self) -> None:
        self.sent: list[tuple[Envelope, bytes]] = []

    async def send(self, run: Run) -> str | None:
        while (item := run.pull()) is not None:
            content = run.content(item)
            run.handed(item)
            self.sent.append((run.envelope(item), content))
            run.answered(item, Reply(250, "2.0.0 kept"))
        return None

    async def close(self) -> None:
        self.sent.clear()
