"""The query grammar: limit and offset, filters[column][operator], orders[column], include, ids[].

Brackets may come percent-encoded or raw; unknown filters are ignored.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import parse_qsl

from waypost.dialects.activecampaign.coerce import MOST_NUMBER

DEFAULT_LIMIT = 20
MOST = 100
MOST_DIGITS = 20

_BRACKETS = re.compile(r"\[([^\]]*)\]")
Item = TypeVar("Item")


def _whole(text: str) -> int | None:
    """A whole number, held within what the database has room for."""
    if not (text.isascii() and text.removeprefix("-").isdigit()):
        return None
    return max(min(int(text[:MOST_DIGITS]), MOST_NUMBER), -MOST_NUMBER)


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query string."""

    plain: Mapping[str, str] = field(default_factory=dict[str, str])
    filters: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    """Column → operator → value; no operator is "eq"."""
    orders: Sequence[tuple[str, bool]] = ()
    """Column and whether it descends, in the order given."""
    many: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    """ids[]=1&ids[]=2 and the like."""

    def text(self, name: str, default: str = "") -> str:
        return self.plain.get(name, default)

    def number(self, name: str) -> int | None:
        """A whole number, or None when absent or not one (which callers take for "not filtered")."""
        value = self.plain.get(name, "").strip()
        return _whole(value)

    def filter(self, column: str, operator: str = "eq") -> str | None:
        return self.filters.get(column, {}).get(operator)

    def filter_number(self, *columns: str) -> int | None:
        """The first of several names of one filter that holds a number."""
        for column in columns:
            found = _whole((self.filter(column) or "").strip())
            if found is not None:
                return found
        return None

    @property
    def includes(self) -> frozenset[str]:
        return frozenset(part.strip() for part in self.plain.get("include", "").split(",") if part.strip())

    def limit(self, default: int = DEFAULT_LIMIT) -> int:
        """Values above the maximum are cut, senseless ones fall back to the default."""
        wanted = self.number("limit")
        return default if wanted is None or wanted < 1 else min(wanted, MOST)

    @property
    def offset(self) -> int:
        return max(self.number("offset") or 0, 0)


EMPTY = Query()


def parse_query(raw: bytes) -> Query:
    """Split `a=1&filters[b][gt]=2&orders[c]=DESC&ids[]=3`."""
    if not raw:
        return EMPTY
    plain: dict[str, str] = {}
    filters: dict[str, dict[str, str]] = {}
    orders: list[tuple[str, bool]] = []
    many: dict[str, list[str]] = {}
    for name, given in parse_qsl(raw.decode("latin-1"), keep_blank_values=True):
        value = given.replace("\x00", "")
        head, bracket, _ = name.partition("[")
        if not bracket:
            plain[name] = value
            continue
        keys = _BRACKETS.findall(name)
        if head in ("filters", "filter") and keys:
            operator = keys[1] if len(keys) > 1 and keys[1] else "eq"
            filters.setdefault(keys[0], {})[operator] = value
        elif head == "orders" and keys:
            orders.append((keys[0], value.strip().lower() == "desc"))
        else:
            many.setdefault(head, []).append(value)
    return Query(plain, filters, tuple(orders), many)


def matches(value: str, wanted: Mapping[str, str]) -> bool:
    """Whether a text column passes all operators of its filter; letter case does not matter."""
    have = value.lower()
    for operator, raw in wanted.items():
        want = raw.lower()
        passed = {
            "eq": have == want,
            "neq": have != want,
            "contains": want in have,
            "starts_with": have.startswith(want),
            "lt": have < want,
            "lte": have <= want,
            "gt": have > want,
            "gte": have >= want,
        }.get(operator, True)
        if not passed:
            return False
    return True


def cut(rows: Sequence[Item], query: Query, *, default: int = DEFAULT_LIMIT) -> Sequence[Item]:
    """The page of a short collection that is at hand as a whole."""
    return rows[query.offset : query.offset + query.limit(default)]
