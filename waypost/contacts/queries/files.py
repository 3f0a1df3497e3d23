"""Files on contacts."""

from __future__ import annotations

from waypost.contacts.errors import FileNotFound
from waypost.contacts.types import File
from waypost.kernel.page import Page, decode_cursor, page_of
from waypost.kernel.sql import TRUE, sql
from waypost.kernel.tx import ReadTx

COLUMNS = sql("f.id, f.contact_id, f.name, f.mime, f.size_bytes, f.blob, f.author_id, f.created_at")
SHOWN = sql(
    """
    f.deleted_at is null and exists (
        select 1 from contacts.contact c
        where c.workspace_id = {workspace} and c.id = f.contact_id and c.deleted_at is null)
    """
)


async def list_files(tx: ReadTx, contact_id: int, *, limit: int = 50, after: str | None = None) -> Page[File]:
    """The files of a living contact, the newest first."""
    behind = TRUE
    if after is not None:
        (last,) = decode_cursor(after, int)
        behind = sql("f.id < {last}", last=last)
    rows = await tx.all(
        sql(
            """
            select {columns} from contacts.file f
            where f.workspace_id = {workspace} and f.contact_id = {contact_id} and {behind} and {shown}
            order by f.id desc limit {limit}
            """,
            columns=COLUMNS,
            contact_id=contact_id,
            behind=behind,
            shown=SHOWN,
            limit=limit + 1,
        ),
        File,
    )
    return page_of(rows, limit, lambda row: row.id)


async def get_file(tx: ReadTx, contact_id: int, file_id: int) -> File:
    found = await tx.maybe(
        sql(
            """
            select {columns} from contacts.file f
            where f.workspace_id = {workspace} and f.contact_id = {contact_id} and f.id = {id} and {shown}
            """,
            columns=COLUMNS,
            contact_id=contact_id,
            id=file_id,
            shown=SHOWN,
        ),
        File,
    )
    if found is None:
        raise FileNotFound(file_id=file_id)
    return found
