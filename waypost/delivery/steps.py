"""What an automation can send."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Annotated

import msgspec

from waypost.delivery.actions.outbox import queue_messages
from waypost.delivery.types import Source
from waypost.kernel.model import Model
from waypost.kernel.registry import Batch, Step
from waypost.kernel.tx import Tx

Payload = tuple[int, int, list[int]]


class SendEmail(Model):
    message_id: Annotated[int, msgspec.Meta(ge=1)]


async def send_email(_tx: Tx, batch: Batch, params: SendEmail) -> None:
    enrollments = [batch.enrollment_id(contact_id) for contact_id in batch.contact_ids]
    batch.defer(flush_mail, batch.contact_ids, (params.message_id, batch.automation_id, enrollments))


async def flush_mail(tx: Tx, items: list[tuple[Sequence[int], Payload]]) -> None:
    """Queue everyone, one statement a message."""

    def key(item: tuple[Sequence[int], Payload]) -> tuple[int, int]:
        return item[1][0], item[1][1]

    for (message_id, automation_id), group in groupby(sorted(items, key=key), key=key):
        who: list[int] = []
        runs: list[int] = []
        for contact_ids, payload in group:
            who += contact_ids
            runs += payload[2]
        await queue_messages(  # lint: no-row-loops because there is one statement a message, not a row
            tx, message_id, who, source_kind=Source.AUTOMATION, source_ids=runs, automation_id=automation_id
        )


STEPS = (Step("send_email", "Send email", "send", "mail", SendEmail, send_email),)
