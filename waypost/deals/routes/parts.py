"""What belongs to one deal: its events, its further contacts, its notes."""

from __future__ import annotations

from typing import Annotated

from litestar import delete, get, patch, post
from litestar.params import Parameter

from waypost.deals.actions.deals import add_participant, remove_participant
from waypost.deals.actions.tasks import add_deal_note, delete_deal_note, update_deal_note
from waypost.deals.queries.deals import get_deal, list_events, list_notes, list_participants
from waypost.deals.schemas import EventList, NoteBody, NoteList, ParticipantBody, ParticipantList
from waypost.deals.types import DealNote, Participant
from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx, Tx

DEAL = "/api/v1/deals/{deal_id:int}"
NOTE = "/api/v1/deals/notes/{deal_note_id:int}"
Limit = Annotated[int, Parameter(ge=1, le=500)]


@get(DEAL + "/events")
async def read_events(deal_id: int, read: ReadTx, limit: Limit = 50, after: str | None = None) -> EventList:
    await get_deal(read, deal_id)
    page = await list_events(read, deal_id, limit=limit, after=after)
    return EventList(items=list(page.items), next=page.next)


@get(DEAL + "/participants")
async def read_participants(deal_id: int, read: ReadTx) -> ParticipantList:
    await get_deal(read, deal_id)
    found = await list_participants(read, only=sql("m.deal_id = {id}", id=deal_id))
    return ParticipantList(items=found, total=len(found))


@post(DEAL + "/participants")
async def join_deal(deal_id: int, data: ParticipantBody, tx: Tx) -> Participant:
    return await add_participant(tx, deal_id, data.contact_id, role=data.role)


@delete("/api/v1/deals/participants/{participant_id:int}")
async def leave_deal(participant_id: int, tx: Tx) -> None:
    await remove_participant(tx, participant_id)


@get(DEAL + "/notes")
async def read_deal_notes(deal_id: int, read: ReadTx) -> NoteList:
    await get_deal(read, deal_id)
    found = await list_notes(read, deal_id)
    return NoteList(items=found, total=len(found))


@post(DEAL + "/notes")
async def write_deal_note(deal_id: int, data: NoteBody, tx: Tx) -> DealNote:
    return await add_deal_note(tx, deal_id, data.body)


@patch(NOTE)
async def change_deal_note(deal_note_id: int, data: NoteBody, tx: Tx) -> DealNote:
    return await update_deal_note(tx, deal_note_id, data.body)


@delete(NOTE)
async def drop_deal_note(deal_note_id: int, tx: Tx) -> None:
    await delete_deal_note(tx, deal_note_id)


ROUTES = (
    read_events,
    read_participants,
    join_deal,
    leave_deal,
    read_deal_notes,
    write_deal_note,
    change_deal_note,
    drop_deal_note,
)
