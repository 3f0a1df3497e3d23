"""Rows of exports and their schedules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Format = Literal["csv", "xlsx"]
State = Literal["queued", "running", "completed", "failed", "cancelled", "expired"]


@dataclass(frozen=True, slots=True)
class Export:
    """One file, or the work on it."""

    id: int
    name: str
    selection: dict[str, Any]
    columns: list[str]
    format: Format
    file: str
    schedule_id: int | None
    state: State
    rows_total: int
    rows_done: int
    bytes_done: int
    size_bytes: int
    error: str | None
    created_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Schedule:
    """What is exported again and again."""

    id: int
    name: str
    selection: dict[str, Any]
    columns: list[str]
    format: Format
    weekday: int | None
    at_time: str
    kept: int
    is_active: bool
    next_at: datetime
    created_at: datetime
    updated_at: datetime
