"""Call another server about each contact. The run rests here until the answer is in, or the call is given up.

The step only leaves rows; webhooks.py makes the calls, with no transaction open, and lets the runs go on.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Literal

import msgspec

from waypost.automations import graph
from waypost.kernel.model import Model
from waypost.kernel.registry import Batch, Branch, Parts, Step, Wait
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx

DONE = "done"
FAILED = "failed"
LONGEST = timedelta(days=3)
"""Longer than all attempts take: nobody rests here for ever."""
MAX_HEADERS = 20
MAX_MAPPED = 50
ANSWERED, GIVEN_UP = 1, 2
FORBIDDEN_HEADERS = frozenset({"host", "content-length", "transfer-encoding", "connection", "waypost-signature"})
Text = Annotated[str, msgspec.Meta(max_length=2_000)]


class Header(Model):
    name: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$")]
    value: Annotated[str, msgspec.Meta(max_length=2_000, pattern=r"^[^\r\n\x00]*$")]


class Mapped(Model):
    """A part of the answer (`data.score`, `items.0.name`) and the field that takes it."""

    path: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    field_id: Annotated[int, msgspec.Meta(ge=1)]


class WebhookParams(Model):
    """With a secret the call is signed; without waiting the run goes on at once, whatever comes of the call."""

    url: Annotated[str, msgspec.Meta(pattern=r"^https?://[^\s/]+", max_length=2_000)]
    method: Literal["POST", "PUT", "PATCH", "GET", "DELETE"] = "POST"
    headers: list[Header] = msgspec.field(default_factory=list[Header])
    secret: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    mapping: list[Mapped] = msgspec.field(default_factory=list[Mapped])
    waits_for_answer: bool = True

    def __post_init__(self) -> None:
        if len(self.headers) > MAX_HEADERS or len(self.mapping) > MAX_MAPPED:
            raise ValueError(f"at most {MAX_HEADERS} headers and {MAX_MAPPED} fields")
        if any(header.name.lower() in FORBIDDEN_HEADERS for header in self.headers):
            raise ValueError("one of the headers is not yours to set")
        if self.mapping and not self.waits_for_answer:
            raise ValueError("fields can only take an answer that is waited for")


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
