"""Closed lists and rows of delivery."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum


class State(IntEnum):
    """Where a message to a recipient stands."""

    QUEUED = 0
    SENDING = 1
    SENT = 2
    FAILED = 3
    SUPPRESSED = 4


class SourceKind(IntEnum):
    """What asked for the message."""

    AUTOMATION = 1
    CAMPAIGN = 2
    TEST = 3
    CONFIRMATION = 4
    FORWARD = 5
    NOTIFICATION = 6


NOT_THEIRS = (SourceKind.TEST, SourceKind.NOTIFICATION)
"""Mail about a contact that went to somebody else: what comes of it says nothing of the contact."""


class Reason(IntEnum):
    """Why an address is not mailed."""

    BOUNCED = 1
    COMPLAINED = 2
    UNSUBSCRIBED = 3
    BY_HAND = 4


@dataclass(frozen=True, slots=True)
class DefaultSender:
    """Who messages come from when they do not say."""

    from_name: str
    from_email: str


@dataclass(frozen=True, slots=True)
class Sender:
    """An address that messages may come from, and what goes with it."""

    id: int
    from_name: str
    from_email: str
    reply_to: str
    physical_address: str
    relay_id: int | None
    is_default: bool
    created_at: datetime
    updated_at: datetime

    @property
    def domain(self) -> str:
        return self.from_email.rpartition("@")[2].lower()


@dataclass(frozen=True, slots=True)
class RelayServer:
    """A mail server that takes messages on; its password stays sealed."""

    id: int
    name: str
    host: str
    port: int
    security: str
    username: str
    sealed_password: str
    weight: int
    domains: list[str]
    connections: int
    signs: bool
    is_enabled: bool
    failures: int
    open_until: datetime | None
    problem: str | None
    problem_at: datetime | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A ledger row as a person reads it."""

    id: int
    message_id: int
    message_name: str
    subject: str
    email: str
    state: int
    smtp_code: int | None
    smtp_reply: str | None
    created_at: datetime
    due_at: datetime
    sent_at: datetime | None
    opened_at: datetime | None
    open_count: int
    clicked_at: datetime | None
    click_count: int


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail in the local mailbox, as listed."""

    id: int
    received_at: datetime
    mail_from: str
    rcpt_to: str
    subject: str
    size: int
