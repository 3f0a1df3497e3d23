"""The web server: contact/sync through the v3 dialect, a page of 100 contacts, the open pixel.

Prints one JSON line. The caller is a process of its own and is not counted; CPU is user plus system
of the web server's processes, and of PostgreSQL. The baseline is /healthz: a request that does
nothing but ask the database for the number one.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import json
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tools.bench.harness import Bench, Meter, installation, metered, part, report
from waypost.app.setup import first_workspace
from waypost.delivery.tokens import Tokens
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx
from waypost.messages.actions import create_message

CONTACTS = 100_000
PIXELS = 10_000
CALLERS = 4
REQUESTS = {"health": 4_000, "sync": 6_000, "list": 2_000, "pixel": 20_000}


def drive(port: int, kind: str, count: int, key: str, tokens: list[str]) -> None:
    """The caller: kept-alive connections, each with its share of the requests."""
    with ThreadPoolExecutor(CALLERS) as pool:
        for done in [pool.submit(_call, port, kind, range(n, count, CALLERS), key, tokens) for n in range(CALLERS)]:
            done.result()


def _call(port: int, kind: str, numbers: range, key: str, tokens: list[str]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for number in numbers:
        method, path, body = _request(kind, number, tokens)
        connection.request(method, path, body, {"Api-Token": key, "Content-Type": "application/json"})
        answer = connection.getresponse()
        content = answer.read()
        if answer.status not in (200, 201):
            raise RuntimeError(f"{path} answered {answer.status}: {content[:300]!r}")


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
                measure(bench, server, kind, max(CALLERS, count // 10), key, tokens)
                meter = measure(bench, server, kind, count, key, tokens)
                figures[f"{kind}_cpu_us"] = meter.ours / count * 1e6
                figures[f"{kind}_postgres_cpu_us"] = meter.postgres / count * 1e6
                figures[f"{kind}_per_s"] = count / meter.seconds
                figures["peak_rss_mb"] = max(meter.peak_rss_mb, figures.get("peak_rss_mb", 0.0))
    report("api", **figures)


if __name__ == "__main__":
    main()
