"""Begin or end runs of other automations, for the whole batch by one statement each.

Two automations that begin each other stop by themselves: nobody is inside one twice at a time, and a
run begun by an automation counts against the same daily limit as one begun by a trigger.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import msgspec

from waypost.automations import graph
from waypost.automations.enroll import enroll_from_automation
from waypost.automations.wake import exit_runs
from waypost.kernel.model import Model
from waypost.kernel.registry import Batch, End, Step
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx

Id = Annotated[int, msgspec.Meta(ge=1)]


class StartAutomationParams(Model):
    """The automation to enter; one that is not active lets nobody in."""

    automation_id: Id


class EndAutomationParams(Model):
    """The automation to leave; without one, every other automation."""

    automation_id: Id | None = None


async def start(tx: Tx, batch: Batch, params: StartAutomationParams) -> None:
    del tx
    batch.defer(flush_starts, batch.contact_ids, params.automation_id)


async def end(tx: Tx, batch: Batch, params: EndAutomationParams) -> End | None:
    del tx
    if params.automation_id == batch.automation_id:
        return End()
    batch.defer(flush_ends, batch.contact_ids, (batch.automation_id, params.automation_id))
    return None


async def flush_starts(tx: Tx, items: list[tuple[Sequence[int], int]]) -> None:
    for contact_ids, automation_id in items:
        # lint: no-row-loops because a turn is a step, for everyone who passed it
        await enroll_from_automation(tx, automation_id, contact_ids)


async def flush_ends(tx: Tx, items: list[tuple[Sequence[int], tuple[int, int | None]]]) -> None:
    for contact_ids, (own_id, automation_id) in items:
        which = sql("e.contact_id = any({ids}::bigint[])", ids=list(contact_ids))
        named = sql("e.automation_id <> {id}", id=own_id)
        if automation_id is not None:
            named = sql("e.automation_id = {id}", id=automation_id)
        # lint: no-row-loops because a turn is a step, for everyone who passed it
        await exit_runs(tx, sql("{which} and {named}", which=which, named=named))


START_AUTOMATION = Step(
    type="start_automation", label="Start another automation", group="flow", icon="play",
    params=StartAutomationParams, run=start,
)  # fmt: skip
END_AUTOMATION = Step(
    type=graph.END_AUTOMATION, label="End another automation", group="flow", icon="stop",
    params=EndAutomationParams, run=end,
)  # fmt: skip
