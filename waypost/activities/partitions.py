"""Monthly partitions of the log and of other tables that only grow, made before they are needed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import asyncpg

MONTHS_AHEAD = 3
TABLES = (("activities", "fact"), ("delivery", "event"))


def month_after(month: datetime, count: int = 1) -> datetime:
    """The first instant of the month `count` months later (or earlier)."""
    number = month.year * 12 + month.month - 1 + count
    return datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC)


async def ensure_partitions(
    conn: asyncpg.Connection[Any], *, now: datetime, months_back: int = 0, months_ahead: int = MONTHS_AHEAD
) -> list[str]:
    """Create the partitions that are missing around now; returns their names."""
    created: list[str] = []
    months = [month_after(now, offset) for offset in range(-months_back, months_ahead + 1)]
    # lint: no-row-loops because a turn is a month of a table
    for schema, table, start in [(schema, table, month) for schema, table in TABLES for month in months]:
        name = f"{table}_{start:%Y_%m}"
        if await conn.fetchval("select to_regclass($1)", f"{schema}.{name}") is not None:
            continue
        # Names and dates are made here from a clock, not from input; DDL takes no parameters.
        await conn.execute(
            f"create table if not exists {schema}.{name} partition of {schema}.{table} "
            f"for values from ('{start:%Y-%m-%d}') to ('{month_after(start):%Y-%m-%d}')"
        )
        created.append(name)
    return created
