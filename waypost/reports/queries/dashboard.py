"""The start page: totals, a month of days, automations at work and the newest facts."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from waypost.activities.queries import list_newest
from waypost.activities.types import Entry
from waypost.delivery.engaged import CLICKED, OPENED
from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx
from waypost.reports.types import AutomationState, Dashboard, Day, RecentFact

DAYS = 30


async def get_dashboard(tx: ReadTx) -> Dashboard:
    """Everything the start page shows."""
    series = await _list_days(tx)
    totals = await tx.one(
        sql(
            """
            select count(*) filter (where deleted_at is null) as total,
                   count(*) filter (where deleted_at is null and created_at >= {since}) as new
            from contacts.contact where workspace_id = {workspace}
            """,
            since=_since(tx),
        )
    )
    return Dashboard(
        contacts_total=totals["total"],
        contacts_new_30d=totals["new"],
        messages_sent_30d=sum(day.sent for day in series),
        opens_30d=sum(day.opened for day in series),
        clicks_30d=sum(day.clicked for day in series),
        series=series,
        automations=await _list_automations(tx),
        recent=await _list_recent(tx),
    )


def _since(tx: ReadTx) -> datetime:
    first = tx.now.astimezone(UTC).date() - timedelta(days=DAYS - 1)
    return datetime.combine(first, time(), tzinfo=UTC)


async def _list_days(tx: ReadTx) -> list[Day]:
    """Each of the last 30 days; opens and clicks count messages, on the day they were sent."""
    return await tx.all(
        sql(
            """
            with days as (
                select generate_series({since}::date, {today}::date, interval '1 day')::date as day
            ),
            sent as (
                select (sent_at at time zone 'UTC')::date as day, count(*) as sent,
                       count(*) filter (where {opened}) as opened,
                       count(*) filter (where {clicked}) as clicked
                from delivery.ledger l
                where workspace_id = {workspace} and sent_at >= {since} and source_kind not in (3, 6) group by 1
            ),
            added as (
                select (created_at at time zone 'UTC')::date as day, count(*) as contacts
                from contacts.contact
                where workspace_id = {workspace} and created_at >= {since} and deleted_at is null group by 1
            )
            select days.day, coalesce(sent, 0) as sent, coalesce(opened, 0) as opened,
                   coalesce(clicked, 0) as clicked, coalesce(contacts, 0) as contacts
            from days left join sent using (day) left join added using (day) order by days.day
            """,
            since=_since(tx),
            today=tx.now,
            opened=OPENED,
            clicked=CLICKED,
        ),
        Day,
    )


async def _list_automations(tx: ReadTx) -> list[AutomationState]:
    """The automations with most contacts in them."""
    return await tx.all(
        sql(
            """
            select a.id, a.name, case a.status when 1 then 'active' else 'paused' end as status,
                   coalesce(e.active, 0) as active_count,
                   coalesce(e.completed, 0) as completed_count
            from automations.automation a
            left join (
                select automation_id, count(*) filter (where state in (0, 1)) as active,
                       count(*) filter (where state = 2) as completed
                from automations.enrollment where workspace_id = {workspace} group by automation_id
            ) e on e.automation_id = a.id
            where a.workspace_id = {workspace} and a.status <> 0 and a.deleted_at is null
            order by coalesce(e.active, 0) desc, a.id limit 6
            """
        ),
        AutomationState,
    )


async def _list_recent(tx: ReadTx) -> list[RecentFact]:
    entries = await list_newest(tx, limit=12)
    people = await tx.all(
        sql(
            """
            select id, coalesce(nullif(trim(first_name || ' ' || last_name), ''), email, phone) as name
            from contacts.contact where workspace_id = {workspace} and id = any({ids}::bigint[])
            """,
            ids=[entry.contact_id for entry in entries],
        )
    )
    names = {row["id"]: row["name"] for row in people}
    objects = await _object_names(tx, entries)
    return [
        RecentFact(
            id=entry.id,
            at=entry.at,
            kind=entry.kind,
            label=entry.label,
            contact_id=entry.contact_id,
            contact_name=names.get(entry.contact_id, "A contact"),
            object_id=entry.object_id,
            object_name=objects.get((entry.kind, entry.object_id)),
        )
        for entry in entries
    ]


async def _object_names(tx: ReadTx, entries: list[Entry]) -> dict[tuple[str, int | None], str]:
    """Names of the tags, lists, messages and automations that the facts speak of."""
    wanted: dict[str, set[int]] = {}
    for entry in entries:
        picker = tx.registry.facts[entry.kind].picker if entry.kind in tx.registry.facts else None
        if picker is not None and entry.object_id is not None:
            wanted.setdefault(picker, set()).add(entry.object_id)
    rows = await tx.all(
        sql(
            """
            select 'tag' as noun, id, name from contacts.tag
            where workspace_id = {workspace} and id = any({tag}::bigint[])
            union all
            select 'list', id, name from contacts.list where workspace_id = {workspace} and id = any({list}::bigint[])
            union all
            select 'message', id, name from messages.message
            where workspace_id = {workspace} and id = any({message}::bigint[])
            union all
            select 'automation', id, name from automations.automation
            where workspace_id = {workspace} and id = any({automation}::bigint[])
            """,
            **{noun: sorted(wanted.get(noun, ())) for noun in ("tag", "list", "message", "automation")},
        )
    )
    names = {(row["noun"], row["id"]): row["name"] for row in rows}
    return {
        (entry.kind, entry.object_id): names[(tx.registry.facts[entry.kind].picker or "", entry.object_id)]
        for entry in entries
        if entry.kind in tx.registry.facts and (tx.registry.facts[entry.kind].picker or "", entry.object_id) in names
    }
