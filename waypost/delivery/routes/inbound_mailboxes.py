"""Mailboxes that are asked for bounces, over HTTP."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import delete, get, post, put

from waypost.delivery.inbound_mailboxes import delete_inbound_mailbox, list_inbound_mailboxes, save_inbound_mailbox
from waypost.delivery.schemas.inbound_mailboxes import MailboxBody, MailboxesOut, MailboxOut
from waypost.kernel.http.auth import Role, at_least
from waypost.kernel.tx import ReadTx, Tx

ADMIN = [at_least(Role.ADMIN)]


@get("/api/v1/inbound-mailboxes", guards=ADMIN)
async def read_inbound_mailboxes(read: ReadTx) -> MailboxesOut:
    return MailboxesOut(items=[MailboxOut.of(item) for item in await list_inbound_mailboxes(read)])


@post("/api/v1/inbound-mailboxes", guards=ADMIN)
async def add_inbound_mailbox(data: MailboxBody, tx: Tx) -> MailboxOut:
    return MailboxOut.of(await save_inbound_mailbox(tx, None, **_values(data)))


@put("/api/v1/inbound-mailboxes/{mailbox_id:int}", guards=ADMIN)
async def change_inbound_mailbox(mailbox_id: int, data: MailboxBody, tx: Tx) -> MailboxOut:
    return MailboxOut.of(await save_inbound_mailbox(tx, mailbox_id, **_values(data)))


@delete("/api/v1/inbound-mailboxes/{mailbox_id:int}", guards=ADMIN)
async def remove_inbound_mailbox(mailbox_id: int, tx: Tx) -> None:
    await delete_inbound_mailbox(tx, mailbox_id)


def _values(data: MailboxBody) -> dict[str, Any]:
    return msgspec.structs.asdict(data)


ROUTES = (read_inbound_mailboxes, add_inbound_mailbox, change_inbound_mailbox, remove_inbound_mailbox)
