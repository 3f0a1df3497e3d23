"""Rows of bulk edits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

State = Literal["queued", "running", "completed", "cancelled", "failed", "undoing", "undone"]


@dataclass(frozen=True, slots=True)
class Edit:
    """A bulk edit: of `total` contacts `done` were looked at and `changed` changed.

    After undoing, `undone` are as before and `kept` are not, because somebody changed them since.
    """

    id: int
    name: str
    action: str
    params: dict[str, Any]
    selection: dict[str, Any]
    state: State
    total: int
    done: int
    changed: int
    undone: int
    kept: int
    error: str | None
    created_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the contacts of an edit."""

    number: int
    contact_ids: list[int]
    before: Any
    changed_at: datetime | None
