"""What an automation can send."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import msgspec

from waypost.delivery.actions import Notice, Order, lock_message, queue_notices, queue_orders
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


class NotifyTeam(Model):
    """Each address is told once for each contact; `to_owner` is the contact's owner, where there is one."""

    message_id: Annotated[int, msgspec.Meta(ge=1)]
    to_owner: bool = False
    user_ids: list[Annotated[int, msgspec.Meta(ge=1)]] = msgspec.field(default_factory=list[int])
    emails: Annotated[
        list[Annotated[str, msgspec.Meta(pattern=r"^[^@\s]+@[^@\s]+$", max_length=254)]], msgspec.Meta(max_length=20)
    ] = msgspec.field(default_factory=list[str])

    def __post_init__(self) -> None:
        if not (self.to_owner or self.user_ids or self.emails):
            raise ValueError("Choose who is told: the contact’s owner, members of the team or addresses.")


async def notify_team(tx: Tx, batch: Batch, params: NotifyTeam) -> None:
    """Nothing here is for the contact, so neither their status nor caps and quiet hours hold it back."""
    await lock_message(tx, params.message_id)
    contact_ids = list(batch.contact_ids)
    await queue_notices(
        tx,
        Notice(
            params.message_id,
            contact_ids,
            [batch.enrollment_id(contact_id) for contact_id in contact_ids],
            batch.automation_id,
            batch.step_id,
            user_ids=params.user_ids,
            emails=params.emails,
            to_owner=params.to_owner,
        ),
    )


STEPS = (
    Step("send_email", "Send email", "send", "mail", SendEmail, send_email),
    Step("notify_team", "Notify the team", "send", "bell", NotifyTeam, notify_team),
)
