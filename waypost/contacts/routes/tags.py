"""Tags."""

from __future__ import annotations

from litestar import delete, get, patch, post

from waypost.contacts.actions.tags import create_tag, delete_tag, merge_tags, update_tag
from waypost.contacts.queries.tags import get_tag, list_tags
from waypost.contacts.routes.answers import Limit
from waypost.contacts.schemas.tags import TagBody, TagList, TagMergeBody, TagPatch
from waypost.contacts.types import Tag
from waypost.kernel.tx import ReadTx, Tx


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


@post("/api/v1/tags/{tag_id:int}/merge", status_code=200)
async def merge_into_tag(tag_id: int, data: TagMergeBody, tx: Tx) -> Tag:
    await merge_tags(tx, tag_id, data.tag_ids)
    return await get_tag(tx, tag_id)


ROUTES = (read_tags, add_new_tag, read_tag, change_tag, drop_tag, merge_into_tag)
