"""Go back (or forth) to another step, a limited number of times.

Two guards: a run that comes round without having waited is let go after MOST_AT_ONCE rounds, and one
that does wait goes back so often in a day as the step says. Beyond that it ends here or goes on.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Literal

import msgspec

from waypost.automations import graph
from waypost.automations.facts import LoopEnded
from waypost.kernel.model import Model
from waypost.kernel.registry import Batch, Branch, Step
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx

AGAIN = "again"
OVER = "over"
SPAN = timedelta(days=1)
AT_ONCE = timedelta(minutes=1)
MOST_AT_ONCE = 3
"""How often a run goes round within AT_ONCE, which none does that waits."""


class GoToParams(Model):
    """`target` is the id of a step; `at_most` counts within a day."""

    target: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    at_most: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 10
    afterwards: Literal["end", "go_on"] = "end"


async def run(tx: Tx, batch: Batch, params: GoToParams) -> Branch:
    runs = {batch.enrollment_id(contact_id): contact_id for contact_id in batch.contact_ids}
    rows = await tx.all(
        sql(
            """
            select enrollment_id from automations.turn
            where workspace_id = {workspace} and enrollment_id = any({ids}::bigint[]) and step_id = {step_id}
              and at > {now} - {span}
            group by enrollment_id
            having count(*) >= {most} or count(*) filter (where at > {now} - {at_once}) >= {most_at_once}
            """,
            ids=list(runs),
            step_id=batch.step_id,
            span=SPAN,
            most=params.at_most,
            at_once=AT_ONCE,
            most_at_once=MOST_AT_ONCE,
        )
    )
    over = {runs[row["enrollment_id"]] for row in rows}
    again = [contact_id for contact_id in batch.contact_ids if contact_id not in over]
    columns = ("workspace_id", "enrollment_id", "step_id", "at")
    turns = [(tx.workspace_id, batch.enrollment_id(contact_id), batch.step_id, tx.now) for contact_id in again]
    await tx.copy("automations.turn", columns, turns)
    done = [contact_id for contact_id in batch.contact_ids if contact_id in over]
    if done:
        batch.record(LoopEnded(automation_id=batch.automation_id, step_id=batch.step_id), done)
    return Branch({AGAIN: again, OVER: done})


def leaps(params: GoToParams) -> Mapping[str, str | None]:
    return {AGAIN: params.target} | ({OVER: None} if params.afterwards == "end" else {})


GO_TO = Step(
    type=graph.GO_TO, label="Go to", group="flow", icon="jump", params=GoToParams, run=run, leaps=leaps
)  # fmt: skip
