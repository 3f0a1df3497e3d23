"""Which campaigns name a row: their message, a list or segment of their audience, a field whose date they go by."""

from __future__ import annotations

from collections.abc import Sequence

from waypost.kernel.registry import Usage
from waypost.kernel.sql import FALSE, sql
from waypost.kernel.tx import ReadTx


async def find_uses(tx: ReadTx, noun: str, object_id: int) -> Sequence[Usage]:
    """Live from scheduling until everybody is queued; what is over has its own copies."""
    named = FALSE
    if noun in ("list", "segment"):
        named = sql(
            "(c.audience -> {plain} @> {id}::jsonb or c.audience -> {excluded} @> {id}::jsonb)",
            plain=f"{noun}_ids",
            excluded=f"exclude_{noun}_ids",
            id=str(object_id),
        )
    elif noun == "field":
        named = sql("(c.kind = 'date_based' and c.timing @> {names}::jsonb)", names={"field_id": object_id})
    elif noun == "message":
        named = sql(
            """
            (c.message_id = {id} or exists (
                select 1 from campaigns.variant v where v.workspace_id = c.workspace_id and v.campaign_id = c.id
                  and (v.message_id = {id} or (v.sent_message_id = {id} and c.state in ('sending', 'paused')))))
            """,
            id=object_id,
        )
    return await tx.all(
        sql(
            """
            select 'campaign' as kind, c.id, c.name, c.state in ('scheduled', 'sending', 'paused') as is_live
            from campaigns.campaign c
            where c.workspace_id = {workspace} and {named} and c.state not in ('sent', 'cancelled') order by c.id
            """,
            named=named,
        ),
        Usage,
    )
