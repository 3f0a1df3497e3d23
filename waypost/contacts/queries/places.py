"""Where contacts are."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from waypost.identity.queries import get_workspace
from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx


async def list_zones(tx: ReadTx, contact_ids: Sequence[int]) -> dict[ZoneInfo, list[int]]:
    """The contacts by the time zone they live in: their own, else the workspace's."""
    default = (await get_workspace(tx)).time_zone
    rows = await tx.all(
        sql(
            """
            select coalesce(nullif(time_zone, ''), {default}) as name, array_agg(id order by id) as ids
            from contacts.contact where workspace_id = {workspace} and id = any({ids}::bigint[])
            group by 1 order by 1
            """,
            ids=list(contact_ids),
            default=default,
        )
    )
    return {ZoneInfo(row["name"]): list(row["ids"]) for row in rows}
