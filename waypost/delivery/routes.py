"""HTTP for delivery: the ledger of a contact, test mails, the sender, the local mailbox, unsubscribing."""

from __future__ import annotations

import html
from typing import Annotated

from litestar import MediaType, Response, delete, get, post, put
from litestar.params import Parameter

from waypost.delivery.actions.outbox import empty_mailbox, queue_test, set_sender
from waypost.delivery.actions.unsubscribing import unsubscribe_by_mail
from waypost.delivery.errors import TokenInvalid
from waypost.delivery.queries import get_mail, get_sender, list_deliveries, list_mail
from waypost.delivery.read_mail import describe_mail
from waypost.delivery.schemas import DeliveryList, MailList, MailOut, SenderBody, TestBody, TestOut
from waypost.delivery.token import Tokens
from waypost.delivery.types import Sender
from waypost.kernel.http.auth import Role, at_least
from waypost.kernel.tx import Actor, ReadTx, Tx
from waypost.kernel.work import SystemWork
from waypost.messages.queries import get_message

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><title>{title}</title><style>
:root {{ color-scheme: light dark }} body {{ font: 16px/1.55 system-ui, sans-serif; max-width: 30rem; margin: 12vh auto;
padding: 0 1.25rem }} h1 {{ font-size: 1.5rem }} button {{ font: inherit; font-weight: 600; padding: .7rem 1.2rem;
border: 0; border-radius: 8px; background: #4650c8; color: #fff; cursor: pointer }}
</style></head><body><main><h1>{title}</h1><p>{words}</p>{form}</main></body></html>"""
FORM = '<form method="post"><button type="submit">Unsubscribe</button></form>'

Limit = Annotated[int, Parameter(ge=1, le=200)]


@get("/api/v1/contacts/{contact_id:int}/messages")
async def read_deliveries(contact_id: int, read: ReadTx, limit: Limit = 50, after: str | None = None) -> DeliveryList:
    page = await list_deliveries(read, contact_id, limit=limit, after=after)
    return DeliveryList(items=list(page.items), next=page.next)


@post("/api/v1/messages/{message_id:int}/test", status_code=202)
async def send_test(message_id: int, data: TestBody, tx: Tx) -> TestOut:
    await get_message(tx, message_id)
    return TestOut(delivery_id=await queue_test(tx, message_id, email=data.email, contact_id=data.contact_id))


@get("/api/v1/delivery/settings")
async def read_sender(read: ReadTx) -> Sender:
    return await get_sender(read)


@put("/api/v1/delivery/settings", guards=[at_least(Role.ADMIN)])
async def change_sender(data: SenderBody, tx: Tx) -> Sender:
    await set_sender(tx, from_name=data.from_name, from_email=data.from_email)
    return await get_sender(tx)


@get("/api/v1/mailbox")
async def read_mailbox(read: ReadTx, limit: Limit = 50, after: str | None = None) -> MailList:
    page = await list_mail(read, limit=limit, after=after)
    return MailList(items=list(page.items), next=page.next)


@get("/api/v1/mailbox/{mail_id:int}")
async def read_mail(mail_id: int, read: ReadTx) -> MailOut:
    return describe_mail(*await get_mail(read, mail_id))


@get("/api/v1/mailbox/{mail_id:int}/raw")
async def read_raw_mail(mail_id: int, read: ReadTx) -> Response[bytes]:
    _, raw = await get_mail(read, mail_id)
    return Response(raw, media_type="message/rfc822")


@delete("/api/v1/mailbox")
async def clear_mailbox(tx: Tx) -> None:
    await empty_mailbox(tx)


@get("/u/{token:str}", opt={"public": True}, include_in_schema=False)
async def ask_to_unsubscribe(token: str, work: SystemWork) -> Response[str]:
    """Only asks: scanners open every address in a mail."""
    if Tokens(work.settings).read(token) is None:
        raise TokenInvalid
    return _page("Unsubscribe?", "You will get no more mail from this sender.", FORM)


@post("/u/{token:str}", opt={"public": True}, include_in_schema=False, status_code=200)
async def leave(token: str, work: SystemWork) -> Response[str]:
    """One-click unsubscribing (RFC 8058) and the page's own button."""
    found = Tokens(work.settings).read(token)
    if found is None:
        raise TokenInvalid
    async with work.db.transaction(found[0], actor=Actor("contact")) as tx:
        if not await unsubscribe_by_mail(tx, found[1]):
            raise TokenInvalid
    return _page("You are unsubscribed", "No more mail will come from this sender. You can close this page.", "")


def _page(title: str, words: str, form: str) -> Response[str]:
    body = PAGE.format(title=html.escape(title), words=html.escape(words), form=form)
    return Response(body, media_type=MediaType.HTML, headers={"Cache-Control": "no-store"})


ROUTES = (
    read_deliveries,
    send_test,
    read_sender,
    change_sender,
    read_mailbox,
    read_mail,
    read_raw_mail,
    clear_mailbox,
    ask_to_unsubscribe,
    leave,
)
