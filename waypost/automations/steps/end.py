"""End the run here."""

from __future__ import annotations

from waypost.kernel.model import Model
from waypost.kernel.registry import Batch, End, Step
from waypost.kernel.tx import Tx


class EndParams(Model):
    """An end has no settings."""


async def run(tx: Tx, batch: Batch, params: EndParams) -> End:
    del tx, batch, params
    return End()


END = Step(type="end", label="End", group="flow", icon="flag", params=EndParams, run=run)
