"""Rows of scores."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Rule:
    """`condition` gives `points` once; after `lasts_days` they are over. `is_ready` when everyone has been looked at."""

    id: int
    score_id: int
    condition: dict[str, Any]
    points: int
    lasts_days: int | None
    is_ready: bool
    sentence: str
    contact_count: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Score:
    """`contact_count` have points, `average_points` on average."""

    id: int
    name: str
    description: str
    is_active: bool
    rule_count: int
    contact_count: int
    average_points: float | None
    is_ready: bool
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Bar:
    """So many contacts have from `low` to `high` points."""

    low: int
    high: int
    count: int


@dataclass(frozen=True, slots=True)
class ContactScore:
    score_id: int
    name: str
    points: int
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Award:
    """Points given: by a rule, whose condition `sentence` says, or for a `reason`."""

    id: int
    score_id: int
    rule_id: int | None
    points: int
    sentence: str
    reason: str
    given_at: datetime
    expires_at: datetime | None
    over_at: datetime | None
