"""Reading imports."""

from __future__ import annotations

from collections.abc import AsyncIterator

from waypost.imports.errors import ImportNotFound
from waypost.imports.types import Import, Refusal, RowError
from waypost.kernel.page import Page, decode_cursor, page_of
from waypost.kernel.sql import TRUE, sql
from waypost.kernel.tx import ReadTx

COLUMNS = sql(
    """
    id, filename, file, size_bytes, format, encoding, delimiter, columns, row_count_estimate, mapping, options, plan, state,
    rows_done, rows_total, created, updated, unchanged, skipped, failed, undone, undo_refused,
    problems, error,
    created_at, started_at, finished_at
    """
)
ERRORS_AT_ONCE = 5_000


async def get_import(tx: ReadTx, import_id: int) -> Import:
    found = await tx.maybe(
        sql(
            "select {columns} from imports.import where workspace_id = {workspace} and id = {id}",
            columns=COLUMNS,
            id=import_id,
        ),
        Import,
    )
    if found is None:
        raise ImportNotFound(import_id=import_id)
    return found


async def list_imports(tx: ReadTx, *, limit: int = 50, after: str | None = None) -> Page[Import]:
    """Newest first."""
    behind = TRUE
    if after is not None:
        (last,) = decode_cursor(after, int)
        behind = sql("id < {last}", last=last)
    rows = await tx.all(
        sql(
            """
            select {columns} from imports.import where workspace_id = {workspace} and {behind}
            order by id desc limit {limit}
            """,
            columns=COLUMNS,
            behind=behind,
            limit=limit + 1,
        ),
        Import,
    )
    return page_of(rows, limit, lambda row: row.id)


async def list_row_errors(tx: ReadTx, import_id: int, *, after: tuple[int, int] = (0, -1)) -> list[RowError]:
    """The next errors in the order of the file."""
    return await tx.all(
        sql(
            """
            select number, part, line, outcome, reason, message from imports.row_error
            where workspace_id = {workspace} and import_id = {id} and (number, part) > ({number}, {part})
            order by number, part limit {limit}
            """,
            id=import_id,
            number=after[0],
            part=after[1],
            limit=ERRORS_AT_ONCE,
        ),
        RowError,
    )


async def each_row_error(tx: ReadTx, import_id: int) -> AsyncIterator[RowError]:
    """All errors, a page at a time."""
    place = (0, -1)
    while True:
        # lint: no-row-loops because a turn is a page
        page = await list_row_errors(tx, import_id, after=place)
        for error in page:
            yield error
        if len(page) < ERRORS_AT_ONCE:
            return
        place = (page[-1].number, page[-1].part)


async def list_undo_refusals(tx: ReadTx, import_id: int, *, limit: int = 50, after: str | None = None) -> Page[Refusal]:
    """Contacts that undoing left as they are, with the reason."""
    await get_import(tx, import_id)
    behind = 0 if after is None else decode_cursor(after, int)[0]
    rows = await tx.all(
        sql(
            """
            select contact_id, reason from imports.undo_refusal
            where workspace_id = {workspace} and import_id = {id} and contact_id > {behind}
            order by contact_id limit {limit}
            """,
            id=import_id,
            behind=behind,
            limit=limit + 1,
        ),
        Refusal,
    )
    return page_of(rows, limit, lambda row: row.contact_id)
