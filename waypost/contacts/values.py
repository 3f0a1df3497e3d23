"""Values of custom fields: what a person or a file wrote becomes what we store, or is refused.

Stored forms: text as it is, numbers as numbers, dates `2026-11-22`, times `2026-11-22T09:30:00Z`,
several choices as a list. None stands for "no value".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Literal, cast

from waypost.contacts.errors import ValueInvalid
from waypost.contacts.types import MULTIPLE_TYPES, Field, FieldType, Value

DateOrder = Literal["dmy", "mdy"]
MAX_TEXT = 10_000

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})").fullmatch
_WRITTEN = re.compile(r"(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})\.?").fullmatch
_MONEY_MARKS = re.compile(
    r"[€$£¥₹₽₺₴]|\b(?:eur|usd|gbp|chf|jpy|sek|nok|dkk|pln|czk|brl|mxn|inr|try|uah)\b|\s|['’]", re.IGNORECASE
)
_DIGITS = re.compile(r"[+-]?\d+(?:\.\d+)?").fullmatch
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+").fullmatch


def normalise_value(field: Field, value: object, *, date_order: DateOrder = "dmy") -> Value:
    """The value as stored; raises ValueInvalid."""
    try:
        return convert(field.type, field.options, value, date_order=date_order)
    except ValueError as error:
        raise ValueInvalid(value=value, field=field.name, reason=str(error)) from error


def convert(kind: FieldType, options: Sequence[str], value: object, *, date_order: DateOrder = "dmy") -> Value:
    """Like `normalise_value` for a type and its options; the ValueError's text is the reason."""
    if value is None or value in ("", []):
        return None
    if kind in MULTIPLE_TYPES:
        return _choices(options, value)
    if isinstance(value, list):
        raise ValueError("it takes one value, not several")  # noqa: TRY004 (a ValueError is what callers expect)
    if kind in ("number", "currency"):
        return to_number(value)
    text = _text(value)
    if not text:
        return None
    if kind == "date":
        return to_date(text, date_order)
    if kind == "datetime":
        return to_datetime(text, date_order)
    if kind in ("dropdown", "radio"):
        return _choice(options, text)
    return text


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if not isinstance(value, str | int | float):
        raise ValueError("it must be text or a number")  # noqa: TRY004
    text = str(value).strip().replace("\x00", "")
    if len(text) > MAX_TEXT:
        raise ValueError(f"it is longer than {MAX_TEXT} characters")
    return text


def _choice(options: Sequence[str], text: str) -> str:
    if text in options:
        return text
    folded = text.casefold()
    for option in options:
        if option.casefold() == folded:
            return option
    raise ValueError(f"the choices are {', '.join(options[:8])}")


def _choices(options: Sequence[str], value: object) -> Value:
    if isinstance(value, str):
        # AC separates with double bars, files with a comma or a semicolon.
        parts = value.strip("|").split("||") if "||" in value else re.split(r"[,;|]", value)
        if value in options:
            parts = [value]
    elif isinstance(value, list):
        parts = [_text(item) for item in cast("list[object]", value)]
    else:
        parts = [_text(value)]
    chosen = [_choice(options, part.strip()) for part in parts if part.strip()]
    return list(dict.fromkeys(chosen)) or None


def to_number(value: object) -> int | float | None:
    """A number with any currency sign and any grouping: "€ 1.250,00", "$1,250.00", "1 250"."""
    if isinstance(value, bool):
        raise ValueError("it must be a number")  # noqa: TRY004
    if isinstance(value, int | float):
        if value != value or abs(value) > 1e15:  # noqa: PLR0124 (not a number)
            raise ValueError("it is out of range")
        return int(value) if float(value).is_integer() else value
    text = _MONEY_MARKS.sub("", _text(value))
    if not text:
        return None
    if text.startswith("(") and text.endswith(")"):
        text = "-" + text[1:-1]
    sign = "-" if text.startswith("-") else ""
    plain = sign + _one_decimal_point(text.lstrip("+-"))
    if not _DIGITS(plain):
        raise ValueError("it is not a number")
    return to_number(float(plain)) if "." in plain or len(plain) > 15 else int(plain)


def _one_decimal_point(text: str) -> str:
    comma, dot = text.rfind(","), text.rfind(".")
    if comma >= 0 and dot >= 0:
        group, point = (".", ",") if comma > dot else (",", ".")
        return text.replace(group, "").replace(point, ".")
    if comma >= 0:
        return text.replace(",", "") if _GROUPED(text) else text.replace(",", ".")
    # A single dot is a decimal point; several group thousands.
    return text.replace(".", "") if text.count(".") > 1 and _GROUPED(text) else text


def to_date(text: str, order: DateOrder = "dmy") -> str:
    """2026-08-07, 07.08.2026, 8/7/2026 …; `order` decides where day and month could be either."""
    text = text.strip()
    head = text[:10]
    iso = _ISO(text) or (_ISO(head) if len(text) > 10 and text[10] in "T " else None)
    if iso:
        return _date(int(iso[1]), int(iso[2]), int(iso[3]))
    found = _WRITTEN(text.split(" ")[0] if text[:1].isdigit() else text)
    if not found:
        raise ValueError("it is not a date")
    first, second, third = found[1], found[2], found[3]
    if len(first) == 4:
        return _date(int(first), int(second), int(third))
    year = int(third)
    if len(third) <= 2:
        year += 2000 if year < 50 else 1900
    elif len(third) != 4:
        raise ValueError("it is not a date")
    one, two = int(first), int(second)
    month_first = two > 12 or (one <= 12 and order == "mdy")
    return _date(year, one, two) if month_first else _date(year, two, one)


def _date(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        raise ValueError("there is no such day") from None


def to_datetime(text: str, order: DateOrder = "dmy") -> str:
    """A time in UTC; one without zone is taken for UTC, a day for its first instant."""
    text = text.strip()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        day, _, clock = text.partition(" ")
        try:
            moment = datetime.fromisoformat(f"{to_date(day, order)} {clock.strip() or '00:00'}")
        except ValueError:
            raise ValueError("it is not a date with time") from None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def order_of(samples: Sequence[str]) -> DateOrder:
    """Which order most of the dates that can only be read one way have."""
    votes = {"dmy": 0, "mdy": 0}
    for sample in samples:
        found = _WRITTEN(sample.strip())
        if found and len(found[1]) <= 2:
            if int(found[1]) > 12:
                votes["dmy"] += 1
            elif int(found[2]) > 12:
                votes["mdy"] += 1
    return "mdy" if votes["mdy"] > votes["dmy"] else "dmy"
