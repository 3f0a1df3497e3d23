"""Rows of the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from waypost.kernel.sql import Sql

Audience = Sql
"""A statement that yields the column contact_id: a set of contacts, one contact being a set of one."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact as read back, with the words of its kind."""

    id: int
    at: datetime
    kind: str
    label: str
    contact_id: int
    object_id: int | None
    data: dict[str, object] | None
    actor: str
    actor_id: int | None
