"""Rows of messages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

VariableFormat = Literal["text", "html"]


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
    text: str | None = None
    """What stands there for everyone: of a message variable."""
    is_html: bool = False


@dataclass(frozen=True, slots=True)
class Variable:
    """Words that are the same in every message, under a tag; a locked one cannot be changed."""

    id: int
    name: str
    tag: str
    format: VariableFormat
    content: str
    list_ids: list[int]
    is_locked: bool
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class SavedTemplate:
    """A message kept to begin new ones with."""

    id: int
    name: str
    subject: str
    preheader: str
    document: dict[str, Any]
    created_at: datetime
