"""Putting messages into the ledger, for a set of contacts at once."""

from __future__ import annotations

from collections.abc import Sequence

from waypost.delivery.types import Source
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx


async def queue_messages(
    tx: Tx,
    message_id: int,
    who: Sequence[int],
    *,
    source_kind: Source,
    source_ids: Sequence[int] | None = None,
    automation_id: int | None = None,
) -> int:
    """A row for each contact: queued, or suppressed with the reason. Returns how many were queued.

    A contact without an address, one on the suppression list, and one who has left every list it
    was ever on gets no mail; the row says so. `source_ids` go with `who`, one each.
    """
    if not who:
        return 0
    queued = await tx.value(
        sql(
            """
            with given as (
                select * from unnest({ids}::bigint[], {sources}::bigint[]) as g (contact_id, source_id)
            ),
            judged as (
                select g.contact_id, g.source_id, coalesce(c.email, '') as email,
                    case
                        when c.email is null then 'no e-mail address'
                        when s.email is not null then 'suppressed: ' || s.reason
                        when sub.gone then 'unsubscribed from all lists'
                    end as reason
                from given g
                join contacts.contact c
                    on c.workspace_id = {workspace} and c.id = g.contact_id and c.deleted_at is null
                left join delivery.suppression s on s.workspace_id = {workspace} and s.email = c.email
                left join lateral (
                    select bool_and(status in (2, 3)) as gone from contacts.subscription
                    where workspace_id = {workspace} and contact_id = g.contact_id
                ) sub on true
            ),
            written as (
                insert into delivery.ledger
                    (workspace_id, message_id, contact_id, email, source_kind, source_id, automation_id,
                     state, smtp_reply, due_at, created_at)
                select {workspace}, {message_id}, contact_id, email, {source_kind}, source_id, {automation_id}::bigint,
                       case when reason is null then 0 else 4 end, reason, {now}, {now}
                from judged
                returning state
            )
            select count(*) filter (where state = 0) from written
            """,
            ids=list(who),
            sources=list(source_ids) if source_ids is not None else [None] * len(who),
            message_id=message_id,
            source_kind=int(source_kind),
            automation_id=automation_id,
        )
    )
    if queued:
        await tx.notify("delivery")
    return int(queued)


async def queue_test(tx: Tx, message_id: int, *, email: str, contact_id: int | None = None) -> int:
    """One mail to an address of one's own, with a contact's values; returns the ledger id."""
    ledger_id = await tx.value(
        sql(
            """
            insert into delivery.ledger
                (workspace_id, message_id, contact_id, email, source_kind, due_at, created_at)
            values ({workspace}, {message_id}, {contact_id}, {email}, {source_kind}, {now}, {now}) returning id
            """,
            message_id=message_id,
            contact_id=contact_id or 0,
            email=email,
            source_kind=int(Source.TEST),
        )
    )
    await tx.notify("delivery")
    return int(ledger_id)


async def set_sender(tx: Tx, *, from_name: str, from_email: str) -> None:
    await tx.run(
        sql(
            """
            insert into delivery.sender (workspace_id, from_name, from_email, updated_at)
            values ({workspace}, {from_name}, {from_email}, {now})
            on conflict (workspace_id) do update set
                from_name = excluded.from_name, from_email = excluded.from_email, updated_at = excluded.updated_at
            """,
            from_name=from_name,
            from_email=from_email,
        )
    )


async def empty_mailbox(tx: Tx) -> int:
    return await tx.run(sql("delete from delivery.mailbox where workspace_id in ({workspace}, 0)"))
