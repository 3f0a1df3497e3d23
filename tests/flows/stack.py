"""The real thing: a web server process, a worker process, a PostgreSQL and an SMTP server of the test's own."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
import httpx

from tests.flows.sink import Sink
from waypost.app.setup import first_workspace
from waypost.kernel.config import Settings

ROOT = Path(__file__).parents[2]
KEY = "flow-" + "k" * 40
START_SECONDS = 30.0
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Stack:
    """What a story needs: the public API, the mail that left, and (to let time pass) the database."""

    http: httpx.Client
    sink: Sink
    base: str
    dsn: str
    logs: Path

    def call(
        self, method: str, path: str, body: object = None, *, status: int | tuple[int, ...] = (200, 201, 202)
    ) -> Any:
        """One native API call that must succeed."""
        answer = self.http.request(method, f"/api/v1{path}", json=body)
        wanted = (status,) if isinstance(status, int) else status
        assert answer.status_code in wanted, (method, path, answer.status_code, answer.text[:2_000])
        return answer.json() if answer.content else None

    def get(self, path: str) -> Any:
        return self.call("GET", path)

    def post(self, path: str, body: object = None, **more: Any) -> Any:
        return self.call("POST", path, body, **more)

    def until(self, what: str, look: Callable[[], Found | None], *, seconds: float = 30.0) -> Found:
        """Look again and again until there is something."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = look()
            if found:
                return found
            time.sleep(0.05)
        raise AssertionError(f"{what} did not happen in {seconds} seconds\n{self.tail()}")

    def tail(self) -> str:
        return "\n".join(path.read_text(errors="replace")[-3_000:] for path in sorted(self.logs.glob("*.log")))

    def let_time_out(self, automation_id: int) -> None:
        """The periods that contacts wait in this automation are over."""
        self._move(
            "update automations.enrollment set due_at = now(), deadline = now() where automation_id = $1 and state = 1",
            automation_id,
        )

    def let_mail_lie(self, message_id: int) -> None:
        """The message has been with its recipients for an hour: who reads it now is in no scanner's haste."""
        self._move("update delivery.ledger set sent_at = now() - interval '1 hour' where message_id = $1", message_id)

    def _move(self, statement: str, number: int) -> None:
        async def move() -> None:
            conn = await asyncpg.connect(self.dsn)
            try:
                await conn.execute(statement, number)
            finally:
                await conn.close()

        asyncio.run(move())


@contextmanager
def running(dsn: str, folder: Path) -> Iterator[Stack]:
    """Both processes through the command line, on a migrated database."""
    port = _free_port()
    base = f"http://127.0.0.1:{port}"
    with Sink() as sink:
        settings = Settings(data_dir=folder, database_url=dsn, secret_key="flow", api_key=KEY)
        asyncio.run(first_workspace(settings))
        environment = {
            **os.environ,
            "WAYPOST_DATA_DIR": str(folder),
            "WAYPOST_DATABASE_URL": dsn,
            "WAYPOST_SECRET_KEY": "flow",
            "WAYPOST_HOST": "127.0.0.1",
            "WAYPOST_PORT": str(port),
            "WAYPOST_PUBLIC_URL": base,
            "WAYPOST_SMTP_URL": sink.url,
        }
        children = [_start(name, folder, environment) for name in ("web", "worker")]
        try:
            with httpx.Client(base_url=base, headers={"Authorization": f"Bearer {KEY}"}, timeout=120) as http:
                stack = Stack(http, sink, base, dsn, folder)
                stack.until("the web server's start", lambda: _answers(http), seconds=START_SECONDS)
                yield stack
        finally:
            for child in children:
                child.terminate()
            for child in children:
                child.wait(timeout=20)


def _start(name: str, folder: Path, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    with (folder / f"{name}.log").open("wb") as log:
        command = [sys.executable, "-m", "waypost.app.cli", name]
        return subprocess.Popen(command, env=environment, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)


def _answers(http: httpx.Client) -> bool:
    try:
        return http.get("/healthz").status_code == 200
    except httpx.TransportError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
