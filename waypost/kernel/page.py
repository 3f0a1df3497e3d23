"""Keyset paging: a page ends with a cursor that says after which row the next one starts."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

import orjson

from waypost.kernel.errors import Failure, Kind

T = TypeVar("T")


class CursorInvalid(Failure):
    kind = Kind.INVALID
    code = "paging.cursor_invalid"
    template = "The cursor in `after` is not one that this list handed out."


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A slice of a list; `next` is None on the last one, `total` where it is cheap to know."""

    items: Sequence[T]
    next: str | None = None
    total: int | None = None


def page_of(
    rows: Sequence[T],
    limit: int,
    key: Callable[[T], str | int | tuple[str | int | datetime, ...]],
    *,
    total: int | None = None,
) -> Page[T]:
    """The page of rows that were asked for with one more than `limit`; `key` gives a row's sort values."""
    if len(rows) <= limit:
        return Page(rows, total=total)
    last = key(rows[limit - 1])
    return Page(rows[:limit], encode_cursor(*last) if isinstance(last, tuple) else encode_cursor(last), total)


def encode_cursor(*values: str | int | datetime | None) -> str:
    """An opaque text for the sort values of a page's last row."""
    return base64.urlsafe_b64encode(orjson.dumps(values)).rstrip(b"=").decode()


def decode_cursor(cursor: str, *types: type) -> tuple[object, ...]:
    """The values again, checked against the types given (`datetime` is parsed back)."""
    try:
        padded = cursor.encode() + b"=" * (-len(cursor) % 4)
        values: object = orjson.loads(base64.urlsafe_b64decode(padded))
    except (binascii.Error, ValueError) as error:
        raise CursorInvalid(pointer="/after") from error
    if not isinstance(values, list) or len(values) != len(types):  # pyright: ignore[reportUnknownArgumentType]
        raise CursorInvalid(pointer="/after")
    out: list[object] = []
    for value, kind in zip(values, types, strict=True):  # pyright: ignore[reportUnknownVariableType,reportUnknownArgumentType]
        if kind is datetime and isinstance(value, str):
            try:
                out.append(datetime.fromisoformat(value))
            except ValueError as error:
                raise CursorInvalid(pointer="/after") from error
        elif value is None or type(value) is kind:  # pyright: ignore[reportUnknownArgumentType]
            out.append(value)
        else:
            raise CursorInvalid(pointer="/after")
    return tuple(out)
