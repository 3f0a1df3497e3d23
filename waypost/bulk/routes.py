"""Bulk edits over HTTP."""

from __future__ import annotations

from litestar import get, post

from waypost.bulk.actions import begin_undo, cancel_edit, create_edit
from waypost.bulk.jobs import MakeEdit, UndoEdit
from waypost.bulk.queries import get_edit, list_edits
from waypost.bulk.schemas import EditBody, EditList, EditOut
from waypost.kernel.tx import ReadTx, Tx


@get("/api/v1/bulk-edits")
async def read_edits(read: ReadTx, limit: int = 50, after: str | None = None) -> EditList:
    page = await list_edits(read, limit=max(1, min(limit, 100)), after=after)
    return EditList(items=[EditOut.of(item) for item in page.items], next=page.next)


@post("/api/v1/bulk-edits", status_code=202)
async def begin(data: EditBody, tx: Tx) -> EditOut:
    made = await create_edit(tx, data.selection, action=data.action, params=data.params)
    await tx.enqueue(MakeEdit(edit_id=made.id))
    return EditOut.of(made)


@get("/api/v1/bulk-edits/{edit_id:int}")
async def read_edit(edit_id: int, read: ReadTx) -> EditOut:
    return EditOut.of(await get_edit(read, edit_id))


@post("/api/v1/bulk-edits/{edit_id:int}/cancel", status_code=200)
async def cancel(edit_id: int, tx: Tx) -> EditOut:
    return EditOut.of(await cancel_edit(tx, edit_id))


@post("/api/v1/bulk-edits/{edit_id:int}/undo", status_code=202)
async def undo(edit_id: int, tx: Tx) -> EditOut:
    begun = await begin_undo(tx, edit_id)
    await tx.enqueue(UndoEdit(edit_id=edit_id))
    return EditOut.of(begun)


ROUTES = (read_edits, begin, read_edit, cancel, undo)
