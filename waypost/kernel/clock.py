"""Local time: what clocks in a zone show, as instants."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


def at_local(day: date, clock: str, zone: ZoneInfo) -> datetime:
    """The instant at which clocks in the zone show this; an hour that is skipped begins when it would have ended."""
    return datetime.combine(day, time.fromisoformat(clock), zone).astimezone(UTC)
