"""What an automation can send."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import msgspec

from waypost.delivery.actions import Order, lock_message, queue_orders
from waypost.delivery.types import SourceKind
from waypost.kernel.model import Model
from waypost.kernel.registry import Batch, Step
from waypost.kernel.tx import Tx


class SendEmail(Model):
    message_id: Annotated[int, msgspec.Meta(ge=1)]


async def send_email(tx: Tx, batch: Batch, params: SendEmail) -> None:
    """Leave the messages for the pass's one insert; the outbox sends them."""
    await lock_message(tx, params.message_id)
    contact_ids = list(batch.contact_ids)
    order = Order(
        params.message_id,
        contact_ids,
        int(SourceKind.AUTOMATION),
        [batch.enrollment_id(contact_id) for contact_id in contact_ids],
        batch.automation_id,
        batch.step_id,
    )
    batch.defer(flush_orders, contact_ids, order)


async def flush_orders(tx: Tx, items: list[tuple[Sequence[int], Order]]) -> None:
    await queue_orders(tx, [order for _, order in items])


STEPS = (Step("send_email", "Send email", "send", "mail", SendEmail, send_email),)
