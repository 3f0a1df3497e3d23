"""Reading the ledger, the sender and the local mailbox."""

from __future__ import annotations

from waypost.delivery.errors import MailNotFound
from waypost.delivery.types import Delivery, ReceivedMail, Sender
from waypost.kernel.page import Page, decode_cursor, encode_cursor
from waypost.kernel.sql import TRUE, sql
from waypost.kernel.tx import ReadTx


async def get_sender(tx: ReadTx) -> Sender:
    """The workspace's sender; until one is set, its owner."""
    found = await tx.maybe(
        sql(
            """
            select from_name, from_email from delivery.sender
            where workspace_id = {workspace} and from_email <> ''
            """
        ),
        Sender,
    )
    if found is not None:
        return found
    owner = await tx.maybe(
        sql(
            """
            select w.name as from_name, coalesce(u.email, '') as from_email from identity.workspace w
            left join identity.membership m on m.workspace_id = w.id and m.role = 'owner'
            left join identity.user_account u on u.id = m.user_id
            where w.id = {workspace} order by u.id limit 1
            """
        ),
        Sender,
    )
    if owner is None or not owner.from_email:
        return Sender("", "waypost@localhost.localdomain")
    return owner


async def list_deliveries(tx: ReadTx, contact_id: int, *, limit: int = 50, after: str | None = None) -> Page[Delivery]:
    """What a contact was sent, newest first."""
    before = TRUE
    if after is not None:
        (last_id,) = decode_cursor(after, int)
        before = sql("l.id < {last_id}", last_id=last_id)
    rows = await tx.all(
        sql(
            """
            select l.id, l.message_id, coalesce(m.name, 'Deleted message') as message_name, l.email,
                   (array['queued', 'sending', 'sent', 'failed', 'suppressed'])[l.state + 1] as state,
                   l.due_at, l.attempts, l.smtp_code, l.smtp_reply, l.sent_at, l.opened_at, l.open_count,
                   l.clicked_at, l.click_count, l.created_at
            from delivery.ledger l
            left join messages.message m on m.workspace_id = l.workspace_id and m.id = l.message_id
            where l.workspace_id = {workspace} and l.contact_id = {contact_id} and {before}
            order by l.id desc limit {limit}
            """,
            contact_id=contact_id,
            before=before,
            limit=limit + 1,
        ),
        Delivery,
    )
    return Page(rows[:limit], encode_cursor(rows[limit - 1].id) if len(rows) > limit else None)


async def list_mail(tx: ReadTx, *, limit: int = 50, after: str | None = None) -> Page[ReceivedMail]:
    """The local mailbox, newest first: this workspace's mail and what belongs to none."""
    before = TRUE
    if after is not None:
        (last_id,) = decode_cursor(after, int)
        before = sql("id < {last_id}", last_id=last_id)
    rows = await tx.all(
        sql(
            """
            select id, received_at, mail_from, rcpt_to, subject, size from delivery.mailbox
            where workspace_id in ({workspace}, 0) and {before} order by id desc limit {limit}
            """,
            before=before,
            limit=limit + 1,
        ),
        ReceivedMail,
    )
    return Page(rows[:limit], encode_cursor(rows[limit - 1].id) if len(rows) > limit else None)


async def get_mail(tx: ReadTx, mail_id: int) -> tuple[ReceivedMail, bytes]:
    """A mail and its bytes."""
    row = await tx.maybe(
        sql(
            """
            select id, received_at, mail_from, rcpt_to, subject, size, raw from delivery.mailbox
            where workspace_id in ({workspace}, 0) and id = {mail_id}
            """,
            mail_id=mail_id,
        )
    )
    if row is None:
        raise MailNotFound(mail_id=mail_id)
    values = dict(row)
    raw = values.pop("raw")
    return ReceivedMail(**values), raw
