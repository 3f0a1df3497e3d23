"""The house's rules hold over the whole: import contracts, our own lints."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tools.lint.__main__ import check, modules

ROOT = Path(__file__).resolve().parents[2]


def test_import_contracts_hold() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_own_lints_hold() -> None:
    assert [str(violation) for module in modules() for violation in check(module)] == []
