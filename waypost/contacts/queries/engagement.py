"""What contacts did with messages and pages, from the row that sums it up: a probe of the key each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx


@dataclass(frozen=True, slots=True)
class ContactEngagement:
    """The last time and the count of each deed. A click counts as reading, but not as an opening."""

    contact_id: int
    last_sent_at: datetime | None
    last_open_at: datetime | None
    last_click_at: datetime | None
    last_visit_at: datetime | None
    sent_count: int
    open_count: int
    click_count: int
    visit_count: int


async def engagement_of(tx: ReadTx, contact_ids: Sequence[int]) -> list[ContactEngagement]:
    """Those of the living contacts who did something; the others have no row."""
    return await tx.all(
        sql(
            """
            select e.contact_id, e.last_sent_at, e.last_open_at, e.last_click_at, e.last_visit_at,
                   e.sent_count, e.open_count, e.click_count, e.visit_count
            from activities.engagement e
            join contacts.contact c on c.workspace_id = e.workspace_id and c.id = e.contact_id
            where e.workspace_id = {workspace} and e.contact_id = any({ids}::bigint[]) and c.deleted_at is null
            order by e.contact_id
            """,
            ids=list(contact_ids),
        ),
        ContactEngagement,
    )
