"""Fields are looked up without anybody thinking of it: those that conditions ask for, where reading everyone is slow.

What a person has chosen for a field stays.
"""

from __future__ import annotations

from waypost.contacts.field_index import NEVER_INDEXED
from waypost.contacts.queries.contacts import count_contacts
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx
from waypost.kernel.uses import list_uses

FROM = 20_000
"""Contacts from which on a condition over all of them is felt."""
ASKING = frozenset({"segment", "automation", "campaign"})
"""What asks for a field again and again."""


async def flag_fields(tx: Tx) -> list[int]:
    """Flag every field that conditions ask for; returns their ids. The index is filled in the background."""
    rows = await tx.all(
        sql(
            """
            select id from contacts.field
            where workspace_id = {workspace} and not is_indexed and not is_index_chosen
              and type <> all({never}::text[]) order by id
            """,
            never=sorted(NEVER_INDEXED),
        )
    )
    if not rows or await count_contacts(tx) < FROM:
        return []
    asked: list[int] = []
    for row in rows:
        # lint: no-row-loops because a turn is a field
        uses = await list_uses(tx, "field", row["id"])
        if any(item.kind in ASKING for item in uses):
            asked.append(row["id"])
    if asked:
        await tx.run(
            sql(
                """
                update contacts.field set is_indexed = true, updated_at = {now}
                where workspace_id = {workspace} and id = any({ids}::bigint[])
                  and not is_indexed and not is_index_chosen
                """,
                ids=asked,
            )
        )
    return asked
