"""Brings a file in: chunk after chunk, each one transaction with its errors and progress.

    scan ── for each chunk: [ COPY to stage ─ merge into contacts ─ row errors ─ progress ] commit

While PostgreSQL merges one chunk, the next is sent to it over a second session and the one after that is
prepared in a thread. Merging two at once would gain little: they would wait for each other at the end of
every index, and split its pages in halves. After a crash the job starts again, passes over the records
that the progress row says are done, and goes on; since progress is written in the chunk's own
transaction, no record is done twice or left out. Who cancels changes the state, which the next chunk sees.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import msgspec

from waypost.contacts.actions.staged import (
    NOBODY,
    Merged,
    ensure_statistics,
    foresee_rows,
    merge_rows,
    refresh_statistics,
)
from waypost.contacts.actions.subscriptions import lock_lists
from waypost.contacts.actions.tags import ensure_tags, lock_tag
from waypost.contacts.places import Part
from waypost.contacts.types import Status
from waypost.imports.actions import ImportStopped, fail_import, finish_check, finish_import, note_chunk
from waypost.imports.employers import JOINING, foresee_companies, link_companies, name_companies, stage_employers
from waypost.imports.queries import get_import
from waypost.imports.rows import Chunk, Rows, Scan, names_in, scan
from waypost.imports.types import Import, Options, Plan, RowError
from waypost.imports.undo import keep_chunk
from waypost.kernel.errors import Failure
from waypost.kernel.log import log
from waypost.kernel.sql import Sql, join, sql
from waypost.kernel.tx import Actor, Tx
from waypost.kernel.work import Work

CHUNK = 50_000
SHOWN_PROBLEMS = 100
AT_ONCE = 2
ATTEMPTS = 3
PATIENCE = 60
"""Seconds a staged chunk keeps its tags locked while it waits for the one before it, who might wait for one of them."""

_STAGE = sql("select * from import_stage")
_TAGS = sql("select * from import_tag")


@dataclass(frozen=True, slots=True)
class Source:
    """An import with its file and plan at hand."""

    item: Import
    path: Path
    plan: Plan
    options: Options

    def rows(self, found: Scan) -> Rows:
        keep = self.options.rule == "skip"
        return Rows(self.path, self.item.encoding, self.item.delimiter, self.plan, found, keep_lines=keep)


async def run_import(work: Work, import_id: int, *, chunk_size: int = CHUNK) -> None:
    """Bring the file in, from where an earlier run was stopped."""
    work = work.acting_as(Actor("import", import_id))
    source = await _source(work, import_id, state="running")
    if source is None:
        return
    try:
        async with work.transaction() as tx:
            await ensure_statistics(tx)
        found = await asyncio.to_thread(_scan, source)
        await _merge_chunks(work, source, found, chunk_size)
        async with work.transaction() as tx:
            await refresh_statistics(tx)
            await finish_import(tx, import_id)
    except ImportStopped:
        log.info("import stopped", import_id=import_id)
    except Failure as failure:
        async with work.transaction() as tx:
            await fail_import(tx, import_id, failure.detail)


async def check_import(work: Work, import_id: int, *, chunk_size: int = CHUNK) -> None:
    """The dry run: the same reading and the same comparison, and nothing written but the counts."""
    source = await _source(work, import_id, state="checking")
    if source is None:
        return
    counts = {"created": 0, "updated": 0, "unchanged": 0, "skipped": 0, "failed": 0}
    problems: list[RowError] = []
    try:
        found = await asyncio.to_thread(_scan, source)
        async for chunk, _ in _chunks(source, found, start=0, size=chunk_size):
            async with work.transaction() as tx:
                # lint: no-row-loops because a turn is a chunk
                merged = await _foresee(tx, source, chunk)
            errors = chunk.errors + _known_errors(chunk, merged)
            problems += errors[: SHOWN_PROBLEMS - len(problems)]
            counts["created"] += merged.created
            counts["updated"] += merged.updated
            counts["unchanged"] += merged.unchanged
            counts["skipped"] += chunk.outcomes("skipped") + len(merged.known)
            counts["failed"] += chunk.outcomes("failed")
        async with work.transaction() as tx:
            await finish_check(tx, import_id, counts, found.rows_total, problems)
    except Failure as failure:
        async with work.transaction() as tx:
            await fail_import(tx, import_id, failure.detail)


async def _source(work: Work, import_id: int, *, state: str) -> Source | None:
    """The import, unless it is no longer in the state the job was left for."""
    async with work.read() as read:
        item = await get_import(read, import_id)
    if item.state != state or item.plan is None:
        log.info("import passed over", import_id=import_id, state=item.state)
        return None
    plan, options = msgspec.convert(item.plan, Plan), msgspec.convert(item.options, Options)
    return Source(item, work.files.path(item.file), plan, options)


def _scan(source: Source) -> Scan:
    return scan(source.path, source.item.encoding, source.item.delimiter, source.plan)


async def _chunks(source: Source, found: Scan, *, start: int, size: int) -> AsyncIterator[tuple[Chunk, int]]:
    """Chunks with the number of records before them; one is made ahead."""
    rows = source.rows(found)
    await asyncio.to_thread(rows.skip, start)
    done = start
    coming = asyncio.create_task(asyncio.to_thread(rows.next_chunk, size))
    try:
        while (chunk := await coming) is not None:
            coming = asyncio.create_task(asyncio.to_thread(rows.next_chunk, size))
            yield chunk, done
            done += chunk.count
    finally:
        await asyncio.wait([coming])


async def _merge_chunks(work: Work, source: Source, found: Scan, size: int) -> None:
    """All chunks in their order; raises ImportStopped when the import is no longer ours to run."""
    turns: deque[asyncio.Task[None]] = deque()
    try:
        async for chunk, done in _chunks(source, found, start=source.item.rows_done, size=size):
            before = turns[-1] if turns else None
            turns.append(asyncio.create_task(_merge_chunk(work, source, chunk, done, found.rows_total, before)))
            if len(turns) == AT_ONCE:
                # lint: no-row-loops because a turn is a chunk
                await turns.popleft()
        for turn in turns:
            # lint: no-row-loops because these are the last two
            await turn
    finally:
        for turn in turns:
            turn.cancel()
        await asyncio.gather(*turns, return_exceptions=True)


async def _merge_chunk(
    work: Work, source: Source, chunk: Chunk, done: int, total: int, before: asyncio.Task[None] | None
) -> None:
    """The chunk goes in after the one before it; raises ImportStopped when it is not ours to bring in."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            # lint: no-row-loops because a turn is another try
            await _try_chunk(work, source, chunk, done, total, before)
        except (asyncpg.UniqueViolationError, asyncpg.DeadlockDetectedError, TimeoutError):
            # Somebody made one of these contacts at the same moment, or wants what we hold: let go and look again.
            if attempt == ATTEMPTS:
                raise
            log.warning("import chunk tried again", import_id=source.item.id, first=chunk.first)
            if before is not None:
                await before
        else:
            return


