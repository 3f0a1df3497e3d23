"""What happens to a contact's scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from waypost.kernel.registry import Fact


@dataclass(frozen=True, slots=True)
class ScoreChanged(Fact):
    """All that changes a score in one transaction is one change."""

    kind: ClassVar[int] = 430
    name: ClassVar[str] = "score_changed"
    label: ClassVar[str] = "Score changes"
    object: ClassVar[str | None] = "score_id"
    picker: ClassVar[str | None] = "score"
    is_trigger: ClassVar[bool] = True
    score_id: int
    old: int
    new: int


FACTS = (ScoreChanged,)
