"""What automations may ask of a score that changes: that it rises to a number, or falls below one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from waypost.kernel.model import Model
from waypost.kernel.registry import TriggerWord

Points = Annotated[int, msgspec.Meta(ge=-1_000_000, le=1_000_000)]


class ScoreChange(Model):
    """Left out is any change. `rises_to` is the moment in which it reaches the number, from below."""

    score_id: Annotated[int, msgspec.Meta(ge=1)] | None = None
    rises_to: Points | None = None
    falls_below: Points | None = None


def crossing(params: Mapping[str, Any]) -> str | None:
    """The crossings asked for, as a path that the fact's data must meet; either of them will do."""
    asked: list[str] = []
    if isinstance(params.get("rises_to"), int):
        asked.append(f"($.old < {params['rises_to']:d} && $.new >= {params['rises_to']:d})")
    if isinstance(params.get("falls_below"), int):
        asked.append(f"($.old >= {params['falls_below']:d} && $.new < {params['falls_below']:d})")
    return " || ".join(asked) or None


TRIGGERS = (TriggerWord("score_changed", "", ScoreChange, path=crossing),)
