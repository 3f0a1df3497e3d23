"""Bodies of the delivery routes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from waypost.delivery.types import Delivery, ReceivedMail
from waypost.kernel.model import Model, Out

Email = Annotated[str, msgspec.Meta(pattern=r"^[^@\s<>]+@[^@\s<>]+$", max_length=254)]


class SenderBody(Model):
    from_email: Email
    from_name: Annotated[str, msgspec.Meta(max_length=200)] = ""


class TestBody(Model):
    email: Email
    contact_id: int | None = None


class TestOut(Out):
    delivery_id: int


class DeliveryList(Out):
    items: list[Delivery]
    next: str | None
    total: int | None = None


class MailList(Out):
    items: list[ReceivedMail]
    next: str | None
    total: int | None = None


class HeaderOut(Out):
    name: str
    value: str


class MailOut(Out):
    id: int
    received_at: datetime
    mail_from: str
    rcpt_to: str
    subject: str
    size: int
    html: str
    text: str
    headers: list[HeaderOut]
