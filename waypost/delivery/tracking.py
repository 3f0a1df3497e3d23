"""Opens and clicks: raw ASGI before the framework, written in small batches.

A request is verified by its token and noted; every 40 ms the notes of a workspace become one
transaction: counters in the ledger and facts in the log. A click is answered after that, so a click
a person saw the result of is never lost; a pixel is answered at once.
"""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from typing import Any
from urllib.parse import quote

from litestar.types import Receive, Scope, Send

from waypost.activities.actions import record_copy
from waypost.delivery.facts import LinkClicked, MessageOpened
from waypost.delivery.token import Tokens
from waypost.kernel.log import log
from waypost.kernel.registry import Fact
from waypost.kernel.sql import sql
from waypost.kernel.tx import Actor, ReadTx, Tx
from waypost.kernel.work import SystemWork
from waypost.messages.compile import text_function
from waypost.messages.queries import get_recipient_row, list_columns
from waypost.messages.template import Columns, parse_template

FLUSH_SECONDS = 0.04
MOST_WAITING = 50_000
GIF = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00"
    b",\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)
_GIF_START: Any = {
    "type": "http.response.start",
    "status": 200,
    "headers": [
        (b"content-type", b"image/gif"),
        (b"content-length", str(len(GIF)).encode()),
        (b"cache-control", b"no-store, private"),
    ],
}
_GIF_BODY: Any = {"type": "http.response.body", "body": GIF, "more_body": False}
GONE = (
    b"<!doctype html><html lang='en'><meta charset='utf-8'><title>Link not found</title>"
    b"<body style='font:16px/1.5 sans-serif;margin:4rem auto;max-width:30rem;padding:0 1rem'>"
    b"<h1>This link is not complete</h1><p>It may have been broken on its way. Please use the link in the "
    b"message again, or write to the sender.</p></body></html>"
)
_TAGGED = re.compile(r"%[A-Z]|\{\{")


class Notes:
    """What happened since the last flush, by workspace: (ledger id, link number or 0, address)."""

    def __init__(self, work: SystemWork) -> None:
        self._work = work
        self._waiting: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
        self._count = 0
        self._flushing: asyncio.Task[None] | None = None
        self._written: asyncio.Future[None] | None = None

    def add(self, workspace_id: int, ledger_id: int, number: int = 0, url: str = "") -> asyncio.Future[None]:
        """Note an event; the future is done when it is in the database."""
        if self._count < MOST_WAITING:
            self._waiting[workspace_id].append((ledger_id, number, url))
            self._count += 1
        if self._written is None:
            self._written = asyncio.get_running_loop().create_future()
        if self._flushing is None:
            self._flushing = asyncio.create_task(self._flush_soon())
        return self._written

    async def _flush_soon(self) -> None:
        await asyncio.sleep(FLUSH_SECONDS)
        await self.flush()
        self._flushing = None
        if self._count:
            self._flushing = asyncio.create_task(self._flush_soon())

    async def flush(self) -> None:
        waiting, self._waiting = self._waiting, defaultdict(list)
        written, self._written = self._written, None
        self._count = 0
        failure: Exception | None = None
        for workspace_id, events in waiting.items():
            try:
                async with self._work.db.transaction(workspace_id, actor=Actor("contact")) as tx:
                    await write_events(tx, events)
            except Exception as error:  # noqa: BLE001 - other workspaces' events must still be written
                failure = error
                log.error("opens and clicks could not be written", workspace_id=workspace_id, exc_info=error)
        if written is not None and not written.done():
            if failure is None:
                written.set_result(None)
            else:
                written.set_exception(failure)
                written.exception()

    async def close(self) -> None:
        if self._flushing is not None:
            self._flushing.cancel()
        await self.flush()


