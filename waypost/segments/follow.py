"""Following the log: contacts with facts that a segment's conditions name are looked at again, in sets."""

from __future__ import annotations

from waypost.kernel.registry import Consumer
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx
from waypost.segments.keeping import settle


async def follow_slice(tx: Tx, slice_: Sql) -> None:
    """Settle the slice's contacts in every segment that watches one of their facts."""
    rows = await tx.all(
        sql(
            """
            select w.segment_id, array_agg(distinct s.contact_id) as contact_ids
            from ({slice_}) as s
            join segments.watch as w
              on w.workspace_id = {workspace} and w.kind = s.kind and w.object_id in (0, coalesce(s.object_id, 0))
            group by w.segment_id
            """,
            slice_=slice_,
        )
    )
    if rows:
        await settle(tx, {row["segment_id"]: row["contact_ids"] for row in rows})


FOLLOW = Consumer(name="segments.follow", facts=None, handle=follow_slice)
