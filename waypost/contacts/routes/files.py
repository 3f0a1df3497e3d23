"""Files on contacts: sent as the body of a request, handed out as a download and never shown in place."""

from __future__ import annotations

from dataclasses import fields
from typing import Annotated, Any

from litestar import Request, delete, get, post
from litestar.params import Parameter
from litestar.response import File as Download

from waypost.contacts.actions.files import delete_file, restore_file
from waypost.contacts.errors import FileNotFound
from waypost.contacts.queries.contacts import get_contact
from waypost.contacts.queries.files import get_file, list_files
from waypost.contacts.routes.answers import Limit
from waypost.contacts.schemas.notes import FileList, FileOut, shown
from waypost.contacts.uploads import MAX_FILE_BYTES, store_file
from waypost.kernel.files import Files
from waypost.kernel.http.auth import Caller
from waypost.kernel.tx import ReadTx, Tx
from waypost.kernel.work import SystemWork, Work

SAFE = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}


@get("/api/v1/contacts/{contact_id:int}/files")
async def read_files(contact_id: int, read: ReadTx, limit: Limit = 50, after: str | None = None) -> FileList:
    await get_contact(read, contact_id)
    page = await list_files(read, contact_id, limit=limit, after=after)
    return FileList(items=[shown(item) for item in page.items], next=page.next)


@post("/api/v1/contacts/{contact_id:int}/files", request_max_body_size=MAX_FILE_BYTES + 100_000)
async def add_contact_file(
    contact_id: int,
    name: Annotated[str, Parameter(min_length=1, max_length=500)],
    request: Request[Any, Any, Any],
    caller: Caller,
    work: SystemWork,
) -> FileOut:
    shared = {item.name: getattr(work, item.name) for item in fields(SystemWork)}
    within = Work(**shared, workspace_id=caller.workspace_id, actor=caller.actor)
    mime = request.headers.get("content-type", "")
    return shown(await store_file(within, contact_id, name=name, mime=mime, chunks=request.stream()))


@get("/api/v1/contacts/{contact_id:int}/files/{file_id:int}")
async def download_file(contact_id: int, file_id: int, read: ReadTx, files: Files) -> Download:
    found = await get_file(read, contact_id, file_id)
    path = files.path(found.blob)
    if not path.is_file():
        raise FileNotFound(file_id=file_id)
    return Download(
        path,
        filename=found.name,
        media_type="application/octet-stream",
        content_disposition_type="attachment",
        headers=SAFE,
    )


@delete("/api/v1/contacts/{contact_id:int}/files/{file_id:int}")
async def drop_file(contact_id: int, file_id: int, tx: Tx) -> None:
    await delete_file(tx, contact_id, file_id)


@post("/api/v1/contacts/{contact_id:int}/files/{file_id:int}/restore", status_code=200)
async def bring_file_back(contact_id: int, file_id: int, tx: Tx) -> FileOut:
    return shown(await restore_file(tx, contact_id, file_id))


ROUTES = (read_files, add_contact_file, download_file, drop_file, bring_file_back)
