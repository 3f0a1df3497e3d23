"""Call another server about each contact. The run rests here until the answer is in, or the call is given up.

The step only leaves rows; webhooks.py makes the calls, with no transaction open, and lets the runs go on.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from waypost.automations import graph
from waypost.automations.webhook_params import ANSWERED, GIVEN_UP, WebhookParams
from waypost.kernel.registry import Batch, Branch, Parts, Step, Wait
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx

DONE = "done"
FAILED = "failed"
LONGEST = timedelta(days=3)
"""Longer than all attempts take: nobody rests here for ever."""


async def run(tx: Tx, batch: Batch, params: WebhookParams) -> Parts:
    runs = {batch.enrollment_id(contact_id): contact_id for contact_id in batch.contact_ids}
    rows = await tx.all(
        sql(
            """
            select enrollment_id, state from automations.webhook_call
            where workspace_id = {workspace} and enrollment_id = any({ids}::bigint[]) and step_id = {step_id}
              and not is_used
            """,
            ids=list(runs),
            step_id=batch.step_id,
        )
    )
    states = {runs[row["enrollment_id"]]: row["state"] for row in rows}
    fresh = [contact_id for contact_id in batch.contact_ids if contact_id not in states]
    await _leave_calls(tx, batch, fresh, waits=params.waits_for_answer)
    await _use(tx, batch)
    if not params.waits_for_answer:
        return Parts([(batch.contact_ids, Branch({DONE: batch.contact_ids}))])
    done = [contact_id for contact_id, state in states.items() if state == ANSWERED]
    failed = [contact_id for contact_id, state in states.items() if state == GIVEN_UP]
    over = {*done, *failed}
    resting = [contact_id for contact_id in batch.contact_ids if contact_id not in over]
    return Parts([(sorted(over), Branch({DONE: done, FAILED: failed})), (resting, Wait(tx.now + LONGEST))])


async def _leave_calls(tx: Tx, batch: Batch, contact_ids: Sequence[int], *, waits: bool) -> None:
    columns = (
        "workspace_id", "enrollment_id", "automation_id", "version_id", "step_id", "contact_id", "state", "attempts",
        "next_at", "is_used", "created_at",
    )  # fmt: skip
    rows = [
        (tx.workspace_id, batch.enrollment_id(contact_id), batch.automation_id, batch.version_id, batch.step_id,
         contact_id, 0, 0, tx.now, not waits, tx.now)
        for contact_id in contact_ids
    ]  # fmt: skip
    if rows:
        await tx.copy("automations.webhook_call", columns, rows)
        tx.wake("webhooks")


async def _use(tx: Tx, batch: Batch) -> None:
    """An answer lets a run go on once: who comes here again makes another call."""
    await tx.run(
        sql(
            """
            update automations.webhook_call set is_used = true
            where workspace_id = {workspace} and enrollment_id = any({ids}::bigint[]) and step_id = {step_id}
              and state <> 0 and not is_used
            """,
            ids=[batch.enrollment_id(contact_id) for contact_id in batch.contact_ids],
            step_id=batch.step_id,
        )
    )


def exits(params: WebhookParams | None) -> Sequence[str]:
    del params
    return (DONE, FAILED)


WEBHOOK = Step(
    type=graph.WEBHOOK, label="Webhook", group="send", icon="webhook", params=WebhookParams, run=run, exits=exits
)
