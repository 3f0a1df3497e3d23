"""`waypost up` as a user meets it: ready, refused twice, a crashed part back, a clean stop, a start after a hard kill."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest

READY = re.compile(r"Waypost is ready at (http://\S+)")
SECONDS = 90


@dataclass
class Up:
    """A running `waypost up` with its output so far."""

    process: subprocess.Popen[bytes]
    output: Path

    def wait_for(self, text: str | re.Pattern[str]) -> re.Match[str]:
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            found = re.search(text, self.output.read_text())
            if found:
                return found
            assert self.process.poll() is None, self.output.read_text()
            time.sleep(0.1)
        raise AssertionError(f"never said {text}: {self.output.read_text()}")


def _environment() -> dict[str, str]:
    return {
        **{k: v for k, v in os.environ.items() if not k.startswith("WAYPOST_")},
        "WAYPOST_ADMIN_EMAIL": "ada@example.com",
    }


def _up(data: Path, port: int, name: str) -> Up:
    output = data.parent / name
    with output.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "waypost.app.cli", "up", "--data", str(data), "--port", str(port)],
            stdout=file,
            stderr=subprocess.STDOUT,
            env=_environment(),
        )
    return Up(process, output)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


def _children(pid: int, word: str) -> list[int]:
    found = subprocess.run(["ps", "-o", "pid=,args=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(line.split()[0]) for line in found.stdout.splitlines() if f"cli {word}" in line]


def _healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def test_up_serves_restarts_refuses_stops_and_recovers(data: Path) -> None:
    port = _free_port()
    first = _up(data, port, "first.log")
    second: Up | None = None
    try:
        url = first.wait_for(READY).group(1)
        assert _healthy(url)
        assert re.search(r"Sign in as\s+ada@example.com\nPassword\s+\S+\nAPI key\s+\S+", first.output.read_text())

        refused = _up(data, _free_port(), "refused.log")
        assert refused.process.wait(SECONDS) == 1
        assert "already running" in refused.output.read_text()

        (worker,) = _children(first.process.pid, "worker")
        os.kill(worker, signal.SIGKILL)
        deadline = time.monotonic() + SECONDS
        while _children(first.process.pid, "worker") in ([], [worker]) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert _children(first.process.pid, "worker") not in ([], [worker])

        os.kill(first.process.pid, signal.SIGINT)
        assert first.process.wait(SECONDS) == 0
        assert not _healthy(url)
        assert not (data / "postgres" / "postmaster.pid").exists()

        second = _up(data, port, "second.log")
        second.wait_for(READY)
        assert "Password" not in second.output.read_text()
        os.kill(second.process.pid, signal.SIGKILL)
        second.process.wait()

        third = _up(data, port, "third.log")
        second = third
        third.wait_for(READY)
        third.process.terminate()
        assert third.process.wait(SECONDS) == 0
        assert not (data / "postgres" / "postmaster.pid").exists()
    finally:
        for running in (first, second):
            if running is not None and running.process.poll() is None:
                running.process.terminate()
                running.process.wait(SECONDS)
