"""Comparisons of conditions: which operators a kind of value knows, what they need, and how they read in SQL.

A test is checked once, against the kind of value, and then written over any expression of that kind:
a column, a place in the custom fields, a value of the index. Text is compared without regard to
case. Days are compared as days in UTC, moments to the second; "in the last 7 days" of a day counts
whole days, today included. A missing value meets only what asks for its absence or denies something.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, Protocol, cast

from waypost.contacts.values import to_date, to_datetime, to_number
from waypost.kernel.errors import Problem
from waypost.kernel.sql import FALSE, Sql, and_, not_, sql

Operator = Literal[
    "equals", "not_equals", "contains", "not_contains", "starts_with", "ends_with", "matches",
    "any_of", "all_of", "none_of", "is_empty", "is_not_empty",
    "greater", "greater_or_equal", "less", "less_or_equal", "between",
    "before", "on_or_before", "after", "on_or_after", "in_last_days", "not_in_last_days", "in_next_days",
    "more_than_days_ago", "more_than_days_ahead", "anniversary_in_next_days",
]  # fmt: skip
Kind = Literal["text", "number", "day", "moment", "choices"]
Given = str | int | float | list[str | int | float] | None

MAX_VALUES = 10_000
FEW = 50
MAX_DAYS = 36_500

_EMPTINESS = {"is_empty", "is_not_empty"}
_EQUALITY = {"equals", "not_equals", "any_of", "none_of"}
_PARTS = {"contains", "not_contains", "starts_with", "ends_with", "matches"}
_SIZES = {"greater", "greater_or_equal", "less", "less_or_equal", "between"}
_SPANS = {
    "in_last_days", "not_in_last_days", "in_next_days", "more_than_days_ago", "more_than_days_ahead",
    "anniversary_in_next_days",
}  # fmt: skip
_DATES = {"equals", "not_equals", "before", "on_or_before", "after", "on_or_after", "between", "greater", "less"}
OPERATORS: dict[Kind, set[str]] = {
    "text": _EMPTINESS | _EQUALITY | _PARTS,
    "choices": _EMPTINESS | _EQUALITY | {"all_of", "contains", "not_contains"},
    "number": _EMPTINESS | _EQUALITY | _SIZES,
    "day": _EMPTINESS | _DATES | _SPANS,
    "moment": _EMPTINESS | _DATES | _SPANS,
}
DENIALS = {
    "not_equals": "equals", "not_contains": "contains", "none_of": "any_of", "is_empty": "is_not_empty",
    "not_in_last_days": "in_last_days",
}  # fmt: skip
"""Operators that hold when another does not: a missing value meets them."""


class HasOperator(Protocol):
    """Parameters of a condition that compares."""

    @property
    def operator(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Test:
    """A checked comparison. `values` are of the kind: words, numbers, a span of days, or starts and ends of days."""

    kind: Kind
    operator: str
    values: tuple[object, ...] = ()

    @property
    def is_denial(self) -> bool:
        return self.operator in DENIALS

    @property
    def is_time_bound(self) -> bool:
        return self.operator in _SPANS

    def affirmed(self) -> Test:
        """The test that holds exactly where this denial does not."""
        return Test(self.kind, DENIALS.get(self.operator, self.operator), self.values)


def is_relative(params: HasOperator) -> bool:
    """Whether time alone changes the answer of a condition with these parameters."""
    return params.operator in _SPANS


def fold(text: str) -> str:
    """Lower case as PostgreSQL makes it: letter by letter."""
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)


def check(kind: Kind, operator: Operator, value: Given, value_to: Given = None) -> Test | Problem:
    """The test, or what is wrong with it, at a place relative to the condition's parameters."""
    if operator not in OPERATORS[kind]:
        return Problem("/operator", f"{operator} does not fit {_NAMES[kind]}.", "contacts.operator_unfit")
    if operator in _EMPTINESS:
        return Test(kind, operator)
    if operator in ("equals", "not_equals") and value in (None, ""):
        return Test(kind, "is_empty" if operator == "equals" else "is_not_empty")
    given = list(value) if isinstance(value, list) else [value]
    try:
        if operator in _SPANS:
            return Test(kind, operator, (_days(given),))
        if operator == "between":
            given = given if len(given) > 1 else [*given, value_to]
            if len(given) != 2 or None in given:
                return Problem("/value_to", "Between needs two values.", "contacts.value_missing")
        elif operator not in (*_EQUALITY, "all_of") and len(given) != 1:
            return Problem("/value", f"{operator} takes one value.", "contacts.value_unfit")
        return Test(kind, operator, tuple(_one(kind, operator, item) for item in given))
    except ValueError as error:
        return Problem("/value", f"{str(error).capitalize()}.", "contacts.value_unfit")


