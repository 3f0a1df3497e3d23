"""Begin or end runs of other automations, for the whole batch by one statement each.

Two automations that begin each other stop by themselves: nobody is inside one twice at a time, and a
run begun by an automation counts against the same daily limit as one begun by a trigger.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Call:
    """What a step asks of another automation; without an id, of all others."""

    automation_id: int | None
    is_start: bool
    own_id: int


async def start(tx: Tx, batch: Batch, params: StartAutomationParams) -> None:
    del tx
    batch.defer(flush_runs, batch.contact_ids, Call(params.automation_id, is_start=True, own_id=batch.automation_id))


async def end(tx: Tx, batch: Batch, params: EndAutomationParams) -> End | None:
    del tx
    if params.automation_id == batch.automation_id:
        return End()
    batch.defer(flush_runs, batch.contact_ids, Call(params.automation_id, is_start=False, own_id=batch.automation_id))
    return None


async def flush_runs(tx: Tx, items: list[tuple[Sequence[int], Call]]) -> None:
    """In the order of the steps: to end a run and to begin it again is not to do it the other way round."""
    for contact_ids, call in items:
        if call.is_start and call.automation_id is not None:
            # lint: no-row-loops because a turn is a step, for everyone who passed it
            await enroll_from_automation(tx, call.automation_id, contact_ids)
            continue
        which = sql("e.contact_id = any({ids}::bigint[])", ids=list(contact_ids))
        named = sql("e.automation_id <> {id}", id=call.own_id)
        if call.automation_id is not None:
            named = sql("e.automation_id = {id}", id=call.automation_id)
        # lint: no-row-loops because a turn is a step, for everyone who passed it
        await exit_runs(tx, sql("{which} and {named}", which=which, named=named), reason="other_automation")


START_AUTOMATION = Step(
    type="start_automation", label="Start another automation", group="flow", icon="play",
    params=StartAutomationParams, run=start,
)  # fmt: skip
END_AUTOMATION = Step(
    type=graph.END_AUTOMATION, label="End another automation", group="flow", icon="stop",
    params=EndAutomationParams, run=end,
)  # fmt: skip
