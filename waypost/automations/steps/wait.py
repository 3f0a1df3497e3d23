"""Wait for a period."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

import msgspec

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
    """How long; nothing means to go on at once."""

    amount: Amount
    unit: Unit


def period(amount: int, unit: Unit) -> timedelta:
    """The amount of units as a length of time."""
    return amount * _PERIODS[unit]


async def run(tx: Tx, batch: Batch, params: WaitParams) -> Wait:
    del batch
    return Wait(tx.now + period(params.amount, params.unit))


WAIT = Step(type="wait", label="Wait", group="flow", icon="clock", params=WaitParams, run=run)
