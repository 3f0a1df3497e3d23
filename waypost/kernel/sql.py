"""SQL as composable text: named parameters go in, `$n` placeholders and a list come out.

Invariant: a value never becomes part of the text. Only literals written in the source and other
fragments do. Placeholders are cast by the type of their value, so that a parameter means the same
wherever it stands (in a SELECT list PostgreSQL would otherwise take it for text).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import LiteralString, cast
from uuid import UUID

_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([a-z_][a-z0-9_]*)\}")

_CASTS: dict[type, str] = {
    bool: "boolean",
    int: "bigint",
    float: "double precision",
    Decimal: "numeric",
    str: "text",
    bytes: "bytea",
    datetime: "timestamptz",
    date: "date",
    time: "time",
    timedelta: "interval",
    UUID: "uuid",
    dict: "jsonb",
}


def _cast_of(value: object) -> str:
    """The PostgreSQL type a value is sent as, or "" where the statement must say it (None, [])."""
    found = _CASTS.get(type(value))
    if found is not None:
        return "::" + found
    if isinstance(value, int):
        return "::bigint"
    if isinstance(value, str):
        return "::text"
    if isinstance(value, list | tuple):
        items = cast("Sequence[object]", value)
        first = next((item for item in items if item is not None), None)
        if first is None:
            return ""
        inner = _cast_of(first)
        return "" if inner in ("", "::jsonb") or inner.endswith("[]") else inner + "[]"
    return ""


@lru_cache(maxsize=4096)
def _split(text: str) -> tuple[str, ...]:
    """Text pieces at even places, parameter names at odd ones; doubled braces are undone."""
    pieces: list[str] = []
    literal: list[str] = []
    position = 0
    for found in _PLACEHOLDER.finditer(text):
        literal.append(text[position : found.start()])
        position = found.end()
        name = found.group(1)
        if name is None:
            literal.append(found.group(0)[0])
            continue
        pieces.append("".join(literal))
        pieces.append(name)
        literal = []
    literal.append(text[position:])
    pieces.append("".join(literal))
    return tuple(pieces)


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of SQL with its values. Built by `sql()`, composed by nesting."""

    text: str
    params: Mapping[str, object] = field(default_factory=dict[str, object])

    def compile(self, context: Mapping[str, object]) -> tuple[str, list[object]]:
        """Number every parameter; `context` gives names that a fragment may use without passing them."""
        out: list[str] = []
        values: list[object] = []
        numbers: dict[tuple[int, str], str] = {}
        _emit(self, context, out, values, numbers)
        return "".join(out), values


def _emit(
    fragment: Sql,
    context: Mapping[str, object],
    out: list[str],
    values: list[object],
    numbers: dict[tuple[int, str], str],
) -> None:
    pieces = _split(fragment.text)
    params = fragment.params
    out.append(pieces[0])
    for index in range(1, len(pieces), 2):
        name = pieces[index]
        if name in params:
            value, scope = params[name], id(params)
        elif name in context:
            value, scope = context[name], 0
        else:
            raise KeyError(f"the statement uses {{{name}}}, which was not given")
        if isinstance(value, Sql):
            _emit(value, context, out, values, numbers)
        else:
            placeholder = numbers.get((scope, name))
            if placeholder is None:
                values.append(value)
                placeholder = numbers[(scope, name)] = f"${len(values)}{_cast_of(value)}"
            out.append(placeholder)
        out.append(pieces[index + 1])


def sql(text: LiteralString, /, **params: object) -> Sql:
    """A fragment or statement; `{name}` is a value or another fragment, `{{` and `}}` are braces."""
    return Sql(text, params)


TRUE = Sql("true")
FALSE = Sql("false")


def join(separator: LiteralString, parts: Sequence[Sql]) -> Sql:
    """The parts one after the other, as one fragment."""
    names = [f"part_{number}" for number in range(len(parts))]
    text = separator.join("{" + name + "}" for name in names)
    return Sql(text, dict(zip(names, parts, strict=True)))


def and_(*parts: Sql) -> Sql:
    """All of them; true when there is none."""
    return _fold(" and ", parts, TRUE)


def or_(*parts: Sql) -> Sql:
    """Any of them; false when there is none."""
    return _fold(" or ", parts, FALSE)


def _fold(separator: LiteralString, parts: Sequence[Sql], empty: Sql) -> Sql:
    if not parts:
        return empty
    if len(parts) == 1:
        return parts[0]
    inner = join(separator, parts)
    return Sql("(" + inner.text + ")", inner.params)


def not_(part: Sql) -> Sql:
    """Everything for which the part is not true, unknown included."""
    return Sql("({part} is not true)", {"part": part})
