"""Writes: queueing messages, unsubscribing, the default sender, emptying the mailbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from waypost.activities.actions import record
from waypost.contacts.actions.subscriptions import unsubscribe
from waypost.delivery.errors import SenderMissing
from waypost.delivery.facts import Unsubscribed
from waypost.delivery.queries import list_senderless
from waypost.delivery.refusal import refusal
from waypost.delivery.types import NOT_THEIRS, DefaultSender, Reason, SourceKind
from waypost.kernel.sql import FALSE, TRUE, sql
from waypost.kernel.tx import Tx
from waypost.messages.errors import MessageNotFound


@dataclass(frozen=True, slots=True)
class Order:
    """One message for some contacts; `source_ids` belong to them one by one."""

    message_id: int
    contact_ids: Sequence[int]
    source_kind: int
    source_ids: Sequence[int | None]
    automation_id: int | None = None
    step_id: str | None = None


async def queue_messages(
    tx: Tx,
    message_id: int,
    who: Sequence[int],
    *,
    source_kind: int,
    source_id: int | Sequence[int] | None = None,
    automation_id: int | None = None,
    step_id: str | None = None,
) -> int:
    """Queue the message for the contacts; who must not be mailed is noted with the reason. Returns how many."""
    sources = [source_id] * len(who) if source_id is None or isinstance(source_id, int) else list(source_id)
    return await queue_orders(tx, [Order(message_id, who, source_kind, sources, automation_id, step_id)])


async def lock_message(tx: Tx, message_id: int) -> None:
    """Nobody deletes the message before this transaction ends."""
    statement = sql(
        "select id from messages.message where workspace_id = {workspace} and id = {message_id} for key share",
        message_id=message_id,
    )
    if await tx.value(statement) is None:
        raise MessageNotFound(message_id=message_id)


async def queue_orders(tx: Tx, orders: Sequence[Order]) -> int:
    """All orders by one statement. What the same step of the same run has queued already is left as it is."""
    for message_id in sorted({order.message_id for order in orders}):
        # lint: no-row-loops because a turn is a message, not a contact
        await lock_message(tx, message_id)
    rows = [
        (order.message_id, contact_id, order.source_kind, source_id, order.automation_id, order.step_id)
        for order in orders
        for contact_id, source_id in zip(order.contact_ids, order.source_ids, strict=True)
    ]
    if not rows:
        return 0
    message_ids, contact_ids, kinds, source_ids, automation_ids, step_ids = zip(*rows, strict=True)
    count = await tx.run(
        sql(
            """
            insert into delivery.ledger (workspace_id, message_id, contact_id, email, source_kind, source_id,
                automation_id, step_id, state, due_at, smtp_reply, created_at)
            select {workspace}, message_id, contact_id, coalesce(email, ''), source_kind, source_id,
                   automation_id, step_id, case when reason is null then 0 else 4 end, {now}, reason, {now}
            from (
                select given.*, c.email, {reason} as reason
                from (select distinct * from unnest({message_ids}::bigint[], {contact_ids}::bigint[],
                          {kinds}::smallint[], {source_ids}::bigint[], {automation_ids}::bigint[], {step_ids}::text[])
                      as rows (message_id, contact_id, source_kind, source_id, automation_id, step_id)) as given
                join contacts.contact c on c.workspace_id = {workspace} and c.id = given.contact_id
                where c.deleted_at is null and not exists (
                    select 1 from delivery.ledger l
                    where l.workspace_id = {workspace} and l.message_id = given.message_id
                      and l.contact_id = given.contact_id and l.source_kind = given.source_kind
                      and l.source_id = given.source_id and l.step_id is not distinct from given.step_id)
            ) as judged
            order by message_id, contact_id
            """,
            reason=refusal(contact_id=sql("c.id"), email=sql("c.email")),
            message_ids=list(message_ids),
            contact_ids=list(contact_ids),
            kinds=list(kinds),
            source_ids=list(source_ids),
            automation_ids=list(automation_ids),
            step_ids=list(step_ids),
        )
    )
    if count:
        tx.wake("delivery")
    return count


@dataclass(frozen=True, slots=True)
class Notice:
    """One message about some contacts, to members of the team, other addresses and the contacts' owners."""

    message_id: int
    contact_ids: Sequence[int]
    run_ids: Sequence[int | None]
    automation_id: int
    step_id: str
    user_ids: Sequence[int] = ()
    emails: Sequence[str] = ()
    to_owner: bool = False


