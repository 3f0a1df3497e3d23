"""What recipients did with campaigns by row number, with totals; for dialects whose pages are numbered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from waypost.delivery.engaged import OPENED
from waypost.delivery.types import SourceKind
from waypost.kernel.sql import TRUE, Sql, and_, sql
from waypost.kernel.tx import ReadTx

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Reader:
    """A recipient who opened or clicked what a campaign sent."""

    id: int
    campaign_id: int
    message_id: int
    contact_id: int
    email: str
    sent_at: datetime | None
    opened_at: datetime | None
    open_count: int
    clicked_at: datetime | None
    click_count: int


@dataclass(frozen=True, slots=True)
class Clicker:
    """A contact who clicked a link of a campaign, and when that was first known."""

    campaign_id: int
    message_id: int
    link: int
    url: str
    contact_id: int
    created_at: datetime


async def list_readers_from(
    tx: ReadTx, *, campaign_id: int | None = None, limit: int, offset: int
) -> tuple[list[Reader], int]:
    """In the order in which the mails were asked for."""
    source = TRUE if campaign_id is None else sql("l.source_id = {id}", id=campaign_id)
    messages = TRUE
    if campaign_id is not None:
        messages = sql(
            """
            l.message_id in (select sent_message_id from campaigns.variant
                             where workspace_id = {workspace} and campaign_id = {id})
            """,
            id=campaign_id,
        )
    of_campaigns = sql(
        "l.source_kind = {kind} and l.source_id is not null and l.contact_id is not null",
        kind=int(SourceKind.CAMPAIGN),
    )
    where = and_(of_campaigns, source, messages, OPENED)
    return await _page(
        tx,
        sql(
            """
            select l.id, l.source_id as campaign_id, l.message_id, l.contact_id, l.email, l.sent_at, l.opened_at,
                   l.open_count, l.clicked_at, l.click_count
            from delivery.ledger l where l.workspace_id = {workspace} and {where} order by l.id
            """,
            where=where,
        ),
        Reader,
        limit,
        offset,
    )


async def list_clickers_from(
    tx: ReadTx, *, campaign_id: int | None = None, limit: int, offset: int
) -> tuple[list[Clicker], int]:
    """By campaign, variant, link and contact."""
    return await _page(
        tx,
        sql(
            """
            select c.campaign_id, v.sent_message_id as message_id, c.link, m.url, c.contact_id, c.created_at
            from campaigns.clicker c
            join campaigns.variant v on v.workspace_id = c.workspace_id and v.campaign_id = c.campaign_id
              and v.number = c.number
            join messages.link m on m.workspace_id = c.workspace_id and m.message_id = v.sent_message_id
              and m.number = c.link
            where c.workspace_id = {workspace} and {only} order by c.campaign_id, c.number, c.link, c.contact_id
            """,
            only=TRUE if campaign_id is None else sql("c.campaign_id = {id}", id=campaign_id),
        ),
        Clicker,
        limit,
        offset,
    )


async def _page(tx: ReadTx, statement: Sql, row: type[Row], limit: int, offset: int) -> tuple[list[Row], int]:
    rows = await tx.all(
        sql("{statement} limit {limit} offset {offset}", statement=statement, limit=limit, offset=offset), row
    )
    if offset == 0 and len(rows) < limit:
        return rows, len(rows)
    return rows, await tx.value(sql("select count(*) from ({statement}) as rows", statement=statement))
