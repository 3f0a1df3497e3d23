"""What automations can do with scores."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from waypost.kernel.model import Model
from waypost.kernel.registry import Batch, Step
from waypost.kernel.tx import Tx
from waypost.scores.actions import adjust_score

Points = Annotated[int, msgspec.Meta(ge=-1_000_000, le=1_000_000)]


class AdjustScore(Model):
    """Adding counts each time a contact passes; setting to a number only what is missing to it."""

    score_id: Annotated[int, msgspec.Meta(ge=1)]
    operation: Literal["add", "subtract", "set"] = "add"
    points: Points = 10


async def adjust(tx: Tx, batch: Batch, params: AdjustScore) -> None:
    points = -params.points if params.operation == "subtract" else params.points
    is_target = params.operation == "set"
    if points or is_target:
        await adjust_score(
            tx, params.score_id, list(batch.contact_ids), points, is_target=is_target, reason="Automation"
        )


STEPS = (Step("adjust_score", "Adjust score", "contact", "star", AdjustScore, adjust, reads=True),)
