"""What recipients' mail programs ask for: the open pixel, tracked links, the unsubscribe page.

Plain ASGI before the framework. Events gather for up to 50 ms and are written by one statement a
workspace, counters and facts together. The pixel is answered at once; a click is answered when it
is written, so that no acknowledged click is lost. HEAD and the link that nobody sees tell a scanner,
and only POST unsubscribes, because scanners fetch every address they find.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs, quote

from waypost.delivery import events
from waypost.delivery.actions import unsubscribe_by_message
from waypost.delivery.public_pages import confirm_page, done_page, lost_page
from waypost.delivery.signs import Asked, Hit, read_hit
from waypost.delivery.tokens import TOKEN_LENGTH, Tokens
from waypost.kernel.log import log
from waypost.kernel.tx import Actor
from waypost.kernel.work import SystemWork

FLUSH_SECONDS = 0.05
LINKS_KEPT = 50_000
HONEYPOT = 0
"""No link of an author has this number."""
CONTACT = Actor("contact")
PIXEL = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c000000000100010000020144003b")
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]

_PIXEL_START = {
    "type": "http.response.start",
    "status": 200,
    "headers": [
        (b"content-type", b"image/gif"),
        (b"content-length", str(len(PIXEL)).encode()),
        (b"cache-control", b"no-store, max-age=0"),
    ],
}
_PIXEL_BODY = {"type": "http.response.body", "body": PIXEL}


class Gatherer:
    """Collects events and writes them together; `written` is done when the current lot is."""

    def __init__(self, work: SystemWork, write: Callable[..., Awaitable[None]]) -> None:
        self._db = work.db
        self._write = write
        self._events: dict[int, list[Hit]] = defaultdict(list)
        self._written: asyncio.Future[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def add(self, workspace_id: int, hit: Hit) -> asyncio.Future[None]:
        self._events[workspace_id].append(hit)
        if self._written is None:
            loop = asyncio.get_running_loop()
            self._written = loop.create_future()
            loop.call_later(FLUSH_SECONDS, self._flush)
        return self._written

    def _flush(self) -> None:
        written, self._written = self._written, None
        found, self._events = self._events, defaultdict(list)
        if written is not None:
            task = asyncio.ensure_future(self._store(found, written))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _store(self, found: dict[int, list[Hit]], written: asyncio.Future[None]) -> None:
        try:
            for workspace_id, items in found.items():
                async with self._db.transaction(workspace_id, actor=CONTACT) as tx:
                    # lint: no-row-loops because a turn is a workspace
                    await self._write(tx, items)
        except Exception as error:  # noqa: BLE001 - the pixel has long been answered
            log.error("events not written", exc_info=error)
            if not written.done():
                written.set_exception(error)
                written.exception()
        else:
            if not written.done():
                written.set_result(None)

    async def close(self) -> None:
        self._flush()
        await asyncio.gather(*self._tasks, return_exceptions=True)


class Pixel:
    """GET /o/{token}.gif"""

    def __init__(self, work: SystemWork) -> None:
        self._tokens = Tokens.of(work.settings)
        self._gatherer = Gatherer(work, events.write_opens)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del receive
        if scope["method"] == "GET":
            found = self._tokens.read(scope["path"][3 : 3 + TOKEN_LENGTH].encode())
            if found is not None:
                self._gatherer.add(found[0], read_hit(scope, found[1], 0, Asked.OPEN))
        await send(_PIXEL_START)
        await send(_PIXEL_BODY)

    async def close(self) -> None:
        await self._gatherer.close()


class Click:
    """GET /c/{token}/{number}: on to the address that the message's author wrote."""

    def __init__(self, work: SystemWork) -> None:
        self._work = work
        self._tokens = Tokens.of(work.settings)
        self._gatherer = Gatherer(work, events.write_clicks)
        self._links: dict[tuple[int, int, int], events.Target] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del receive
        token, _, number = scope["path"][3:].partition("/")
        found = self._tokens.read(token.encode("ascii", "replace"))
        if found is None or not number.isdecimal() or len(number) > 9:
            await answer(send, 404, lost_page())
            return
        workspace_id, ledger_id = found
        if int(number) == HONEYPOT:
            self._gatherer.add(workspace_id, read_hit(scope, ledger_id, HONEYPOT, Asked.HONEYPOT))
            await answer(send, 404, lost_page())
            return
        url = await self._find(workspace_id, ledger_id, int(number))
        if url is None:
            await answer(send, 404, lost_page())
            return
        asked = {"GET": Asked.CLICK, "HEAD": Asked.HEAD}.get(scope["method"])
        if asked is not None:
            try:
                await asyncio.shield(self._gatherer.add(workspace_id, read_hit(scope, ledger_id, int(number), asked)))
            except Exception:  # noqa: BLE001 - the reader must arrive all the same; the failure was logged
                log.warning("click not counted", workspace_id=workspace_id)
        location = quote(url, safe="%/:=&?~#+!$,;'@()*[]").encode("ascii")
        headers = [(b"location", location), (b"cache-control", b"no-store"), (b"content-length", b"0")]
        await send({"type": "http.response.start", "status": 302, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    async def _find(self, workspace_id: int, ledger_id: int, number: int) -> str | None:
        async with self._work.db.read(workspace_id) as read:
            message_id = await events.find_message_id(read, ledger_id)
            if message_id is None:
                return None
            key = (workspace_id, message_id, number)
            target = self._links.get(key)
            if target is None:
                target = await events.find_target(read, message_id, number)
                if target is None:
                    return None
                if len(self._links) >= LINKS_KEPT:
                    self._links.clear()
                if target.is_lasting:
                    self._links[key] = target
            return target.url if target.write is None else await events.personal_url(read, ledger_id, target)

    async def close(self) -> None:
        await self._gatherer.close()


class Unsubscribe:
    """/u/{token}: GET asks, POST does (the page's form, and RFC 8058's one click)."""

    def __init__(self, work: SystemWork) -> None:
        self._work = work
        self._tokens = Tokens.of(work.settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._tokens.read(scope["path"][3:].encode("ascii", "replace"))
        if found is None:
            await answer(send, 404, lost_page())
            return
        workspace_id, ledger_id = found
        if scope["method"] == "POST":
            await read_body(receive)
            async with self._work.db.transaction(workspace_id, actor=CONTACT) as tx:
                is_known = await unsubscribe_by_message(tx, ledger_id)
            await answer(send, 200 if is_known else 404, done_page() if is_known else lost_page())
            return
        async with self._work.db.read(workspace_id) as read:
            recipient = await events.find_recipient(read, ledger_id)
        if recipient is None:
            await answer(send, 404, lost_page())
            return
        await answer(send, 200, confirm_page(recipient.email, recipient.workspace), is_head=scope["method"] == "HEAD")


async def read_body(receive: Receive) -> None:
    """The body says nothing that the token has not said."""
    while (await receive()).get("more_body"):
        pass


MOST_FORM = 256 * 1024


async def read_form(receive: Receive) -> dict[str, list[str]]:
    """The fields of a form; what is longer than any of ours reads as empty."""
    body = bytearray()
    while True:
        part = await receive()
        if len(body) <= MOST_FORM:
            body += part.get("body", b"")
        if not part.get("more_body"):
            break
    if len(body) > MOST_FORM:
        return {}
    try:
        return parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=2_000)
    except ValueError:
        return {}


POLICY = b"default-src 'none'; style-src 'unsafe-inline'; form-action 'self'"


async def answer(send: Send, status: int, page: bytes, *, is_head: bool = False, policy: bytes = POLICY) -> None:
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(page)).encode()),
        (b"cache-control", b"no-store"),
        (b"content-security-policy", policy),
        (b"referrer-policy", b"no-referrer"),
        (b"x-robots-tag", b"noindex"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if is_head else page})
