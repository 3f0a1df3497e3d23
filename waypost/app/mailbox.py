"""The local mailbox's process: a real SMTP server that keeps what it is sent, for people to look at."""

from __future__ import annotations

import asyncio
import signal

from waypost.app.domains import build_registry
from waypost.app.server import open_work
from waypost.delivery.mailbox import serve_mailbox
from waypost.kernel.config import Settings


async def run(settings: Settings) -> None:
    """Serve until told to stop."""
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with open_work(settings, build_registry(), pool_size=2) as work:
        serving = asyncio.create_task(serve_mailbox(settings, work.db))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        serving.cancel()
        for result in await asyncio.gather(serving, stopping, return_exceptions=True):
            if isinstance(result, Exception):
                raise result
