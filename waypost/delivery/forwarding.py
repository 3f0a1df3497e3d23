"""/f/{token}: one copy of a message for a friend, at the recipient's wish.

The copy goes to an address, not to a contact: nobody is made one, or put on a list. It carries nobody's values, so
that no link of it leads to what is the recipient's. Five copies a message received, one to an address;
who asked us not to mail them gets none.
"""

from __future__ import annotations

from waypost.activities.actions import record
from waypost.contacts.addresses import normalise_email
from waypost.contacts.errors import EmailInvalid
from waypost.delivery.facts import MessageForwarded
from waypost.delivery.public_pages import forward_page, forwarded_page, lost_page, test_page
from waypost.delivery.tokens import Tokens
from waypost.delivery.tracking import CONTACT, Receive, Scope, Send, answer, read_form
from waypost.delivery.types import NOT_THEIRS, SourceKind
from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx, Tx
from waypost.kernel.work import SystemWork

MOST_COPIES = 5
FULL = f"This message has been sent on {MOST_COPIES} times, which is as often as it can be."


async def is_forwardable(read: ReadTx, ledger_id: int) -> bool | None:
    """None when there is no such message; tests and copies are not sent on."""
    row = await read.maybe(
        sql(
            "select contact_id, source_kind from delivery.ledger where workspace_id = {workspace} and id = {id}",
            id=ledger_id,
        )
    )
    if row is None:
        return None
    return row["contact_id"] is not None and row["source_kind"] not in (*NOT_THEIRS, SourceKind.FORWARD)


async def forward_message(tx: Tx, ledger_id: int, address: str) -> bool:
    """Queue the copy; False when no more are sent on. An address that had one already, or wants none, is no error."""
    origin = await tx.one(
        sql(
            """
            select message_id, contact_id from delivery.ledger
            where workspace_id = {workspace} and id = {id} for no key update
            """,
            id=ledger_id,
        )
    )
    copies = await tx.all(
        sql(
            """
            select email from delivery.ledger where workspace_id = {workspace} and message_id = {message_id}
              and contact_id is null and source_kind = {kind} and source_id = {id}
            """,
            message_id=origin["message_id"],
            kind=int(SourceKind.FORWARD),
            id=ledger_id,
        )
    )
    if any(copy["email"] == address for copy in copies):
        return True
    if len(copies) >= MOST_COPIES:
        return False
    queued = await tx.run(
        sql(
            """
            insert into delivery.ledger
                (workspace_id, message_id, contact_id, email, source_kind, source_id, state, due_at, smtp_reply, created_at)
            select {workspace}, {message_id}, null, {email}, {kind}, {id}, case when refused then 4 else 0 end, {now},
                   case when refused then 'The address is suppressed.' end, {now}
            from (select exists (select 1 from delivery.suppression s
                                 where s.workspace_id = {workspace} and s.address = {email}) as refused) as judged
            """,
            message_id=origin["message_id"],
            email=address,
            kind=int(SourceKind.FORWARD),
            id=ledger_id,
        )
    )
    if queued:
        who = sql("select {contact_id} as contact_id", contact_id=origin["contact_id"])
        await record(tx, MessageForwarded(message_id=origin["message_id"]), who)
        tx.wake("delivery")
    return True


class Forward:
    """GET asks for the address, POST sends."""

    def __init__(self, work: SystemWork) -> None:
        self._work = work
        self._tokens = Tokens.of(work.settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._tokens.read(scope["path"][3:].encode("ascii", "replace"))
        is_known = None
        if found is not None:
            async with self._work.db.read(found[0]) as read:
                is_known = await is_forwardable(read, found[1])
        if found is None or is_known is None:
            await answer(send, 404, lost_page())
            return
        is_head = scope["method"] == "HEAD"
        if not is_known:
            await answer(send, 200, test_page(), is_head=is_head)
            return
        if scope["method"] != "POST":
            await answer(send, 200, forward_page(), is_head=is_head)
            return
        given = (await read_form(receive)).get("email", [""])[0]
        await self._forward(send, *found, given)

    async def _forward(self, send: Send, workspace_id: int, ledger_id: int, given: str) -> None:
        try:
            address = normalise_email(given)
        except EmailInvalid as error:
            await answer(send, 422, forward_page(error=error.detail, address=given[:254]))
            return
        async with self._work.db.transaction(workspace_id, actor=CONTACT) as tx:
            is_queued = await forward_message(tx, ledger_id, address)
        await answer(send, 200 if is_queued else 429, forwarded_page() if is_queued else forward_page(error=FULL))
