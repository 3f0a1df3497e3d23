"""Bodies of the bulk edit routes."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from waypost.bulk.types import Edit
from waypost.kernel.model import Model, Out
from waypost.segments.selection import Selection


class EditBody(Model):
    """What to do with whom; params are the tag, list, field and value, owner or automation."""

    action: Literal["add_tag", "remove_tag", "subscribe", "unsubscribe", "set_field", "set_owner", "enroll", "delete"]
    selection: Selection
    params: dict[str, Any] = {}


class EditOut(Out):
    id: int
    name: str
    action: str
    params: dict[str, Any]
    state: str
    total: int
    done: int
    changed: int
    undone: int
    kept: int
    error: str | None
    created_at: datetime
    finished_at: datetime | None

    @classmethod
    def of(cls, item: Edit) -> EditOut:
        return cls(**{name: getattr(item, name) for name in cls.__struct_fields__})


class EditList(Out):
    items: list[EditOut]
    next: str | None
    total: int | None = None