async def write_events(tx: Tx, events: list[tuple[int, int, str]]) -> None:
    """Counters and facts of a flush, in one transaction."""
    opens: dict[int, int] = defaultdict(int)
    clicks: dict[int, int] = defaultdict(int)
    for ledger_id, number, _ in events:
        (clicks if number else opens)[ledger_id] += 1
    ids = sorted({*opens, *clicks})
    rows = await tx.all(
        sql(
            """
            with seen as (
                select * from unnest({ids}::bigint[], {opens}::int[], {clicks}::int[]) as s (id, opens, clicks)
            ),
            locked as (
                select l.id from delivery.ledger l join seen on seen.id = l.id
                where l.workspace_id = {workspace} order by l.id for update of l
            )
            update delivery.ledger l set
                open_count = l.open_count + seen.opens, click_count = l.click_count + seen.clicks,
                opened_at = case when seen.opens > 0 then coalesce(l.opened_at, {now}) else l.opened_at end,
                clicked_at = case when seen.clicks > 0 then coalesce(l.clicked_at, {now}) else l.clicked_at end
            from seen join locked using (id)
            where l.workspace_id = {workspace} and l.id = seen.id
            returning l.id, l.message_id, l.contact_id
            """,
            ids=ids,
            opens=[opens.get(item, 0) for item in ids],
            clicks=[clicks.get(item, 0) for item in ids],
        )
    )
    found = {row["id"]: (row["message_id"], row["contact_id"]) for row in rows}
    facts: list[tuple[int, Fact]] = []
    for ledger_id, number, url in events:
        message_id, contact_id = found.get(ledger_id, (0, 0))
        if contact_id:
            facts.append(
                (
                    contact_id,
                    LinkClicked(message_id=message_id, link=number, url=url)
                    if number
                    else MessageOpened(message_id=message_id),
                )
            )
    await record_copy(tx, facts)
    await tx.notify("live")


class Pixel:
    """GET /o/<token>.gif"""

    def __init__(self, work: SystemWork, notes: Notes | None = None) -> None:
        self._tokens = Tokens(work.settings)
        self._notes = notes or Notes(work)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del receive
        found = self._tokens.read(scope["path"][3:].removesuffix(".gif"))  # type: ignore[typeddict-item]
        if found is not None and scope["method"] == "GET":  # type: ignore[typeddict-item]
            self._notes.add(*found)
        await send(_GIF_START)
        await send(_GIF_BODY)

    async def close(self) -> None:
        await self._notes.close()


class Click:
    """GET /c/<token>/<number> leads to the registered address."""

    def __init__(self, work: SystemWork, notes: Notes | None = None) -> None:
        self._work = work
        self._tokens = Tokens(work.settings)
        self._notes = notes or Notes(work)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del receive
        token, _, number = scope["path"][3:].partition("/")  # type: ignore[typeddict-item]
        found = self._tokens.read(token)
        url = None
        if found is not None and number.isdigit() and len(number) < 10:
            async with self._work.db.read(found[0]) as read:
                url = await find_target(read, found[1], int(number))
            if url is not None and scope["method"] == "GET":  # type: ignore[typeddict-item]
                await self._notes.add(*found, int(number), url)
        await _answer(send, url)

    async def close(self) -> None:
        await self._notes.close()


async def _answer(send: Send, url: str | None) -> None:
    if url is None:
        headers = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(len(GONE)).encode())]
        await send({"type": "http.response.start", "status": 404, "headers": headers})  # type: ignore[typeddict-item]
        await send({"type": "http.response.body", "body": GONE, "more_body": False})
        return
    location = quote(url, safe=":/?#[]@!$&'()*+,;=%~-._").encode()
    headers = [(b"location", location), (b"content-length", b"0"), (b"cache-control", b"no-store, private")]
    await send({"type": "http.response.start", "status": 302, "headers": headers})  # type: ignore[typeddict-item]
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def find_target(read: ReadTx, ledger_id: int, number: int) -> str | None:
    """The address behind a link of a delivery, with the recipient's values where it has tags."""
    row = await read.maybe(
        sql(
            """
            select k.url, l.contact_id from delivery.ledger l
            join messages.link k on k.workspace_id = l.workspace_id and k.message_id = l.message_id
            where l.workspace_id = {workspace} and l.id = {ledger_id} and k.number = {number}
            """,
            ledger_id=ledger_id,
            number=number,
        )
    )
    if row is None:
        return None
    if not _TAGGED.search(row["url"]):
        return str(row["url"])
    known = await list_columns(read)
    columns = Columns(known)
    parts = parse_template(row["url"], columns, is_html=False)
    values = await get_recipient_row(read, row["contact_id"], columns.used, [], known)
    blank = ("", *("" for _ in columns.used))
    return text_function(parts, columns, 0, escape=lambda value: quote(value, safe=""))(values or blank)


def raw_routes() -> dict[str, Any]:
    """The prefixes served before the framework."""
    return {"/o/": Pixel, "/c/": Click}
