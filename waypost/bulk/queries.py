"""Reading bulk edits."""

from __future__ import annotations

from waypost.bulk.errors import EditNotFound
from waypost.bulk.types import Edit, Part
from waypost.kernel.page import Page, decode_cursor, page_of
from waypost.kernel.sql import TRUE, sql
from waypost.kernel.tx import ReadTx

COLUMNS = sql(
    """
    id, name, action, params, selection, state, total, done, changed, undone, kept, error, created_at, finished_at
    """
)


async def get_edit(tx: ReadTx, edit_id: int) -> Edit:
    found = await tx.maybe(
        sql(
            "select {columns} from bulk.edit where workspace_id = {workspace} and id = {id}",
            columns=COLUMNS,
            id=edit_id,
        ),
        Edit,
    )
    if found is None:
        raise EditNotFound(edit_id=edit_id)
    return found


async def list_edits(tx: ReadTx, *, limit: int = 50, after: str | None = None) -> Page[Edit]:
    """Newest first."""
    behind = TRUE if after is None else sql("id < {last}", last=decode_cursor(after, int)[0])
    rows = await tx.all(
        sql(
            """
            select {columns} from bulk.edit where workspace_id = {workspace} and {behind}
            order by id desc limit {limit}
            """,
            columns=COLUMNS,
            behind=behind,
            limit=limit + 1,
        ),
        Edit,
    )
    return page_of(rows, limit, lambda row: row.id)


async def take_part(tx: ReadTx, edit_id: int, state: int) -> Part | None:
    """The first part in this state, locked."""
    return await tx.maybe(
        sql(
            """
            select number, contact_ids, before, changed_at from bulk.part
            where workspace_id = {workspace} and edit_id = {id} and state = {state}
            order by number limit 1 for update
            """,
            id=edit_id,
            state=state,
        ),
        Part,
    )
