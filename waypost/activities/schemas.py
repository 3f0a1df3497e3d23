"""Answers of the activities routes."""

from __future__ import annotations

from waypost.activities.types import Entry
from waypost.kernel.model import Out


class Timeline(Out):
    items: list[Entry]
    next: str | None
    total: int | None = None
