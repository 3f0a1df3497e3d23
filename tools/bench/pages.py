"""Pages of the contact list, at any depth and by search, over many contacts: the slowest of each kind.

Prints one JSON line with milliseconds.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from pathlib import Path

from waypost.app.embedded import EmbeddedPostgres
from waypost.app.setup import prepare_database
from waypost.contacts.manifest import DOMAIN as CONTACTS
from waypost.contacts.queries.contacts import SortName, list_contacts
from waypost.contacts.queries.profiles import encode_page
from waypost.contacts.types import Filter
from waypost.identity.actions.workspaces import create_workspace
from waypost.kernel.config import Settings
from waypost.kernel.db import Database
from waypost.kernel.registry import Registry
from waypost.kernel.sql import Sql, sql

SORTS: tuple[SortName, ...] = ("-created_at", "email", "name", "-name")
SEARCHES = ("contact77777", "contact1", "c", "first12", "last9", "first1 last2", "nobody")
ROUNDS = 8


def fill(rows: int) -> Sql:
    return sql(
        """
        insert into contacts.contact (workspace_id, email, first_name, last_name, created_at, updated_at)
        select {workspace}, 'contact' || n || '@example.com', 'First' || n % 5003, 'Last' || n % 9973,
               {now} + n * interval '1 second', {now} from generate_series(1, {rows}::int) as n
        """,
        rows=rows,
    )


TAGGED = sql(
    """
    insert into contacts.contact_tag (workspace_id, contact_id, tag_id, created_at)
    select {workspace}, id, case when id % 1000 = 0 then 2 else 1 end, {now} from contacts.contact
    where workspace_id = {workspace} and (id % 3 = 0 or id % 1000 = 0)
    """
)


async def bench(data: Path, dsn: str, rows: int) -> dict[str, object]:
    settings = Settings(data_dir=data, database_url=dsn, secret_key="bench")  # noqa: S106
    await prepare_database(settings)
    db = await Database.open(dsn, registry=Registry((CONTACTS,)), settings=settings, max_size=2)
    async with db.transaction(0) as tx:
        workspace_id = (await create_workspace(tx, name="Bench")).id
    async with db.transaction(workspace_id) as tx:
        for statement in (fill(rows), TAGGED):
            # lint: no-row-loops because these are two statements
            await tx.run(statement)
    async with db.pool.acquire() as conn:
        await conn.execute("vacuum analyze contacts.contact")
        await conn.execute("vacuum analyze contacts.contact_tag")
    found: dict[str, object] = {"bench": "pages", "rows": rows}
    async with db.read(workspace_id) as read:
        for sort in SORTS:
            worst, cursor = 0.0, None
            for _ in range(ROUNDS):
                began = time.perf_counter()
                # lint: no-row-loops because pages are what is measured
                page = await list_contacts(read, sort=sort, limit=100, after=cursor)
                worst, cursor = max(worst, time.perf_counter() - began), page.next
                # lint: no-row-loops because the next page is far away
                deep = await list_contacts(read, sort=sort, limit=1, after=cursor, offset=rows // 10)
                cursor = deep.next or cursor
            found[f"sort {sort}"] = round(worst * 1000, 1)
        for wanted in [*(Filter(search=text) for text in SEARCHES), Filter(tag_id=1), Filter(tag_id=2)]:
            worst = 0.0
            for _ in range(ROUNDS):
                began = time.perf_counter()
                # lint: no-row-loops because pages are what is measured
                await encode_page(read, wanted, sort="-created_at", limit=100, after=None)
                worst = max(worst, time.perf_counter() - began)
            found[wanted.search or f"tag {wanted.tag_id}"] = round(worst * 1000, 1)
    await db.close()
    return found


def main(arguments: list[str] | None = None) -> int:
    """Run it in a folder of its own."""
    parser = argparse.ArgumentParser(prog="bench pages", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--quick", action="store_true", help="a tenth of the rows")
    options = parser.parse_args(arguments)
    rows = options.rows // 10 if options.quick else options.rows
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        data.chmod(0o755)
        server = EmbeddedPostgres(data)
        try:
            print(json.dumps(asyncio.run(bench(data, server.start(), rows))), flush=True)
        finally:
            server.stop()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
