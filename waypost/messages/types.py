"""Rows of messages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Message:
    id: int
    name: str
    subject: str
    preheader: str
    from_name: str
    from_email: str
    reply_to: str
    document: dict[str, Any]
    revision: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Link:
    """An address in a message; mails carry its number instead."""

    number: int
    url: str


@dataclass(frozen=True, slots=True)
class Column:
    """A value that messages may ask for: its name, the tag in ActiveCampaign's way, and what kind it is."""

    name: str
    tag: str
    field_id: int | None = None
    field_type: str = "text"
