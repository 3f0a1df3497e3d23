"""Keeps partitions ahead of time."""

from __future__ import annotations

from datetime import UTC, datetime

from waypost.activities.partitions import ensure_partitions
from waypost.kernel.registry import Job, Schedule
from waypost.kernel.work import Work


class EnsurePartitions(Job, frozen=True, kw_only=True):
    name = "activities.ensure_partitions"

    async def run(self, work: Work) -> None:
        async with work.db.pool.acquire() as conn:
            await ensure_partitions(conn, now=datetime.now(UTC))  # pyright: ignore[reportArgumentType]


SCHEDULES = (Schedule("5 3 * * *", EnsurePartitions()),)
