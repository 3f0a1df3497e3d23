"""What can happen to a contact with segments; told of by the log and by time, not by making or changing a segment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from waypost.kernel.registry import Fact


@dataclass(frozen=True, slots=True)
class SegmentEntered(Fact):
    kind: ClassVar[int] = 150
    name: ClassVar[str] = "segment_entered"
    label: ClassVar[str] = "Contact enters a segment"
    object: ClassVar[str | None] = "segment_id"
    picker: ClassVar[str | None] = "segment"
    is_trigger: ClassVar[bool] = True
    segment_id: int


@dataclass(frozen=True, slots=True)
class SegmentLeft(Fact):
    kind: ClassVar[int] = 151
    name: ClassVar[str] = "segment_left"
    label: ClassVar[str] = "Contact leaves a segment"
    object: ClassVar[str | None] = "segment_id"
    picker: ClassVar[str | None] = "segment"
    is_trigger: ClassVar[bool] = True
    segment_id: int
