"""Wait until a condition holds, at most for a period."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from waypost.automations.graph import WAIT_UNTIL
from waypost.automations.steps.wait import Amount, Unit, period
from waypost.kernel.model import Model
from waypost.kernel.registry import Batch, Step, WaitFor
from waypost.kernel.tx import Tx


class WaitUntilParams(Model):
    """Without an amount there is no time-out: contacts wait for ever."""

    condition: dict[str, Any]
    timeout_amount: Amount | None = None
    timeout_unit: Unit | None = None


async def run(tx: Tx, batch: Batch, params: WaitUntilParams) -> WaitFor:
    del batch
    longest = lasts(params)
    return WaitFor(params.condition, None if longest is None else tx.now + longest)


def lasts(params: WaitUntilParams) -> timedelta | None:
    if params.timeout_amount is None or params.timeout_unit is None:
        return None
    return period(params.timeout_amount, params.timeout_unit)


def exits(params: WaitUntilParams) -> Sequence[str]:
    del params
    return ("met", "timed_out")


WAIT_FOR_CONDITION = Step(
    type=WAIT_UNTIL,
    label="Wait until",
    group="flow",
    icon="hourglass",
    params=WaitUntilParams,
    run=run,
    exits=exits,
    lasts=lasts,
)
