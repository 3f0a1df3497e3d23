"""`waypost up`: one process that starts PostgreSQL and the parts, and keeps them running.

lock the data directory → PostgreSQL → migrations → children → wait until healthy → ready
a child that dies is started again, after a pause that grows while it keeps dying
SIGINT or SIGTERM: children stop, then PostgreSQL
"""

from __future__ import annotations

import asyncio
import dataclasses
import fcntl
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from typing import IO

from waypost.app.embedded import EmbeddedPostgres, EmbeddedPostgresFailed
from waypost.app.setup import FirstSecrets, first_workspace, prepare_database
from waypost.kernel.config import Settings, environment_of, secret_key
from waypost.kernel.log import log

STOP_SECONDS = 12.0
READY_SECONDS = 60.0
LONGEST_PAUSE = 30.0


class Child:
    """A part of Waypost as a process of its own."""

    def __init__(self, name: str, arguments: list[str], environment: dict[str, str]) -> None:
        self.name = name
        self._arguments = arguments
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None
        self._failures = 0
        self._start_at = 0.0

    def tend(self) -> None:
        """Start it when it is not running and its pause is over."""
        if self._process is not None and self._process.poll() is not None:
            lived = time.monotonic() - self._start_at
            self._failures = 0 if lived > LONGEST_PAUSE else self._failures + 1
            pause = min(LONGEST_PAUSE, 0.2 * 2**self._failures)
            log.warning("part ended, starting it again", part=self.name, code=self._process.returncode, pause=pause)
            self._process = None
            self._start_at = time.monotonic() + pause
        if self._process is None and time.monotonic() >= self._start_at:
            self._start_at = time.monotonic()
            command = [sys.executable, "-m", "waypost.app.cli", *self._arguments]
            # A session of its own: Ctrl-C in the terminal reaches the supervisor alone, which stops in order.
            self._process = subprocess.Popen(command, env=self._environment, start_new_session=True)

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def wait(self, seconds: float) -> None:
        if self._process is None:
            return
        try:
            self._process.wait(max(0.1, seconds))
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


def run(settings: Settings, *, demo: bool = False) -> int:
    """Serve until a signal; 1 with a plain message when it cannot start."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    lock = _lock(settings)
    if lock is None:
        print(f"Waypost is already running on {settings.data_dir}. Stop it first, or give --data.", file=sys.stderr)
        return 1
    secret_key(settings)
    stopping = _Stopping()
    server = None if settings.database_url else EmbeddedPostgres(settings.data_dir)
    try:
        if server is not None:
            print("Starting PostgreSQL", flush=True)
            settings = dataclasses.replace(settings, database_url=server.start())
        return _serve(settings, stopping, demo=demo)
    except (EmbeddedPostgresFailed, OSError) as error:
        print(f"Waypost cannot start: {error}", file=sys.stderr)
        return 1
    finally:
        if server is not None:
            server.stop()
        lock.close()


def _serve(settings: Settings, stopping: _Stopping, *, demo: bool) -> int:
    asyncio.run(prepare_database(settings))
    made = asyncio.run(first_workspace(settings, name="Sample workspace" if demo else "My workspace"))
    if demo:
        from waypost.app.seed import seed

        print("Loading the sample workspace", flush=True)
        asyncio.run(seed(settings))
    children = _children(settings)
    try:
        ready = False
        deadline = time.monotonic() + READY_SECONDS
        while not stopping.asked:
            for child in children:
                child.tend()
            if not ready and _healthy(settings):
                ready = True
                _announce(settings, made)
            if not ready and time.monotonic() > deadline:
                print("The web server did not become ready; see the messages above.", file=sys.stderr)
                return 1
            stopping.pause(0.1 if not ready else 0.5)
        return 0
    finally:
        print("Stopping", flush=True)
        for child in children:
            child.stop()
        end = time.monotonic() + STOP_SECONDS
        for child in children:
            child.wait(end - time.monotonic())


def _children(settings: Settings) -> list[Child]:
    # lint: no-env because children get what this process was given
    environment = {**os.environ, **environment_of(settings)}
    children = [Child("web", ["web"], environment)]
    if not settings.smtp_url or settings.inbound_port:
        children.append(Child("mailbox", ["mailbox"], environment))
    children += [
        Child(f"worker {number}", ["worker", "--number", str(number)], environment)
        for number in range(settings.workers)
    ]
    return children


def _lock(settings: Settings) -> IO[str] | None:
    """An exclusive lock on the data directory, held for as long as the process lives."""
    file = (settings.data_dir / "lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def _local_url(settings: Settings) -> str:
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::", "") else settings.host  # noqa: S104
    return f"http://{host}:{settings.port}"


def _healthy(settings: Settings) -> bool:
    try:
        with urllib.request.urlopen(_local_url(settings) + "/healthz", timeout=2) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _announce(settings: Settings, made: FirstSecrets | None) -> None:
    if made is not None:
        print(f"\nSign in as   {made.email}\nPassword     {made.password}", flush=True)
        print(f"API key      {made.api_key}\n(These are shown once.)\n", flush=True)
    print(f"Waypost is ready at {settings.public_url or _local_url(settings)}", flush=True)


class _Stopping:
    """Remembers that a signal asked for the end."""

    def __init__(self) -> None:
        self.asked = False
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, self._ask)

    def _ask(self, *_: object) -> None:
        self.asked = True

    def pause(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while not self.asked and time.monotonic() < end:
            time.sleep(0.05)
