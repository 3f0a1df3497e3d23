"""Comparisons in SQL against the same comparisons in plain Python, over random values and tests."""

from __future__ import annotations

import fnmatch
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from waypost.contacts.comparing import OPERATORS, Kind, check, holds
from waypost.contacts.comparing import Test as Comparison
from waypost.kernel.errors import Problem
from waypost.kernel.sql import join, sql
from waypost.kernel.tx import Tx

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LETTERS = "abÄß%_*? .\\"
TYPES = {"text": "text", "number": "double precision", "day": "timestamptz", "moment": "timestamptz"}


def word(chance: random.Random) -> str:
    return "".join(chance.choice(LETTERS) for _ in range(chance.randint(0, 4)))


def value_of(kind: Kind, chance: random.Random) -> Any:
    """A stored value; text is stored in lower case."""
    if chance.random() < 0.1:
        return None
    if kind == "text":
        return word(chance).lower()
    if kind == "number":
        return chance.choice([-1.5, 0.0, 1.0, 2.0, 2.5, 10.0])
    day = datetime(2026, 11, 22, tzinfo=UTC) + timedelta(days=chance.randint(-40, 40))
    return day if kind == "day" else day + timedelta(hours=chance.choice([0, 6, 12, 23]))


def given_of(kind: Kind, chance: random.Random) -> Any:
    if kind == "text":
        return word(chance)
    if kind == "number":
        return chance.choice([-1.5, 0, 1, 2, "2,5", 10])
    day = (NOW + timedelta(days=chance.randint(-40, 40))).date().isoformat()
    return f"{day}T06:00:00Z" if kind == "moment" and chance.random() < 0.5 else day


def draw(kind: Kind, chance: random.Random) -> tuple[Comparison, str, list[Any]]:
    """A checked test with what it was made from."""
    operator = chance.choice(sorted(OPERATORS[kind] - {"anniversary_in_next_days"}))
    if operator.endswith(("days", "ago", "ahead")):
        given: list[Any] = [chance.choice([0, 1, 7, 30])]
    elif operator in ("any_of", "none_of"):
        given = [given_of(kind, chance) for _ in range(chance.choice([1, 3, 60]))]
    else:
        given = [given_of(kind, chance) for _ in range(2 if operator == "between" else 1)]
    test = check(kind, operator, given if len(given) > 1 else given[0])  # type: ignore[arg-type]
    assert not isinstance(test, Problem), test
    return test, operator, given


def span(text: str) -> tuple[datetime, datetime]:
    start = datetime.fromisoformat(text)
    return (
        (start, start) if start.tzinfo else (start.replace(tzinfo=UTC), start.replace(tzinfo=UTC) + timedelta(days=1))
    )


def meets(kind: Kind, operator: str, given: list[Any], value: Any) -> bool:
    """The plain meaning."""
    denied = {
        "not_equals": "equals",
        "not_contains": "contains",
        "none_of": "any_of",
        "not_in_last_days": "in_last_days",
    }
    if operator in denied:
        return not meets(kind, denied[operator], given, value)
    if operator in ("is_empty", "is_not_empty") or (operator == "equals" and given == [""]):
        return (value in (None, "")) == (operator != "is_not_empty")
    if value is None:
        return False
    if kind == "text":
        return _text(operator, [item.lower() for item in given], value)
    if kind == "number":
        return _number(operator, [float(str(item).replace(",", ".")) for item in given], value)
    return _date(kind, operator, given, value)


def _text(operator: str, words: list[str], value: str) -> bool:
    first = words[0]
    if operator == "matches":
        return fnmatch.fnmatchcase(value, first.replace("[", "[[]"))
    return {
        "equals": value == first,
        "any_of": value in words,
        "contains": first in value,
        "starts_with": value.startswith(first),
        "ends_with": value.endswith(first),
    }[operator]


def _number(operator: str, sizes: list[float], value: float) -> bool:
    first = sizes[0]
    return {
        "equals": value == first,
        "any_of": value in sizes,
        "greater": value > first,
        "greater_or_equal": value >= first,
        "less": value < first,
        "less_or_equal": value <= first,
        "between": first <= value <= sizes[-1],
    }[operator]


def _date(kind: Kind, operator: str, given: list[Any], value: datetime) -> bool:
    if operator.endswith(("days", "ago", "ahead")):
        days = timedelta(days=given[0])
        now = NOW.replace(hour=0) if kind == "day" else NOW
        exact = kind == "day"
        return {
            "in_last_days": (value >= now - days if exact else value > now - days) and value <= now,
            "in_next_days": (value >= now if exact else value > now) and value <= now + days,
            "more_than_days_ago": value < now - days if exact else value <= now - days,
            "more_than_days_ahead": value > now + days,
        }[operator]
    start, end = span(given[0])
    last, over = span(given[-1])
    until = value <= over if last == over else value < over
    return {
        "equals": value >= start and until,
        "between": value >= start and until,
        "before": value < start,
        "less": value < start,
        "on_or_after": value >= start,
        "after": value > end if start == end else value >= end,
        "greater": value > end if start == end else value >= end,
        "on_or_before": value <= end if start == end else value < end,
    }[operator]


@pytest.mark.parametrize("kind", ["text", "number", "day", "moment"])
async def test_sql_says_what_python_says(tx: Tx, kind: Kind) -> None:
    chance = random.Random(f"{kind} 7")
    values = [value_of(kind, chance) for _ in range(60)]
    drawn = [draw(kind, chance) for _ in range(250)]
    column = {"text": sql("v.a"), "number": sql("v.b")}.get(kind, sql("v.c"))
    tests = [sql("coalesce({test}, false)", test=holds(test, column)) for test, _, _ in drawn]
    none: list[Any] = [None] * len(values)
    rows = await tx.all(
        sql(
            """
            select array[{tests}] as answers
            from unnest({a}::text[], {b}::double precision[], {c}::timestamptz[]) with ordinality as v (a, b, c, n)
            order by v.n
            """,
            tests=join(", ", tests),
            a=values if kind == "text" else none,
            b=values if kind == "number" else none,
            c=values if kind in ("day", "moment") else none,
        )
    )
    for row, value in zip(rows, values, strict=True):
        for answer, (_, operator, given) in zip(row["answers"], drawn, strict=True):
            assert answer == meets(kind, operator, given, value), (operator, given, value)
