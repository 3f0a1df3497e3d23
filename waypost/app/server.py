"""The web process: granian serving the ASGI application."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from litestar.types import ASGIApp

from waypost.app.domains import load_domains
from waypost.app.routes import ROUTES
from waypost.identity.authenticate import DatabaseAuthenticator
from waypost.kernel.config import Settings, load_settings
from waypost.kernel.db import SESSION, Database
from waypost.kernel.files import Files
from waypost.kernel.http.app import build_app, default_ui_dir
from waypost.kernel.log import configure
from waypost.kernel.registry import Registry
from waypost.kernel.work import SystemWork


@asynccontextmanager
async def open_work(
    settings: Settings, registry: Registry, *, pool_size: int = 10, session: Mapping[str, str] = SESSION
) -> AsyncIterator[SystemWork]:
    """The database pool and all that goes with it, for one process."""
    db = await Database.open(
        settings.database_url, registry=registry, settings=settings, max_size=pool_size, session=session
    )
    try:
        yield SystemWork(db=db, settings=settings, registry=registry, files=Files(settings))
    finally:
        await db.close()


def create_app(settings: Settings | None = None) -> ASGIApp:
    """The application; settings come from the environment unless given."""
    chosen = settings or load_settings()
    domains = load_domains()
    registry = Registry(domains)
    return build_app(
        domains,
        ROUTES,
        open_work=lambda: open_work(chosen, registry),
        authenticator=lambda work: DatabaseAuthenticator(work.db),
        ui_dir=default_ui_dir(),
    )


def factory() -> ASGIApp:
    """What granian calls in its worker process."""
    settings = load_settings()
    configure(settings.log_level)
    return create_app(settings)


def serve(settings: Settings) -> None:
    """Run until stopped. The settings must also be in the environment, for granian's own process."""
    from granian.constants import Interfaces, Loops
    from granian.server import Server

    Server(
        "waypost.app.server:factory",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        loop=Loops.uvloop,
        workers=1,
        websockets=False,
        log_enabled=False,
        respawn_failed_workers=True,
        # Live updates keep connections open; they must not hold up a stop.
        workers_kill_timeout=3,
    ).serve()
