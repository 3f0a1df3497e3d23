"""Who came into a segment and who left it, and the segments of one contact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from waypost.kernel.page import Page, decode_cursor, page_of
from waypost.kernel.sql import TRUE, sql
from waypost.kernel.tx import ReadTx
from waypost.segments.queries import get_segment

Event = Literal["entered", "left"]


@dataclass(frozen=True, slots=True)
class Movement:
    """One coming or going. Those with whom the segment began are not among them."""

    id: int
    at: datetime
    event: Event
    contact_id: int
    email: str | None
    first_name: str
    last_name: str


@dataclass(frozen=True, slots=True)
class Membership:
    """A segment that the contact is in."""

    id: int
    name: str
    entered_at: datetime


async def list_movements(
    tx: ReadTx,
    segment_id: int,
    *,
    event: Event | None = None,
    contact_id: int | None = None,
    limit: int = 50,
    after: str | None = None,
) -> Page[Movement]:
    """The latest first."""
    await get_segment(tx, segment_id)
    rows = await tx.all(
        sql(
            """
            select m.id, m.at, case when m.is_entry then 'entered' else 'left' end as event, m.contact_id,
                   c.email, coalesce(c.first_name, '') as first_name, coalesce(c.last_name, '') as last_name
            from segments.movement as m
            left join contacts.contact as c on c.workspace_id = {workspace} and c.id = m.contact_id
            where m.workspace_id = {workspace} and m.segment_id = {segment_id} and {of_event} and {of_contact} and {behind}
            order by m.id desc limit {limit}
            """,
            segment_id=segment_id,
            of_event=TRUE if event is None else sql("m.is_entry = {is_entry}", is_entry=event == "entered"),
            of_contact=TRUE if contact_id is None else sql("m.contact_id = {id}", id=contact_id),
            behind=TRUE if after is None else sql("m.id < {last}", last=decode_cursor(after, int)[0]),
            limit=limit + 1,
        ),
        Movement,
    )
    return page_of(rows, limit, lambda row: row.id)


async def list_contact_segments(tx: ReadTx, contact_id: int) -> list[Membership]:
    """By name."""
    return await tx.all(
        sql(
            """
            select s.id, s.name, m.entered_at from segments.membership as m
            join segments.segment as s on s.workspace_id = {workspace} and s.id = m.segment_id
            where m.workspace_id = {workspace} and m.contact_id = {contact_id} order by lower(s.name), s.id
            """,
            contact_id=contact_id,
        ),
        Membership,
    )
