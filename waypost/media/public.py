"""GET /i/{workspace}/{key}/{width}.{ending}: a picture for whoever opens the mail.

Plain ASGI before the framework: mails of a campaign are opened within minutes of each other. What
lies behind an address never changes, so it is kept for a year by whoever is on the way, and the most
asked for in this process.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from waypost.kernel.work import SystemWork
from waypost.media.queries import find_rendition
from waypost.media.types import ENDINGS, Rendition

KEPT_BYTES = 32_000_000
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
_PATH = re.compile(r"/i/(\d{1,18})/([A-Za-z0-9_-]{10,40})/(\d{1,5})\.(jpg|png|gif)").fullmatch


class PublicImages:
    def __init__(self, work: SystemWork) -> None:
        self._db = work.db
        self._kept: OrderedDict[str, Rendition] = OrderedDict()
        self._size = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del receive
        path: str = scope["path"]
        if scope["method"] not in ("GET", "HEAD"):
            await _answer(send, 405, [], b"")
            return
        found = await self._find(path)
        if found is None:
            await _answer(send, 404, [(b"cache-control", b"no-store")], b"")
            return
        tag = f'"{path.rpartition("/i/")[2]}"'.encode()
        headers = [
            (b"content-type", found.mime.encode()),
            (b"cache-control", b"public, max-age=31536000, immutable"),
            (b"etag", tag),
            (b"x-content-type-options", b"nosniff"),
            (b"content-security-policy", b"default-src 'none'"),
            (b"cross-origin-resource-policy", b"cross-origin"),
        ]
        if any(name == b"if-none-match" and value == tag for name, value in scope["headers"]):
            await _answer(send, 304, headers, None)
        else:
            await _answer(send, 200, headers, found.content, is_head=scope["method"] == "HEAD")

    async def _find(self, path: str) -> Rendition | None:
        kept = self._kept.get(path)
        if kept is not None:
            self._kept.move_to_end(path)
            return kept
        parts = _PATH(path)
        if parts is None:
            return None
        async with self._db.read(int(parts[1])) as read:
            found = await find_rendition(read, parts[2], int(parts[3]))
        if found is None or ENDINGS[found.mime] != parts[4]:
            return None
        self._kept[path] = found
        self._size += len(found.content)
        while self._size > KEPT_BYTES:
            self._size -= len(self._kept.popitem(last=False)[1].content)
        return found

    async def close(self) -> None:
        self._kept.clear()


async def _answer(
    send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes | None, *, is_head: bool = False
) -> None:
    length = [] if body is None else [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": [*headers, *length]})
    await send({"type": "http.response.body", "body": b"" if is_head else body or b""})
