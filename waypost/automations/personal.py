"""What becomes of runs when their contacts are merged or erased."""

from __future__ import annotations

from waypost.automations.wake import exit_runs
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx


async def settle_runs(tx: Tx, pairs: Sql) -> None:
    """Of two live runs of one automation the survivor's stays; the erased leave them all, with their trails."""
    await exit_runs(
        tx,
        sql(
            """
            e.contact_id in (
                select contact_id from ({pairs}) as pairs
                where survivor_id is null or exists (
                    select 1 from automations.enrollment as o
                    where o.workspace_id = {workspace} and o.contact_id = pairs.survivor_id
                      and o.automation_id = e.automation_id and o.state in (0, 1, 3)))
            """,
            pairs=pairs,
        ),
        reason="merged",
    )
    await tx.run(
        sql(
            """
            delete from automations.path as p using automations.enrollment as e, ({pairs}) as pairs
            where p.workspace_id = {workspace} and e.workspace_id = {workspace} and p.enrollment_id = e.id
              and e.contact_id = pairs.contact_id and pairs.survivor_id is null
            """,
            pairs=pairs,
        )
    )
