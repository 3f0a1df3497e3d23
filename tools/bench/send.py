"""Sending: the reference message to so many recipients, from the ledger over SMTP and back.

Prints one JSON line. The sender is a process of its own; CPU is user plus system of it and of every
process of PostgreSQL. The sink is another process and does not count.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tools.bench.harness import SECRET, Bench, cpu_seconds, installation, peak_rss_mb, report
from tools.bench.send_setup import set_up, write_certificate
from waypost.activities.partitions import ensure_partitions
from waypost.delivery.actions import queue_messages
from waypost.delivery.outbox import open_outbox
from waypost.delivery.types import SourceKind
from waypost.identity.actions.workspaces import create_workspace
from waypost.kernel.config import Settings
from waypost.kernel.db import BATCHES, Database
from waypost.kernel.files import Files
from waypost.kernel.sql import sql
from waypost.kernel.work import SystemWork
from waypost.messages.actions import create_message


def document() -> dict[str, Any]:
    """About 33 KB of HTML and 9 KB of text, 48 KB on the wire: 17 merge tags, three conditions, 15 links."""
    blocks: list[dict[str, Any]] = [
        {"id": "head", "type": "heading", "props": {"text": "Grüße, %FIRSTNAME|friend%", "level": 1}}
    ]
    prose = (
        "Wörter, die ein Mensch an Menschen schreibt, mit Umlauten und – manchmal – ziemlich langen Gedankenstrichen. "
    )
    for number in range(15):
        tag = ("%FIRSTNAME%", "%LASTNAME%", "%EMAIL%", "%PHONE|unknown%", "%FULLNAME%")[number % 5]
        blocks += [
            {"id": f"t{number}", "type": "text", "props": {"html": f"<p>{prose * 5}{tag}</p>"}},
            {"id": f"b{number}", "type": "button",
             "props": {"label": f"Read part {number}", "href": f"https://example.com/articles/{number}?utm=mail"}},
        ]  # fmt: skip
    for number in range(3):
        condition = {
            "type": "contact_attribute",
            "params": {"attribute": "first_name", "operator": "starts_with", "value": f"First{number}"},
        }
        shown = [{"id": f"y{number}", "type": "text", "props": {"html": "<p>For you only.</p>"}}]
        blocks.append(
            {"id": f"c{number}", "type": "conditional", "props": {}, "condition": condition, "slots": [shown, []]}
        )
    return {"version": 1, "kind": "email", "settings": {}, "blocks": blocks}


async def fill(bench: Bench, count: int, *, signed: bool, limited: bool) -> int:
    """People and their queued messages; returns the workspace."""
    db = await bench.open()
    async with db.pool.acquire() as conn:
        from datetime import UTC, datetime

        await ensure_partitions(conn, now=datetime.now(UTC))  # pyright: ignore[reportArgumentType]
    async with db.transaction(0) as tx:
        workspace_id = (await create_workspace(tx, name="Bench")).id
    async with db.transaction(workspace_id) as tx:
        await tx.run(
            sql(
                """
                insert into contacts.contact
                    (workspace_id, email, first_name, last_name, phone, fields, created_at, updated_at)
                select {workspace}, 'user' || n || '@example' || n % 1000 || '.com', 'First' || n % 5000,
                       case when n % 10 = 0 then 'Lästname' else 'Last' end || n % 20000, '', '{{}}', {now}, {now} from generate_series(1, {count}::int) as n
                """,
                count=count,
            )
        )
        await set_up(tx, signed=signed, limited=limited)
        message = await create_message(
            tx, name="Reference", subject="Grüße an %FIRSTNAME%", preheader="What is new", from_name="Olga",
            from_email="olga@example.com", document=document(),
        )  # fmt: skip
        people = [row["id"] for row in await tx.all(
            sql("select id from contacts.contact where workspace_id = {workspace} order by id")
        )]  # fmt: skip
        for start in range(0, len(people), 10_000):
            part = people[start : start + 10_000]
            await queue_messages(tx, message.id, part, source_kind=SourceKind.CAMPAIGN, source_id=1)
    await db.pool.execute("vacuum (analyze)")
    await db.pool.execute("checkpoint")
    await db.close()
    return workspace_id


async def work(dsn: str, folder: str, smtp_url: str, workspace_id: int) -> None:
    """The sender: waits for a line, sends all there is, says what it cost."""
    from waypost.app.domains import build_registry

    settings = Settings(data_dir=Path(folder), database_url=dsn, secret_key=SECRET, smtp_url=smtp_url)
    registry = build_registry()
    db = await Database.open(dsn, registry=registry, settings=settings, max_size=4, session=BATCHES)
    async with open_outbox(SystemWork(db, settings, registry, Files(settings))) as tick:
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        before, start = sum(os.times()[:2]), time.perf_counter()
        while await tick(workspace_id):
            pass
        used = {"seconds": time.perf_counter() - start, "cpu": sum(os.times()[:2]) - before}
    used["rss_mb"] = peak_rss_mb()
    print(json.dumps(used), flush=True)
    await db.close()


def measure(bench: Bench, given: argparse.Namespace) -> None:
    count, rtt = given.recipients, given.rtt
    workspace_id = asyncio.run(fill(bench, count, signed=given.sign, limited=given.limits))
    options = ["--rtt", str(rtt), *(["--bdat"] if given.bdat else [])]
    environment = dict(os.environ)
    if given.tls:
        certificate = bench.settings.data_dir / "sink.pem"
        write_certificate(certificate)
        options += ["--certificate", str(certificate)]
        environment["SSL_CERT_FILE"] = str(certificate)
    sink = subprocess.Popen(
        [sys.executable, "-m", "tools.bench.smtp_sink", *options], stdout=subprocess.PIPE, text=True
    )
    port = sink.stdout.readline().strip() if sink.stdout else ""
    command = [sys.executable, "-m", "tools.bench.send", "--work", bench.dsn, "--folder", str(bench.settings.data_dir)]
    command += ["--smtp", f"{'smtps' if given.tls else 'smtp'}://127.0.0.1:{port}", "--workspace", str(workspace_id)]
    sender = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
    if sender.stdout:
        sender.stdout.readline()
    postgres = cpu_seconds(bench.postgres)
    out, _ = sender.communicate("go\n")
    postgres = cpu_seconds(bench.postgres) - postgres
    sink.terminate()
    received = int(sink.communicate()[0].strip() or 0)
    used = json.loads(out.strip().splitlines()[-1])
    sent = asyncio.run(count_sent(bench, workspace_id))
    report(
        "send",
        signed=given.sign,
        tls=given.tls,
        limits=given.limits,
        recipients=count,
        sent=sent,
        received=received,
        cpu_us_per_message=used["cpu"] / count * 1e6,
        pg_cpu_us_per_message=postgres / count * 1e6,
        peak_rss_mb=used["rss_mb"],
        **{f"msgs_per_s_at_{rtt:g}ms_rtt" if rtt else "msgs_per_s": count / used["seconds"]},
    )


async def count_sent(bench: Bench, workspace_id: int) -> int:
    db = await bench.open(max_size=1)
    async with db.read(workspace_id) as read:
        statement = sql("select count(*) from delivery.ledger where workspace_id = {workspace} and state = 2")
        sent = await read.value(statement)
    await db.close()
    return int(sent)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recipients", type=int, default=100_000)
    parser.add_argument("--rtt", type=float, default=0.0, help="milliseconds that the sink's answers are late")
    parser.add_argument("--bdat", action="store_true", help="the sink offers CHUNKING")
    parser.add_argument("--sign", action="store_true", help="sign with DKIM, RSA-2048")
    parser.add_argument("--tls", action="store_true", help="send over TLS")
    parser.add_argument("--limits", action="store_true", help="judge each message by limits and a frequency cap")
    parser.add_argument("--work")
    parser.add_argument("--folder", default="")
    parser.add_argument("--smtp", default="")
    parser.add_argument("--workspace", type=int, default=0)
    given = parser.parse_args(arguments)
    if given.work:
        asyncio.run(work(given.work, given.folder, given.smtp, given.workspace))
        return
    with installation() as bench:
        measure(bench, given)


if __name__ == "__main__":
    main()
