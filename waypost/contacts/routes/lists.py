"""Lists."""

from __future__ import annotations

from litestar import delete, get, patch, post

from waypost.contacts.actions.subscriptions import create_list, delete_list, update_list
from waypost.contacts.queries.lists import get_list, list_lists
from waypost.contacts.routes.answers import Limit
from waypost.contacts.schemas.lists import ListBody, ListList, ListPatch
from waypost.contacts.types import List
from waypost.kernel.tx import ReadTx, Tx


@get("/api/v1/lists")
async def read_lists(read: ReadTx, search: str = "", limit: Limit = 100, after: str | None = None) -> ListList:
    page = await list_lists(read, search=search.strip(), limit=limit, after=after)
    return ListList(items=list(page.items), next=page.next, total=page.total)


@post("/api/v1/lists")
async def add_list(data: ListBody, tx: Tx) -> List:
    return await create_list(
        tx, name=data.name, slug=data.slug, sender_url=data.sender_url, sender_reminder=data.sender_reminder
    )


@get("/api/v1/lists/{list_id:int}")
async def read_list(list_id: int, read: ReadTx) -> List:
    return await get_list(read, list_id)


@patch("/api/v1/lists/{list_id:int}")
async def change_list(list_id: int, data: ListPatch, tx: Tx) -> List:
    return await update_list(
        tx,
        list_id,
        name=data.name,
        slug=data.slug,
        sender_url=data.sender_url,
        sender_reminder=data.sender_reminder,
        requires_confirmation=data.requires_confirmation,
        confirmation_message_id=data.confirmation_message_id,
        consent_text_id=data.consent_text_id,
    )


@delete("/api/v1/lists/{list_id:int}")
async def drop_list(list_id: int, tx: Tx) -> None:
    await delete_list(tx, list_id)


ROUTES = (read_lists, add_list, read_list, change_list, drop_list)
