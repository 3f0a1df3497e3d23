"""Undoing an import: half of the rows change people who are there, the others make new ones; then all goes back.

Prints one JSON line. `restores` is true when every table that an import writes holds the same rows as
before it: as many of them, and the same sum of their hashes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from pathlib import Path

from tools.bench.harness import peak_rss_mb
from tools.bench.import_ import ROWS, Meter, generate, run
from waypost.app.embedded import EmbeddedPostgres
from waypost.app.setup import prepare_database
from waypost.contacts.actions.subscriptions import create_list
from waypost.contacts.manifest import DOMAIN as CONTACTS
from waypost.identity.actions.workspaces import create_workspace
from waypost.imports.actions import begin_undo
from waypost.imports.apply import CHUNK
from waypost.imports.queries import get_import
from waypost.imports.undo import undo_import
from waypost.kernel.config import Settings
from waypost.kernel.db import Database
from waypost.kernel.files import Files
from waypost.kernel.registry import Registry
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import ReadTx
from waypost.kernel.work import Work

TABLES = ("contacts.contact", "contacts.contact_tag", "contacts.subscription", "contacts.consent",
          "contacts.field_value_index")  # fmt: skip


async def fingerprint(read: ReadTx) -> dict[str, tuple[int, int]]:
    """Of each table its rows and the sum of their hashes."""
    found: dict[str, tuple[int, int]] = {}
    for table in TABLES:
        row = await read.one(
            sql(
                "select count(*) as rows, coalesce(sum(hashtextextended(t::text, 0)), 0) as hash "
                "from {table} t where workspace_id = {workspace}",
                table=Sql(table),
            )
        )
        found[table] = (row["rows"], int(row["hash"]))
    return found


async def bench(data: Path, dsn: str, postmaster: int, rows: int) -> dict[str, object]:
    settings = Settings(data_dir=data, database_url=dsn, secret_key="bench")  # noqa: S106
    await prepare_database(settings)
    source, known = data / "rows.csv", data / "known.csv"
    generate(source, rows)
    with source.open(encoding="utf-8") as file, known.open("w", encoding="utf-8") as half:
        half.write(next(file))
        half.writelines(line.replace("+49 30", "+49 31") for number, line in enumerate(file) if number % 2)
    db = await Database.open(settings.database_url, registry=Registry((CONTACTS,)), settings=settings, max_size=3)
    async with db.transaction(0) as tx:
        workspace_id = (await create_workspace(tx, name="Bench")).id
    async with db.transaction(workspace_id) as tx:
        await create_list(tx, name="News")
    work = Work(db=db, settings=settings, registry=db.registry, files=Files(settings), workspace_id=workspace_id)
    await run(work, known, rows // 2, postmaster, CHUNK)
    async with work.read() as read:
        before = await fingerprint(read)
    _, item = await run(work, source, rows, postmaster, CHUNK)
    async with work.read() as read:
        between = await fingerprint(read)
    async with work.transaction() as tx:
        await begin_undo(tx, item.id)
    meter = Meter(postmaster)
    await undo_import(work, item.id)
    cost = meter.read()
    async with work.read() as read:
        after, undone = await fingerprint(read), await get_import(read, item.id)
    await db.close()
    return {
        "bench": "undo",
        "rows": rows,
        "created": item.created,
        "updated": item.updated,
        "undone": undone.undone,
        "refused": undone.undo_refused,
        "restores": before == after != between,
        "rows_per_s": round(undone.undone / cost.wall),
        "our_us_per_row": round(cost.ours / undone.undone * 1e6, 2),
        "pg_us_per_row": round(cost.postgres / undone.undone * 1e6, 2),
        "peak_rss_mb": round(peak_rss_mb(), 1),
    }


def main(arguments: list[str] | None = None) -> int:
    """Run it in a folder of its own."""
    parser = argparse.ArgumentParser(prog="bench undo", description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        data.chmod(0o755)
        server = EmbeddedPostgres(data)
        try:
            dsn = server.start()
            print(json.dumps(asyncio.run(bench(data, dsn, server.pid or 0, options.rows))), flush=True)
        finally:
            server.stop()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
