"""Notes on contacts and companies."""

from __future__ import annotations

from litestar import delete, get, patch, post

from waypost.contacts.actions.notes import add_company_note, add_note, delete_note, restore_note, update_note
from waypost.contacts.queries.companies import get_company
from waypost.contacts.queries.contacts import get_contact
from waypost.contacts.queries.notes import get_note, list_notes
from waypost.contacts.routes.answers import Limit
from waypost.contacts.schemas.notes import NoteBody, NoteList
from waypost.contacts.types import Note
from waypost.kernel.tx import ReadTx, Tx


@get("/api/v1/contacts/{contact_id:int}/notes")
async def read_notes(contact_id: int, read: ReadTx, limit: Limit = 50, after: str | None = None) -> NoteList:
    await get_contact(read, contact_id)
    page = await list_notes(read, contact_id=contact_id, limit=limit, after=after)
    return NoteList(items=list(page.items), next=page.next)


@post("/api/v1/contacts/{contact_id:int}/notes")
async def add_contact_note(contact_id: int, data: NoteBody, tx: Tx) -> Note:
    return await add_note(tx, contact_id, data.body)


@get("/api/v1/companies/{company_id:int}/notes")
async def read_company_notes(company_id: int, read: ReadTx, limit: Limit = 50, after: str | None = None) -> NoteList:
    await get_company(read, company_id)
    page = await list_notes(read, company_id=company_id, limit=limit, after=after)
    return NoteList(items=list(page.items), next=page.next)


@post("/api/v1/companies/{company_id:int}/notes")
async def add_note_on_company(company_id: int, data: NoteBody, tx: Tx) -> Note:
    return await add_company_note(tx, company_id, data.body)


@get("/api/v1/notes/{note_id:int}")
async def read_note(note_id: int, read: ReadTx) -> Note:
    return await get_note(read, note_id)


@patch("/api/v1/notes/{note_id:int}")
async def change_note(note_id: int, data: NoteBody, tx: Tx) -> Note:
    return await update_note(tx, note_id, data.body)


@delete("/api/v1/notes/{note_id:int}")
async def drop_note(note_id: int, tx: Tx) -> None:
    await delete_note(tx, note_id)


@post("/api/v1/notes/{note_id:int}/restore", status_code=200)
async def bring_note_back(note_id: int, tx: Tx) -> Note:
    return await restore_note(tx, note_id)


ROUTES = (
    read_notes, add_contact_note, read_company_notes, add_note_on_company,
    read_note, change_note, drop_note, bring_note_back,
)  # fmt: skip
