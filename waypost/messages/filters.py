"""What changes a value where it stands: Liquid's filters, and the shapes of ActiveCampaign's date tags.

Every filter takes text, gives text and never raises: what it cannot read stays as it is. No result is longer
than `MOST`, however many filters follow each other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from urllib.parse import quote

MOST = 20_000
MOST_FILTERS = 12
Argument = str | float
Filter = tuple[str, tuple[Argument, ...]]
"""A filter's name and what it is given."""
_PHP = {
    "d": "%d", "j": "%-d", "m": "%m", "n": "%-m", "Y": "%Y", "y": "%y", "F": "%B", "M": "%b", "D": "%a", "l": "%A",
    "z": "%j", "W": "%V",
}  # fmt: skip
_DIRECTIVES = frozenset("dmYyBbaAjVHMSpI%eF")
_SAFE_SCHEMES = ("http://", "https://", "mailto:", "tel:")


def _moment(value: str) -> datetime | None:
    text = value.strip()
    if text.lower() in ("now", "today"):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _written(moment: date, shape: str) -> str:
    out: list[str] = []
    position = 0
    while position < len(shape):
        if shape[position] != "%":
            out.append(shape[position])
            position += 1
            continue
        end = position + (3 if shape[position + 1 : position + 2] == "-" else 2)
        directive = shape[position:end]
        known = directive[-1] in _DIRECTIVES and len(directive) > 1
        plain = moment.strftime("%" + directive[-1]) if known else directive
        out.append(plain.lstrip("0") or "0" if known and "-" in directive else plain)
        position = end
    return "".join(out)


def format_date(value: str, shape: Argument = "%Y-%m-%d") -> str:
    """`%d %B %Y` and their like, as Liquid has them."""
    found = _moment(value)
    return value if found is None else _written(found, str(shape))[:MOST]


def format_day(value: str, shape: Argument) -> str:
    """`d/m/Y` and their like, as ActiveCampaign's date tags have them."""
    return format_date(value, "".join(_PHP.get(letter, letter.replace("%", "%%")) for letter in str(shape)))


def _number(value: Argument) -> float | None:
    try:
        found = float(str(value).strip())
    except ValueError:
        return None
    return found if abs(found) < 1e15 else None


def _shown(value: float) -> str:
    return str(int(value)) if value == int(value) else str(round(value, 6))


def _calculated(work: Callable[[float, float], float]) -> Callable[[str, Argument], str]:
    def calculate(value: str, by: Argument) -> str:
        left, right = _number(value), _number(by)
        if left is None or right is None:
            return value
        try:
            return _shown(work(left, right))
        except (ZeroDivisionError, OverflowError, ValueError):
            return value

    return calculate


def round_number(value: str, digits: Argument = 0) -> str:
    found, places = _number(value), _number(digits)
    return value if found is None or places is None else _shown(round(found, max(0, min(int(places), 6))))


def truncate(value: str, length: Argument = 50, tail: Argument = "…") -> str:
    most = int(_number(length) or 0)
    return value if len(value) <= most else value[: max(0, most - len(str(tail)))] + str(tail)


def truncate_words(value: str, count: Argument = 15, tail: Argument = "…") -> str:
    words, most = value.split(), max(1, int(_number(count) or 1))
    return value if len(words) <= most else " ".join(words[:most]) + str(tail)


def web_address(value: str) -> str:
    """A value that is a whole address: nothing that runs."""
    plain = value.strip()
    return plain if plain.lower().startswith(_SAFE_SCHEMES) or not plain else "#"


def url_encode(value: str) -> str:
    return quote(value, safe="")


FILTERS: dict[str, tuple[Callable[..., str], int, int]] = {
    "upcase": (str.upper, 0, 0),
    "downcase": (str.lower, 0, 0),
    "capitalize": (str.capitalize, 0, 0),
    "titlecase": (str.title, 0, 0),
    "strip": (str.strip, 0, 0),
    "strip_newlines": (lambda value: " ".join(value.split()), 0, 0),
    "append": (lambda value, end: (value + str(end))[:MOST], 1, 1),
    "prepend": (lambda value, start: (str(start) + value)[:MOST], 1, 1),
    "replace": (lambda value, old, new: (value.replace(str(old), str(new)) if old else value)[:MOST], 2, 2),
    "remove": (lambda value, old: value.replace(str(old), "") if old else value, 1, 1),
    "truncate": (truncate, 0, 2),
    "truncatewords": (truncate_words, 0, 2),
    "size": (lambda value: str(len(value)), 0, 0),
    "plus": (_calculated(lambda a, b: a + b), 1, 1),
    "minus": (_calculated(lambda a, b: a - b), 1, 1),
    "times": (_calculated(lambda a, b: a * b), 1, 1),
    "divided_by": (_calculated(lambda a, b: a / b), 1, 1),
    "round": (round_number, 0, 1),
    "date": (format_date, 0, 1),
    "url_encode": (url_encode, 0, 0),
}
"""By name: the function, and how many arguments it takes at least and at most."""
INNER = {"web_address": web_address}
"""What places ask for; nobody writes its name."""
FILTER_FUNCTIONS: dict[str, object] = {
    f"f_{name}": function for name, function in {**{n: f for n, (f, _, _) in FILTERS.items()}, **INNER}.items()
}


def apply_filters(value: str, filters: Sequence[Filter]) -> str:
    for name, arguments in filters:
        value = FILTERS[name][0](value, *arguments)
    return value
