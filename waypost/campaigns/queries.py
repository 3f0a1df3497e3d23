"""Reading campaigns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from waypost.campaigns.errors import CampaignNotFound, VariantNotSent
from waypost.campaigns.types import Campaign, FeedState, Variant
from waypost.delivery.engaged import CLICKED, OPENED
from waypost.delivery.types import SourceKind
from waypost.kernel.page import Page, decode_cursor, encode_cursor, page_of
from waypost.kernel.sql import TRUE, Sql, and_, not_, sql
from waypost.kernel.tx import ReadTx
from waypost.messages.queries import get_message
from waypost.messages.types import Message

COLUMNS = sql(
    """
    id, name, kind, state, message_id, subject, preheader, from_name, from_email, reply_to, audience, utm, test,
    scheduled_at, is_local_time, breaker_percent, parent_id, pause_reason, started_at, frozen_upto, frozen_count,
    is_frozen, is_held, tested_at, wave, winner, decision, decided_at, finished_at, dirty_at, counted_at,
    count_milliseconds, domains, reasons, created_at, updated_at, approval, timing, looked_at
    """
)
VARIANT_COLUMNS = sql(
    """
    campaign_id, number, subject, from_name, from_email, message_id, sent_message_id, total, waiting, sent, failed,
    refused, opened, clicked, open_count, click_count, unsubscribed, bounced, machine_opened, machine_open_count,
    replied, takings
    """
)
RECIPIENT_FILTERS: dict[str, Sql] = {
    "all": TRUE,
    "sent": sql("l.state = 2"),
    "waiting": sql("l.state in (0, 1)"),
    "failed": sql("l.state = 3"),
    "refused": sql("l.state = 4"),
    "opened": OPENED,
    "unopened": and_(sql("l.state = 2"), not_(OPENED)),
    "clicked": CLICKED,
    "replied": sql("l.replied_at is not null"),
}


async def get_campaign(tx: ReadTx, campaign_id: int) -> Campaign:
    found = await tx.maybe(
        sql(
            "select {columns} from campaigns.campaign where workspace_id = {workspace} and id = {id}",
            columns=COLUMNS,
            id=campaign_id,
        ),
        Campaign,
    )
    if found is None:
        raise CampaignNotFound(campaign_id=campaign_id)
    return found


async def list_campaigns(
    tx: ReadTx,
    *,
    search: str = "",
    state: str | None = None,
    between: tuple[datetime, datetime] | None = None,
    limit: int = 50,
    after: str | None = None,
) -> Page[Campaign]:
    """The newest first; `between` asks for those whose time lies in a span."""
    before = TRUE
    if after is not None:
        (last_id,) = decode_cursor(after, int)
        before = sql("id < {last_id}", last_id=last_id)
    when = TRUE
    if between is not None:
        when = sql(
            "coalesce(started_at, scheduled_at) >= {start} and coalesce(started_at, scheduled_at) < {end}",
            start=between[0],
            end=between[1],
        )
    rows = await tx.all(
        sql(
            """
            select {columns} from campaigns.campaign
            where workspace_id = {workspace} and {before} and {when} and ({state}::text is null or state = {state}::text)
              and ({search} = '' or strpos(lower(name), lower({search})) > 0)
            order by id desc limit {limit}
            """,
            columns=COLUMNS,
            before=before,
            when=when,
            state=state,
            search=search,
            limit=limit + 1,
        ),
        Campaign,
    )
    return page_of(rows, limit, lambda row: row.id)


async def list_variants(tx: ReadTx, campaign_ids: Sequence[int]) -> dict[int, list[Variant]]:
    """The variants of each campaign, in order."""
    rows = await tx.all(
        sql(
            """
            select {columns} from campaigns.variant
            where workspace_id = {workspace} and campaign_id = any({ids}::bigint[]) order by campaign_id, number
            """,
            columns=VARIANT_COLUMNS,
            ids=list(campaign_ids),
        ),
        Variant,
    )
    found: dict[int, list[Variant]] = {number: [] for number in campaign_ids}
    for row in rows:
        found[row.campaign_id].append(row)
    return found


async def get_sent_message(tx: ReadTx, campaign_id: int, number: int) -> Message:
    """What a variant's recipients got, which is there once sending has begun."""
    await get_campaign(tx, campaign_id)
    variants = (await list_variants(tx, [campaign_id]))[campaign_id]
    sent = next((row.sent_message_id for row in variants if row.number == number), None)
    if sent is None:
        raise VariantNotSent(campaign_id=campaign_id, variant=number)
    return await get_message(tx, sent)


