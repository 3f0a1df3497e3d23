"""An import's life: uploaded -> (checking -> checked) -> running -> completed, failed or cancelled."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import msgspec
import orjson

from waypost.contacts.actions.fields import create_field
from waypost.contacts.actions.staged import Merged
from waypost.contacts.actions.subscriptions import lock_lists
from waypost.contacts.actions.tags import lock_tag
from waypost.contacts.queries.fields import list_fields
from waypost.contacts.types import Field
from waypost.imports.errors import StateWrong
from waypost.imports.mapping import check_mapping, is_boolean, make_plan, needs_options, new_fields
from waypost.imports.queries import COLUMNS, get_import
from waypost.imports.rows import Chunk, scan
from waypost.imports.types import (
    Column,
    FieldColumn,
    Import,
    Inspection,
    Options,
    Plan,
    RowError,
    Target,
)
from waypost.kernel.files import Files
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 1_000_000_000


async def store_upload(files: Files, chunks: AsyncIterator[bytes]) -> tuple[str, int]:
    """Write the upload below the data directory; returns its name there and its size."""
    name = files.new_name(".csv")
    return name, await files.write(name, chunks, limit_bytes=MAX_BYTES)


async def create_import(tx: Tx, *, filename: str, file: str, size_bytes: int, found: Inspection) -> Import:
    """Note an upload that could be read, with the suggestions as its first mapping."""
    columns = [msgspec.to_builtins(column) for column in found.columns]
    mapping = [{"index": column.index, "target": column.target} for column in found.columns]
    return await tx.one(
        sql(
            """
            insert into imports.import (workspace_id, filename, file, size_bytes, format, encoding, delimiter, columns,
                row_count_estimate, mapping, options, state, created_at)
            values ({workspace}, {filename}, {file}, {size_bytes}, {format}, {encoding}, {delimiter}, {columns_json}::jsonb,
                {estimate}, {mapping}::jsonb, {options}::jsonb, 'uploaded', {now})
            returning {columns}
            """,
            filename=filename[:250] or "contacts.csv",
            file=file,
            size_bytes=size_bytes,
            format=found.format,
            encoding=found.encoding,
            delimiter=found.delimiter,
            columns_json=_json(columns),
            estimate=found.row_count_estimate,
            mapping=_json(mapping),
            options=_json(msgspec.to_builtins(Options(date_order=found.date_order))),
            columns=COLUMNS,
        ),
        Import,
    )


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


async def set_mapping(
    tx: Tx, import_id: int, *, mapping: Sequence[Target] | None = None, options: Options | None = None
) -> Import:
    """Say where each column goes and what else is to happen; raises every problem at once."""
    item = await _take(tx, import_id, ("uploaded", "checked", "failed"), "changed")
    _refuse_begun(item, "changed")
    columns = [msgspec.convert(column, Column) for column in item.columns]
    if mapping is not None:
        check_mapping(mapping, columns, await list_fields(tx))
    if options is not None:
        await lock_lists(tx, options.list_ids)
        for tag_id in options.tag_ids:
            # lint: no-row-loops because a turn is one of a few tags a person chose
            await lock_tag(tx, tag_id)
    await tx.run(
        sql(
            """
            update imports.import set state = 'uploaded', plan = null, problems = null, error = null,
                mapping = coalesce({mapping}::jsonb, mapping), options = coalesce({options}::jsonb, options)
            where workspace_id = {workspace} and id = {id}
            """,
            id=import_id,
            mapping=None if mapping is None else _json(msgspec.to_builtins(list(mapping))),
            options=None if options is None else _json(msgspec.to_builtins(options)),
        )
    )
    return await get_import(tx, import_id)


async def begin_check(tx: Tx, import_id: int, path: Path) -> Import:
    """Ready for the dry run; the caller enqueues it."""
    item = await _take(tx, import_id, ("uploaded", "checked", "failed"), "checked")
    _refuse_begun(item, "checked")
    plan = await _plan(tx, item, path, is_dry=True)
    return await _begin(tx, item, plan, "checking")


async def begin_import(tx: Tx, import_id: int, path: Path) -> Import:
    """Make the fields the mapping asks for and get ready to run; the caller enqueues it."""
    item = await _take(tx, import_id, ("uploaded", "checked"), "started")
    plan = await _plan(tx, item, path, is_dry=False)
    return await _begin(tx, item, plan, "running")


async def _begin(tx: Tx, item: Import, plan: Plan, state: str) -> Import:
    await tx.run(
        sql(
            """
            update imports.import set state = {state}, plan = {plan}::jsonb, problems = null, error = null,
                rows_done = 0, rows_total = row_count_estimate, created = 0, updated = 0, unchanged = 0,
                skipped = 0, failed = 0, started_at = {now}, finished_at = null
            where workspace_id = {workspace} and id = {id}
            """,
            id=item.id,
            state=state,
            plan=_json(msgspec.to_builtins(plan)),
        )
    )
    return await get_import(tx, item.id)


async def _plan(tx: Tx, item: Import, path: Path, *, is_dry: bool) -> Plan:
    mapping = [msgspec.convert(target, Target) for target in item.mapping]
    columns = [msgspec.convert(column, Column) for column in item.columns]
    options = msgspec.convert(item.options, Options)
    known = await list_fields(tx)
    check_mapping(mapping, columns, known)
    by_id = {field.id: field for field in known}
    placed = {
        target.index: _column_of(target.index, by_id[int(target.target[6:])])
        for target in mapping
        if target.target.startswith("field:")
    }
    wanted = new_fields(mapping)
    choices = await _choices(item, path, [index for index, kind, _ in wanted if needs_options(kind)])
    for index, kind, name in wanted:
        shown = choices.get(index, [])
        if is_dry:
            placed[index] = FieldColumn(index, f"new{index}", name, kind, shown)
        else:
            # lint: no-row-loops because a turn is one of a file's columns
            made = await create_field(
                tx, name=name, type=kind, options=shown or (["Yes", "No"] if needs_options(kind) else [])
            )
            placed[index] = _column_of(index, made)
    return make_plan(mapping, columns, placed, options)


def _column_of(index: int, field: Field) -> FieldColumn:
    return FieldColumn(index, str(field.id), field.name, field.type, field.options)


async def _choices(item: Import, path: Path, indexes: Sequence[int]) -> dict[int, list[str]]:
    """The options that new choice fields get: Yes and No, or whatever the file has."""
    if not indexes:
        return {}
    plan = Plan(width=len(item.columns), email=0)
    found = await asyncio.to_thread(scan, path, item.encoding, item.delimiter, plan, indexes)
    return {index: ["Yes", "No"] if is_boolean(values) else values for index, values in found.choices.items()}


async def _take(tx: Tx, import_id: int, states: Sequence[str], action: str) -> Import:
    """The import, locked, in one of these states."""
    await tx.run(
        sql("select 1 from imports.import where workspace_id = {workspace} and id = {id} for update", id=import_id)
    )
    item = await get_import(tx, import_id)
    if item.state not in states:
        raise StateWrong(state=item.state, action=action)
    return item


def _refuse_begun(item: Import, action: str) -> None:
    """What has rows in goes back by undoing it, not by forgetting what it did."""
    if item.state == "failed" and item.rows_done:
        raise StateWrong(state="failed with rows brought in", action=action)


async def cancel_import(tx: Tx, import_id: int) -> Import:
    """Stop after the chunk at hand; what is in stays in."""
    await _take(tx, import_id, ("uploaded", "checking", "checked", "running", "paused"), "cancelled")
    await tx.run(
        sql(
            """
            update imports.import set state = 'cancelled', finished_at = {now}
            where workspace_id = {workspace} and id = {id}
            """,
            id=import_id,
        )
    )
    tx.wake("live")
    return await get_import(tx, import_id)


async def pause_import(tx: Tx, import_id: int) -> Import:
    """Stop after the chunk at hand, to go on later."""
    await _take(tx, import_id, ("running",), "paused")
    return await _become(tx, import_id, "paused")


async def resume_import(tx: Tx, import_id: int) -> Import:
    """Go on where it stands; the caller enqueues it."""
    await _take(tx, import_id, ("paused",), "resumed")
    return await _become(tx, import_id, "running")


async def begin_undo(tx: Tx, import_id: int) -> Import:
    """Ready to be undone; the caller enqueues it."""
    item = await _take(tx, import_id, ("completed", "failed", "cancelled"), "undone")
    if item.rows_done == 0:
        raise StateWrong(state="without any rows", action="undone")
    return await _become(tx, import_id, "undoing")


async def _become(tx: Tx, import_id: int, state: str) -> Import:
    await tx.run(
        sql(
            "update imports.import set state = {state} where workspace_id = {workspace} and id = {id}",
            state=state,
            id=import_id,
        )
    )
    tx.wake("live")
    return await get_import(tx, import_id)


async def note_chunk(
    tx: Tx, import_id: int, chunk: Chunk, merged: Merged, errors: Sequence[RowError], *, done: int, total: int
) -> None:
    """Progress and errors of a chunk; raises ImportStopped when it is not the next of a running import."""
    moved = await tx.run(
        sql(
            """
            update imports.import set rows_done = rows_done + {count}, rows_total = {total},
                created = created + {created}, updated = updated + {updated}, unchanged = unchanged + {unchanged},
                skipped = skipped + {skipped}, failed = failed + {failed}
            where workspace_id = {workspace} and id = {id} and state = 'running' and rows_done = {done}
            """,
            id=import_id,
            count=chunk.count,
            total=total,
            created=merged.created,
            updated=merged.updated,
            unchanged=merged.unchanged,
            skipped=chunk.outcomes("skipped") + len(merged.known),
            failed=chunk.outcomes("failed"),
            done=done,
        )
    )
    if not moved:
        raise ImportStopped
    await tx.copy(
        "imports.row_error",
        ("workspace_id", "import_id", "number", "part", "line", "outcome", "reason", "message"),
        [
            (tx.workspace_id, import_id, item.number, item.part, item.line, item.outcome, item.reason, item.message)
            for item in errors
        ],
    )
    tx.wake("live")


class ImportStopped(Exception):
    """The import was cancelled or another process runs it: the chunk must be undone."""


async def finish_import(tx: Tx, import_id: int) -> None:
    await _finish(tx, import_id, "running", "completed")


async def finish_check(
    tx: Tx, import_id: int, counts: dict[str, int], total: int, problems: Sequence[RowError]
) -> None:
    """Keep the dry run's counts and first errors."""
    await tx.run(
        sql(
            """
            update imports.import set state = 'checked', finished_at = {now}, rows_done = {total},
                rows_total = {total}, created = {created}, updated = {updated}, unchanged = {unchanged},
                skipped = {skipped}, failed = {failed}, problems = {problems}::jsonb
            where workspace_id = {workspace} and id = {id} and state = 'checking'
            """,
            id=import_id,
            total=total,
            problems=_json([asdict(problem) for problem in problems]),
            **counts,
        )
    )
    tx.wake("live")


async def fail_import(tx: Tx, import_id: int, error: str) -> None:
    """End it with a sentence for the person who started it."""
    await tx.run(
        sql(
            """
            update imports.import set state = 'failed', error = {error}, finished_at = {now}
            where workspace_id = {workspace} and id = {id} and state in ('checking', 'running')
            """,
            id=import_id,
            error=error,
        )
    )
    tx.wake("live")


async def _finish(tx: Tx, import_id: int, before: str, after: str) -> None:
    await tx.run(
        sql(
            """
            update imports.import set state = {after}, finished_at = {now}, rows_total = rows_done
            where workspace_id = {workspace} and id = {id} and state = {before}
            """,
            id=import_id,
            before=before,
            after=after,
        )
    )
    tx.wake("live")
