"""A small router: v3's paths tolerate a trailing slash, PATCH means PUT, ids are digits.

Own code instead of the framework's, because a contact/sync may cost 400 µs and the framework's
dependency injection and negotiation would take a third of that.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from waypost.dialects.activecampaign.calls import Read, Write
from waypost.dialects.activecampaign.envelope import Answer

ReadHandler = Callable[[Read], Awaitable[Answer]]
WriteHandler = Callable[[Write], Awaitable[Answer]]

ID = "{id}"
TEXT = "{text}"
MOST_DIGITS = 18
"""Longer numbers are no ids."""


@dataclass(frozen=True, slots=True)
class Handler:
    """Who answers, and what the resource calls our columns when one of them is refused."""

    function: ReadHandler | WriteHandler
    renamed: Mapping[str, str]
    is_single: bool = False
    """Whether the one statement of its action is all it writes, so that no transaction is needed."""
    takes_array: bool = False
    """Whether the body may be a bare array, which is then found under the key `array`."""


@dataclass(slots=True)
class _Node:
    """One path segment: what may follow, and who answers here by method."""

    below: dict[str, _Node] = field(default_factory=dict[str, "_Node"])
    handlers: dict[str, Handler] = field(default_factory=dict[str, "Handler"])


@dataclass(frozen=True, slots=True)
class Found:
    """A path that exists: its handler (None when the method is not offered) and variable parts."""

    handler: Handler | None
    path: Sequence[str]
    methods: Sequence[str]


class Routes:
    """Handlers by method and path; a module's own collection is added to the whole by `include`."""

    def __init__(self, renamed: Mapping[str, str] | None = None) -> None:
        self._renamed = renamed or {}
        self._root = _Node()
        self.listed: list[tuple[str, str]] = []

    def get(self, path: str) -> Callable[[ReadHandler], ReadHandler]:
        def register(handler: ReadHandler) -> ReadHandler:
            self._add("GET", path, Handler(handler, self._renamed))
            return handler

        return register

    def post(
        self, path: str, *, is_single: bool = False, takes_array: bool = False
    ) -> Callable[[WriteHandler], WriteHandler]:
        return self._writes("POST", path, is_single=is_single, takes_array=takes_array)

    def put(self, path: str, *, takes_array: bool = False) -> Callable[[WriteHandler], WriteHandler]:
        """PUT and PATCH, which are the same here: what is not sent stays."""
        return self._writes("PUT", path, takes_array=takes_array)

    def delete(self, path: str) -> Callable[[WriteHandler], WriteHandler]:
        return self._writes("DELETE", path)

    def include(self, other: Routes) -> None:
        for method, path in other.listed:
            found = other.find(method, path.replace(ID, "0").replace(TEXT, "-"))
            if found is not None and found.handler is not None:
                self._add(method, path, found.handler)

    def find(self, method: str, path: str) -> Found | None:
        """None when there is no such path."""
        node, parts = self._root, list[str]()
        for segment in path.strip("/").split("/"):
            following = node.below.get(segment)
            if following is None and segment.isascii() and segment.isdigit() and len(segment) <= MOST_DIGITS:
                following = node.below.get(ID)
                if following is not None:
                    parts.append(segment)
            if following is None:
                following = node.below.get(TEXT)
                parts.append(segment)
            if following is None:
                return None
            node = following
        method = "PUT" if method == "PATCH" else method
        if method == "DELETE" and method not in node.handlers and ID in node.below:
            # Recorded: deleting the bare collection means deleting id 0.
            node, parts = node.below[ID], [*parts, "0"]
        handler = node.handlers.get(method)
        return Found(handler, parts, sorted(node.handlers)) if node.handlers else None

    def _writes(
        self, method: str, path: str, *, is_single: bool = False, takes_array: bool = False
    ) -> Callable[[WriteHandler], WriteHandler]:
        def register(handler: WriteHandler) -> WriteHandler:
            self._add(method, path, Handler(handler, self._renamed, is_single, takes_array))
            return handler

        return register

    def _add(self, method: str, path: str, handler: Handler) -> None:
        node = self._root
        for segment in path.strip("/").split("/"):
            node = node.below.setdefault(segment, _Node())
        node.handlers[method] = handler
        self.listed.append((method, path))
