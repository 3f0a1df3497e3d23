"""What becomes of memberships when contacts are merged or erased."""

from __future__ import annotations

from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx


async def settle_members(tx: Tx, pairs: Sql) -> None:
    """Their segments count one less; the survivor is looked at again because it was merged."""
    await tx.run(
        sql(
            """
            with fewer as materialized (
                select m.segment_id, count(*) as number
                from segments.membership as m join ({pairs}) as pairs on pairs.contact_id = m.contact_id
                where m.workspace_id = {workspace} group by m.segment_id order by m.segment_id
            )
            update segments.segment as s set member_count = s.member_count - fewer.number
            from fewer where s.workspace_id = {workspace} and s.id = fewer.segment_id
            """,
            pairs=pairs,
        )
    )
