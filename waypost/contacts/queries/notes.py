"""Notes on contacts and companies."""

from __future__ import annotations

from collections.abc import Sequence

from waypost.contacts.errors import NoteNotFound
from waypost.contacts.types import Note
from waypost.kernel.page import Page, decode_cursor, page_of
from waypost.kernel.sql import TRUE, Sql, sql
from waypost.kernel.tx import ReadTx

COLUMNS = sql("n.id, n.contact_id, n.company_id, n.body, n.author_id, n.created_at, n.updated_at")
SHOWN = sql(
    """
    n.deleted_at is null and (n.contact_id is null or exists (
        select 1 from contacts.contact c
        where c.workspace_id = {workspace} and c.id = n.contact_id and c.deleted_at is null))
    """
)


async def list_notes(
    tx: ReadTx,
    *,
    contact_id: int | None = None,
    company_id: int | None = None,
    limit: int = 50,
    after: str | None = None,
) -> Page[Note]:
    """The notes of a living contact or of a company, the newest first."""
    behind = TRUE
    if after is not None:
        (last,) = decode_cursor(after, int)
        behind = sql("n.id < {last}", last=last)
    rows = await tx.all(
        sql(
            """
            select {columns} from contacts.note n
            where n.workspace_id = {workspace} and {about} and {behind} and {shown} order by n.id desc limit {limit}
            """,
            columns=COLUMNS,
            about=_about(contact_id, company_id),
            behind=behind,
            shown=SHOWN,
            limit=limit + 1,
        ),
        Note,
    )
    return page_of(rows, limit, lambda row: row.id)


def _about(contact_id: int | None, company_id: int | None) -> Sql:
    if contact_id is not None:
        return sql("n.contact_id = {id}", id=contact_id)
    return TRUE if company_id is None else sql("n.company_id = {id}", id=company_id)


async def list_notes_from(
    tx: ReadTx, *, contact_id: int | None = None, company_id: int | None = None, limit: int, offset: int
) -> tuple[list[Note], int]:
    """Notes in the order they were written, by row number, and how many there are; for dialects."""
    about = _about(contact_id, company_id)
    rows = await tx.all(
        sql(
            """
            select {columns} from contacts.note n
            where n.workspace_id = {workspace} and {about} and {shown} order by n.id limit {limit} offset {offset}
            """,
            columns=COLUMNS,
            about=about,
            shown=SHOWN,
            limit=limit,
            offset=offset,
        ),
        Note,
    )
    total = await tx.value(
        sql(
            "select count(*) from contacts.note n where n.workspace_id = {workspace} and {about} and {shown}",
            about=about,
            shown=SHOWN,
        )
    )
    return rows, total


async def list_notes_of(tx: ReadTx, contact_ids: Sequence[int]) -> list[Note]:
    """The notes of some living contacts."""
    return await tx.all(
        sql(
            """
            select {columns} from contacts.note n
            where n.workspace_id = {workspace} and n.contact_id = any({ids}::bigint[]) and {shown} order by n.id
            """,
            columns=COLUMNS,
            ids=list(contact_ids),
            shown=SHOWN,
        ),
        Note,
    )


async def get_note(tx: ReadTx, note_id: int) -> Note:
    found = await tx.maybe(
        sql(
            "select {columns} from contacts.note n where n.workspace_id = {workspace} and n.id = {id} and {shown}",
            columns=COLUMNS,
            id=note_id,
            shown=SHOWN,
        ),
        Note,
    )
    if found is None:
        raise NoteNotFound(note_id=note_id)
    return found
