"""`waypost doctor`: looks at settings, database and mail and says in words what is wrong."""

from __future__ import annotations

import asyncio
import fcntl
import shutil
import socket
import sys
from urllib.parse import urlsplit

import asyncpg

from waypost.kernel.config import Settings
from waypost.kernel.migrate import migrations


def run(settings: Settings) -> int:
    """Print one line a check; 1 when any failed."""
    lines = [_data_dir(settings), asyncio.run(_database(settings)), _mail(settings)]
    for good, text in lines:
        print(("ok    " if good else "WRONG ") + text)
    return 0 if all(good for good, _ in lines) else 1


def _data_dir(settings: Settings) -> tuple[bool, str]:
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(settings.data_dir).free // 10**9
    except OSError as error:
        return False, f"the data directory {settings.data_dir} cannot be used: {error}"
    return free >= 1, f"the data directory {settings.data_dir} has {free} GB free"


async def _database(settings: Settings) -> tuple[bool, str]:
    if not settings.database_url:
        return True, "the embedded PostgreSQL will be started by `waypost up`"
    try:
        conn = await asyncpg.connect(settings.database_url, timeout=5)
    except (OSError, asyncpg.PostgresError, ValueError) as error:
        return False, f"the database does not answer: {error}"
    try:
        version = await conn.fetchval("select current_setting('server_version_num')::int / 10000")
        there = await conn.fetchval("select to_regclass('kernel.migration')")
        done = (
            set() if there is None else {row["name"] for row in await conn.fetch("select name from kernel.migration")}
        )
    finally:
        await conn.close()
    missing = [name for name, _ in migrations() if name not in done]
    if version not in (16, 17, 18):
        return False, f"PostgreSQL {version} is not one of 16, 17 and 18"
    if missing:
        return False, f"{len(missing)} migrations are missing; run `waypost migrate`"
    return True, f"PostgreSQL {version} answers and is up to date"


def _mail(settings: Settings) -> tuple[bool, str]:
    if not settings.smtp_url:
        return True, "mail goes to the local mailbox; set WAYPOST_SMTP_URL to send for real"
    parts = urlsplit(settings.smtp_url)
    port = parts.port or (465 if parts.scheme == "smtps" else 587)
    try:
        with socket.create_connection((parts.hostname or "", port), timeout=5):
            return True, f"the relay {parts.hostname}:{port} answers"
    except OSError as error:
        return False, f"the relay {parts.hostname}:{port} does not answer: {error}"


def reset(settings: Settings) -> int:
    """Delete the embedded database, files and journals; the secret key stays."""
    lock = settings.data_dir / "lock"
    if lock.exists():
        with lock.open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                print("Waypost is running on this data; stop it first.", file=sys.stderr)
                return 1
    for name in ("postgres", "files", "journal"):
        shutil.rmtree(settings.data_dir / name, ignore_errors=True)
    print(f"Deleted the data in {settings.data_dir}")
    return 0
