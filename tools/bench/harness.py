"""What benchmarks share: a throw-away installation, processor time and memory from /proc, one JSON line.

Processor time is user plus system of a process and all below it, those that have ended included.
PostgreSQL runs with the settings of a normal, durable installation.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from waypost.app.domains import build_registry
from waypost.app.embedded import EmbeddedPostgres
from waypost.app.setup import prepare_database
from waypost.kernel.config import Settings
from waypost.kernel.db import BATCHES, Database

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
SECRET = "bench"  # noqa: S105 (nothing is sealed with it)


@dataclass(frozen=True)
class Bench:
    """A migrated, empty installation: its settings, its database and PostgreSQL's process."""

    settings: Settings
    dsn: str
    postgres: int

    async def open(self, *, max_size: int = 4) -> Database:
        return await Database.open(
            self.dsn, registry=build_registry(), settings=self.settings, max_size=max_size, session=BATCHES
        )


@contextmanager
def installation(*, data: Path | None = None, **settings: Any) -> Iterator[Bench]:
    """PostgreSQL on a fresh data directory that is gone afterwards, or on `data`, which stays."""
    with _folder(data) as folder:
        folder.chmod(0o755)
        server = EmbeddedPostgres(folder)
        dsn = server.start()
        chosen = Settings(data_dir=folder, database_url=dsn, secret_key=SECRET, **settings)
        try:
            asyncio.run(prepare_database(chosen))
            yield Bench(chosen, dsn, server.pid or 0)
        finally:
            server.stop()


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="waypost-bench-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def cpu_seconds(root: int) -> float:
    """Processor time of a process and all below it, with the children that its own counters hold."""
    total = 0
    for pid in family(root):
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += sum(int(item) for item in fields[11:15])
    return total / TICKS_PER_SECOND


def _children() -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            found.setdefault(parent, []).append(int(entry.name))
    return found


@dataclass
class Meter:
    """What a stretch of work took; filled when the stretch ends."""

    seconds: float = 0.0
    ours: float = 0.0
    postgres: float = 0.0
    peak_rss_mb: float = 0.0


@contextmanager
def metered(ours: int, postgres: int) -> Iterator[Meter]:
    """Meter one of our process trees and PostgreSQL while the body runs; memory is sampled."""
    meter, over, pids = Meter(), threading.Event(), family(ours)

    def watch() -> None:
        while not over.wait(0.1):
            meter.peak_rss_mb = max(meter.peak_rss_mb, rss_mb(pids))

    watcher = threading.Thread(target=watch, daemon=True)
    started, own, pg = time.perf_counter(), cpu_seconds(ours), cpu_seconds(postgres)
    watcher.start()
    try:
        yield meter
    finally:
        meter.seconds = time.perf_counter() - started
        meter.ours = cpu_seconds(ours) - own
        meter.postgres = cpu_seconds(postgres) - pg
        over.set()
        watcher.join()
        meter.peak_rss_mb = max(meter.peak_rss_mb, rss_mb(pids))


def family(root: int) -> list[int]:
    """A process and all below it."""
    children, found = _children(), [root]
    for pid in found:
        found += children.get(pid, [])
    return found


def rss_mb(pids: Sequence[int]) -> float:
    """Resident memory now of the largest of these processes."""
    return max(_status_mb(pid, "VmRSS") for pid in pids)


def peak_rss_mb() -> float:
    """The most memory this process held; getrusage would tell of its parent, if that was larger before it began."""
    return _status_mb(os.getpid(), "VmHWM")


def _status_mb(pid: int, field: str) -> float:
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith(f"{field}:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0


@contextmanager
def part(bench: Bench, name: str, *arguments: str) -> Iterator[int]:
    """One of Waypost's processes (web, worker, mailbox) on this installation; yields its process id."""
    environment = {
        **os.environ,
        "WAYPOST_DATA_DIR": str(bench.settings.data_dir),
        "WAYPOST_DATABASE_URL": bench.dsn,
        "WAYPOST_SECRET_KEY": bench.settings.secret_key,
        "WAYPOST_HOST": bench.settings.host,
        "WAYPOST_PORT": str(bench.settings.port),
        "WAYPOST_LOG_LEVEL": "error",
    }
    process = subprocess.Popen([sys.executable, "-m", "waypost.app.cli", name, *arguments], env=environment)
    try:
        if name == "web":
            wait_until_healthy(f"http://{bench.settings.host}:{bench.settings.port}/healthz", process)
        yield process.pid
    finally:
        process.terminate()
        process.wait(20)


def wait_until_healthy(url: str, process: subprocess.Popen[bytes], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"{url} did not answer")


def report(bench: str, **figures: Any) -> None:
    """The one JSON line a benchmark prints; floats keep what matters of them."""
    rounded = {name: round(value, 1) if isinstance(value, float) else value for name, value in figures.items()}
    print(json.dumps({"bench": bench, **rounded}), flush=True)
