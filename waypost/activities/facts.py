"""What a contact can be seen doing before any other domain knows of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from waypost.kernel.registry import Fact


@dataclass(frozen=True, slots=True)
class PageVisited(Fact):
    """`page_id` is the address's place in the dictionary activities.page."""

    kind: ClassVar[int] = 60
    name: ClassVar[str] = "page_visited"
    label: ClassVar[str] = "Page is visited"
    object: ClassVar[str | None] = "page_id"
    is_trigger: ClassVar[bool] = True
    page_id: int


FACTS = (PageVisited,)
