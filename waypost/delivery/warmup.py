"""Warm-up plans: a new address or server sends little on its first day and more on each that follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class WarmUp:
    """`first` messages on the day `starts_on`, `growth` per cent more each day, no limit once past `until`."""

    starts_on: date
    first: int
    growth: int
    until: int

    def limit_on(self, day: date) -> int | None:
        """How many may go out on the day; None when the plan is over."""
        days = max(0, (day - self.starts_on).days)
        factor = 1 + self.growth / 100
        limit = self.first
        for _ in range(min(days, 3_660)):
            if limit > self.until:
                return None
            # Rounded up at each step, so that a small first day grows at all.
            limit = max(limit + 1, int(limit * factor)) if self.growth else limit
        return None if limit > self.until else limit
