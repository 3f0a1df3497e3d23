"""Consents of a contact, subscribing on its own behalf, and the texts people agree to."""

from __future__ import annotations

from typing import cast

from litestar import get, post

from waypost.contacts.actions.consents import add_text, change_consent, join_list, request_confirmation
from waypost.contacts.queries.consents import ConsentText, list_consents_of, list_standing, list_texts
from waypost.contacts.queries.contacts import get_contact
from waypost.contacts.routes.answers import Limit
from waypost.contacts.schemas import consents as bodies
from waypost.contacts.types import StatusName
from waypost.kernel.tx import ReadTx, Tx


@get("/api/v1/contacts/{contact_id:int}/consents")
async def read_consents(
    contact_id: int, read: ReadTx, limit: Limit = 50, after: str | None = None
) -> bodies.ConsentList:
    contact = await get_contact(read, contact_id)
    page = await list_consents_of(read, contact.id, limit=limit, after=after)
    standing = await list_standing(read, contact.id)
    return bodies.ConsentList(
        items=[bodies.shown(row) for row in page.items],
        standing=[bodies.shown(row) for row in standing],
        next=page.next,
    )


@post("/api/v1/contacts/{contact_id:int}/consents", status_code=200)
async def write_consent(contact_id: int, data: bodies.ConsentBody, tx: Tx) -> bodies.ConsentList:
    channel = bodies.CHANNELS[data.channel]
    await change_consent(
        tx, contact_id, channel=channel, list_id=data.list_id, is_given=data.is_given, proof=data.given
    )
    page = await list_consents_of(tx, contact_id)
    standing = await list_standing(tx, contact_id)
    items = [bodies.shown(row) for row in page.items]
    return bodies.ConsentList(items=items, standing=[bodies.shown(row) for row in standing], next=page.next)


@post("/api/v1/contacts/{contact_id:int}/subscriptions", status_code=200)
async def subscribe_contact(contact_id: int, data: bodies.SubscriptionBody, tx: Tx) -> bodies.SubscriptionOut:
    status = await join_list(tx, contact_id, data.list_id, status=data.wanted, proof=data.given)
    word = cast("StatusName", status.word)
    return bodies.SubscriptionOut(contact_id=contact_id, list_id=data.list_id, status=word)


@post("/api/v1/contacts/{contact_id:int}/confirmations", status_code=202)
async def ask_for_confirmation(contact_id: int, data: bodies.ConfirmationBody, tx: Tx) -> None:
    await get_contact(tx, contact_id)
    await request_confirmation(tx, contact_id, data.list_id)


@get("/api/v1/consent-texts")
async def read_consent_texts(read: ReadTx) -> bodies.TextList:
    return bodies.TextList(items=await list_texts(read))


@post("/api/v1/consent-texts")
async def write_consent_text(data: bodies.TextBody, tx: Tx) -> ConsentText:
    return await add_text(tx, name=data.name, body=data.body)


ROUTES = (
    read_consents,
    write_consent,
    subscribe_contact,
    ask_for_confirmation,
    read_consent_texts,
    write_consent_text,
)
