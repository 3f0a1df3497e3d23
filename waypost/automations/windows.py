"""Windows of time: on some days, between two times of day, by the clocks of a zone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from waypost.kernel.clock import WEEKDAYS, at_local

DAYS_AHEAD = 366 * 28
"""After so many days weekdays and dates have met in every combination (the calendar repeats every 28 years)."""


class Window(Protocol):
    """From `from_time` up to, but not including, `to_time`; without it an hour long. May also name days of months."""

    @property
    def from_time(self) -> str: ...
    @property
    def to_time(self) -> str | None: ...
    @property
    def weekdays(self) -> Sequence[str]: ...


def next_window(now: datetime, window: Window, zone: ZoneInfo) -> datetime | None:
    """`now` inside a window, else when the next one opens; None when none ever does (30 February)."""
    today = now.astimezone(zone).date()
    for ahead in range(DAYS_AHEAD):
        day = today + timedelta(days=ahead)
        if not opens_on(window, day):
            continue
        opens = at_local(day, window.from_time, zone)
        closes = opens + timedelta(hours=1) if window.to_time is None else at_local(day, window.to_time, zone)
        if now < opens:
            return opens
        if now < closes:
            return now
    return None


def opens_on(window: object, day: date) -> bool:
    """Whether it opens on this day; what is empty means any."""
    weekdays: Sequence[str] = getattr(window, "weekdays", ())
    days: Sequence[int] = getattr(window, "days_of_month", ())
    months: Sequence[int] = getattr(window, "months", ())
    return (
        (not weekdays or WEEKDAYS[day.weekday()] in weekdays)
        and (not days or day.day in days)
        and (not months or day.month in months)
    )
