"""Who is calling: resolved once per request from a key or a session, then checked by role."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Protocol

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.types import ASGIApp, Receive, Scope, Send

from waypost.kernel.errors import Failure, Kind, NotAllowed, NotSignedIn
from waypost.kernel.tx import Actor

COOKIE = "waypost_session"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Role(IntEnum):
    """What a user may do in a workspace; each includes the ones below."""

    VIEWER = 0
    EDITOR = 1
    ADMIN = 2
    OWNER = 3


ROLES = {"viewer": Role.VIEWER, "editor": Role.EDITOR, "admin": Role.ADMIN, "owner": Role.OWNER}


@dataclass(frozen=True, slots=True)
class Caller:
    """A signed-in user or a key, in one workspace."""

    workspace_id: int
    user_id: int
    role: Role
    actor: Actor
    csrf_token: str | None = None
    """Set for sessions: what X-CSRF-Token must equal on changes."""


class CsrfMismatch(Failure):
    kind = Kind.FORBIDDEN
    code = "identity.csrf_mismatch"
    template = "The X-CSRF-Token header is missing or not the session's."


class Authenticator(Protocol):
    """How a key or a session becomes a caller; provided by identity."""

    async def by_key(self, key: str) -> Caller | None: ...
    async def by_session(self, token: str) -> Caller | None: ...


def key_in(headers: list[tuple[bytes, bytes]]) -> str | None:
    """The API key of `Authorization: Bearer` or `Api-Token`, in any letter case."""
    for name, value in headers:
        lower = name.lower()
        if lower == b"api-token":
            return value.decode("latin-1").strip()
        if lower == b"authorization" and value[:7].lower() == b"bearer ":
            return value[7:].decode("latin-1").strip()
    return None


def cookie_in(headers: list[tuple[bytes, bytes]], wanted: str = COOKIE) -> str | None:
    for name, value in headers:
        if name.lower() == b"cookie":
            for part in value.decode("latin-1").split(";"):
                key, _, content = part.strip().partition("=")
                if key == wanted:
                    return content
    return None


class AuthMiddleware:
    """Puts the caller (or None) into the scope; routes decide through guards whether one is needed."""

    def __init__(self, app: ASGIApp, authenticator: Callable[[], Authenticator]) -> None:
        self.app = app
        self.authenticator = authenticator

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            headers = scope["headers"]
            key = key_in(headers)  # type: ignore[arg-type]
            caller: Caller | None = None
            if key is not None:
                caller = await self.authenticator().by_key(key)
            elif (token := cookie_in(headers)) is not None:  # type: ignore[arg-type]
                caller = await self.authenticator().by_session(token)
            scope["auth"] = caller
        await self.app(scope, receive, send)


def signed_in(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """The default guard: anyone may read, editors may change, sessions prove it with their token."""
    if handler.opt.get("public"):
        return
    caller: Caller | None = connection.scope.get("auth")
    if caller is None:
        raise NotSignedIn
    if str(connection.scope.get("method", "GET")) in SAFE_METHODS:
        return
    if caller.csrf_token is not None and connection.headers.get("x-csrf-token") != caller.csrf_token:
        raise CsrfMismatch
    if caller.role < Role.EDITOR and not handler.opt.get("any_role"):
        raise NotAllowed


def at_least(role: Role) -> Callable[[ASGIConnection[Any, Any, Any, Any], BaseRouteHandler], None]:
    """A guard for routes that ask for more than the default."""

    def guard(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
        caller: Caller | None = connection.scope.get("auth")
        if caller is None:
            raise NotSignedIn
        if caller.role < role:
            raise NotAllowed

    return guard