async def queue_notices(tx: Tx, notice: Notice) -> int:
    """Each address gets the message once for each contact and pass; returns how many were queued."""
    count = await tx.run(
        sql(
            """
            insert into delivery.ledger (workspace_id, message_id, contact_id, email, source_kind, source_id,
                automation_id, step_id, state, due_at, created_at)
            select {workspace}, {message_id}, c.id, told.email, {kind}, given.run_id, {automation_id}, {step_id},
                   0, {now}, {now}
            from unnest({contact_ids}::bigint[], {run_ids}::bigint[]) as given (contact_id, run_id)
            join contacts.contact c on c.workspace_id = {workspace} and c.id = given.contact_id
            cross join lateral (
                select u.email from identity.user_account u
                join identity.membership m on m.user_id = u.id and m.workspace_id = {workspace}
                where u.id = any({user_ids}::bigint[]) or ({to_owner} and u.id = c.owner_id)
                union
                select unnest({emails}::text[])
            ) as told
            where c.deleted_at is null and not exists (
                select 1 from delivery.ledger l
                where l.workspace_id = {workspace} and l.message_id = {message_id} and l.contact_id = c.id
                  and l.source_kind = {kind} and l.source_id = given.run_id and l.step_id = {step_id}
                  and l.email = told.email)
            order by c.id, told.email
            """,
            message_id=notice.message_id,
            contact_ids=list(notice.contact_ids),
            run_ids=list(notice.run_ids),
            kind=sql("{kind}::smallint", kind=int(SourceKind.NOTIFICATION)),
            automation_id=notice.automation_id,
            step_id=notice.step_id,
            user_ids=list(notice.user_ids),
            emails=[email.lower() for email in notice.emails],
            to_owner=TRUE if notice.to_owner else FALSE,
        )
    )
    if count:
        tx.wake("delivery")
    return count


async def queue_test(tx: Tx, message_id: int, *, email: str, contact_id: int | None) -> int:
    """Send the message to an address as the contact would get it, or with nobody's values; not counted."""
    await lock_message(tx, message_id)
    if await list_senderless(tx, [message_id]):
        raise SenderMissing
    ledger_id = await tx.value(
        sql(
            """
            insert into delivery.ledger
                (workspace_id, message_id, contact_id, email, source_kind, state, due_at, created_at)
            values ({workspace}, {message_id}, (select id from contacts.contact
                        where workspace_id = {workspace} and id = {contact_id}::bigint and deleted_at is null),
                    {email}, {kind}, 0, {now}, {now})
            returning id
            """,
            message_id=message_id,
            contact_id=contact_id,
            email=email,
            kind=int(SourceKind.TEST),
        )
    )
    tx.wake("delivery")
    return ledger_id


async def unsubscribe_by_message(tx: Tx, ledger_id: int) -> bool:
    """End every subscription of the message's recipient and mail the address no more; once is enough."""
    row = await tx.maybe(
        sql(
            """
            select message_id, contact_id, email, source_kind from delivery.ledger
            where workspace_id = {workspace} and id = {id}
            """,
            id=ledger_id,
        )
    )
    if row is None:
        return False
    if row["source_kind"] == SourceKind.FORWARD:
        await _mail_no_more(tx, row["email"])
        return True
    if row["contact_id"] is None or row["source_kind"] in NOT_THEIRS:
        return True
    who = sql("select {contact_id} as contact_id", contact_id=row["contact_id"])
    ended = await unsubscribe(tx, None, who, source="message")
    added = await _mail_no_more(tx, row["email"])
    if ended or added:
        await record(tx, Unsubscribed(message_id=row["message_id"]), who)
    return True


async def _mail_no_more(tx: Tx, address: str) -> int:
    return await tx.run(
        sql(
            """
            insert into delivery.suppression (workspace_id, address, reason, created_at)
            values ({workspace}, {address}, {reason}, {now}) on conflict do nothing
            """,
            address=address,
            reason=int(Reason.UNSUBSCRIBED),
        )
    )


async def set_sender(tx: Tx, *, from_name: str, from_email: str) -> DefaultSender:
    """Who messages come from when they do not say: the sender with that address becomes the default one."""
    name, email = from_name.strip(), from_email.strip()
    await tx.run(
        sql(
            """
            update delivery.sender set is_default = false, updated_at = {now}
            where workspace_id = {workspace} and is_default and lower(from_email) <> lower({email})
            """,
            email=email,
        )
    )
    await tx.run(
        sql(
            """
            insert into delivery.sender as s (workspace_id, from_name, from_email, reply_to, physical_address,
                is_default, created_at, updated_at)
            values ({workspace}, {name}, {email}, '', '', true, {now}, {now})
            on conflict (workspace_id, lower(from_email)) do update set from_name = excluded.from_name,
                from_email = excluded.from_email, is_default = true, updated_at = excluded.updated_at
            """,
            name=name,
            email=email,
        )
    )
    return DefaultSender(name, email)


async def empty_mailbox(tx: Tx) -> int:
    return await tx.run(sql("delete from delivery.mailbox where workspace_id = {workspace}"))