async def list_hours(tx: ReadTx, campaign_id: int) -> list[Any]:
    return await tx.all(
        sql(
            """
            select hour, kind, sum(count)::bigint as count from campaigns.hour
            where workspace_id = {workspace} and campaign_id = {id} group by hour, kind order by hour, kind
            """,
            id=campaign_id,
        )
    )


async def list_issues(tx: ReadTx, campaign_id: int, *, limit: int = 50, after: str | None = None) -> Page[Campaign]:
    """What a feed's campaign has sent, the newest first."""
    (last_id,) = (None,) if after is None else decode_cursor(after, int)
    rows = await tx.all(
        sql(
            """
            select {columns} from campaigns.campaign
            where workspace_id = {workspace} and parent_id = {id} and ({last_id}::bigint is null or id < {last_id}::bigint)
            order by id desc limit {limit}
            """,
            columns=COLUMNS,
            id=campaign_id,
            last_id=last_id,
            limit=limit + 1,
        ),
        Campaign,
    )
    return page_of(rows, limit, lambda row: row.id)


async def get_feed_state(tx: ReadTx, campaign_id: int) -> FeedState:
    """When the feed was last read, and what was wrong with it."""
    found = await tx.maybe(
        sql(
            "select read_at, problem from campaigns.feed where workspace_id = {workspace} and campaign_id = {id}",
            id=campaign_id,
        ),
        FeedState,
    )
    return found or FeedState(read_at=None, problem=None)


async def get_coming(tx: ReadTx, campaign_id: int) -> dict[str, Any]:
    """How many wait for their time, and when the first of them is due."""
    row = await tx.one(
        sql(
            """
            select count(*) as coming, min(due_at) as next_at from campaigns.recipient
            where workspace_id = {workspace} and campaign_id = {id} and not is_queued
            """,
            id=campaign_id,
        )
    )
    return dict(row)


async def list_link_counts(tx: ReadTx, campaign_id: int) -> list[Any]:
    """Every address of what was sent, with its clicks, the most clicked first."""
    return await tx.all(
        sql(
            """
            select v.number as variant, v.sent_message_id as message_id, m.number as link, m.url,
                   coalesce(k.clicks, 0) as clicks, coalesce(k.people, 0) as people
            from campaigns.variant v
            join messages.link m on m.workspace_id = v.workspace_id and m.message_id = v.sent_message_id
            left join campaigns.link_count k on k.workspace_id = v.workspace_id and k.campaign_id = v.campaign_id
              and k.number = v.number and k.link = m.number
            where v.workspace_id = {workspace} and v.campaign_id = {id}
            order by clicks desc, v.number, m.number limit 200
            """,
            id=campaign_id,
        )
    )


async def list_recipients(
    tx: ReadTx, campaign_id: int, *, only: str = "all", variant: int | None = None, limit: int = 50,
    after: str | None = None,
) -> Page[Any]:  # fmt: skip
    """The campaign's rows of the ledger, by variant and contact."""
    start = TRUE
    if after is not None:
        message_id, contact_id, number = decode_cursor(after, int, int, int)
        start = sql(
            "(l.message_id, l.contact_id, l.id) > ({message_id}, {contact_id}, {number})",
            message_id=message_id,
            contact_id=contact_id,
            number=number,
        )
    numbers = (await list_variants(tx, [campaign_id]))[campaign_id]
    ids = [row.sent_message_id for row in numbers if row.sent_message_id and variant in (None, row.number)]
    rows = await tx.all(
        sql(
            """
            select l.id, l.contact_id, l.message_id, l.email, coalesce(c.first_name, '') as first_name,
                   coalesce(c.last_name, '') as last_name, l.state, l.smtp_code, l.smtp_reply, l.sent_at,
                   l.opened_at, l.open_count, l.clicked_at, l.click_count
            from delivery.ledger l
            left join contacts.contact c on c.workspace_id = l.workspace_id and c.id = l.contact_id
            where l.workspace_id = {workspace} and l.message_id = any({ids}::bigint[]) and l.source_kind = {kind}
              and l.source_id = {id} and l.contact_id is not null and {only} and {start}
            order by l.message_id, l.contact_id, l.id limit {limit}
            """,
            ids=ids,
            kind=int(SourceKind.CAMPAIGN),
            id=campaign_id,
            only=RECIPIENT_FILTERS[only],
            start=start,
            limit=limit + 1,
        )
    )
    last = rows[limit - 1] if len(rows) > limit else None
    return Page(rows[:limit], encode_cursor(last["message_id"], last["contact_id"], last["id"]) if last else None)
