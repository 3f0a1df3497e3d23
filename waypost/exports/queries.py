"""Reading exports and schedules."""

from __future__ import annotations

from waypost.exports.errors import ExportNotFound, ScheduleNotFound
from waypost.exports.types import Export, Schedule
from waypost.kernel.page import Page, decode_cursor, page_of
from waypost.kernel.sql import TRUE, sql
from waypost.kernel.tx import ReadTx

COLUMNS = sql(
    """
    id, name, selection, columns, format, file, schedule_id, state, rows_total, rows_done, bytes_done, size_bytes,
    error, created_at, finished_at
    """
)
SCHEDULE_COLUMNS = sql(
    "id, name, selection, columns, format, weekday, at_time, kept, is_active, next_at, created_at, updated_at"
)


async def get_export(tx: ReadTx, export_id: int) -> Export:
    found = await tx.maybe(
        sql(
            "select {columns} from exports.export where workspace_id = {workspace} and id = {id}",
            columns=COLUMNS,
            id=export_id,
        ),
        Export,
    )
    if found is None:
        raise ExportNotFound(export_id=export_id)
    return found


async def list_exports(tx: ReadTx, *, limit: int = 50, after: str | None = None) -> Page[Export]:
    """Newest first."""
    behind = TRUE if after is None else sql("id < {last}", last=decode_cursor(after, int)[0])
    rows = await tx.all(
        sql(
            """
            select {columns} from exports.export where workspace_id = {workspace} and {behind}
            order by id desc limit {limit}
            """,
            columns=COLUMNS,
            behind=behind,
            limit=limit + 1,
        ),
        Export,
    )
    return page_of(rows, limit, lambda row: row.id)


async def get_schedule(tx: ReadTx, schedule_id: int) -> Schedule:
    found = await tx.maybe(
        sql(
            "select {columns} from exports.schedule where workspace_id = {workspace} and id = {id}",
            columns=SCHEDULE_COLUMNS,
            id=schedule_id,
        ),
        Schedule,
    )
    if found is None:
        raise ScheduleNotFound(schedule_id=schedule_id)
    return found


async def list_schedules(tx: ReadTx) -> list[Schedule]:
    """By name."""
    return await tx.all(
        sql(
            "select {columns} from exports.schedule where workspace_id = {workspace} order by name, id",
            columns=SCHEDULE_COLUMNS,
        ),
        Schedule,
    )


async def list_due_workspaces(tx: ReadTx) -> list[int]:
    """Workspaces with a schedule whose time has come."""
    rows = await tx.all(
        sql(
            """
            select w.id from identity.workspace w where exists (
                select 1 from exports.schedule s where s.workspace_id = w.id and s.is_active and s.next_at <= {now})
            """
        )
    )
    return [row["id"] for row in rows]


async def next_part(tx: ReadTx, export_id: int) -> tuple[int, list[int]] | None:
    """The number and the contacts of the first part that is not done."""
    row = await tx.maybe(
        sql(
            """
            select number, contact_ids from exports.part
            where workspace_id = {workspace} and export_id = {id} order by number limit 1
            """,
            id=export_id,
        )
    )
    return None if row is None else (row["number"], list(row["contact_ids"]))
