"""./dev check: everything that must hold, quick checks first and side by side, tests last."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tools.door.setup import ROOT, WEB, node, node_env, python


@dataclass(frozen=True)
class Check:
    """A command with the name it is reported by."""

    name: str
    command: list[str | Path]
    folder: Path = ROOT


def quick_checks() -> list[Check]:
    modules = WEB / "node_modules"
    return [
        Check("format", [python(), "-m", "ruff", "format", "--check", "-q", "."]),
        Check("lint", [python(), "-m", "ruff", "check", "-q", "."]),
        Check("types", [python().parent / "basedpyright", "--level", "error"]),
        Check("import contracts", [python().parent / "lint-imports", "--no-cache"]),
        Check("house lints", [python(), "-m", "tools.lint"]),
        Check("web lint", [node(), modules / "@biomejs" / "biome" / "bin" / "biome", "check", "."], WEB),
        Check("web types", [node(), modules / "typescript" / "bin" / "tsc", "--noEmit"], WEB),
        Check("web tests", [node(), modules / "vitest" / "vitest.mjs", "run"], WEB),
    ]


def check(env: Mapping[str, str]) -> int:
    """Run all; print the output of what failed, then the tests live; 0 only when all hold."""
    failed: list[str] = []
    with ThreadPoolExecutor(max_workers=2) as pool:
        for item, seconds, code, output in pool.map(lambda item: _run(item, env), quick_checks()):
            print(f"{'ok  ' if code == 0 else 'FAIL'} {item.name} ({seconds:.0f} s)", flush=True)
            if code:
                failed.append(item.name)
                print(output, flush=True)
    tests = subprocess.run([python(), "-m", "pytest"], cwd=ROOT, env=dict(env), check=False)
    if tests.returncode:
        failed.append("tests")
    print("check: all holds" if not failed else f"check: failed: {', '.join(failed)}", flush=True)
    return 1 if failed else 0


def _run(item: Check, env: Mapping[str, str]) -> tuple[Check, float, int, str]:
    started = time.monotonic()
    merged = {**env, "PATH": node_env()["PATH"]}
    done = subprocess.run(
        [str(part) for part in item.command],
        cwd=item.folder,
        env=merged,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return item, time.monotonic() - started, done.returncode, done.stdout
