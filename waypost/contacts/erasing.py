"""Erasing people: every table that holds anything of them is emptied, in every domain, in one transaction.

What remains is a row that says which id was erased when and by whom, with a hash of the address. Where
totals hang on rows (sent messages, say), the rows stay and name nobody.
"""

from __future__ import annotations

from collections.abc import Sequence

from waypost.contacts.actions.trash import delete_contacts
from waypost.contacts.audience import these
from waypost.kernel.registry import Personal
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx

CHUNK = 500


async def erase_contacts(tx: Tx, contact_ids: Sequence[int]) -> int:
    """Erase these contacts, living or in the trash; returns how many there were."""
    found = await tx.all(
        sql(
            """
            select id from contacts.contact where workspace_id = {workspace} and id = any({ids}::bigint[])
            order by id for update
            """,
            ids=list(contact_ids),
        )
    )
    ids = [row["id"] for row in found]
    if not ids:
        return 0
    await delete_contacts(tx, these(ids))
    await tx.run(
        sql(
            """
            insert into contacts.erasure (workspace_id, erased_id, address_hash, actor_kind, actor_id, created_at)
            select {workspace}, id, sha256(convert_to(email, 'UTF8')), {actor_kind}, {actor_id}::bigint, {now}
            from contacts.contact where workspace_id = {workspace} and id = any({ids}) order by id
            """,
            ids=ids,
            actor_kind=tx.actor.number,
            actor_id=tx.actor.id,
        )
    )
    pairs = sql(
        "select contact_id, null::bigint as survivor_id from unnest({ids}::bigint[]) as gone (contact_id)", ids=ids
    )
    personal = list(reversed(tx.registry.personal))
    for item in personal:
        if item.settle is not None:
            # lint: no-row-loops because a turn is a table
            await item.settle(tx, pairs)
    for item in personal:
        # lint: no-row-loops because a turn is a table
        await tx.run(_emptying(item, ids))
    return len(ids)


def _emptying(item: Personal, ids: list[int]) -> Sql:
    where = sql("t.workspace_id = {workspace} and t.{column} = any({ids}::bigint[])", column=Sql(item.column), ids=ids)
    if item.blank is not None:
        return sql("update {table} t set {blank} where {where}", table=Sql(item.table), blank=item.blank, where=where)
    return sql("delete from {table} t where {where}", table=Sql(item.table), where=where)


async def erase_due(tx: Tx) -> int:
    """Erase a chunk of those whose time in the trash is over; returns how many, 0 when nobody is left."""
    rows = await tx.all(
        sql(
            """
            select contact_id from contacts.trash where workspace_id = {workspace} and erase_at <= {now}
            order by erase_at, contact_id limit {limit}
            """,
            limit=CHUNK,
        )
    )
    return await erase_contacts(tx, [row["contact_id"] for row in rows])
