"""Wait for a period."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal
from zlib import crc32

import msgspec

from waypost.automations.lots import lots
from waypost.kernel.model import Model
from waypost.kernel.registry import Batch, Step, Wait
from waypost.kernel.tx import Tx

Unit = Literal["minutes", "hours", "days", "weeks"]
MAX_AMOUNT = 100_000
Amount = Annotated[int, msgspec.Meta(ge=0, le=MAX_AMOUNT)]

_PERIODS = {
    "minutes": timedelta(minutes=1),
    "hours": timedelta(hours=1),
    "days": timedelta(days=1),
    "weeks": timedelta(weeks=1),
}


class WaitParams(Model):
    """How long; nothing means to go on at once. `up_to` longer by chance, so that not all go on together."""

    amount: Amount
    unit: Unit
    up_to_amount: Amount | None = None
    up_to_unit: Unit = "minutes"


def period(amount: int, unit: Unit) -> timedelta:
    """The amount of units as a length of time."""
    return amount * _PERIODS[unit]


async def run(tx: Tx, batch: Batch, params: WaitParams) -> Wait:
    until = tx.now + period(params.amount, params.unit)
    if not params.up_to_amount:
        return Wait(until)
    longest = period(params.up_to_amount, params.up_to_unit)
    seed = crc32(f"{batch.automation_id}:{batch.step_id}".encode()) << 24
    drawn = zip(batch.contact_ids, lots(batch.contact_ids, seed=seed), strict=True)
    minutes = int(longest / timedelta(minutes=1))
    # Whole minutes, so that those who wait equally long are written together.
    return Wait({contact_id: until + timedelta(minutes=int(lot * minutes)) for contact_id, lot in drawn})


def lasts(params: WaitParams) -> timedelta:
    return period(params.amount, params.unit)


WAIT = Step(type="wait", label="Wait", group="flow", icon="clock", params=WaitParams, run=run, lasts=lasts)
