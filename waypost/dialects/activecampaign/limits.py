"""How many requests a workspace may make in one second, told in headers and enforced with 429.

The original allows five; a server of one's own need not be slow, so the limit only guards against
loops that would starve the others. Counted per process.
"""

from __future__ import annotations

import time

PER_SECOND = 5_000


class RateLimit:
    """A count per workspace that starts anew every second."""

    def __init__(self, per_second: int = PER_SECOND) -> None:
        self.per_second = per_second
        self._second = 0
        self._counts: dict[int, int] = {}

    def take(self, workspace_id: int) -> int:
        """What remains of this second, -1 when nothing did."""
        second = int(time.monotonic())
        if second != self._second:
            self._second = second
            self._counts.clear()
        count = self._counts.get(workspace_id, 0) + 1
        self._counts[workspace_id] = count
        return max(self.per_second - count, -1)
