"""A sender as a process of its own, to be killed: sends what is due over SMTP until somebody ends it."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import asyncpg

from waypost.app.domains import build_registry
from waypost.delivery import outbox
from waypost.delivery.channels.relay import SmtpChannel, parse_relay
from waypost.kernel.config import Settings
from waypost.kernel.db import Database
from waypost.kernel.files import Files
from waypost.kernel.work import SystemWork


async def main(dsn: str, folder: str, url: str, number: int, workspace_id: int) -> None:
    outbox.open_channel = lambda work: SmtpChannel(parse_relay(url), connections=4, timeout=1.0)
    settings = Settings(data_dir=Path(folder), database_url=dsn, secret_key="test", smtp_url=url)
    registry = build_registry()
    db = await Database.open(dsn, registry=registry, settings=settings, max_size=4)
    work = SystemWork(db, settings, registry, Files(settings), worker_number=number)
    while True:
        try:
            async with outbox.open_outbox(work) as tick:
                while True:
                    if not await tick(workspace_id):
                        await asyncio.sleep(0.05)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            await asyncio.sleep(0.1)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5])))
