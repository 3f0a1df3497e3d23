"""A condition in plain English: each part by the sentence its domain gave it, with names in the place of ids.

all of (has tag Customer; not (opened an email in the last 30 days or clicked a link in an email))
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from waypost.kernel.registry import Registry
from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx

Names = Mapping[tuple[str, int], str]
Json = Mapping[str, Any]

_BRACKETS = re.compile(r"\[([^\]]*)\]")
_PLACE = re.compile(r"\{(\w+)\}")
_JOINED = {"all": " and ", "any": " or ", "none": " or "}
_DAYS = ("", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_WHOLE = {
    "in_last_days": "is in the last {value} days",
    "not_in_last_days": "is not in the last {value} days",
    "in_next_days": "is in the next {value} days",
    "more_than_days_ago": "was more than {value} days ago",
    "more_than_days_ahead": "is more than {value} days ahead",
    "anniversary_in_next_days": "has its anniversary in the next {value} days",
    "between": "is between {value} and {value_to}",
    "is_empty": "is empty",
    "is_not_empty": "is not empty",
    "at_least": "at least",
    "at_most": "at most",
    "exactly": "exactly",
}
"""Operators that say their value themselves, or have none."""

_BEFORE_VALUE = {
    "equals": "is",
    "not_equals": "is not",
    "contains": "contains",
    "not_contains": "does not contain",
    "starts_with": "starts with",
    "ends_with": "ends with",
    "matches": "matches the pattern",
    "greater": "is greater than",
    "greater_or_equal": "is at least",
    "less": "is less than",
    "less_or_equal": "is at most",
    "before": "is before",
    "after": "is after",
    "on_or_after": "is on or after",
    "on_or_before": "is on or before",
    "any_of": "is any of",
    "none_of": "is none of",
    "all_of": "is all of",
}
_CHOICES = {
    "created_at": "day of adding",
    "updated_at": "day of changing",
    "owner_id": "owner",
    "inside": "is in",
    "exited": "left",
    "role": "an address of a role",
    "disposable": "a throw-away address",
    "free": "an address at a free mail provider",
    "mistyped": "a mistyped address",
}


async def describe_all(tx: ReadTx, documents: Sequence[Json]) -> list[str]:
    """Each stored condition in words; names are read once for all of them."""
    names = await _names(tx, documents)
    return [_said(tx.registry, document, names) for document in documents]


async def describe_condition(tx: ReadTx, document: Json) -> str:
    return (await describe_all(tx, [document]))[0]


async def _names(tx: ReadTx, documents: Sequence[Json]) -> Names:
    wanted: dict[str, set[int]] = {}
    for document in documents:
        for leaf in _leaves(document):
            for noun, object_id in _named(tx.registry, _params(leaf)):
                wanted.setdefault(noun, set()).add(object_id)
    known = {noun: those for domain in tx.registry.domains for noun, those in (domain.names or {}).items()}
    found: dict[tuple[str, int], str] = {}
    for noun, ids in wanted.items():
        if noun in known:
            statement = sql(
                "select n.id, n.name from ({those}) as n where n.id = any({ids}::bigint[])",
                those=known[noun],
                ids=sorted(ids),
            )
            # lint: no-row-loops because a turn is a noun
            found |= {(noun, row["id"]): row["name"] for row in await tx.all(statement)}
    return found


def _leaves(node: Json) -> Iterator[Json]:
    inner = node.get("conditions")
    if isinstance(inner, list):
        for part in cast("list[Json]", inner):
            yield from _leaves(part)
    elif isinstance(node.get("not"), dict):
        yield from _leaves(node["not"])
    elif "type" in node:
        yield node


def _params(leaf: Json) -> Json:
    return cast("Json", leaf.get("params") or {})


def _noun(registry: Registry, name: str, params: Json) -> str | None:
    """Of what the parameter is the id."""
    if name == "object_id":
        fact = registry.facts.get(str(params.get("fact")))
        return None if fact is None else fact.picker
    if name == "owner_id":
        return "user"
    if name == "value":
        return "user" if params.get("attribute") == "owner_id" else None
    for ending in ("_id", "_ids"):
        if name.endswith(ending):
            return name.removesuffix(ending)
    return None


def _named(registry: Registry, params: Json) -> Iterator[tuple[str, int]]:
    for name, value in params.items():
        noun = _noun(registry, name, params)
        if noun is not None:
            for item in cast("list[object]", value) if isinstance(value, list) else [value]:
                if isinstance(item, int):
                    yield noun, item


def _said(registry: Registry, node: Json, names: Names, *, is_inner: bool = False) -> str:
    if isinstance(node.get("not"), dict):
        return f"not ({_said(registry, node['not'], names)})"
    inner = node.get("conditions")
    if not isinstance(inner, list):
        return _Speaker(registry, node, names).say()
    parts = [_said(registry, part, names, is_inner=True) for part in cast("list[Json]", inner)]
    if not parts:
        return "everyone"
    match = str(node.get("match", "all"))
    joined = _JOINED.get(match, " and ").join(parts)
    if match == "none":
        return f"not ({joined})"
    return f"({joined})" if is_inner and len(parts) > 1 else joined


class _Speaker:
    """Fills the sentence of one leaf."""

    def __init__(self, registry: Registry, leaf: Json, names: Names) -> None:
        self.registry = registry
        self.names = names
        self.condition = registry.conditions.get(str(leaf.get("type")))
        self.kind = str(leaf.get("type"))
        self.params = _params(leaf)
        own = () if self.condition is None else self.condition.params.__struct_fields__
        last = () if self.condition is None else self.condition.params.__struct_defaults__
        self.defaults = dict(zip(own[len(own) - len(last) :], last, strict=True))

    def say(self) -> str:
        if self.condition is None:
            return f"an unknown condition ({self.kind})"
        return self.fill(self.condition.sentence or self.condition.label)

    def fill(self, sentence: str) -> str:
        said = _BRACKETS.sub(lambda found: found[1] if self._is_chosen(found[1]) else "", sentence)
        return _PLACE.sub(lambda found: self._value(found[1]), said)

    def _is_chosen(self, part: str) -> bool:
        return any(
            self.params.get(name) not in (None, "", [], self.defaults.get(name)) for name in _PLACE.findall(part)
        )

    def _value(self, name: str) -> str:
        value = self.params.get(name, self.defaults.get(name))
        if name == "operator":
            return self._operator(str(value))
        noun = _noun(self.registry, name, self.params)
        items = cast("list[object]", value) if isinstance(value, list) else [value]
        return ", ".join(self._item(name, noun, item) for item in items)

    def _operator(self, operator: str) -> str:
        if operator in _WHOLE:
            return self.fill(_WHOLE[operator])
        return f"{_BEFORE_VALUE.get(operator, operator.replace('_', ' '))} {self._value('value')}"

    def _item(self, name: str, noun: str | None, item: object) -> str:
        if noun is not None and isinstance(item, int):
            return self.names.get((noun, item), f"#{item}")
        if name == "fact":
            fact = self.registry.facts.get(str(item))
            return str(item) if fact is None else fact.label[0].lower() + fact.label[1:]
        if name == "weekdays" and isinstance(item, int):
            return _DAYS[item]
        if name in ("value", "value_to", "url", "property", "timezone", "from_time", "to_time"):
            return f"“{item}”" if name in ("value", "url") and isinstance(item, str) else str(item)
        if isinstance(item, dict):
            return " ".join(str(part) for part in cast("Json", item).values() if part is not None)
        text = str(item)
        return _CHOICES.get(text, _BEFORE_VALUE.get(text, text.replace("_", " ")))
