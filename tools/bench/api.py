"""The web server: contact/sync through the v3 dialect, a page of 100 contacts, the open pixel.

Prints one JSON line. The caller is a process of its own and is not counted; CPU is user plus system
of the web server's processes, and of PostgreSQL. The baseline is /healthz: a request that does
nothing but ask the database for the number one.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import socket
import subprocess
import sys
from typing import Any

import uvloop

from tools.bench.harness import Bench, Meter, installation, metered, part, report
from waypost.app.setup import first_workspace
from waypost.contacts.counts import fold_counts, sweep_changes
from waypost.delivery.tokens import Tokens
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx
from waypost.messages.actions import create_message

CONTACTS = 100_000
PIXELS = 10_000
CALLERS = 16
REQUESTS = {"health": 4_000, "sync": 6_000, "list": 2_000, "pixel": 20_000}


def drive(port: int, kind: str, count: int, key: str, tokens: list[str]) -> None:
    """The caller: kept-alive connections, each with its share of the requests, one at a time."""
    requests = [_encode(*_request(kind, number, tokens), key) for number in range(count)]

    async def run() -> None:
        loop = asyncio.get_running_loop()
        callers = [Caller(loop.create_future(), requests[number::CALLERS]) for number in range(CALLERS)]
        for caller in callers:
            await loop.create_connection(lambda caller=caller: caller, "127.0.0.1", port)
        await asyncio.gather(*(caller.done for caller in callers))

    uvloop.run(run())


class Caller(asyncio.Protocol):
    """One connection: sends the next request when the answer to the last one is whole."""

    def __init__(self, done: asyncio.Future[None], requests: list[bytes]) -> None:
        self.done = done
        self._requests = iter(requests)
        self._answer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.WriteTransport = transport  # type: ignore[assignment]
        self._next()

    def data_received(self, data: bytes) -> None:
        self._answer += data
        head, found, body = self._answer.partition(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head.lower())
        if not found or (length and len(body) < int(length.group(1))):
            return
        if not length or self._answer[9:12] not in (b"200", b"201"):
            self._fail(self._answer[:300])
            return
        self._answer = b""
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self._fail(b"the connection was closed")

    def _next(self) -> None:
        request = next(self._requests, None)
        if request is not None:
            self._transport.write(request)
        elif not self.done.done():
            self.done.set_result(None)

    def _fail(self, why: bytes) -> None:
        if not self.done.done():
            self.done.set_exception(RuntimeError(why.decode(errors="replace")))


def _encode(method: str, path: str, body: str | None, key: str) -> bytes:
    content = (body or "").encode()
    head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nApi-Token: {key}\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content


def _request(kind: str, number: int, tokens: list[str]) -> tuple[str, str, str | None]:
    if kind == "sync":
        # Two in three are known and change their name, one is new.
        email = f"user{number}@example.com" if number % 3 else f"new{number}@example.com"
        contact = {"email": email, "firstName": f"Ada {number}", "lastName": "Lovelace", "phone": "+44 20 7946 0000"}
        return "POST", "/api/3/contact/sync", json.dumps({"contact": contact})
    if kind == "list":
        return "GET", "/api/v1/contacts?limit=100&sort=email", None
    if kind == "pixel":
        return "GET", f"/o/{tokens[number % len(tokens)]}.gif", None
    return "GET", "/healthz", None


def measure(bench: Bench, server: int, kind: str, count: int, key: str, tokens: list[str]) -> Meter:
    """Let a caller in a process of its own make the requests."""
    given = json.dumps({"port": bench.settings.port, "kind": kind, "count": count, "key": key, "tokens": tokens})
    with metered(server, bench.postgres) as meter:
        subprocess.run([sys.executable, "-m", "tools.bench.api", "--drive"], input=given, text=True, check=True)
    return meter


async def prepare(bench: Bench, contacts: int) -> tuple[str, list[str]]:
    """A workspace with contacts, tags and one sent message; its API key and pixel tokens."""
    made = await first_workspace(bench.settings, name="Bench")
    if made is None:
        raise RuntimeError("the database is not empty")
    db = await bench.open()
    async with db.transaction(made.workspace_id) as tx:
        await _fill(tx, contacts)
    await db.pool.execute("vacuum (analyze)")
    async with db.transaction(made.workspace_id) as tx:
        tokens = await _pixel_tokens(tx)
    await db.close()
    return made.api_key, tokens


async def fold(bench: Bench) -> None:
    """What the worker does every minute: add the changes that the syncs left to the totals."""
    db = await bench.open(max_size=1)
    workspace_id = await db.pool.fetchval("select id from identity.workspace")
    async with db.transaction(workspace_id) as tx:
        await fold_counts(tx)
    await sweep_changes(db.pool)
    await db.close()


async def _fill(tx: Tx, contacts: int) -> None:
    await tx.run(
        sql(
            """
            insert into contacts.contact
                (workspace_id, email, first_name, last_name, phone, fields, created_at, updated_at)
            select {workspace}, 'user' || n || '@example.com', 'First' || n % 5000, 'Last' || n % 20000, '',
                   '{{}}', {now}, {now}
            from generate_series(1, {count}::int) as n
            """,
            count=contacts,
        )
    )
    await tx.run(
        sql(
            """
            with tag as (
                insert into contacts.tag (workspace_id, name, created_at)
                select {workspace}, 'Tag ' || n, {now} from generate_series(1, 3) as n returning id
            )
            insert into contacts.contact_tag (workspace_id, contact_id, tag_id, created_at)
            select {workspace}, c.id, tag.id, {now} from contacts.contact c, tag
            where c.workspace_id = {workspace} and c.id % 3 = tag.id % 3
            """
        )
    )


async def _pixel_tokens(tx: Tx) -> list[str]:
    """Tokens as they stand in messages that were sent, to as many people as are asked for."""
    message = await create_message(tx, name="Bench", subject="Hello")
    rows = await tx.all(
        sql(
            """
            insert into delivery.ledger
                (workspace_id, message_id, contact_id, email, source_kind, source_id, state, due_at, sent_at, created_at)
            select {workspace}, {message_id}, id, email, 2, 1, 2, {now}, {now}, {now}
            from contacts.contact where workspace_id = {workspace} order by id limit {count}
            returning id
            """,
            message_id=message.id,
            count=PIXELS,
        )
    )
    tokens = Tokens.of(tx.settings)
    return [tokens.make(tx.workspace_id, row["id"]).decode() for row in rows]


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=CONTACTS)
    parser.add_argument("--share", type=float, default=1.0, help="of the usual number of requests")
    parser.add_argument("--drive", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.drive:
        drive(**json.load(sys.stdin))
        return
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    with installation(port=port) as bench:
        key, tokens = asyncio.run(prepare(bench, given.contacts))
        with part(bench, "web") as server:
            figures: dict[str, Any] = {"contacts": given.contacts}
            for kind, usual in REQUESTS.items():
                if kind == "pixel" and not tokens:
                    continue
                count = max(CALLERS, int(usual * given.share))
                if kind == "list":
                    asyncio.run(fold(bench))
                measure(bench, server, kind, max(CALLERS, count // 10), key, tokens)
                meter = measure(bench, server, kind, count, key, tokens)
                figures[f"{kind}_cpu_us"] = meter.ours / count * 1e6
                figures[f"{kind}_postgres_cpu_us"] = meter.postgres / count * 1e6
                figures[f"{kind}_per_s"] = count / meter.seconds
                figures["peak_rss_mb"] = max(meter.peak_rss_mb, figures.get("peak_rss_mb", 0.0))
    report("api", **figures)


if __name__ == "__main__":
    main()
