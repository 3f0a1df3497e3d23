"""The process that mail comes in to: the local mailbox for people to look at, and the receiver of bounces."""

from __future__ import annotations

import asyncio
import signal
from typing import Any

from waypost.app.domains import build_registry
from waypost.app.server import open_work
from waypost.delivery.inbound_server import serve_inbound
from waypost.delivery.mailbox import serve_mailbox
from waypost.kernel.config import Settings


async def run(settings: Settings) -> None:
    """Serve until told to stop."""
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with open_work(settings, build_registry(), pool_size=2) as work:
        servers = [] if settings.smtp_url else [serve_mailbox(settings, work.db)]
        if settings.inbound_port:
            servers.append(serve_inbound(settings, work.db))
        serving: list[asyncio.Task[Any]] = [asyncio.create_task(server) for server in servers]
        stopping: asyncio.Task[Any] = asyncio.create_task(stop.wait())
        await asyncio.wait({*serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        for task in serving:
            task.cancel()
        for result in await asyncio.gather(*serving, stopping, return_exceptions=True):
            if isinstance(result, Exception):
                raise result
