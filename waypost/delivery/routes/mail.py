"""HTTP for delivery: the default sender, test mails, a contact's messages, the local mailbox."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from litestar import Response, delete, get, post, put
from litestar.params import Parameter

from waypost.contacts.queries.contacts import get_contact
from waypost.delivery.actions import empty_mailbox, queue_test, set_sender
from waypost.delivery.mailbox import open_mail
from waypost.delivery.queries import get_raw_mail, get_sender, list_contact_messages, list_mails
from waypost.delivery.schemas.mail import (
    FullMailOut,
    MailList,
    MailOut,
    SenderBody,
    SenderOut,
    SentMessageList,
    SentMessageOut,
    TestBody,
    TestOut,
    state_name,
)
from waypost.delivery.types import SentMessage, State
from waypost.kernel.http.auth import Role, at_least
from waypost.kernel.tx import ReadTx, Tx

Limit = Annotated[int, Parameter(ge=1, le=200)]


@get("/api/v1/delivery/settings")
async def read_sender(read: ReadTx) -> SenderOut:
    return SenderOut(**asdict(await get_sender(read)))


@put("/api/v1/delivery/settings", guards=[at_least(Role.ADMIN)])
async def change_sender(data: SenderBody, tx: Tx) -> SenderOut:
    return SenderOut(**asdict(await set_sender(tx, from_name=data.from_name, from_email=data.from_email)))


@post("/api/v1/messages/{message_id:int}/test")
async def send_test(message_id: int, data: TestBody, tx: Tx) -> TestOut:
    return TestOut(id=await queue_test(tx, message_id, email=data.email, contact_id=data.contact_id))


@get("/api/v1/contacts/{contact_id:int}/messages")
async def read_contact_messages(
    contact_id: int, read: ReadTx, limit: Limit = 50, after: str | None = None
) -> SentMessageList:
    await get_contact(read, contact_id)
    page = await list_contact_messages(read, contact_id, limit=limit, after=after)
    return SentMessageList(items=[_sent(item) for item in page.items], next=page.next)


def _sent(item: SentMessage) -> SentMessageOut:
    values: dict[str, Any] = {**asdict(item), "state": state_name(item.state)}
    is_ours = item.state == State.SUPPRESSED or (item.state == State.QUEUED and item.smtp_code is None)
    reason = item.smtp_reply if is_ours else None
    return SentMessageOut(**values, reason=reason)


@get("/api/v1/mailbox")
async def read_mailbox(read: ReadTx, limit: Limit = 50, after: str | None = None) -> MailList:
    page = await list_mails(read, limit=limit, after=after)
    return MailList(items=[MailOut(**asdict(item)) for item in page.items], next=page.next)


@get("/api/v1/mailbox/{mail_id:int}")
async def read_mail(mail_id: int, read: ReadTx) -> FullMailOut:
    mail, raw = await get_raw_mail(read, mail_id)
    opened = open_mail(raw)
    return FullMailOut(**asdict(mail), html=opened.html, text=opened.text, headers=opened.headers)


@get("/api/v1/mailbox/{mail_id:int}/raw", media_type="message/rfc822")
async def read_raw_mail(mail_id: int, read: ReadTx) -> Response[bytes]:
    _, raw = await get_raw_mail(read, mail_id)
    headers = {"content-disposition": f'attachment; filename="mail-{mail_id}.eml"', "x-content-type-options": "nosniff"}
    return Response(raw, media_type="message/rfc822", headers=headers)


@delete("/api/v1/mailbox")
async def clear_mailbox(tx: Tx) -> None:
    await empty_mailbox(tx)


ROUTES = (
    read_sender,
    change_sender,
    send_test,
    read_contact_messages,
    read_mailbox,
    read_mail,
    read_raw_mail,
    clear_mailbox,
)
