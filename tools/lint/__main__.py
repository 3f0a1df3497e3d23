"""Run every rule over the package, the tools and the tests; print what is wrong."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tools.lint.code import docstring, edge_commits, names, no_env, no_row_loops, size
from tools.lint.data import own_writes, tenant
from tools.lint.module import Module, Violation

ROOT = Path(__file__).resolve().parents[2]
RULES: tuple[Callable[[Module], Iterator[Violation]], ...] = (
    own_writes,
    tenant,
    edge_commits,
    no_env,
    no_row_loops,
    size,
    names,
    docstring,
)


def modules(root: Path = ROOT) -> Iterator[Module]:
    for top in ("waypost", "tools", "tests"):
        for path in sorted((root / top).rglob("*.py")):
            if "node_modules" not in path.parts:
                yield Module.read(path, root)


def check(module: Module) -> list[Violation]:
    return sorted(found for rule in RULES for found in rule(module))


def main() -> int:
    found = [violation for module in modules() for violation in check(module)]
    for violation in found:
        print(violation)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
