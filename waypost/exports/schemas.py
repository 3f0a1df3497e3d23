"""Bodies of the export routes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from waypost.exports.types import Export, Format, Schedule
from waypost.kernel.clock import Clock
from waypost.kernel.model import Model, Out
from waypost.segments.selection import Selection

Columns = Annotated[list[str], msgspec.Meta(max_length=500)]
Weekday = Annotated[int, msgspec.Meta(ge=1, le=7)]
Kept = Annotated[int, msgspec.Meta(ge=1, le=50)]
Name = Annotated[str, msgspec.Meta(max_length=250)]


class ExportBody(Model):
    """Without columns, all there are."""

    selection: Selection = msgspec.field(default_factory=Selection)
    columns: Columns | None = None
    format: Format = "csv"
    name: Name = ""


class ScheduleBody(Model):
    """Without a weekday (1 Monday to 7 Sunday), every day."""

    name: Name
    selection: Selection = msgspec.field(default_factory=Selection)
    columns: Columns | None = None
    format: Format = "csv"
    weekday: Weekday | None = None
    at_time: Clock = "06:00"
    kept: Kept = 5


class SchedulePatch(Model):
    name: Name | UnsetType = UNSET
    weekday: Weekday | None | UnsetType = UNSET
    at_time: Clock | UnsetType = UNSET
    kept: Kept | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET

    def changes(self) -> dict[str, object]:
        return {name: value for name, value in msgspec.structs.asdict(self).items() if value is not UNSET}


class ColumnOut(Out):
    name: str
    label: str


class ColumnList(Out):
    items: list[ColumnOut]
    next: str | None = None
    total: int | None = None


class ExportOut(Out):
    id: int
    name: str
    format: str
    columns: list[str]
    schedule_id: int | None
    state: str
    rows_total: int
    rows_done: int
    size_bytes: int
    error: str | None
    created_at: datetime
    finished_at: datetime | None

    @classmethod
    def of(cls, item: Export) -> ExportOut:
        return cls(**{name: getattr(item, name) for name in cls.__struct_fields__})


class ExportList(Out):
    items: list[ExportOut]
    next: str | None
    total: int | None = None


class ScheduleOut(Out):
    id: int
    name: str
    selection: dict[str, Any]
    columns: list[str]
    format: str
    weekday: int | None
    at_time: str
    kept: int
    is_active: bool
    next_at: datetime

    @classmethod
    def of(cls, item: Schedule) -> ScheduleOut:
        return cls(**{name: getattr(item, name) for name in cls.__struct_fields__})


class ScheduleList(Out):
    items: list[ScheduleOut]
    next: str | None = None
    total: int | None = None
