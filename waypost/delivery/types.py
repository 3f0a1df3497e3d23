"""Rows of delivery."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum


class State(IntEnum):
    """Where a message to one recipient stands."""

    QUEUED = 0
    SENDING = 1
    SENT = 2
    FAILED = 3
    SUPPRESSED = 4


class Source(IntEnum):
    """Who asked for it."""

    AUTOMATION = 1
    CAMPAIGN = 2
    TEST = 3


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to one recipient."""

    id: int
    message_id: int
    message_name: str
    email: str
    state: str
    due_at: datetime
    attempts: int
    smtp_code: int | None
    smtp_reply: str | None
    sent_at: datetime | None
    opened_at: datetime | None
    open_count: int
    clicked_at: datetime | None
    click_count: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Sender:
    """Who messages come from when they do not say."""

    from_name: str
    from_email: str


@dataclass(frozen=True, slots=True)
class ReceivedMail:
    """A mail in the local mailbox, as listed."""

    id: int
    received_at: datetime
    mail_from: str
    rcpt_to: str
    subject: str
    size: int
