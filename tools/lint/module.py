"""A parsed source file, the statements of SQL in it, and how violations and excuses are written."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

EXCUSE = re.compile(r"#\s*lint:\s*([a-z-]+)\s+because\s+\S+")
RUNS_SQL = {"execute", "fetch", "fetchrow", "fetchval", "executemany"}


@dataclass(frozen=True, order=True)
class Violation:
    """A place that breaks a rule."""

    path: str
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.message}"


@dataclass(frozen=True)
class Statement:
    """SQL text in a call, with the line it begins on and ends on."""

    text: str
    line: int
    end: int


@dataclass(frozen=True)
class Module:
    """One file; `path` is relative to the repository."""

    path: str
    text: str

    @classmethod
    def read(cls, path: Path, root: Path) -> Module:
        return cls(path.relative_to(root).as_posix(), path.read_text())

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @property
    def domain(self) -> str:
        """The second word of the path: waypost/<domain>/..., empty for single files."""
        parts = self.path.split("/")
        return parts[1] if len(parts) > 2 else ""

    @property
    def is_package(self) -> bool:
        return self.path.startswith("waypost/")

    def statements(self) -> Iterator[Statement]:
        """The literal first arguments of sql(...) and of the driver's own calls."""
        for node in ast.walk(self.tree):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            text = node.args[0]
            if (name == "sql" or name in RUNS_SQL) and isinstance(text, ast.Constant) and isinstance(text.value, str):
                yield Statement(text.value, node.lineno, node.end_lineno or node.lineno)

    def violation(self, rule: str, line: int, message: str, *, end: int | None = None) -> Iterator[Violation]:
        """The violation, unless a line from the one above to `end` excuses it."""
        for text in self.lines[max(0, line - 2) : end or line]:
            found = EXCUSE.search(text)
            if found and found.group(1) == rule:
                return
        yield Violation(self.path, line, rule, message)
