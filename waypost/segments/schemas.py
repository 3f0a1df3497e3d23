"""Bodies of the segment routes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from waypost.kernel.model import Model, Out
from waypost.segments.types import Segment


class SegmentIn(Model):
    """A new segment."""

    name: str
    condition: dict[str, Any]


class SegmentChange(Model):
    """What is left out stays."""

    name: str | None = None
    condition: dict[str, Any] | None = None


class SegmentOut(Out):
    """A saved segment."""

    id: int
    name: str
    condition: dict[str, Any]
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, segment: Segment) -> SegmentOut:
        return cls(
            id=segment.id,
            name=segment.name,
            condition=segment.condition,
            created_at=segment.created_at,
            updated_at=segment.updated_at,
        )


class SegmentList(Out):
    """A page of segments."""

    items: list[SegmentOut]
    next: str | None
    total: int | None


class CountIn(Model):
    """A condition to try."""

    condition: dict[str, Any]


class SampleOut(Out):
    """One of those who match."""

    id: int
    email: str | None
    first_name: str
    last_name: str


class CountOut(Out):
    """How many match, and a few of them."""

    count: int
    sample: list[SampleOut]
