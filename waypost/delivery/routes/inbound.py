"""Suppressions and what comes in, over HTTP."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from litestar import get, post, put
from litestar.params import Parameter
from litestar.response import Stream

from waypost.contacts.queries.contacts import get_contact
from waypost.delivery.inbound_queries import count_causes, list_notices
from waypost.delivery.inbound_settings import get_inbound, save_inbound
from waypost.delivery.inbound_trial import try_receiver
from waypost.delivery.schemas.inbound import (
    AddedOut,
    CauseOut,
    InboundBody,
    InboundOut,
    InboundTestOut,
    NewSuppressions,
    NoticeList,
    NoticeOut,
    ReasonName,
    SuppressionList,
    SuppressionOut,
    SuppressionRemoval,
)
from waypost.delivery.suppressions import (
    REASONS,
    add_suppressions,
    count_suppressions,
    list_suppressions,
    remove_suppression,
    stream_csv,
)
from waypost.kernel.http.auth import Caller, Role, at_least
from waypost.kernel.tx import ReadTx, Tx
from waypost.kernel.work import SystemWork

ADMIN = [at_least(Role.ADMIN)]
Limit = Annotated[int, Parameter(ge=1, le=200)]


@get("/api/v1/suppressions")
async def read_suppressions(
    read: ReadTx, q: str = "", reason: ReasonName | None = None, limit: Limit = 50, after: str | None = None
) -> SuppressionList:
    chosen = REASONS[reason] if reason else None
    page = await list_suppressions(read, q=q, reason=chosen, limit=limit, after=after)
    return SuppressionList(items=[SuppressionOut.of(item) for item in page.items], next=page.next)


@get("/api/v1/suppressions/counts")
async def read_suppression_counts(read: ReadTx) -> dict[str, int]:
    """How many entries there are of each reason."""
    return await count_suppressions(read)


@post("/api/v1/suppressions", guards=ADMIN, status_code=200)
async def add_to_suppressions(data: NewSuppressions, tx: Tx) -> AddedOut:
    """What is on the list already stays; what is no address, domain or hash is answered in `wrong`."""
    source = "import" if data.csv else "manual"
    return AddedOut(**asdict(await add_suppressions(tx, data.entries(), source=source)))


@post("/api/v1/suppressions/remove", guards=ADMIN, status_code=204)
async def remove_from_suppressions(data: SuppressionRemoval, tx: Tx) -> None:
    await remove_suppression(tx, data.address, note=data.note)


@get("/api/v1/suppressions.csv", guards=ADMIN, media_type="text/csv")
async def export_suppressions(caller: Caller, work: SystemWork) -> Stream:
    headers = {"content-disposition": 'attachment; filename="suppressions.csv"'}
    return Stream(stream_csv(work.db, caller.workspace_id), media_type="text/csv; charset=utf-8", headers=headers)


@get("/api/v1/inbound-mail", guards=ADMIN)
async def read_inbound(read: ReadTx) -> InboundOut:
    return InboundOut.of(await get_inbound(read), read.settings, read.workspace_id)


@put("/api/v1/inbound-mail", guards=ADMIN)
async def change_inbound(data: InboundBody, tx: Tx) -> InboundOut:
    saved = await save_inbound(
        tx, bounce_address=data.bounce_address, sendgrid_key=data.sendgrid_key, mailgun_key=data.mailgun_key
    )
    return InboundOut.of(saved, tx.settings, tx.workspace_id)


@post("/api/v1/inbound-mail/test", guards=ADMIN, status_code=200)
async def try_inbound(read: ReadTx) -> InboundTestOut:
    """Asks the built-in receiver as another mail server would; nothing is sent."""
    is_working, message = await try_receiver(read)
    return InboundTestOut(is_working=is_working, message=message)


@get("/api/v1/contacts/{contact_id:int}/notices")
async def read_contact_notices(contact_id: int, read: ReadTx) -> NoticeList:
    """The contact's bounces, complaints and replies."""
    await get_contact(read, contact_id)
    return NoticeList(items=[NoticeOut.of(item) for item in await list_notices(read, contact_id=contact_id)])


@get("/api/v1/messages/{message_id:int}/notices")
async def read_message_notices(message_id: int, read: ReadTx) -> NoticeList:
    """The message's latest bounces, complaints and replies, and how many there are by cause."""
    items = [NoticeOut.of(item) for item in await list_notices(read, message_id=message_id)]
    return NoticeList(items=items, causes=[CauseOut.of(item) for item in await count_causes(read, message_id)])


ROUTES = (
    read_suppressions,
    read_suppression_counts,
    add_to_suppressions,
    remove_from_suppressions,
    export_suppressions,
    read_inbound,
    change_inbound,
    try_inbound,
    read_contact_notices,
    read_message_notices,
)
