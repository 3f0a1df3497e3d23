"""Let so many contacts through in a time; the others wait for their place, in the order they came."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Literal

import msgspec

from waypost.kernel.model import Model
from waypost.kernel.registry import Batch, Step, Wait
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx

_SPANS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}


class ThrottleParams(Model):
    """Spread evenly: 60 an hour is one a minute."""

    amount: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
    per: Literal["minute", "hour", "day"] = "hour"


async def run(tx: Tx, batch: Batch, params: ThrottleParams) -> Wait:
    pause = _SPANS[params.per] / params.amount
    first = await _take_places(tx, batch, pause * len(batch.contact_ids))
    until: dict[int, datetime] = {
        contact_id: first + pause * place for place, contact_id in enumerate(batch.contact_ids)
    }
    return Wait(until)


async def _take_places(tx: Tx, batch: Batch, length: timedelta) -> datetime:
    """The first of the places from here on; whoever comes after begins behind the last."""
    return await tx.value(
        sql(
            """
            insert into automations.gate as g (workspace_id, automation_id, step_id, next_at)
            values ({workspace}, {automation_id}, {step_id}, {now} + {length})
            on conflict (workspace_id, automation_id, step_id)
            do update set next_at = greatest(g.next_at, {now}) + {length}
            returning next_at - {length}
            """,
            automation_id=batch.automation_id,
            step_id=batch.step_id,
            length=length,
        )
    )


THROTTLE = Step(
    type="throttle", label="Throttle", group="flow", icon="gauge", params=ThrottleParams, run=run
)  # fmt: skip
