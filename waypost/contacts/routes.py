"""Contacts, tags, lists and fields."""

from __future__ import annotations

from typing import Annotated

from litestar import Response, delete, get, patch, post
from litestar.params import Parameter

from waypost.contacts.actions.bulk import change_many
from waypost.contacts.actions.contacts import create_contact, delete_contacts, update_contact
from waypost.contacts.actions.fields import create_field, delete_field, update_field
from waypost.contacts.actions.subscriptions import create_list, delete_list, update_list
from waypost.contacts.actions.tags import create_tag, delete_tag, update_tag
from waypost.contacts.audience import these
from waypost.contacts.queries.contacts import SortName, get_contact
from waypost.contacts.queries.fields import get_field, list_fields
from waypost.contacts.queries.lists import get_list, list_lists
from waypost.contacts.queries.profiles import encode_page, encode_profile
from waypost.contacts.queries.tags import get_tag, list_tags
from waypost.contacts.schemas import (
    BulkBody,
    Changed,
    ContactBody,
    ContactPatch,
    FieldBody,
    FieldList,
    FieldPatch,
    ListBody,
    ListList,
    ListPatch,
    TagBody,
    TagList,
    TagPatch,
)
from waypost.contacts.types import Field, Filter, List, StatusName, Tag
from waypost.kernel.tx import ReadTx, Tx

Limit = Annotated[int, Parameter(ge=1, le=500)]


def _json(body: bytes, status_code: int = 200) -> Response[bytes]:
    return Response(body, media_type="application/json", status_code=status_code)


@get("/api/v1/contacts")
async def read_contacts(
    read: ReadTx,
    search: str = "",
    tag_id: int | None = None,
    list_id: int | None = None,
    status: StatusName | None = None,
    sort: SortName = "-created_at",
    limit: Limit = 100,
    after: str | None = None,
) -> Response[bytes]:
    wanted = Filter(search=search.strip(), tag_id=tag_id, list_id=list_id, status=status)
    return _json(await encode_page(read, wanted, sort=sort, limit=limit, after=after))


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
    return _json(await encode_profile(tx, made.id), 201)


@post("/api/v1/contacts/bulk", status_code=200)
async def change_contacts(data: BulkBody, tx: Tx) -> Changed:
    wanted = None
    if data.filter is not None:
        part = data.filter
        wanted = Filter(search=part.search.strip(), tag_id=part.tag_id, list_id=part.list_id, status=part.status)
    changed = await change_many(
        tx, data.action, contact_ids=data.contact_ids, wanted=wanted, tag_id=data.tag_id, list_id=data.list_id
    )
    return Changed(changed=changed)


@get("/api/v1/contacts/{contact_id:int}")
async def read_contact(contact_id: int, read: ReadTx) -> Response[bytes]:
    return _json(await encode_profile(read, contact_id))


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
    return _json(await encode_profile(tx, contact_id))


@delete("/api/v1/contacts/{contact_id:int}")
async def drop_contact(contact_id: int, tx: Tx) -> None:
    await get_contact(tx, contact_id)
    await delete_contacts(tx, these([contact_id]))


@get("/api/v1/tags")
async def read_tags(read: ReadTx, search: str = "", limit: Limit = 100, after: str | None = None) -> TagList:
    page = await list_tags(read, search=search.strip(), limit=limit, after=after)
    return TagList(items=list(page.items), next=page.next, total=page.total)


@post("/api/v1/tags")
async def add_new_tag(data: TagBody, tx: Tx) -> Tag:
    return await create_tag(tx, name=data.name, description=data.description)


@get("/api/v1/tags/{tag_id:int}")
async def read_tag(tag_id: int, read: ReadTx) -> Tag:
    return await get_tag(read, tag_id)


@patch("/api/v1/tags/{tag_id:int}")
async def change_tag(tag_id: int, data: TagPatch, tx: Tx) -> Tag:
    return await update_tag(tx, tag_id, name=data.name, description=data.description)


@delete("/api/v1/tags/{tag_id:int}")
async def drop_tag(tag_id: int, tx: Tx) -> None:
    await delete_tag(tx, tag_id)


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
    )


@delete("/api/v1/lists/{list_id:int}")
async def drop_list(list_id: int, tx: Tx) -> None:
    await delete_list(tx, list_id)


@get("/api/v1/fields")
async def read_fields(read: ReadTx, limit: Limit = 500) -> FieldList:
    fields = await list_fields(read)
    return FieldList(items=fields[:limit], total=len(fields))


@post("/api/v1/fields")
async def add_field(data: FieldBody, tx: Tx) -> Field:
    return await create_field(
        tx,
        name=data.name,
        type=data.type,
        key=data.key,
        options=data.options,
        default_value=data.default_value,
        is_required=data.is_required,
        is_visible=data.is_visible,
    )


@get("/api/v1/fields/{field_id:int}")
async def read_field(field_id: int, read: ReadTx) -> Field:
    return await get_field(read, field_id)


@patch("/api/v1/fields/{field_id:int}")
async def change_field(field_id: int, data: FieldPatch, tx: Tx) -> Field:
    return await update_field(tx, field_id, data.changes())


@delete("/api/v1/fields/{field_id:int}")
async def drop_field(field_id: int, tx: Tx) -> None:
    await delete_field(tx, field_id)


ROUTES = (
    read_contacts, add_contact, change_contacts, read_contact, change_contact, drop_contact,
    read_tags, add_new_tag, read_tag, change_tag, drop_tag,
    read_lists, add_list, read_list, change_list, drop_list,
    read_fields, add_field, read_field, change_field, drop_field,
)  # fmt: skip