async def _try_chunk(
    work: Work, source: Source, chunk: Chunk, done: int, total: int, before: asyncio.Task[None] | None
) -> None:
    if chunk.tag_cells or chunk.employers:
        # On their own, so that no chunk waits for a tag or company that the one behind it is about to make.
        async with work.transaction() as tx:
            await ensure_tags(tx, _tag_names(chunk))
            await name_companies(tx, chunk.employers)
    async with work.transaction() as tx:
        if chunk.staged:
            await _stage(tx, chunk, await ensure_tags(tx, _tag_names(chunk)), source.plan.parts)
        if before is not None:
            await asyncio.wait_for(asyncio.shield(before), PATIENCE)
        merged = await _merge(tx, source, chunk)
        errors = chunk.errors + _known_errors(chunk, merged)
        await note_chunk(tx, source.item.id, chunk, merged, errors, done=done, total=total)
        if merged.created:
            await ensure_statistics(tx)


async def _merge(tx: Tx, source: Source, chunk: Chunk) -> Merged:
    options = source.options
    await lock_lists(tx, options.list_ids)
    for tag_id in options.tag_ids:
        # lint: no-row-loops because a turn is one of a few tags a person chose
        await lock_tag(tx, tag_id)
    if not chunk.staged:
        return Merged(0, 0, 0, ())
    parts = source.plan.parts
    if source.plan.company is not None:
        await stage_employers(tx, chunk.employers, await name_companies(tx, chunk.employers), options.rule)
    merged = await merge_rows(
        tx,
        _STAGE,
        tags=_TAGS,
        tag_ids=options.tag_ids,
        list_ids=options.list_ids,
        rule=options.rule,
        status=Status[options.status.upper()],
        source=f"import {source.item.id}",
        consent=options.consent,
        keep=keep_chunk(source.item.id, chunk.first, parts),
        parts=parts,
        changing=NOBODY if source.plan.company is None else JOINING,
    )
    if source.plan.company is not None:
        await link_companies(tx, source.item.id, chunk.first)
    return merged


