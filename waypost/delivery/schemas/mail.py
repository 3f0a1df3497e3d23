"""Bodies about messages and the local mailbox."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from waypost.delivery.types import State
from waypost.kernel.model import Model, Out

Email = Annotated[str, msgspec.Meta(max_length=320, pattern=r"^[^@\s<>]+@[^@\s<>]+$")]


class SenderBody(Model):
    from_email: Email
    from_name: Annotated[str, msgspec.Meta(max_length=200)] = ""


class SenderOut(Out):
    from_name: str
    from_email: str


class TestBody(Model):
    email: Email
    contact_id: int | None = None


class TestOut(Out):
    id: int


class MailOut(Out):
    id: int
    received_at: datetime
    mail_from: str
    rcpt_to: list[str]
    subject: str
    size: int


class MailList(Out):
    items: list[MailOut]
    next: str | None
    total: int | None = None


class FullMailOut(MailOut):
    html: str | None
    text: str | None
    headers: list[tuple[str, str]]


class SentMessageOut(Out):
    id: int
    message_id: int
    message_name: str
    subject: str
    email: str
    state: str
    reason: str | None
    smtp_code: int | None
    smtp_reply: str | None
    created_at: datetime
    due_at: datetime
    sent_at: datetime | None
    opened_at: datetime | None
    open_count: int
    clicked_at: datetime | None
    click_count: int


class SentMessageList(Out):
    items: list[SentMessageOut]
    next: str | None
    total: int | None = None


def state_name(state: int) -> str:
    return State(state).name.lower()
