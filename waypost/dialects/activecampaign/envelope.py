"""The frame of answers: absolute links, meta, and orjson bytes.

A row's `links` block differs only in the id, so each collection's block is built once as bytes and
spliced in as a fragment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

Row = dict[str, Any]

_ID = b"@id@"
_SUFFIX = {"contactAutomations": "?limit=2500&orders%5Blastdate%5D=DESC"}


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and a body that orjson can write (bytes are sent as they are)."""

    body: object
    status: int = 200


class Links:
    """The links of one collection's rows; with no relations it is an empty array, as recorded."""

    def __init__(self, collection: str, relations: Sequence[str]) -> None:
        self._collection = collection
        self._relations = tuple(relations)
        self._built: dict[str, list[bytes]] = {}

    def of(self, base: str, row_id: int) -> orjson.Fragment:
        """`base` is the absolute address of /api/3."""
        built = self._built.get(base)
        if built is None:
            built = self._built[base] = self._build(base).split(_ID)
        return orjson.Fragment((b"%d" % row_id).join(built))

    def _build(self, base: str) -> bytes:
        if not self._relations:
            return b"[]"
        own = self._collection == "contacts"
        return orjson.dumps(
            {
                name: f"{base}/{self._collection}/{_ID.decode()}/{name}{_SUFFIX.get(name, '') if own else ''}"
                for name in self._relations
            }
        )


def dump(body: object) -> bytes:
    return body if isinstance(body, bytes) else orjson.dumps(body, option=orjson.OPT_NON_STR_KEYS)


def meta(total: int, **more: object) -> Row:
    """The total is a numeric string in every collection of this stage."""
    return {"total": str(total), **more}


def echo(row: Row, sent: dict[str, Any]) -> Row:
    """Supplied columns go back in the caller's JSON type, never values that are no columns of the row."""
    return {name: sent[name] if name in sent and _plain(sent[name]) else value for name, value in row.items()}


def _plain(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
