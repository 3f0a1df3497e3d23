"""Exports and their schedules over HTTP."""

from __future__ import annotations

from litestar import delete, get, patch, post
from litestar.response import File as Download

from waypost.exports.actions import (
    cancel_export,
    create_export,
    create_schedule,
    delete_export,
    delete_schedule,
    update_schedule,
)
from waypost.exports.columns import default_columns, headers_of
from waypost.exports.errors import ExportNotReady
from waypost.exports.jobs import WriteExport
from waypost.exports.queries import get_export, list_exports, list_schedules
from waypost.exports.schemas import (
    ColumnList,
    ColumnOut,
    ExportBody,
    ExportList,
    ExportOut,
    ScheduleBody,
    ScheduleList,
    ScheduleOut,
    SchedulePatch,
)
from waypost.kernel.files import Files
from waypost.kernel.tx import ReadTx, Tx


@get("/api/v1/exports")
async def read_exports(read: ReadTx, limit: int = 50, after: str | None = None) -> ExportList:
    page = await list_exports(read, limit=max(1, min(limit, 100)), after=after)
    return ExportList(items=[ExportOut.of(item) for item in page.items], next=page.next)


@get("/api/v1/exports/columns")
async def read_columns(read: ReadTx) -> ColumnList:
    names = await default_columns(read)
    labels = await headers_of(read, names)
    return ColumnList(items=[ColumnOut(name=name, label=label) for name, label in zip(names, labels, strict=True)])


@post("/api/v1/exports", status_code=202)
async def begin(data: ExportBody, tx: Tx, files: Files) -> ExportOut:
    made = await create_export(tx, files, data.selection, columns=data.columns, file_format=data.format, name=data.name)
    await tx.enqueue(WriteExport(export_id=made.id))
    return ExportOut.of(made)


@get("/api/v1/exports/{export_id:int}")
async def read_export(export_id: int, read: ReadTx) -> ExportOut:
    return ExportOut.of(await get_export(read, export_id))


@post("/api/v1/exports/{export_id:int}/cancel", status_code=200)
async def cancel(export_id: int, tx: Tx) -> ExportOut:
    return ExportOut.of(await cancel_export(tx, export_id))


@delete("/api/v1/exports/{export_id:int}")
async def drop(export_id: int, tx: Tx, files: Files) -> None:
    await delete_export(tx, files, export_id)


@get("/api/v1/exports/{export_id:int}/file")
async def download(export_id: int, read: ReadTx, files: Files) -> Download:
    export = await get_export(read, export_id)
    path = files.path(export.file)
    if export.state != "completed" or not path.is_file():
        raise ExportNotReady(state=export.state)
    return Download(
        path,
        filename=f"contacts-{export.created_at:%Y-%m-%d}-{export.id}.{export.format}",
        media_type="application/octet-stream",
        content_disposition_type="attachment",
    )


@get("/api/v1/export-schedules")
async def read_schedules(read: ReadTx) -> ScheduleList:
    return ScheduleList(items=[ScheduleOut.of(item) for item in await list_schedules(read)])


@post("/api/v1/export-schedules")
async def add_schedule(data: ScheduleBody, tx: Tx) -> ScheduleOut:
    made = await create_schedule(
        tx,
        data.selection,
        name=data.name,
        columns=data.columns,
        file_format=data.format,
        weekday=data.weekday,
        at_time=data.at_time,
        kept=data.kept,
    )
    return ScheduleOut.of(made)


@patch("/api/v1/export-schedules/{schedule_id:int}")
async def change_schedule(schedule_id: int, data: SchedulePatch, tx: Tx) -> ScheduleOut:
    return ScheduleOut.of(await update_schedule(tx, schedule_id, data.changes()))


@delete("/api/v1/export-schedules/{schedule_id:int}")
async def drop_schedule(schedule_id: int, tx: Tx) -> None:
    await delete_schedule(tx, schedule_id)


ROUTES = (
    read_exports,
    read_columns,
    begin,
    read_export,
    cancel,
    drop,
    download,
    read_schedules,
    add_schedule,
    change_schedule,
    drop_schedule,
)
