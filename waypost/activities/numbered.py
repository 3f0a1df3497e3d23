"""Visits of a contact by row number; for dialects whose pages are numbered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from waypost.activities.facts import PageVisited
from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx


@dataclass(frozen=True, slots=True)
class Visit:
    """A contact was on a page."""

    id: int
    contact_id: int
    url: str
    at: datetime


async def list_visits_from(tx: ReadTx, contact_id: int, *, limit: int, offset: int = 0) -> list[Visit]:
    """The newest first."""
    return await tx.all(
        sql(
            """
            select f.id, f.contact_id, coalesce(p.url, '') as url, f.at
            from activities.fact f
            left join activities.page p on p.workspace_id = f.workspace_id and p.id = f.object_id
            where f.workspace_id = {workspace} and f.contact_id = {contact_id} and f.kind = {kind}
            order by f.at desc, f.id desc limit {limit} offset {offset}
            """,
            contact_id=contact_id,
            kind=PageVisited.kind,
            limit=limit,
            offset=offset,
        ),
        Visit,
    )
