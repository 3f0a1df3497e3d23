"""Serves the built admin UI: hashed files for ever, everything else is the one page."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from litestar.types import Receive, Scope, Send

MISSING = (
    b"<!doctype html><html lang='en'><title>Waypost</title><body style='font-family:sans-serif;margin:4rem'>"
    b"<h1>The admin UI is not built</h1><p>Run <code>./dev ui</code> and reload. The API works.</p></body></html>"
)
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data: https: http:; style-src 'self' 'unsafe-inline'; font-src 'self' data:; "
    "frame-src 'self' blob: data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
)


class UiFiles:
    """A small static server for one folder, read once per file and process."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self._cache: dict[str, tuple[bytes, str]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del receive
        path = scope["path"]  # type: ignore[typeddict-item]
        found = self._load(path.lstrip("/"))
        status = 200
        if found is None and path.startswith("/assets/"):
            found, status = (b"", "text/plain"), 404
        cache = "public, max-age=31536000, immutable" if path.startswith("/assets/") else "no-cache"
        body, kind = found or self._load("index.html") or (MISSING, "text/html; charset=utf-8")
        headers = [
            (b"content-type", kind.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", cache.encode() if status == 200 else b"no-store"),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"same-origin"),
        ]
        if kind.startswith("text/html"):
            headers.append((b"content-security-policy", CONTENT_SECURITY_POLICY.encode()))
        await send({"type": "http.response.start", "status": status, "headers": headers})  # type: ignore[typeddict-item]
        content = b"" if scope["method"] == "HEAD" else body  # type: ignore[typeddict-item]
        await send({"type": "http.response.body", "body": content, "more_body": False})

    def _load(self, name: str) -> tuple[bytes, str] | None:
        if not name:
            return None
        cached = self._cache.get(name)
        if cached is not None:
            return cached
        path = (self._root / name).resolve()
        if not path.is_relative_to(self._root) or not path.is_file():
            return None
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        if kind.startswith("text/") or kind.endswith(("javascript", "json")):
            kind += "; charset=utf-8"
        found = (path.read_bytes(), kind)
        if name.startswith("assets/"):
            self._cache[name] = found
        return found
