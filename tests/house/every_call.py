"""Calls of every native route, made up from the OpenAPI document the application serves."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]
Number = Callable[[str], int]
DEEPEST = 6
STREAMS = {"/api/v1/live"}
OTHER_NAMES = {"author": "user", "owner": "user", "assignee": "user", "parent": "contact", "other": "contact",
               "from": "contact", "to": "contact", "text": "consent_text", "object": "schema"}  # fmt: skip
"""What ids are called where they say a role instead of the kind of thing."""


@dataclass(frozen=True)
class Call:
    """One request."""

    method: str
    route: str
    path: str
    body: Any = None


class Document:
    """The OpenAPI document, read for what a request may hold."""

    def __init__(self, raw: Mapping[str, Any], ids: Mapping[str, int]) -> None:
        self._raw = raw
        self._ids = ids

    def calls(self) -> Iterator[Call]:
        """Each route with its path naming the given ids, once for every shape its body can have."""
        for route, methods in self._raw["paths"].items():
            if route in STREAMS:
                continue
            path = re.sub(r"\{(\w+)\}", lambda found: str(self.number(found[1])), route)
            for method, operation in methods.items():
                content = operation.get("requestBody", {}).get("content", {})
                if method == "get" or "application/json" not in content:
                    yield Call(method.upper(), route, path)
                    continue
                for body in self._shapes(content["application/json"].get("schema", {})):
                    yield Call(method.upper(), route, path, body)

    def number(self, name: str) -> int:
        """The id of the kind of thing a parameter or property names."""
        kind = name.removesuffix("s").removesuffix("_id").rpartition("exclude_")[2]
        return self._ids.get(f"{OTHER_NAMES.get(kind, kind)}_id", 987654321)

    def _resolved(self, schema: Schema) -> Schema:
        while "$ref" in schema:
            schema = self._raw["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return schema

    def _shapes(self, schema: Schema) -> Iterator[Any]:
        """Only what is required, everything, and every other word of each closed list."""
        found = self._resolved(schema)
        for one in found.get("oneOf", found.get("anyOf", ())):
            yield from self._shapes(one)
        properties: Mapping[str, Schema] = found.get("properties", {})
        whole = {name: self._value(name, one, 0) for name, one in properties.items()}
        yield {name: whole[name] for name in found.get("required", ()) if name in whole}
        yield whole
        for name, one in properties.items():
            for word in self._resolved(one).get("enum", ())[1:]:
                yield {**whole, name: word}

    def _value(self, name: str, schema: Schema, depth: int) -> Any:
        found = self._resolved(schema)
        choices = [one for one in found.get("oneOf", found.get("anyOf", ())) if one.get("type") != "null"]
        if choices:
            return self._value(name, choices[0], depth)
        if "const" in found or found.get("enum"):
            return found["const"] if "const" in found else found["enum"][0]
        kind = found.get("type", "object")
        kind = next((one for one in kind if one != "null"), "object") if isinstance(kind, list) else kind
        return self._of_kind(name, found, kind, depth)

    def _of_kind(self, name: str, schema: Schema, kind: str, depth: int) -> Any:
        if kind in ("integer", "number"):
            return self.number(name) if name.endswith(("_id", "_ids")) else schema.get("minimum", 1)
        if kind == "boolean":
            return True
        if kind == "string":
            return "2027-01-01T00:00:00Z" if "date" in schema.get("format", "") else "word"
        if depth >= DEEPEST:
            return [] if kind == "array" else {}
        if kind == "array":
            return [self._value(name, schema.get("items", {}), depth + 1)]
        properties: Mapping[str, Schema] = schema.get("properties", {})
        return {key: self._value(key, one, depth + 1) for key, one in properties.items()}