_NAMES: dict[Kind, str] = {
    "text": "text",
    "choices": "several choices",
    "number": "a number",
    "day": "a date",
    "moment": "a date with time",
}


def _days(given: Sequence[object]) -> timedelta:
    found = to_number(given[0]) if len(given) == 1 and given[0] is not None else None
    if found is None or not 0 <= found <= MAX_DAYS:
        raise ValueError(f"it must be a number of days up to {MAX_DAYS}")
    return timedelta(days=found)


def _one(kind: Kind, operator: str, item: object) -> object:
    if item is None:
        raise ValueError("a value is missing")
    if kind == "number":
        found = to_number(item)
        if found is None:
            raise ValueError("it is not a number")
        return float(found)
    if kind in ("day", "moment"):
        return _span(str(item))
    text = str(item).replace("\x00", "")
    return text if operator == "matches" else fold(text)


def _span(text: str) -> tuple[datetime, datetime]:
    """A day from its first instant to the next day's, a moment as itself twice."""
    text = text.strip()
    if len(text) > 10 and ":" in text:
        moment = datetime.fromisoformat(to_datetime(text))
        return moment, moment
    start = datetime.fromisoformat(to_date(text)).replace(tzinfo=UTC)
    return start, start + timedelta(days=1)


def holds(test: Test, value: Sql) -> Sql:
    """Whether the value meets the test; `value` is text in lower case, a number or a timestamptz, and may be null."""
    if test.is_denial:
        return not_(holds(test.affirmed(), value))
    if test.operator == "is_not_empty":
        return sql("{value} <> ''", value=value) if test.kind == "text" else sql("{value} is not null", value=value)
    if test.kind in ("text", "choices"):
        return _text(test, value)
    if test.kind == "number":
        return _number(test, value)
    return span_of(test, value) if test.is_time_bound else _date(test, value)


def among(value: Sql, words: Sequence[object], kind: Kind) -> Sql:
    """Whether the value is one of them. Many are hashed once, whatever plan PostgreSQL makes."""
    if len(words) == 1:
        return sql("{value} = {word}", value=value, word=words[0])
    if kind == "number":
        listed = sql("{words}::double precision[]", words=list(words))
    else:
        listed = sql("{words}::text[]", words=list(words))
    if len(words) <= FEW:
        return sql("{value} = any({listed})", value=value, listed=listed)
    return sql("{value} in (select unnest({listed}))", value=value, listed=listed)


def _text(test: Test, value: Sql) -> Sql:
    if test.operator in ("equals", "any_of"):
        return among(value, test.values, test.kind) if test.values else FALSE
    word = cast("str", test.values[0])
    if test.operator == "matches":
        return sql("{value} like {pattern}", value=value, pattern=_pattern(fold(word)))
    if test.operator == "starts_with":
        return sql("starts_with({value}, {word})", value=value, word=word)
    if test.operator == "ends_with":
        return sql("right({value}, {length}::int) = {word}", value=value, length=len(word), word=word)
    return sql("strpos({value}, {word}) > 0", value=value, word=word)


