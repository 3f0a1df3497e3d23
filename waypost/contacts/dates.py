"""Dates in the fields of contacts that come, once or every year."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from waypost.kernel.sql import Sql, sql

DATE_TYPES = frozenset({"date", "datetime"})
"""The types of fields that hold a date."""


def date_comes(field_id: int, day: date, *, is_yearly: bool) -> Sql:
    """Whether the field of contact `c` has this date; of other years' dates, the day and the month.

    A 29th of February comes on the 28th in years that have none.
    """
    key = str(field_id)
    value = sql("c.fields ->> {key}", key=key)
    days = [day.strftime("%m-%d")]
    if (day.month, day.day) == (2, 28) and not _is_leap(day.year):
        days.append("02-29")
    comes = (
        sql("substr({value}, 6, 5) = any({days}::text[])", value=value, days=days)
        if is_yearly
        else sql("left({value}, 10) = {day}", value=value, day=day.isoformat())
    )
    return sql("(c.fields ? {key} and {comes})", key=key, comes=comes)


def date_meant(day: date, *, days: int, direction: Literal["before", "after"]) -> date:
    """The date that this day lies so many days before or after."""
    return day + timedelta(days=days if direction == "before" else -days)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
