"""Tags and who has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from waypost.contacts.counts import TAG, count_of, counts_of
from waypost.contacts.errors import TagNotFound
from waypost.contacts.types import ContactTag, Tag
from waypost.kernel.page import Page, decode_cursor, encode_cursor
from waypost.kernel.sql import TRUE, and_, sql
from waypost.kernel.tx import ReadTx


async def list_tags(tx: ReadTx, *, search: str = "", limit: int = 100, after: str | None = None) -> Page[Tag]:
    """Tags by name, with how many contacts have each."""
    parts = [TRUE]
    if search:
        parts.append(sql("strpos(lower(name), lower({search})) > 0", search=search))
    if after is not None:
        name, last = decode_cursor(after, str, int)
        parts.append(sql("(lower(name), id) > ({name}, {last})", name=name, last=last))
    found = await tx.all(
        sql(
            """
            select id, name, description, created_at from contacts.tag
            where workspace_id = {workspace} and {where} order by lower(name), id limit {limit}
            """,
            where=and_(*parts),
            limit=limit + 1,
        ),
        Tag,
    )
    tags = found[:limit]
    counts = await counts_of(tx, TAG, [tag.id for tag in tags])
    more = encode_cursor(tags[-1].name.lower(), tags[-1].id) if len(found) > limit else None
    total = len(tags) if more is None and after is None else None
    return Page([replace(tag, contact_count=counts.get(tag.id, 0)) for tag in tags], more, total)


async def find_tag(tx: ReadTx, tag_id: int) -> Tag | None:
    found = await tx.maybe(
        sql(
            "select id, name, description, created_at from contacts.tag where workspace_id = {workspace} and id = {id}",
            id=tag_id,
        ),
        Tag,
    )
    return found and replace(found, contact_count=await count_of(tx, TAG, tag_id))


async def get_tag(tx: ReadTx, tag_id: int) -> Tag:
    found = await find_tag(tx, tag_id)
    if found is None:
        raise TagNotFound(tag_id=tag_id)
    return found


async def find_tags(tx: ReadTx, tag_ids: Sequence[int]) -> list[Tag]:
    """Those of these tags that are there, with how many contacts have each."""
    tags = await tx.all(
        sql(
            """
            select id, name, description, created_at from contacts.tag
            where workspace_id = {workspace} and id = any({ids}::bigint[]) order by id
            """,
            ids=list(tag_ids),
        ),
        Tag,
    )
    counts = await counts_of(tx, TAG, [tag.id for tag in tags])
    return [replace(tag, contact_count=counts.get(tag.id, 0)) for tag in tags]


async def list_contact_tags(tx: ReadTx, contact_ids: Sequence[int]) -> list[ContactTag]:
    """The tags of some contacts."""
    return await tx.all(
        sql(
            """
            select contact_id, tag_id, created_at from contacts.contact_tag
            where workspace_id = {workspace} and contact_id = any({ids}::bigint[]) order by contact_id, tag_id
            """,
            ids=list(contact_ids),
        ),
        ContactTag,
    )
