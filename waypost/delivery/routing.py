"""Which mail server takes a message.

The sender's own server first, then those for the sender's domain, then those for every domain; in a tier by
weight. One whose breaker is open, or that has just failed, is passed over, so that the next tier is the fail-over.
Without any the message goes where the settings say: WAYPOST_SMTP_URL, or the local mailbox.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from waypost.delivery.channels.base import Channel
from waypost.delivery.channels.relay import SmtpChannel
from waypost.delivery.relays import connection_of, is_open
from waypost.delivery.types import RelayServer
from waypost.kernel.config import Settings

DEFAULT_WAY = 0
"""Stands for the server that the settings name, where the workspace has none of its own."""


@dataclass(slots=True)
class Ways:
    """The servers of a workspace as a batch finds them."""

    relays: Sequence[RelayServer]
    now: datetime
    failed: set[int] = field(default_factory=set[int])
    """Those that turned out to be blocked while the batch was under way."""

    def _tiers(self, domain: str, relay_id: int | None) -> Iterator[list[RelayServer]]:
        enabled = [relay for relay in self.relays if relay.is_enabled]
        yield [relay for relay in enabled if relay.id == relay_id]
        yield [relay for relay in enabled if domain in relay.domains]
        yield [relay for relay in enabled if not relay.domains]

    def choose(self, domain: str, relay_id: int | None, number: int) -> int | None:
        """A server's id, or None where every one that may is blocked or none may; the number spreads by weight."""
        if not any(relay.is_enabled for relay in self.relays):
            return DEFAULT_WAY if DEFAULT_WAY not in self.failed else None
        for tier in self._tiers(domain, relay_id):
            usable = [relay for relay in tier if relay.id not in self.failed and not is_open(relay, self.now)]
            if usable:
                return _by_weight(usable, number)
        return None

    def why_none(self, domain: str, relay_id: int | None) -> tuple[str, datetime | None]:
        """What to tell where `choose` gives None, and when a server will be tried again."""
        able = [relay for tier in self._tiers(domain, relay_id) for relay in tier]
        if not able:
            return (
                f"No mail server takes mail from {domain}. Add one under Senders, or let one take every domain.",
                None,
            )
        waits = [relay.open_until for relay in able if relay.open_until is not None and relay.open_until > self.now]
        return f"The mail server cannot be reached: {able[0].problem or 'no answer'}", min(waits, default=self.now)


def _by_weight(relays: Sequence[RelayServer], number: int) -> int:
    """The same message goes the same way as long as the servers stay; a weight of 0 is for when no other is left."""
    total = sum(relay.weight for relay in relays)
    if total == 0:
        return relays[number % len(relays)].id
    place = number * 2_654_435_761 % 4_294_967_296 % total
    for relay in relays:
        if place < relay.weight:
            return relay.id
        place -= relay.weight
    raise AssertionError("the place lies within the total")


class Channels:
    """An open channel for each server, replaced when the server's settings change."""

    def __init__(self, settings: Settings, default: Channel) -> None:
        self._settings = settings
        self._default = default
        self._open: dict[tuple[int, int], tuple[datetime, SmtpChannel]] = {}

    async def find(self, workspace_id: int, relay: RelayServer | None) -> Channel:
        if relay is None:
            return self._default
        key = (workspace_id, relay.id)
        kept = self._open.get(key)
        if kept is not None and kept[0] == relay.updated_at:
            return kept[1]
        channel = SmtpChannel(connection_of(self._settings, relay), connections=relay.connections)
        self._open[key] = (relay.updated_at, channel)
        if kept is not None:
            await kept[1].close()
        return channel

    async def close(self) -> None:
        kept, self._open = self._open, {}
        for _, channel in kept.values():
            await channel.close()
        await self._default.close()
