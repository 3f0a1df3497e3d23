"""Notes on contacts and accounts; those on deals and tasks come with deals."""

from __future__ import annotations

from waypost.contacts.actions.notes import add_company_note, add_note, delete_note, update_note
from waypost.contacts.errors import CompanyNotFound, ContactNotFound
from waypost.contacts.queries.companies import get_company
from waypost.contacts.queries.contacts import get_contact
from waypost.contacts.queries.notes import get_note, list_notes_from
from waypost.contacts.types import Note
from waypost.dialects.activecampaign.calls import Read, Sent, Write
from waypost.dialects.activecampaign.coerce import Unreadable
from waypost.dialects.activecampaign.company_rows import RELATED_TYPES, account_row, note_row
from waypost.dialects.activecampaign.envelope import Answer, Row
from waypost.dialects.activecampaign.errors import NoResult, related_missing
from waypost.dialects.activecampaign.paging import MOST
from waypost.dialects.activecampaign.routing import Routes
from waypost.dialects.activecampaign.rows import contact_row, user_row
from waypost.identity.queries import get_user

routes = Routes({"body": "note"})

_CREATED = ("note", "relid", "reltype", "cdate", "mdate", "userid", "links", "id", "user", "owner", "is_draft")


def _row(call: Read, note: Note) -> Row:
    return note_row(note, call.base, call.zone)


@routes.get("/notes")
async def list_notes(call: Read) -> Answer:
    """The total of notes is a number."""
    relid, kind = call.query.filter_number("relid"), call.query.filter("reltype") or "Subscriber"
    found, total = await list_notes_from(
        call.tx,
        contact_id=relid if kind == "Subscriber" else None,
        company_id=relid if kind == "CustomerAccount" else None,
        limit=call.query.limit(),
        offset=call.query.offset,
    )
    return Answer({"notes": [_row(call, note) for note in found], "meta": {"total": total}})


def _text(sent: Sent) -> str:
    sent.require("note")
    return sent.text("note") or ""


async def _sideloads(call: Read, note: Note) -> Row:
    """What the note is about, as writes answer it."""
    if note.company_id is not None:
        company = await get_company(call.tx, note.company_id)
        return {"accounts": [account_row(company, call.base, call.zone)]}
    contact = await get_contact(call.tx, note.contact_id or 0)
    return {"contacts": [contact_row(contact, call.base, call.zone)]}


def _echo(row: Row, sent: Sent) -> Row:
    """What was sent comes back in its own type."""
    sent_relid = sent.get("relid")
    return {**row, "relid": sent_relid} if isinstance(sent_relid, int | str) else row


@routes.post("/notes")
async def post_note(call: Write) -> Answer:
    sent = call.inner("note")
    sent.require("note", "reltype", "relid")
    kind, relid = sent.text("reltype") or "", sent.integer("relid")
    if kind not in RELATED_TYPES:
        raise Unreadable("reltype", f"reltype must be one of {', '.join(RELATED_TYPES)}.")
    try:
        made = await (add_note if kind == "Subscriber" else add_company_note)(call.tx, relid, _text(sent))
    except (ContactNotFound, CompanyNotFound) as failure:
        raise related_missing("relid", failure.detail) from failure
    row = _row(call, made)
    created = {name: row[name] for name in _CREATED}
    return Answer({**await _sideloads(call, made), "note": _echo(created, sent)}, 201)


@routes.get("/notes/{id}")
async def read_note(call: Read) -> Answer:
    return Answer({"note": _row(call, await get_note(call.tx, call.id))})


@routes.put("/notes/{id}")
async def put_note(call: Write) -> Answer:
    """The text; what a note is about stays."""
    sent = call.inner("note")
    note = await get_note(call.tx, call.id)
    if sent.has("note"):
        note = await update_note(call.tx, call.id, _text(sent))
    return Answer({"note": _echo(_row(call, note), sent)})


@routes.delete("/notes/{id}")
async def remove_note(call: Write) -> Answer:
    await delete_note(call.tx, call.id)
    return Answer({})


@routes.get("/notes/{id}/owner")
async def read_owner_of(call: Read) -> Answer:
    """What the note is about."""
    sideloads = await _sideloads(call, await get_note(call.tx, call.id))
    return Answer({name.removesuffix("s"): rows[0] for name, rows in sideloads.items()})


@routes.get("/notes/{id}/user")
async def read_user_of(call: Read) -> Answer:
    note = await get_note(call.tx, call.id)
    if note.author_id is None:
        raise NoResult(model="User", id=0)
    return Answer({"user": user_row(await get_user(call.tx, note.author_id), call.zone.key, call.base, call.zone)})


@routes.get("/contacts/{id}/notes")
async def list_of_contact(call: Read) -> Answer:
    contact = await get_contact(call.tx, call.id)
    found, _ = await list_notes_from(call.tx, contact_id=contact.id, limit=MOST, offset=call.query.offset)
    return Answer({"notes": [_row(call, note) for note in found]})


@routes.post("/contacts/{id}/notes")
async def post_contact_note(call: Write) -> Answer:
    """Not the original's; one public client asks for it."""
    note = await add_note(call.tx, call.id, _text(call.inner("note")))
    return Answer({**await _sideloads(call, note), "note": _row(call, note)}, 201)


@routes.get("/accounts/{id}/notes")
async def list_of_account(call: Read) -> Answer:
    company = await get_company(call.tx, call.id)
    found, _ = await list_notes_from(call.tx, company_id=company.id, limit=MOST, offset=call.query.offset)
    return Answer({"notes": [_row(call, note) for note in found]})


@routes.post("/accounts/{id}/notes")
async def post_account_note(call: Write) -> Answer:
    note = await add_company_note(call.tx, call.id, _text(call.inner("note")))
    return Answer({**await _sideloads(call, note), "note": _row(call, note)}, 201)


@routes.put("/accounts/{id}/notes/{id}")
async def put_account_note(call: Write) -> Answer:
    note_id = int(call.path[1])
    if (await get_note(call.tx, note_id)).company_id != call.id:
        raise NoResult(model="Note", id=note_id)
    note = await update_note(call.tx, note_id, _text(call.inner("note")))
    return Answer({**await _sideloads(call, note), "note": _row(call, note)})
