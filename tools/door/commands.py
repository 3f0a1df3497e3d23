"""The commands of ./dev."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

from tools.door.checks import check
from tools.door.setup import (
    ROOT,
    WEB,
    StepFailed,
    ensure_browser,
    ensure_python,
    ensure_ui,
    ensure_web,
    node,
    node_env,
    python,
)

USAGE = """usage: ./dev COMMAND

  up [--data DIR] [--port N] [--host H] [--demo]   set up what is missing and start everything
  test [pytest arguments]                          run all tests (browser tests included)
  check                                            format, lint, types, contracts, tests, web; what CI runs
  bench NAME [--quick]                             import, automation, send, segments, reaction or api; prints one JSON line
  format                                           format Python and web sources
  ui                                               build the admin UI
  openapi                                          write docs/reference: the API and the lists of words
  db reset [--data DIR]                            delete the data of an installation
"""


def main(arguments: Sequence[str]) -> int:
    """Run one command; a failed step is named on the last line."""
    if not arguments or arguments[0] not in COMMANDS:
        print(USAGE, file=sys.stderr)
        return 0 if arguments and arguments[0] in ("-h", "--help", "help") else 2
    started = time.monotonic()
    try:
        return COMMANDS[arguments[0]](list(arguments[1:]))
    except StepFailed as failure:
        print(f"\n{failure}\n./dev {arguments[0]} stopped after {time.monotonic() - started:.0f} s.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def up(arguments: list[str]) -> int:
    ensure_python(dev=False)
    ensure_ui()
    # The supervisor takes this process's place, so that Ctrl-C and signals reach it directly.
    os.chdir(ROOT)
    os.execv(python(), [str(python()), "-m", "waypost.app.cli", "up", *arguments])  # noqa: S606


def test(arguments: list[str]) -> int:
    ensure_python(dev=True)
    ensure_ui()
    env = {**os.environ, **ensure_browser()}
    return subprocess.run([python(), "-m", "pytest", *arguments], cwd=ROOT, env=env, check=False).returncode


def bench(arguments: list[str]) -> int:
    ensure_python(dev=True)
    name = arguments[0] if arguments else ""
    module = {"import": "import_"}.get(name, name)
    if not (ROOT / "tools" / "bench" / f"{module}.py").exists():
        found = sorted(
            p.stem.rstrip("_")
            for p in (ROOT / "tools" / "bench").glob("*.py")
            if p.stem not in ("__init__", "harness", "people", "smtp_sink")
        )
        print(f"There is no benchmark called {name!r}; there are: {', '.join(found)}", file=sys.stderr)
        return 2
    return subprocess.run([python(), "-m", f"tools.bench.{module}", *arguments[1:]], cwd=ROOT, check=False).returncode


def format_sources(_arguments: list[str]) -> int:
    ensure_python(dev=True)
    ensure_web()
    subprocess.run([python(), "-m", "ruff", "check", "--fix", "-q", "."], cwd=ROOT, check=False)
    subprocess.run([python(), "-m", "ruff", "format", "-q", "."], cwd=ROOT, check=False)
    biome = WEB / "node_modules" / "@biomejs" / "biome" / "bin" / "biome"
    return subprocess.run([node(), biome, "check", "--write", "."], cwd=WEB, env=node_env(), check=False).returncode


def ui(_arguments: list[str]) -> int:
    ensure_python(dev=False)
    ensure_ui(force=True)
    return 0


def openapi(_arguments: list[str]) -> int:
    ensure_python(dev=True)
    return subprocess.run([python(), "-m", "tools.reference"], cwd=ROOT, check=False).returncode


def db(arguments: list[str]) -> int:
    if arguments[:1] != ["reset"]:
        print("usage: ./dev db reset [--data DIR]", file=sys.stderr)
        return 2
    ensure_python(dev=False)
    return subprocess.run(
        [python(), "-m", "waypost.app.cli", "reset", *arguments[1:]], cwd=ROOT, check=False
    ).returncode


def check_all(_arguments: list[str]) -> int:
    ensure_python(dev=True)
    ensure_web()
    ensure_ui()
    return check({**os.environ, **ensure_browser()})


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "up": up,
    "test": test,
    "check": check_all,
    "bench": bench,
    "format": format_sources,
    "ui": ui,
    "openapi": openapi,
    "db": db,
}
