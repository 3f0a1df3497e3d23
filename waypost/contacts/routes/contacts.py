"""Contacts, one or many."""

from __future__ import annotations

from litestar import Response, delete, get, patch, post
from msgspec import UNSET

from waypost.contacts.actions.bulk import change_many
from waypost.contacts.actions.contacts import create_contact, update_contact
from waypost.contacts.actions.owners import assign_owner
from waypost.contacts.actions.places import set_place
from waypost.contacts.actions.trash import delete_contacts
from waypost.contacts.audience import these
from waypost.contacts.queries.contacts import SortName, get_contact
from waypost.contacts.queries.profiles import encode_page, encode_profile
from waypost.contacts.routes.answers import Limit, as_json
from waypost.contacts.schemas.contacts import BulkBody, Changed, ContactBody, ContactPatch
from waypost.contacts.types import Filter, StatusName
from waypost.kernel.tx import ReadTx, Tx


@get("/api/v1/contacts")
async def read_contacts(
    read: ReadTx,
    search: str = "",
    tag_id: int | None = None,
    list_id: int | None = None,
    status: StatusName | None = None,
    owner_id: int | None = None,
    sort: SortName = "-created_at",
    limit: Limit = 100,
    after: str | None = None,
) -> Response[bytes]:
    wanted = Filter(search=search.strip(), tag_id=tag_id, list_id=list_id, status=status, owner_id=owner_id)
    return as_json(await encode_page(read, wanted, sort=sort, limit=limit, after=after))


@post("/api/v1/contacts")
async def add_contact(data: ContactBody, tx: Tx) -> Response[bytes]:
    made = await create_contact(
        tx,
        email=data.email,
        first_name=data.first_name,
        last_name=data.last_name,
        phone=data.phone,
        fields=data.fields,
    )
    await set_place(tx, data.place, these([made.id]))
    return as_json(await encode_profile(tx, made.id), 201)


@post("/api/v1/contacts/bulk", status_code=200)
async def change_contacts(data: BulkBody, tx: Tx) -> Changed:
    wanted = None
    if data.filter is not None:
        part = data.filter
        wanted = Filter(
            search=part.search.strip(),
            tag_id=part.tag_id,
            list_id=part.list_id,
            status=part.status,
            owner_id=part.owner_id,
        )
    changed = await change_many(
        tx,
        data.action,
        contact_ids=data.contact_ids,
        wanted=wanted,
        tag_id=data.tag_id,
        list_id=data.list_id,
        owner_id=data.owner_id,
    )
    return Changed(changed=changed)


@get("/api/v1/contacts/{contact_id:int}")
async def read_contact(contact_id: int, read: ReadTx) -> Response[bytes]:
    return as_json(await encode_profile(read, contact_id))


@patch("/api/v1/contacts/{contact_id:int}")
async def change_contact(contact_id: int, data: ContactPatch, tx: Tx) -> Response[bytes]:
    await update_contact(
        tx,
        contact_id,
        email=data.address,
        first_name=data.first_name,
        last_name=data.last_name,
        phone=data.phone,
        fields=data.fields,
        is_email_cleared=data.is_email_cleared,
    )
    await set_place(tx, data.place, these([contact_id]))
    if data.owner_id is not UNSET:
        await assign_owner(tx, data.owner_id, these([contact_id]))
    return as_json(await encode_profile(tx, contact_id))


@delete("/api/v1/contacts/{contact_id:int}")
async def drop_contact(contact_id: int, tx: Tx) -> None:
    await get_contact(tx, contact_id)
    await delete_contacts(tx, these([contact_id]))


ROUTES = (read_contacts, add_contact, change_contacts, read_contact, change_contact, drop_contact)
