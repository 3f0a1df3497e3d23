"""Conditions written inside text: `%IF $PLAN == 'pro' && !empty($CITY)%` or `{% if contact.plan == "pro" %}`.

A small grammar, parsed to Python source in which names are columns of the recipient's row and
values are literals; nothing a user writes becomes code.

    or    := and (("||" | "or") and)*          and := not (("&&" | "and") not)*
    not   := ("!" | "not") not | compare       compare := value (("==" | "!=" | ">" | ...) value)?
    value := name | 'text' | "text" | number | true | false | empty(value) | in_array(value, value) | (or)
"""

from __future__ import annotations

import re
from collections.abc import Callable

from waypost.messages.errors import TemplateBroken

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'[^']*'|\"[^\"]*\")|(?P<number>-?\d+(?:\.\d+)?)"
    r"|(?P<operator>==|!=|<>|>=|<=|&&|\|\||[><!(),=])|(?P<name>\$?[A-Za-z_][A-Za-z0-9_.]*))"
)
_COMPARE = {"==": "_eq", "=": "_eq", "!=": "_ne", "<>": "_ne", ">": "_gt", "<": "_lt", ">=": "_ge", "<=": "_le"}
DEEPEST = 30


class Parser:
    """Turns one expression into Python source; `column` gives the source for a name."""

    def __init__(self, text: str, column: Callable[[str], str]) -> None:
        self._text = text
        self._column = column
        self._tokens = self._split(text)
        self._position = 0
        self._depth = 0

    def parse(self) -> str:
        source = self._or()
        if self._position != len(self._tokens):
            raise self._broken()
        return source

    def parse_value(self) -> str:
        """A name or a literal, and nothing else."""
        if len(self._tokens) != 1:
            raise self._broken()
        return self._value()

    def _split(self, text: str) -> list[tuple[str, str]]:
        tokens: list[tuple[str, str]] = []
        position = 0
        text = text.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"')
        text = text.replace("&#39;", "'").rstrip()
        while position < len(text):
            found = _TOKEN.match(text, position)
            if found is None or found.lastgroup is None:
                raise self._broken()
            tokens.append((found.lastgroup, found[found.lastgroup]))
            position = found.end()
        return tokens

    def _broken(self) -> TemplateBroken:
        return TemplateBroken(message=f"The condition “{self._text.strip()}” cannot be read.")

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._position] if self._position < len(self._tokens) else ("end", "")

    def _take(self, *words: str) -> bool:
        kind, word = self._peek()
        if kind in ("operator", "name") and word.lower() in words:
            self._position += 1
            return True
        return False

    def _need(self, word: str) -> None:
        if not self._take(word):
            raise self._broken()

    def _or(self) -> str:
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._broken()
        parts = [self._and()]
        while self._take("||", "or"):
            parts.append(self._and())
        self._depth -= 1
        return parts[0] if len(parts) == 1 else "(" + " or ".join(parts) + ")"

    def _and(self) -> str:
        parts = [self._not()]
        while self._take("&&", "and"):
            parts.append(self._not())
        return parts[0] if len(parts) == 1 else "(" + " and ".join(parts) + ")"

    def _not(self) -> str:
        negated = False
        while self._take("!", "not"):
            negated = not negated
        return f"(not {self._compare()})" if negated else self._compare()

    def _compare(self) -> str:
        left = self._value()
        kind, word = self._peek()
        if kind == "operator" and word in _COMPARE:
            self._position += 1
            return f"{_COMPARE[word]}({left}, {self._value()})"
        if kind == "name" and word.lower() == "contains":
            self._position += 1
            return f"_contains({left}, {self._value()})"
        return f"_true({left})"

    def _value(self) -> str:
        kind, word = self._peek()
        self._position += 1
        if kind == "text":
            return repr(word[1:-1])
        if kind == "number":
            return repr(float(word))
        if word == "(":
            inner = self._or()
            self._need(")")
            return inner
        if kind != "name":
            raise self._broken()
        lower = word.lower()
        if lower in ("true", "false"):
            return lower.capitalize()
        if lower in ("empty", "in_array", "isset"):
            return self._call(lower)
        return self._column(word)

    def _call(self, name: str) -> str:
        self._need("(")
        first = self._value()
        if name == "in_array":
            self._need(",")
            second = self._value()
            self._need(")")
            return f"_in_list({first}, {second})"
        self._need(")")
        return f"(not _true({first}))" if name == "empty" else f"_true({first})"


def _number(value: object) -> float | None:
    if isinstance(value, float | bool):
        return float(value)
    try:
        return float(str(value).strip().replace(",", ""))
    except ValueError:
        return None


def _eq(left: object, right: object) -> bool:
    if isinstance(left, float) or isinstance(right, float):
        return _number(left) == _number(right)
    return str(left if left is not None else "").casefold() == str(right if right is not None else "").casefold()


def _order(left: object, right: object) -> int:
    """-1, 0 or 1 as numbers where both are, else as text; 2 when they cannot be ordered."""
    first, second = _number(left), _number(right)
    if first is not None and second is not None:
        return (first > second) - (first < second)
    if isinstance(left, float) or isinstance(right, float):
        return 2
    one, two = str(left or ""), str(right or "")
    return (one > two) - (one < two)


def _items(value: object) -> list[str]:
    """What stands in an array's column; see ITEMS in template.py."""
    return str(value).split("\x1f") if value else []


def _range(first: int, last: int) -> list[str]:
    return [str(number) for number in range(first, last + 1)]


FUNCTIONS: dict[str, object] = {
    "_eq": _eq,
    "_ne": lambda left, right: not _eq(left, right),
    "_gt": lambda left, right: _order(left, right) == 1,
    "_lt": lambda left, right: _order(left, right) == -1,
    "_ge": lambda left, right: _order(left, right) in (0, 1),
    "_le": lambda left, right: _order(left, right) in (-1, 0),
    "_contains": lambda left, right: str(right or "").casefold() in str(left or "").casefold(),
    "_in_list": lambda item, items: str(item or "").casefold() in str(items or "").casefold().split("\x1f"),
    "_items": _items,
    "_range": _range,
    "_true": lambda value: value not in (None, "", False, "0", 0.0),
}
