"""Reads: whom messages come from, a contact's messages, the local mailbox."""

from __future__ import annotations

from collections.abc import Sequence

from waypost.delivery.errors import MailNotFound
from waypost.delivery.types import DefaultSender, Mail, Sender, SentMessage
from waypost.kernel.page import Page, decode_cursor, page_of
from waypost.kernel.sql import TRUE, Sql, sql
from waypost.kernel.tx import ReadTx

DEFAULT_FROM_EMAIL = "waypost@localhost.localdomain"


async def has_real_server(tx: ReadTx) -> bool:
    """Whether mail leaves the house, rather than for the local mailbox."""
    if tx.settings.smtp_url:
        return True
    statement = sql("select exists (select 1 from delivery.relay where workspace_id = {workspace} and is_enabled)")
    return bool(await tx.value(statement))


async def get_sender(tx: ReadTx) -> DefaultSender:
    """Whom messages come from that do not say; made of the workspace's name until somebody sets one.

    Only the local mailbox takes mail from a made-up address: with a real relay it is empty until set.
    """
    found = await tx.maybe(
        sql("select from_name, from_email from delivery.sender where workspace_id = {workspace} and is_default"),
        DefaultSender,
    )
    if found is not None and found.from_email != DEFAULT_FROM_EMAIL:
        return found
    name = await tx.value(sql("select name from identity.workspace where id = {workspace}"))
    email = "" if await has_real_server(tx) else DEFAULT_FROM_EMAIL
    return DefaultSender((found.from_name if found else "") or name or "Waypost", email)


async def find_sender(tx: ReadTx, from_email: str) -> Sender | None:
    """The sender with the address."""
    return await tx.maybe(
        sql(
            """
            select id, from_name, from_email, reply_to, physical_address, relay_id, is_default, created_at, updated_at
            from delivery.sender where workspace_id = {workspace} and lower(from_email) = lower({from_email})
            """,
            from_email=from_email,
        ),
        Sender,
    )


async def list_senderless(tx: ReadTx, message_ids: Sequence[int]) -> list[int]:
    """Which of the messages have nobody to come from: no address, or the made-up one beside a real relay."""
    default = await get_sender(tx) if message_ids else None
    if default is None or default.from_email == DEFAULT_FROM_EMAIL:
        return []
    rows = await tx.all(
        sql(
            """
            select id from messages.message
            where workspace_id = {workspace} and id = any({ids}::bigint[])
              and ((from_email = {made_up} and {is_real}) or (from_email = '' and {is_empty})) order by id
            """,
            ids=list(message_ids),
            made_up=DEFAULT_FROM_EMAIL,
            is_real=await has_real_server(tx),
            is_empty=not default.from_email,
        )
    )
    return [row["id"] for row in rows]


def _before(after: str | None) -> Sql:
    if after is None:
        return TRUE
    (last_id,) = decode_cursor(after, int)
    return sql("l.id < {last_id}", last_id=last_id)


async def list_contact_messages(
    tx: ReadTx, contact_id: int, *, limit: int = 50, after: str | None = None
) -> Page[SentMessage]:
    """What the contact was sent or is about to be sent, the newest first."""
    rows = await tx.all(
        sql(
            """
            select l.id, l.message_id, coalesce(m.name, '') as message_name, coalesce(m.subject, '') as subject,
                   l.email, l.state, l.smtp_code, l.smtp_reply, l.created_at, l.due_at, l.sent_at, l.opened_at, l.open_count,
                   l.clicked_at, l.click_count
            from delivery.ledger l
            left join messages.message m on m.workspace_id = l.workspace_id and m.id = l.message_id
            where l.workspace_id = {workspace} and l.contact_id = {contact_id} and l.source_kind not in (3, 6) and {before}
            order by l.id desc limit {limit}
            """,
            contact_id=contact_id,
            before=_before(after),
            limit=limit + 1,
        ),
        SentMessage,
    )
    return page_of(rows, limit, lambda row: row.id)


async def list_mails(tx: ReadTx, *, limit: int = 50, after: str | None = None) -> Page[Mail]:
    """What the local mailbox received, the newest first."""
    rows = await tx.all(
        sql(
            """
            select l.id, l.received_at, l.mail_from, l.rcpt_to, l.subject, length(l.raw)::bigint as size
            from delivery.mailbox l where l.workspace_id = {workspace} and {before}
            order by l.id desc limit {limit}
            """,
            before=_before(after),
            limit=limit + 1,
        ),
        Mail,
    )
    return page_of(rows, limit, lambda row: row.id)


async def get_raw_mail(tx: ReadTx, mail_id: int) -> tuple[Mail, bytes]:
    row = await tx.maybe(
        sql(
            """
            select id, received_at, mail_from, rcpt_to, subject, length(raw)::bigint as size, raw
            from delivery.mailbox where workspace_id = {workspace} and id = {mail_id}
            """,
            mail_id=mail_id,
        )
    )
    if row is None:
        raise MailNotFound(mail_id=mail_id)
    values = dict(row)
    raw = values.pop("raw")
    return Mail(**values), bytes(raw)
