"""Two ways, by chance: a hash of contact and step, so that asking again gives the same way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from zlib import crc32

import msgspec

from waypost.automations.lots import in_first
from waypost.kernel.model import Model
from waypost.kernel.registry import Batch, Branch, Step
from waypost.kernel.tx import Tx


class SplitParams(Model):
    """How many of a hundred take way a."""

    percent: Annotated[int, msgspec.Meta(ge=0, le=100)]


async def run(tx: Tx, batch: Batch, params: SplitParams) -> Branch:
    del tx
    seed = crc32(f"{batch.automation_id}:{batch.step_id}".encode()) << 24
    first = in_first(batch.contact_ids, seed=seed, percent=params.percent)
    taken = set(first)
    return Branch({"a": first, "b": [contact_id for contact_id in batch.contact_ids if contact_id not in taken]})


def exits(params: SplitParams) -> Sequence[str]:
    del params
    return ("a", "b")


SPLIT = Step(type="split", label="Split", group="flow", icon="shuffle", params=SplitParams, run=run, exits=exits)
