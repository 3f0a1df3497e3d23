"""The campaign engine as a process of its own, to be killed; in small parts, so that kills fall between and amid."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from waypost.app.domains import build_registry
from waypost.campaigns import launch
from waypost.kernel.config import Settings
from waypost.kernel.db import Database


async def main(dsn: str, folder: str, workspace_id: int) -> None:
    launch.FREEZE_PART, launch.QUEUE_PART = 150, 60  # type: ignore[misc]
    settings = Settings(data_dir=Path(folder), database_url=dsn, secret_key="test")
    db = await Database.open(dsn, registry=build_registry(), settings=settings, max_size=2)
    while True:
        async with db.transaction(workspace_id) as tx:
            more = await launch.advance(tx)
        await asyncio.sleep(0.02 if more else 0.2)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[5])))
