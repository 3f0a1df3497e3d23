"""Where contacts are."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from waypost.identity.queries import get_workspace
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import ReadTx

_PARTS = sql(", time_zone, language, country, region, city, postal_code")
_GIVEN = sql(
    """
    , coalesce(p.time_zone, ''), coalesce(p.language, ''), coalesce(p.country, ''), coalesce(p.region, ''),
    coalesce(p.city, ''), coalesce(p.postal_code, '')
    """
)


def with_places(places: Sql | None) -> dict[str, Sql]:
    """What an insert of contacts needs besides, to give each the place that `places` has for its number."""
    if places is None:
        return {"parts": Sql(""), "given": Sql(""), "placed": Sql("")}
    return {"parts": _PARTS, "given": _GIVEN, "placed": sql("left join ({places}) as p using (number)", places=places)}


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
