"""Values in both directions: numbers as strings, dates in the workspace's offset, "||a||b||" lists.

Invariant: what is read is always written as strings; what callers send may be string or number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import cast
from zoneinfo import ZoneInfo

from waypost.kernel.errors import Problem

POINTER = "/data/attributes/"
SEPARATOR = "||"
MOST_NUMBER = 10**18
"""Larger numbers are no ids, and the database has no room for them."""
FIRST_YEAR, LAST_YEAR = 1000, 9000
"""Any time between them can be told in any zone."""
PAIR = 1_000_000
"""A relation without an id of its own is known as contact id * PAIR + id of the other side."""

_SPACE_BEFORE_OFFSET = re.compile(r" (\d{2}:?\d{2})$")
_TRUE = frozenset({"1", "true", "yes", "on"})


class Unreadable(ValueError):
    """A value that is not what the column wants; becomes a 422 at the edge."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.problem = Problem(POINTER + column, message, "field_invalid")


def iso(at: datetime | None, zone: ZoneInfo) -> str | None:
    """2026-05-28T03:05:54-05:00, the default form of a time."""
    return None if at is None else at.astimezone(zone).isoformat(timespec="seconds")


def stamp(at: datetime | None, zone: ZoneInfo) -> str | None:
    """2026-05-28 03:05:54, the form of *_timestamp columns, also in local time."""
    return None if at is None else at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


@lru_cache(maxsize=10_000)
def both(at: datetime, zone: ZoneInfo) -> tuple[str, str]:
    """The two forms of one time, for rows that carry both; remembered, since imports share theirs."""
    long = at.astimezone(zone).isoformat(timespec="seconds")
    return long, long[:10] + " " + long[11:19]


def moment(value: object, column: str, zone: ZoneInfo) -> datetime:
    """ISO 8601 with or without offset, a plain date, and a plus that was decoded to a space."""
    text = _SPACE_BEFORE_OFFSET.sub(r"+\1", str(value).strip()) if "T" in str(value) else str(value).strip()
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise Unreadable(column, f"{column} is not a date.") from error
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Unreadable(column, f"{column} is not a date of our times.")
    return found.replace(tzinfo=zone).astimezone(UTC) if found.tzinfo is None else found


def integer(value: object, column: str) -> int:
    """An id or number, as JSON number or string."""
    if isinstance(value, bool) or value is None:
        raise Unreadable(column, f"{column} is not a number.")
    try:
        found = value if isinstance(value, int) else int(str(value).strip())
    except ValueError as error:
        raise Unreadable(column, f"{column} is not a number.") from error
    if abs(found) > MOST_NUMBER:
        raise Unreadable(column, f"{column} is too large.")
    return found


def text(value: object) -> str:
    """Strings as they are, numbers and booleans as stored strings, nothing as an empty one."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value)


def flag(value: object) -> bool:
    """1, "1", true and "true" are set; all else is not."""
    return text(value).strip().lower() in _TRUE


def zero_one(value: object) -> str:
    return "1" if value else "0"


def field_value(stored: object) -> str:
    """A custom field's stored value as one string."""
    if isinstance(stored, str):
        return stored
    if isinstance(stored, list):
        items = cast("Sequence[object]", stored)
        return SEPARATOR + SEPARATOR.join(text(item) for item in items) + SEPARATOR if items else ""
    if isinstance(stored, float) and stored.is_integer():
        return str(int(stored))
    if isinstance(stored, date):
        return stored.isoformat()
    return text(stored)


def pair_id(contact_id: int, other_id: int) -> int:
    """The made-up id of a contact's tag, list or field value; reversible by `unpair`."""
    if other_id >= PAIR:
        raise OverflowError(f"ids of {PAIR} and more cannot be paired")
    return contact_id * PAIR + other_id


def unpair(number: int) -> tuple[int, int]:
    """Contact id and the other id."""
    return divmod(number, PAIR)
