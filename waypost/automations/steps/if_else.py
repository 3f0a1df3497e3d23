"""Two ways, by a condition: one statement for the whole batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from waypost.kernel.model import Model
from waypost.kernel.registry import Batch, Branch, Step
from waypost.kernel.tx import Tx
from waypost.segments.queries import matching


class IfElseParams(Model):
    """The question."""

    condition: dict[str, Any]


async def run(tx: Tx, batch: Batch, params: IfElseParams) -> Branch:
    found = await matching(tx, params.condition, batch.contact_ids)
    return Branch(
        {
            "yes": [contact_id for contact_id in batch.contact_ids if contact_id in found],
            "no": [contact_id for contact_id in batch.contact_ids if contact_id not in found],
        }
    )


def exits(params: IfElseParams) -> Sequence[str]:
    del params
    return ("yes", "no")


IF_ELSE = Step(type="if_else", label="If / else", group="flow", icon="split", params=IfElseParams, run=run, exits=exits)
