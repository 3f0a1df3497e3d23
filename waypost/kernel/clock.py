"""Local time: what clocks in a zone show, as instants."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec

Clock = Annotated[str, msgspec.Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
"""Hours and minutes, 00:00 to 23:59."""
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def at_local(day: date, clock: str, zone: ZoneInfo) -> datetime:
    """The instant at which clocks in the zone show this; an hour that is skipped begins when it would have ended."""
    return datetime.combine(day, time.fromisoformat(clock), zone).astimezone(UTC)
