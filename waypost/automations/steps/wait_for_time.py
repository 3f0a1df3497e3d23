"""Wait for a day and an hour: "Monday to Friday, 9:00 to 17:00", in the workspace's time zone.

Who arrives inside the window goes on at once. The window holds from `from_time` up to, but not
including, `to_time`; without `to_time` it is an hour long.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec

from waypost.identity.queries import get_workspace
from waypost.kernel.clock import at_local
from waypost.kernel.model import Model
from waypost.kernel.registry import Batch, Step, Wait
from waypost.kernel.tx import Tx

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Clock = Annotated[str, msgspec.Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
"""Hours and minutes, 00:00 to 23:59."""

DAYS_AHEAD = 366 * 28
"""After so many days weekdays and dates have met in every combination (the calendar repeats every 28 years)."""


class WaitForTimeParams(Model):
    """What is left empty means any."""

    from_time: Clock = "09:00"
    to_time: Clock | None = None
    weekdays: list[Weekday] = msgspec.field(default_factory=list[Weekday])
    days_of_month: list[Annotated[int, msgspec.Meta(ge=1, le=31)]] = msgspec.field(default_factory=list[int])
    months: list[Annotated[int, msgspec.Meta(ge=1, le=12)]] = msgspec.field(default_factory=list[int])

    def __post_init__(self) -> None:
        if self.to_time is not None and self.to_time <= self.from_time:
            raise ValueError("to_time must be later than from_time")

    def holds_on(self, day: date) -> bool:
        """Whether the window opens on this day."""
        return (
            (not self.weekdays or WEEKDAYS[day.weekday()] in self.weekdays)
            and (not self.days_of_month or day.day in self.days_of_month)
            and (not self.months or day.month in self.months)
        )


def next_window(now: datetime, params: WaitForTimeParams, zone: ZoneInfo) -> datetime | None:
    """`now` inside a window, else when the next one opens; None when none ever does (30 February)."""
    today = now.astimezone(zone).date()
    for ahead in range(DAYS_AHEAD):
        day = today + timedelta(days=ahead)
        if not params.holds_on(day):
            continue
        opens = at_local(day, params.from_time, zone)
        closes = opens + timedelta(hours=1) if params.to_time is None else at_local(day, params.to_time, zone)
        if now < opens:
            return opens
        if now < closes:
            return now
    return None


async def run(tx: Tx, batch: Batch, params: WaitForTimeParams) -> Wait:
    zone = ZoneInfo((await get_workspace(tx)).time_zone)
    until = next_window(tx.now, params, zone)
    if until is None:
        batch.park(batch.contact_ids, "There is no such day in any year.")
        return Wait(tx.now)
    return Wait(until)


WAIT_FOR_TIME = Step(
    type="wait_for_time", label="Wait for a day and time", group="flow", icon="calendar-clock",
    params=WaitForTimeParams, run=run,
)  # fmt: skip
