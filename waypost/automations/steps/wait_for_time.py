"""Wait for a day and an hour: "Monday to Friday, 9:00 to 17:00", in the workspace's time zone
or in each contact's own.

Who arrives inside the window goes on at once. The window holds from `from_time` up to, but not
including, `to_time`; without `to_time` it is an hour long.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec

from waypost.automations.windows import next_window
from waypost.contacts.facts import ContactUpdated
from waypost.contacts.queries.places import list_zones
from waypost.identity.queries import get_workspace
from waypost.kernel.clock import Clock, Weekday
from waypost.kernel.model import Model
from waypost.kernel.registry import Batch, Fact, Step, Wait
from waypost.kernel.tx import Tx


class WaitForTimeParams(Model):
    """What is left empty means any; `clock` is whose clocks count, where the contact's zone is known."""

    clock: Literal["workspace", "contact"] = "workspace"
    from_time: Clock = "09:00"
    to_time: Clock | None = None
    weekdays: list[Weekday] = msgspec.field(default_factory=list[Weekday])
    days_of_month: list[Annotated[int, msgspec.Meta(ge=1, le=31)]] = msgspec.field(default_factory=list[int])
    months: list[Annotated[int, msgspec.Meta(ge=1, le=12)]] = msgspec.field(default_factory=list[int])

    def __post_init__(self) -> None:
        if self.to_time is not None and self.to_time <= self.from_time:
            raise ValueError("to_time must be later than from_time")


async def run(tx: Tx, batch: Batch, params: WaitForTimeParams) -> Wait:
    zones = {ZoneInfo((await get_workspace(tx)).time_zone): list(batch.contact_ids)}
    if params.clock == "contact":
        zones = await list_zones(tx, batch.contact_ids)
    moments = {zone: next_window(tx.now, params, zone) for zone in zones}
    until = {contact_id: opens for zone, opens in moments.items() if opens is not None for contact_id in zones[zone]}
    if None in moments.values():
        batch.park(batch.contact_ids, "There is no such day in any year.")
        return Wait(tx.now)
    if params.clock == "contact":
        return Wait(until, is_movable=True)
    return Wait(next(iter(until.values())))


def wakes(params: WaitForTimeParams) -> Sequence[tuple[type[Fact], int | None]]:
    """Who moves waits by the clocks of the new place."""
    return [(ContactUpdated, None)] if params.clock == "contact" else []


WAIT_FOR_TIME = Step(
    type="wait_for_time", label="Wait for a day and time", group="flow", icon="calendar-clock",
    params=WaitForTimeParams, run=run, wakes=wakes, resets=True,
)  # fmt: skip
