"""Uploading, mapping, checking and running imports."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any

from litestar import Request, get, patch, post
from litestar.params import Parameter
from litestar.response import Stream

from waypost.contacts.queries.fields import list_fields
from waypost.imports.actions import (
    MAX_BYTES,
    begin_check,
    begin_import,
    begin_undo,
    cancel_import,
    create_import,
    pause_import,
    resume_import,
    set_mapping,
    store_upload,
)
from waypost.imports.jobs import CheckImport, RunImport, UndoImport
from waypost.imports.mapping import inspect
from waypost.imports.queries import get_import, list_imports, list_undo_refusals
from waypost.imports.report import write_report
from waypost.imports.schemas import ImportList, ImportOut, ImportPatch, RefusalList, RefusalOut, shown
from waypost.imports.upload import Upload
from waypost.kernel.errors import Failure
from waypost.kernel.files import Files
from waypost.kernel.http.auth import Caller
from waypost.kernel.tx import ReadTx, Tx
from waypost.kernel.work import SystemWork


@post("/api/v1/imports", request_max_body_size=MAX_BYTES + 100_000)
async def upload_import(request: Request[Any, Any, Any], caller: Caller, work: SystemWork, files: Files) -> ImportOut:
    upload = Upload(request.headers.get("content-type", ""), request.stream())
    name, size = await store_upload(files, upload.chunks())
    try:
        async with work.db.read(caller.workspace_id) as read:
            fields = await list_fields(read)
        found = await asyncio.to_thread(inspect, files.path(name), fields)
        async with work.db.transaction(caller.workspace_id, actor=caller.actor) as tx:
            return shown(await create_import(tx, filename=upload.filename, file=name, size_bytes=size, found=found))
    except Failure:
        files.delete(name)
        raise


@get("/api/v1/imports")
async def read_imports(
    read: ReadTx, limit: Annotated[int, Parameter(ge=1, le=200)] = 50, after: str | None = None
) -> ImportList:
    page = await list_imports(read, limit=limit, after=after)
    return ImportList(items=[shown(item) for item in page.items], next=page.next)


@get("/api/v1/imports/{import_id:int}")
async def read_import(import_id: int, read: ReadTx) -> ImportOut:
    return shown(await get_import(read, import_id))


@patch("/api/v1/imports/{import_id:int}")
async def change_import(import_id: int, data: ImportPatch, tx: Tx) -> ImportOut:
    return shown(await set_mapping(tx, import_id, mapping=data.targets, options=data.chosen()))


@post("/api/v1/imports/{import_id:int}/dry-run", status_code=202)
async def check(import_id: int, tx: Tx, files: Files) -> ImportOut:
    item = await get_import(tx, import_id)
    begun = await begin_check(tx, import_id, files.path(item.file))
    await tx.enqueue(CheckImport(import_id=import_id))
    return shown(begun)


@post("/api/v1/imports/{import_id:int}/start", status_code=202)
async def start(import_id: int, tx: Tx, files: Files) -> ImportOut:
    item = await get_import(tx, import_id)
    begun = await begin_import(tx, import_id, files.path(item.file))
    await tx.enqueue(RunImport(import_id=import_id))
    return shown(begun)


@post("/api/v1/imports/{import_id:int}/cancel", status_code=200)
async def cancel(import_id: int, tx: Tx) -> ImportOut:
    return shown(await cancel_import(tx, import_id))


@post("/api/v1/imports/{import_id:int}/pause", status_code=200)
async def pause(import_id: int, tx: Tx) -> ImportOut:
    return shown(await pause_import(tx, import_id))


@post("/api/v1/imports/{import_id:int}/resume", status_code=202)
async def resume(import_id: int, tx: Tx) -> ImportOut:
    resumed = await resume_import(tx, import_id)
    await tx.enqueue(RunImport(import_id=import_id))
    return shown(resumed)


@post("/api/v1/imports/{import_id:int}/undo", status_code=202)
async def undo(import_id: int, tx: Tx) -> ImportOut:
    begun = await begin_undo(tx, import_id)
    await tx.enqueue(UndoImport(import_id=import_id))
    return shown(begun)


@get("/api/v1/imports/{import_id:int}/undo-refusals")
async def read_refusals(
    import_id: int, read: ReadTx, limit: Annotated[int, Parameter(ge=1, le=200)] = 50, after: str | None = None
) -> RefusalList:
    page = await list_undo_refusals(read, import_id, limit=limit, after=after)
    return RefusalList(items=[RefusalOut(item.contact_id, item.reason) for item in page.items], next=page.next)


@get("/api/v1/imports/{import_id:int}/errors.csv", media_type="text/csv")
async def download_errors(import_id: int, caller: Caller, work: SystemWork, files: Files) -> Stream:
    async with work.db.read(caller.workspace_id) as read:
        item = await get_import(read, import_id)

    async def blocks() -> AsyncIterator[bytes]:
        async with work.db.read(caller.workspace_id) as read:
            async for block in write_report(read, import_id, files.path(item.file)):
                yield block

    headers = {"content-disposition": f'attachment; filename="import-{import_id}-errors.csv"'}
    return Stream(blocks(), media_type="text/csv; charset=utf-8", headers=headers)


ROUTES = (
    upload_import,
    read_imports,
    read_import,
    change_import,
    check,
    start,
    cancel,
    pause,
    resume,
    undo,
    read_refusals,
    download_errors,
)