def _pattern(text: str) -> str:
    """A pattern of LIKE from one with * and ?."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return escaped.replace("*", "%").replace("?", "_")


def like_part(word: str) -> str:
    """The pattern of LIKE for text that holds the word."""
    return "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"


def _number(test: Test, value: Sql) -> Sql:
    if test.operator in ("equals", "any_of"):
        return among(value, test.values, "number") if test.values else FALSE
    first = test.values[0]
    if test.operator == "between":
        return sql("{value} between {first} and {last}", value=value, first=first, last=test.values[1])
    if test.operator == "greater":
        return sql("{value} > {first}", value=value, first=first)
    if test.operator == "greater_or_equal":
        return sql("{value} >= {first}", value=value, first=first)
    if test.operator == "less":
        return sql("{value} < {first}", value=value, first=first)
    return sql("{value} <= {first}", value=value, first=first)


def _date(test: Test, value: Sql) -> Sql:
    spans = cast("tuple[tuple[datetime, datetime], ...]", test.values)
    start, end = spans[0]
    if test.operator in ("before", "less"):
        return sql("{value} < {start}", value=value, start=start)
    if test.operator == "on_or_after":
        return sql("{value} >= {start}", value=value, start=start)
    if test.operator in ("after", "greater"):
        return _past(value, start, end)
    if test.operator == "on_or_before":
        return _until(value, start, end)
    last = spans[-1]
    return and_(sql("{value} >= {start}", value=value, start=start), _until(value, *last))


def _past(value: Sql, start: datetime, end: datetime) -> Sql:
    """After the whole day, or after the moment."""
    if start == end:
        return sql("{value} > {end}", value=value, end=end)
    return sql("{value} >= {end}", value=value, end=end)


def _until(value: Sql, start: datetime, end: datetime) -> Sql:
    """Up to the end of the day, or up to the moment."""
    if start == end:
        return sql("{value} <= {end}", value=value, end=end)
    return sql("{value} < {end}", value=value, end=end)


TODAY = sql("date_trunc('day', {now})")
_DAY = timedelta(days=1)


def span_of(test: Test, value: Sql) -> Sql:
    """The relative dates; each flips exactly at one of the moments that `flips` names."""
    days = test.values[0]
    now = TODAY if test.kind == "day" else sql("{now}")
    if test.operator == "anniversary_in_next_days":
        return among_days(
            sql("(extract(month from {value}) * 100 + extract(day from {value}))::smallint", value=value),
            cast("timedelta", days),
        )
    if test.operator == "more_than_days_ago":
        edge = sql("<") if test.kind == "day" else sql("<=")
        return sql("{value} {edge} {now_} - {days}", value=value, edge=edge, now_=now, days=days)
    if test.operator == "more_than_days_ahead":
        return sql("{value} > {now_} + {days}", value=value, now_=now, days=days)
    if test.operator == "in_last_days":
        edge = sql(">=") if test.kind == "day" else sql(">")
        return sql(
            "({value} {edge} {now_} - {days} and {value} <= {now_})", value=value, edge=edge, now_=now, days=days
        )
    edge = sql(">=") if test.kind == "day" else sql(">")
    return sql("({value} {edge} {now_} and {value} <= {now_} + {days})", value=value, edge=edge, now_=now, days=days)


def among_days(value_day: Sql, days: timedelta) -> Sql:
    """Whether month * 100 + day falls on today or the next days; the 29th of February on the 28th of other years."""
    return sql(
        """
        {value_day} = any(array(
            select (extract(month from day) * 100 + extract(day from day) + extra)::smallint
            from generate_series({today}, {today} + least({days}, interval '366 days'), interval '1 day') as day,
                 generate_series(0, case when extract(month from day + interval '1 day') = 3
                                          and extract(month from day) = 2 and extract(day from day) = 28
                                         then 1 else 0 end) as extra
        ))
        """,
        value_day=value_day,
        today=TODAY,
        days=days,
    )


def flips(test: Test, value: Sql) -> Sql | None:
    """The next moment after now at which the test of this value (a timestamptz) comes to another answer."""
    if not test.is_time_bound:
        return None
    test = test.affirmed()
    days = cast("timedelta", test.values[0])
    whole = test.kind == "day"
    moments: list[Sql] = []
    if test.operator == "anniversary_in_next_days":
        year = sql("(extract(year from {now}) - extract(year from {value}))", value=value)
        for ahead in (0, 1):
            day = sql("({value} + ({year} + {ahead}) * interval '1 year')", value=value, year=year, ahead=ahead)
            moments += [_moved(day, -days, whole=True), _moved(day, _DAY, whole=True)]
    elif test.operator == "in_last_days":
        moments = [
            _moved(value, timedelta(0), whole=whole),
            _moved(value, days + (_DAY if whole else timedelta(0)), whole=whole),
        ]
    elif test.operator == "in_next_days":
        moments = [_moved(value, -days, whole=whole), _moved(value, _DAY if whole else timedelta(0), whole=whole)]
    elif test.operator == "more_than_days_ago":
        moments = [_moved(value, days + (_DAY if whole else timedelta(0)), whole=whole)]
    else:
        moments = [_moved(value, -days, whole=whole)]
    return next_of(moments)


def _moved(value: Sql, by: timedelta, *, whole: bool) -> Sql:
    if whole:
        return sql("date_trunc('day', {value} + {by})", value=value, by=by)
    return sql("({value} + {by})", value=value, by=by)


def next_of(moments: Sequence[Sql]) -> Sql:
    """The first of these moments that is still to come, or null."""
    return least([sql("case when {at} > {now} then {at} end", at=at) for at in moments])


def least(values: Sequence[Sql]) -> Sql:
    """The smallest of the values that are not null."""
    found = values[0]
    for value in values[1:]:
        found = sql("least({found}, {value})", found=found, value=value)
    return found
