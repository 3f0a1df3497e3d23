"""What becomes of deals when contacts are merged or erased.

A deal is about its primary contact and is erased with them, with its tasks, notes and events. A deal in which they
only took part stays, without them.
"""

from __future__ import annotations

from waypost.kernel.registry import Personal
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx


async def settle_deals(tx: Tx, pairs: Sql) -> None:
    """Erase what hangs on the deals of those who are erased."""
    await tx.run(
        sql(
            """
            with gone as materialized (
                select d.id from deals.deal d join ({pairs}) as pairs on pairs.contact_id = d.contact_id
                where d.workspace_id = {workspace} and pairs.survivor_id is null
            ),
            notes as (delete from deals.note n using gone where n.workspace_id = {workspace} and n.deal_id = gone.id),
            tasks as (delete from deals.task t using gone where t.workspace_id = {workspace} and t.deal_id = gone.id),
            people as (
                delete from deals.participant p using gone where p.workspace_id = {workspace} and p.deal_id = gone.id
            )
            delete from deals.event e using gone where e.workspace_id = {workspace} and e.deal_id = gone.id
            """,
            pairs=pairs,
        )
    )


async def settle_participants(tx: Tx, pairs: Sql) -> None:
    """Nobody takes part in their own deal: where the two were its contact and a further one, they are one now."""
    await tx.run(
        sql(
            """
            delete from deals.participant p using deals.deal d, ({pairs}) as pairs
            where p.workspace_id = {workspace} and d.workspace_id = {workspace} and d.id = p.deal_id
              and ((p.contact_id = pairs.contact_id and d.contact_id = pairs.survivor_id)
                or (p.contact_id = pairs.survivor_id and d.contact_id = pairs.contact_id))
            """,
            pairs=pairs,
        )
    )


PERSONAL = (
    Personal("deals.participant", key=("deal_id",), settle=settle_participants),
    Personal("deals.task"),
    Personal("deals.deal", settle=settle_deals),
)