async def _foresee(tx: Tx, source: Source, chunk: Chunk) -> Merged:
    if not chunk.staged:
        return Merged(0, 0, 0, ())
    await _stage(tx, chunk, await _known_tags(tx, _tag_names(chunk)), source.plan.parts)
    options = source.options
    if source.plan.company is not None:
        await stage_employers(tx, chunk.employers, await foresee_companies(tx, chunk.employers), options.rule)
    return await foresee_rows(
        tx,
        _STAGE,
        tags=_TAGS,
        tag_ids=options.tag_ids,
        list_ids=options.list_ids,
        rule=options.rule,
        parts=source.plan.parts,
        changing=NOBODY if source.plan.company is None else JOINING,
    )


def _tag_names(chunk: Chunk) -> list[str]:
    return [name for cell in chunk.tag_cells for name in names_in(cell)]


async def _known_tags(tx: Tx, names: Sequence[str]) -> dict[str, int]:
    """Ids of the tags there are; those there are not get ids nobody has."""
    lowered = sorted({name.lower() for name in names})
    rows = await tx.all(
        sql(
            "select lower(name) as name, id from contacts.tag where workspace_id = {workspace} and lower(name) = any({names}::text[])",
            names=lowered,
        )
    )
    known = {row["name"]: row["id"] for row in rows}
    return {name: known.get(name, -1 - place) for place, name in enumerate(lowered)}


async def _stage(tx: Tx, chunk: Chunk, tag_ids: dict[str, int], parts: Sequence[Part]) -> None:
    """The chunk in temporary tables, which go when the transaction ends."""
    columns = join("", [Sql(f", {part} text") for part in parts])
    await tx.run(sql(_TABLE, parts=columns))
    for statement in _SETUP:
        # lint: no-row-loops because these are a few statements
        await tx.run(statement)
    await tx.conn.copy_to_table("import_stage", source=_blocks(chunk.text), schema_name="pg_temp")
    links = [(code, tag_ids[name.lower()]) for code, cell in enumerate(chunk.tag_cells) for name in names_in(cell)]
    await tx.conn.copy_records_to_table("import_tag", records=links, schema_name="pg_temp")


async def _blocks(text: bytes, size: int = 1 << 18) -> AsyncIterator[bytes]:
    view = memoryview(text)
    for start in range(0, len(text), size):
        yield bytes(view[start : start + size])


_TABLE = """
    create temporary table import_stage (number bigint, email text collate "C", first_name text, last_name text,
        phone text, fields jsonb, tag_code integer {parts}) on commit drop
    """
_SETUP: tuple[Sql, ...] = (
    sql("create temporary table import_tag (tag_code integer, tag_id bigint) on commit drop"),
    # The tables may have grown since they were last analysed; their indexes are right at any size.
    sql("set local enable_seqscan = off"),
    # A hash over the few tags leaves the rows in their order, which a merge would take from them.
    sql("set local enable_mergejoin = off"),
    sql("set local work_mem = '64MB'"),
    # A chunk that a power cut takes back is done again: its progress goes with it. Whatever follows from the
    # chunk is committed after it and so waits for its being on disk.
    sql("set local synchronous_commit = off"),
)


def _known_errors(chunk: Chunk, merged: Merged) -> list[RowError]:
    message = "The contact exists, and existing contacts were to be left alone."
    return [
        RowError(number, 0, chunk.lines.get(number, 0), "skipped", "already_exists", message) for number in merged.known
    ]
