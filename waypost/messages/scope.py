"""What a text has named so far: variables of `assign`, of loops, and the value a `case` asks about.

A loop can be as long as it likes only while it is written: how often it can run, and how much it can write, is
known before anything is sent, from the ranges and limits in the text and the most that is read of an array.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from waypost.messages.errors import TemplateBroken
from waypost.messages.expression import Parser

MOST_ITEMS = 100
"""As many of an array are looped over at most."""
MOST_TURNS = 10_000
"""Turns of a loop, times those of the loops around it."""
MOST_TEXT = 4_000_000
"""Characters that loops may write into a message."""
MOST_NAMES = 50
_LOOP = re.compile(
    r"\s*(?P<name>[A-Za-z_]\w{0,60})\s+in\s+"
    r"(?:\(\s*(?P<first>-?\d{1,6})\s*\.\.\s*(?P<last>-?\d{1,6})\s*\)|(?P<array>\$?[A-Za-z_][\w.]{0,120}))"
    r"(?P<options>(?:\s+(?:(?:limit|offset)\s*:\s*\d{1,6}|reversed))*)\s*"
)
_NUMBERED = re.compile(r"(limit|offset)\s*:\s*(\d+)")
_ASSIGN = re.compile(r"\s*(?P<name>[A-Za-z_]\w{0,60})\s*=\s*(?P<value>\S.*?)\s*", re.DOTALL)
_WHEN = re.compile(r"(?:'[^']*'|\"[^\"]*\"|[^\s,'\"]+)")
_TAKEN = frozenset({"forloop", "contact", "true", "false", "empty", "and", "or", "not", "contains"})


@dataclass(slots=True)
class _Open:
    """A loop or a case that has not ended."""

    kind: str
    number: int = 0
    turns: int = 1
    about: str = ""
    names: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(slots=True)
class Scope:
    """Names with their Python sources; `begin` forgets them for the next text."""

    most_text: int = MOST_TEXT
    assigned: dict[str, str] = field(default_factory=dict[str, str])
    _names: dict[str, str] = field(default_factory=dict[str, str])
    _open: list[_Open] = field(default_factory=list[_Open])
    _loops: int = 0
    _written: int = 0

    def begin(self) -> None:
        self._names.clear()
        self._open.clear()
        self._written = 0

    @property
    def turns(self) -> int:
        """How often what stands here can be written."""
        turns = 1
        for item in self._open:
            turns *= item.turns
        return turns

    @property
    def is_looping(self) -> bool:
        return any(item.kind == "for" for item in self._open)

    def weigh(self, length: int) -> None:
        """Count what a loop writes; raises when it is too much."""
        if self.is_looping:
            self._written += length * self.turns
            if self._written > self.most_text:
                raise TemplateBroken(message="The loop writes too much for a mail; give it a limit.")

    def find(self, name: str) -> str | None:
        """Python source of a name made in the text."""
        for item in reversed(self._open):
            if name in item.names:
                return item.names[name]
        return self._names.get(name)

    def assign(self, argument: str) -> tuple[str, str]:
        """The variable of `{% assign name = value %}` and the text of its value."""
        found = _ASSIGN.fullmatch(argument)
        if found is None or found["name"] in _TAKEN:
            raise TemplateBroken(message="An assign reads “assign name = value”.")
        if found["name"] not in self.assigned and len(self.assigned) >= MOST_NAMES:
            raise TemplateBroken(message=f"A message can name {MOST_NAMES} values at most.")
        return found["name"], found["value"]

    def name(self, name: str) -> str:
        """From here on the text knows the name; the variable that stands for it."""
        return self._names.setdefault(name, self.assigned.setdefault(name, f"a_{len(self.assigned)}"))

    def begin_loop(self, argument: str, array: Callable[[str], str]) -> str:
        """The head of a loop in Python; raises when it may run too often."""
        found = _LOOP.fullmatch(argument)
        if found is None or found["name"] in _TAKEN:
            words = "A loop reads “for item in tags”, with limit:5, offset:1 or reversed behind it."
            raise TemplateBroken(message=words)
        options = {name: int(number) for name, number in _NUMBERED.findall(found["options"])}
        if found["array"]:
            most, items = MOST_ITEMS, f"_items({array(found['array'])})"
        else:
            first, last = int(found["first"]), int(found["last"])
            most, items = max(0, last - first + 1), f"_range({first}, {last})"
        turns = min(most, options.get("limit", most))
        if turns * self.turns > MOST_TURNS:
            raise TemplateBroken(
                message=f"This loop could run {turns * self.turns:,} times, and {MOST_TURNS:,} is the most. Give it a limit."
            )
        number = self._loops = self._loops + 1
        offset = options.get("offset", 0)
        items += f"[{offset}:{offset + turns}]"
        if "reversed" in found["options"]:
            items += "[::-1]"
        count, here = f"n_{number}", f"i_{number}"
        self._open.append(_Open("for", number, max(1, turns), names=_names_of(found["name"], number)))
        return f"for {here}, v_{number} in enumerate({count} := {items}):"

    def begin_case(self, argument: str, source: Callable[[str], str]) -> None:
        self._open.append(_Open("case", about=_value(argument, source)))

    def when(self, argument: str, source: Callable[[str], str]) -> str:
        """The condition of `{% when 'a', 'b' %}`: the case's value is one of these."""
        if not self._open or self._open[-1].kind != "case":
            raise TemplateBroken(message="A when stands inside a case, not inside something in it.")
        about = self._open[-1].about
        values = [item for item in _WHEN.findall(argument) if item != "or"]
        if not values:
            raise TemplateBroken(message="A when says for which value.")
        return "(" + " or ".join(f"_eq({about}, {_value(item, source)})" for item in values) + ")"

    def end(self, kind: str) -> None:
        """Close the innermost loop or case; whether it was that one, the pairing of tags says."""
        if self._open and self._open[-1].kind == kind:
            self._open.pop()


def _names_of(name: str, number: int) -> dict[str, str]:
    here, count = f"i_{number}", f"len(n_{number})"
    return {
        name: f"v_{number}",
        "forloop.index": f"str({here} + 1)",
        "forloop.index0": f"str({here})",
        "forloop.length": f"str({count})",
        "forloop.first": f"('true' if {here} == 0 else '')",
        "forloop.last": f"('true' if {here} + 1 == {count} else '')",
    }


def _value(text: str, source: Callable[[str], str]) -> str:
    return Parser(text, source).parse_value()
