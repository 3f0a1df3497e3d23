"""Lists and who is on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from waypost.contacts.counts import LIST, count_of, counts_of
from waypost.contacts.errors import ListNotFound
from waypost.contacts.types import List, Subscription
from waypost.kernel.page import Page, decode_cursor, encode_cursor
from waypost.kernel.sql import TRUE, and_, sql
from waypost.kernel.tx import ReadTx

COLUMNS = sql(
    """
    id, name, slug, sender_url, sender_reminder, created_at, updated_at, requires_confirmation,
    confirmation_message_id, consent_text_id
    """
)


async def list_lists(tx: ReadTx, *, search: str = "", limit: int = 100, after: str | None = None) -> Page[List]:
    """Lists by name, with how many active subscriptions each has."""
    parts = [TRUE]
    if search:
        parts.append(sql("strpos(lower(name), lower({search})) > 0", search=search))
    if after is not None:
        name, last = decode_cursor(after, str, int)
        parts.append(sql("(lower(name), id) > ({name}, {last})", name=name, last=last))
    found = await tx.all(
        sql(
            """
            select {columns} from contacts.list
            where workspace_id = {workspace} and {where} order by lower(name), id limit {limit}
            """,
            columns=COLUMNS,
            where=and_(*parts),
            limit=limit + 1,
        ),
        List,
    )
    lists = found[:limit]
    counts = await counts_of(tx, LIST, [item.id for item in lists])
    more = encode_cursor(lists[-1].name.lower(), lists[-1].id) if len(found) > limit else None
    total = len(lists) if more is None and after is None else None
    return Page([replace(item, contact_count=counts.get(item.id, 0)) for item in lists], more, total)


async def find_list(tx: ReadTx, list_id: int) -> List | None:
    found = await tx.maybe(
        sql(
            "select {columns} from contacts.list where workspace_id = {workspace} and id = {id}",
            columns=COLUMNS,
            id=list_id,
        ),
        List,
    )
    return found and replace(found, contact_count=await count_of(tx, LIST, list_id))


async def name_lists(tx: ReadTx, list_ids: Sequence[int]) -> dict[int, str]:
    """The names of those of these lists that there are."""
    statement = sql(
        "select id, name from contacts.list where workspace_id = {workspace} and id = any({ids}::bigint[])",
        ids=list(list_ids),
    )
    return {row["id"]: row["name"] for row in await tx.all(statement)}


async def get_list(tx: ReadTx, list_id: int) -> List:
    found = await find_list(tx, list_id)
    if found is None:
        raise ListNotFound(list_id=list_id)
    return found


async def list_subscriptions(tx: ReadTx, contact_ids: Sequence[int]) -> list[Subscription]:
    """The subscriptions of some contacts."""
    return await tx.all(
        sql(
            """
            select contact_id, list_id, status, source, subscribed_at, unsubscribed_at, created_at, updated_at
            from contacts.subscription
            where workspace_id = {workspace} and contact_id = any({ids}::bigint[]) order by contact_id, list_id
            """,
            ids=list(contact_ids),
        ),
        Subscription,
    )
