"""The import: generated rows become contacts on a list with tags, then the same file once more.

Prints one JSON line. The file goes the way of a user's upload: understood, mapped as suggested, and
run by the job. CPU is user plus system, of this process and of every process of PostgreSQL. The
comparison is a bare COPY of the same file into one table without an index, in the same run.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import resource
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from waypost.app.embedded import EmbeddedPostgres
from waypost.app.setup import prepare_database
from waypost.contacts.actions.subscriptions import create_list
from waypost.contacts.manifest import DOMAIN as CONTACTS
from waypost.contacts.queries.fields import list_fields
from waypost.identity.actions.workspaces import create_workspace
from waypost.imports.actions import begin_import, create_import, set_mapping
from waypost.imports.apply import CHUNK, run_import
from waypost.imports.mapping import inspect
from waypost.imports.queries import get_import
from waypost.imports.types import Import, Options
from waypost.kernel.config import Settings
from waypost.kernel.db import Database
from waypost.kernel.files import Files
from waypost.kernel.registry import Registry
from waypost.kernel.sql import sql
from waypost.kernel.work import Work

ROWS = 1_000_000
TICKS = os.sysconf("SC_CLK_TCK")
FIRST = "Ada Grace Linus Katherine Mary Radia Alan Edsger Barbara Donald Tina Oliver Iwo Lucía Julia Otávio".split()
LAST = "Lovelace Hopper Johnson Jackson Perlman Turing Liskov Knuth Flores Grys Soria Aguilar Souza Müller".split()
CITIES = [f"City {number}" for number in range(2_000)]
TAGS = ["Trial", "VIP", "Customer", "Newsletter", "", "Partner", "Trial, VIP", ""]


@dataclass(frozen=True)
class Cost:
    """Wall clock, our CPU and PostgreSQL's, in seconds."""

    wall: float
    ours: float
    postgres: float


class Meter:
    """Started before, read after."""

    def __init__(self, postmaster: int) -> None:
        self._postmaster = postmaster
        self._wall, self._ours, self._postgres = time.perf_counter(), time.process_time(), self._server()

    def read(self) -> Cost:
        return Cost(time.perf_counter() - self._wall, time.process_time() - self._ours, self._server() - self._postgres)

    def _server(self) -> float:
        total = 0
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(entry.name) == self._postmaster:
                total += sum(int(item) for item in fields[11:15])
            elif int(fields[1]) == self._postmaster:
                total += sum(int(item) for item in fields[11:13])
        return total / TICKS


def generate(path: Path, rows: int) -> None:
    """A file like those people bring: mixed-case addresses, a few bad ones, few repeats."""
    chance = random.Random(7)
    pick, roll = chance.choice, chance.random
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("E-Mail,First name,Last name,Phone,City,Tags\n")
        for number in range(rows):
            first, last = pick(FIRST), pick(LAST)
            email = (
                f"{first}.{last}{number}@example{number % 97}.com"
                if number % 10 == 0
                else f"contact{number}@mail{number % 97}.example.com"
            )
            odd = roll()
            if odd < 0.001:
                email = email.replace("@", "")
            elif odd < 0.003:
                email = f"contact{max(1, number - 7)}@mail{max(1, number - 7) % 97}.example.com"
            file.write(f'{email},{first},{last},+49 30 {number:07d},{pick(CITIES)},"{pick(TAGS)}"\n')


async def prepare(work: Work, source: Path, rows: int) -> Import:
    """What upload, mapping and start do over HTTP."""
    name = work.files.new_name(".csv")
    target = work.files.path(name)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.hardlink_to(source)
    async with work.read() as read:
        found = inspect(target, await list_fields(read))
        list_id = await read.value(sql("select min(id) from contacts.list where workspace_id = {workspace}"))
    async with work.transaction() as tx:
        item = await create_import(tx, filename="people.csv", file=name, size_bytes=rows, found=found)
        await set_mapping(tx, item.id, options=Options(list_ids=[list_id]))
        return await begin_import(tx, item.id, target)


async def run(work: Work, source: Path, rows: int, postmaster: int, chunk: int) -> tuple[Cost, Import]:
    item = await prepare(work, source, rows)
    meter = Meter(postmaster)
    await run_import(work, item.id, chunk_size=chunk)
    cost = meter.read()
    async with work.read() as read:
        return cost, await get_import(read, item.id)


async def bare_copy(work: Work, source: Path, postmaster: int) -> Cost:
    async with work.db.pool.acquire() as conn:
        await conn.execute(
            "create table if not exists public.bench_copy (a text, b text, c text, d text, e text, f text)"
        )
        meter = Meter(postmaster)
        await conn.copy_to_table("bench_copy", source=str(source), format="csv", header=True, schema_name="public")
        cost = meter.read()
        await conn.execute("drop table public.bench_copy")
    return cost


async def bench(data: Path, dsn: str, postmaster: int, rows: int, chunk: int) -> dict[str, object]:
    settings = Settings(data_dir=data, database_url=dsn, secret_key="bench")  # noqa: S106
    await prepare_database(settings)
    source = data / "rows.csv"
    generate(source, rows)
    db = await Database.open(settings.database_url, registry=Registry((CONTACTS,)), settings=settings, max_size=3)
    async with db.transaction(0) as tx:
        workspace_id = (await create_workspace(tx, name="Bench")).id
    async with db.transaction(workspace_id) as tx:
        await create_list(tx, name="News")
    work = Work(db=db, settings=settings, registry=db.registry, files=Files(settings), workspace_id=workspace_id)
    copy = await bare_copy(work, source, postmaster)
    first, item = await run(work, source, rows, postmaster, chunk)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    again, second = await run(work, source, rows, postmaster, chunk)
    assert (second.created, second.updated) == (0, 0), second
    async with db.read(workspace_id) as read:
        facts = await read.value(sql("select count(*) from activities.fact where workspace_id = {workspace}"))
    await db.close()
    return {
        "bench": "import",
        "rows": rows,
        "rows_per_s": round(rows / first.wall),
        "cpu_us_per_row": round((first.ours + first.postgres) / rows * 1e6, 2),
        "our_us_per_row": round(first.ours / rows * 1e6, 2),
        "pg_us_per_row": round(first.postgres / rows * 1e6, 2),
        "peak_rss_mb": peak,
        "reimport_rows_per_s": round(rows / again.wall),
        "reimport_cpu_us_per_row": round((again.ours + again.postgres) / rows * 1e6, 2),
        "copy_cpu_us_per_row": round((copy.ours + copy.postgres) / rows * 1e6, 2),
        "ratio_to_copy": round((first.ours + first.postgres) / (copy.ours + copy.postgres), 1),
        "created": item.created,
        "skipped": item.skipped,
        "failed": item.failed,
        "facts": facts,
        "chunk": chunk,
    }


def main(arguments: list[str] | None = None) -> int:
    """Run it in a folder of its own."""
    parser = argparse.ArgumentParser(prog="bench import", description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--chunk", type=int, default=CHUNK)
    parser.add_argument("--quick", action="store_true", help="a tenth of the rows")
    options = parser.parse_args(arguments)
    rows = options.rows // 10 if options.quick else options.rows
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        data.chmod(0o755)
        server = EmbeddedPostgres(data)
        try:
            dsn = server.start()
            print(json.dumps(asyncio.run(bench(data, dsn, server.pid or 0, rows, options.chunk))), flush=True)
        finally:
            server.stop()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
