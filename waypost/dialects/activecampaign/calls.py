"""What a handler gets: the connection, path, query and body of one request, and who asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from waypost.dialects.activecampaign import coerce
from waypost.dialects.activecampaign.errors import missing
from waypost.dialects.activecampaign.paging import Query
from waypost.kernel.http.auth import Caller
from waypost.kernel.tx import ReadTx, Tx


@dataclass(frozen=True, slots=True)
class Read:
    """A request that changes nothing."""

    tx: ReadTx
    path: Sequence[str]
    """The variable parts of the path."""
    query: Query
    caller: Caller
    base: str
    """The absolute address of /api/3."""
    zone: ZoneInfo

    @property
    def id(self) -> int:
        """The path's id; routes with one match digits only."""
        return int(self.path[0])

    def iso(self, at: datetime | None) -> str | None:
        return coerce.iso(at, self.zone)

    def stamp(self, at: datetime | None) -> str | None:
        return coerce.stamp(at, self.zone)


@dataclass(frozen=True, slots=True)
class Write(Read):
    """A request inside a transaction that commits before the answer is sent."""

    tx: Tx  # pyright: ignore[reportIncompatibleVariableOverride]
    body: Mapping[str, Any]

    def inner(self, wrapper: str) -> Sent:
        """The object under the wrapper key; clients that forget the wrapper are understood too."""
        found = self.body.get(wrapper, self.body)
        return Sent(cast("dict[str, Any]", found) if isinstance(found, dict) else {})


class Sent:
    """A body's columns, in camelCase or snake_case, with unknown ones ignored."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values

    def has(self, *names: str) -> bool:
        return any(name in self.values for name in names)

    def get(self, *names: str) -> Any:
        """The first of several names of one column that was sent."""
        for name in names:
            if name in self.values:
                return self.values[name]
        return None

    def text(self, *names: str) -> str | None:
        """A text, or None when the column was not sent."""
        return coerce.text(self.get(*names)).replace("\x00", "") if self.has(*names) else None

    def integer(self, name: str) -> int:
        """A required id."""
        if self.values.get(name) in (None, ""):
            raise missing(name)
        return coerce.integer(self.values[name], name)

    def require(self, *names: str) -> None:
        """Every one of these columns must hold something."""
        lacking = [name for name in names if self.values.get(name) in (None, "")]
        if lacking:
            raise missing(*lacking)
