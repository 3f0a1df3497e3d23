"""Bodies about mailboxes that are asked for bounces."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from waypost.delivery.inbound_mailboxes import InboundMailbox
from waypost.kernel.model import Model, Out

Protocol = Literal["imap", "pop3"]
Security = Literal["none", "starttls", "tls"]


class MailboxBody(Model):
    """Without a password the one that is kept stays."""

    protocol: Protocol
    host: Annotated[str, msgspec.Meta(max_length=253)]
    port: Annotated[int, msgspec.Meta(ge=1, le=65_535)]
    security: Security
    username: Annotated[str, msgspec.Meta(max_length=250)]
    password: Annotated[str, msgspec.Meta(max_length=500)] | None = None
    folder: Annotated[str, msgspec.Meta(max_length=200)] = "INBOX"
    is_enabled: bool = True


class MailboxOut(Out):
    id: int
    protocol: str
    host: str
    port: int
    security: str
    username: str
    folder: str
    is_enabled: bool
    checked_at: datetime | None
    problem: str | None

    @classmethod
    def of(cls, item: InboundMailbox) -> MailboxOut:
        return cls(**{name: getattr(item, name) for name in cls.__struct_fields__})


class MailboxesOut(Out):
    items: list[MailboxOut]
    next: str | None = None
    total: int | None = None
