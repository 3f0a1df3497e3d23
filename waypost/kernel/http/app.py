"""Builds the ASGI application: raw prefixes first, then the framework with every domain's routes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from litestar import Litestar, Request
from litestar.config.compression import CompressionConfig
from litestar.di import Provide
from litestar.middleware import DefineMiddleware
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.types import ASGIApp, Receive, Scope, Send

from waypost import __version__
from waypost.kernel.errors import NotSignedIn
from waypost.kernel.files import Files
from waypost.kernel.http.auth import Authenticator, AuthMiddleware, Caller, signed_in
from waypost.kernel.http.live import LiveHub
from waypost.kernel.http.problems import HANDLERS
from waypost.kernel.registry import Domain
from waypost.kernel.tx import ReadTx, Tx
from waypost.kernel.work import SystemWork

MAX_BODY_BYTES = 10_000_000
RequestOf = Request[Any, Caller, Any]


async def provide_caller(request: RequestOf) -> Caller:
    """The signed-in caller."""
    caller = request.scope.get("auth")
    if caller is None:
        raise NotSignedIn
    return caller


async def provide_tx(request: RequestOf) -> AsyncIterator[Tx]:
    """A transaction that commits after the handler and before the answer is sent."""
    caller = await provide_caller(request)
    work: SystemWork = request.app.state.work
    async with work.db.transaction(caller.workspace_id, actor=caller.actor) as tx:
        yield tx


async def provide_read(request: RequestOf) -> AsyncIterator[ReadTx]:
    """A connection for reads."""
    caller = await provide_caller(request)
    work: SystemWork = request.app.state.work
    async with work.db.read(caller.workspace_id, actor=caller.actor) as read:
        yield read


async def provide_work(request: RequestOf) -> SystemWork:
    return request.app.state.work


async def provide_files(request: RequestOf) -> Files:
    return request.app.state.work.files


DEPENDENCIES = {
    "caller": Provide(provide_caller),
    "tx": Provide(provide_tx),
    "read": Provide(provide_read),
    "work": Provide(provide_work),
    "files": Provide(provide_files),
}


def build_app(
    domains: Sequence[Domain],
    routes: Sequence[Any],
    *,
    open_work: Callable[[], Any],
    authenticator: Callable[[SystemWork], Authenticator],
    ui_dir: Path | None = None,
    debug: bool = False,
) -> ASGIApp:
    """`open_work` is an async context manager that yields the process's `SystemWork`."""
    holder = _Holder()

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        async with open_work() as work:
            app.state.work = work
            app.state.live = LiveHub(work.db.dsn)
            app.state.live.start()
            holder.open(work, authenticator(work), domains)
            try:
                yield
            finally:
                await holder.close()
                await app.state.live.stop()

    framework = Litestar(
        route_handlers=[handler for domain in domains for handler in domain.routes] + list(routes),
        dependencies=DEPENDENCIES,
        guards=[signed_in],
        middleware=[DefineMiddleware(AuthMiddleware, authenticator=lambda: holder.authenticator)],
        exception_handlers=HANDLERS,
        lifespan=[lifespan],
        request_max_body_size=MAX_BODY_BYTES,
        compression_config=CompressionConfig(
            backend="gzip", minimum_size=4_000, gzip_compress_level=1, exclude=["/api/v1/live", "/api/3"]
        ),
        openapi_config=OpenAPIConfig(
            title="Waypost",
            version=__version__,
            path="/api/v1",
            render_plugins=[JsonRenderPlugin(path="/openapi.json")],
        ),
        debug=debug,
        pdb_on_exception=False,
    )
    return _front(framework, holder, ui_dir)


class _Holder:
    """What exists once the application has started."""

    authenticator: Authenticator
    raw: Mapping[str, Any]

    def __init__(self) -> None:
        self.raw = {}

    def open(self, work: SystemWork, authenticator: Authenticator, domains: Sequence[Domain]) -> None:
        self.authenticator = authenticator
        self.raw = {prefix: make(work) for domain in domains for prefix, make in (domain.raw_routes or {}).items()}

    def find(self, path: str) -> Any | None:
        """The application of the prefix that the path begins with; there are only a few."""
        for prefix, app in self.raw.items():
            if path.startswith(prefix):
                return app
        return None

    async def close(self) -> None:
        for app in self.raw.values():
            if hasattr(app, "close"):
                await app.close()


def _front(framework: ASGIApp, holder: _Holder, ui_dir: Path | None) -> ASGIApp:
    """The door: raw prefixes (pixels, clicks), then the framework, then the admin UI's files."""
    from waypost.kernel.http.ui import UiFiles

    ui = UiFiles(ui_dir) if ui_dir is not None else None

    async def front(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            path = scope["path"]
            raw = holder.find(path)
            if raw is not None:
                await raw(scope, receive, send)
                return
            if ui is not None and scope["method"] in ("GET", "HEAD") and not path.startswith(FRAMEWORK_PREFIXES):
                await ui(scope, receive, send)
                return
        await framework(scope, receive, send)

    return front


FRAMEWORK_PREFIXES = ("/api/", "/u/", "/healthz", "/metrics", "/admin/api.php", "/api")


def default_ui_dir() -> Path:
    """Where the built admin UI lies inside the package."""
    return Path(__file__).parent.parent.parent / "ui"
