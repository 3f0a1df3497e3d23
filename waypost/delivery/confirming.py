"""Double opt-in: a mail asks whether it was really they, and a click on its page makes it so.

    ConfirmationRequested --consumer--> ledger row --outbox--> mail --/k/{token}, POST--> active, with proof

The token is that of the message, which knows contact and list. GET only asks, because scanners fetch
every address they find.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from waypost.contacts.actions.consents import confirm_subscription
from waypost.contacts.actions.subscriptions import update_list
from waypost.contacts.facts import ConfirmationRequested, ConsentGiven, ConsentWithdrawn
from waypost.contacts.types import Channel, Proof
from waypost.delivery.public_pages import lost_page, subscribe_page, subscribed_page
from waypost.delivery.tokens import Tokens
from waypost.delivery.tracking import CONTACT, Receive, Scope, Send, answer, read_body
from waypost.delivery.types import Reason, SourceKind
from waypost.kernel.registry import Consumer
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import ReadTx, Tx
from waypost.kernel.work import SystemWork
from waypost.messages.actions import create_message

DOCUMENT = {
    "version": 1,
    "kind": "email",
    "settings": {},
    "blocks": [
        {
            "id": "b1",
            "type": "text",
            "props": {
                "html": "<p>Hello %FIRSTNAME|there%,</p><p>please confirm that you want to hear from us. "
                "If it was not you, ignore this mail and nothing will happen.</p>"
            },
        },
        {"id": "b2", "type": "button", "props": {"label": "Confirm my subscription", "href": "%CONFIRMLINK%"}},
    ],
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom a message asked, and about which list."""

    contact_id: int
    list_id: int
    email: str
    list_name: str


async def queue_questions(tx: Tx, slice_: Sql) -> None:
    """Queue a mail for everyone who is to confirm and still can."""
    rows = await tx.all(
        sql(
            """
            select l.id, l.name, l.confirmation_message_id, m.id as message_id
            from contacts.list l
            left join messages.message m on m.workspace_id = l.workspace_id and m.id = l.confirmation_message_id
            where l.workspace_id = {workspace} and l.id in (select object_id from ({slice_}) as s) order by l.id
            """,
            slice_=slice_,
        )
    )
    for row in rows:
        # lint: no-row-loops because a turn is a list, not a contact
        message_id: int = row["message_id"] or await _make_message(tx, row["id"], row["name"])
        # lint: no-row-loops because a turn is a list, not a contact
        await _queue(tx, slice_, row["id"], message_id)
    if rows:
        tx.wake("delivery")


async def _make_message(tx: Tx, list_id: int, name: str) -> int:
    """The plain question, which people may then change like any message."""
    made = await create_message(
        tx, name=f"Confirm: {name}"[:200], subject="Please confirm your subscription", document=DOCUMENT
    )
    await update_list(tx, list_id, confirmation_message_id=made.id)
    return made.id


async def _queue(tx: Tx, slice_: Sql, list_id: int, message_id: int) -> None:
    """Bounced addresses and complaints stay silent; having unsubscribed before is no obstacle to asking."""
    await tx.run(
        sql(
            """
            insert into delivery.ledger (workspace_id, message_id, contact_id, email, source_kind, source_id,
                state, due_at, created_at)
            select {workspace}, {message_id}, c.id, c.email, {kind}, {list_id}, 0, {now}, {now}
            from contacts.contact c
            join contacts.subscription s on s.workspace_id = c.workspace_id and s.contact_id = c.id
              and s.list_id = {list_id} and s.status = 0
            where c.workspace_id = {workspace} and c.deleted_at is null and c.email is not null
              and c.id in (select contact_id from ({slice_}) as asked where object_id = {list_id})
              and not exists (select 1 from delivery.suppression ds where ds.workspace_id = {workspace}
                                and ds.address = c.email and ds.reason <> 3)
            order by c.id
            """,
            slice_=slice_,
            list_id=list_id,
            message_id=message_id,
            kind=int(SourceKind.CONFIRMATION),
        )
    )


async def follow_consents(tx: Tx, slice_: Sql) -> None:
    """Who withdrew from e-mail as a whole is not mailed, until they agree again; the last word counts."""
    last = sql(
        """
        select distinct on (s.contact_id) s.kind, c.email from ({slice_}) as s
        join contacts.contact c on c.workspace_id = {workspace} and c.id = s.contact_id and c.email is not null
        where s.object_id = {email} order by s.contact_id, s.at desc, s.id desc
        """,
        slice_=slice_,
        email=int(Channel.EMAIL),
    )
    await tx.run(
        sql(
            """
            with last as materialized ({last}),
            allowed as (
                delete from delivery.suppression ds using last
                where ds.workspace_id = {workspace} and ds.address = last.email and ds.reason = {reason}
                  and last.kind = {given}
            )
            insert into delivery.suppression (workspace_id, address, reason, created_at)
            select {workspace}, email, {reason}, {now} from last where kind = {withdrawn} order by email
            on conflict do nothing
            """,
            last=last,
            reason=int(Reason.UNSUBSCRIBED),
            given=ConsentGiven.kind,
            withdrawn=ConsentWithdrawn.kind,
        )
    )


ASK = Consumer(name="delivery.ask", facts=(ConfirmationRequested,), handle=queue_questions)
FOLLOW = Consumer(name="delivery.follow_consents", facts=(ConsentGiven, ConsentWithdrawn), handle=follow_consents)


async def find_asked(tx: ReadTx, ledger_id: int) -> Asked | None:
    return await tx.maybe(
        sql(
            """
            select e.contact_id, l.id as list_id, e.email, l.name as list_name from delivery.ledger e
            join contacts.list l on l.workspace_id = e.workspace_id and l.id = e.source_id
            where e.workspace_id = {workspace} and e.id = {id} and e.source_kind = {kind} and e.contact_id is not null
            """,
            id=ledger_id,
            kind=int(SourceKind.CONFIRMATION),
        ),
        Asked,
    )


class Confirm:
    """/k/{token}: GET asks, POST subscribes."""

    def __init__(self, work: SystemWork) -> None:
        self._work = work
        self._tokens = Tokens.of(work.settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._tokens.read(scope["path"][3:].encode("ascii", "replace"))
        if found is None:
            await answer(send, 404, lost_page())
            return
        workspace_id, ledger_id = found
        async with self._work.db.read(workspace_id) as read:
            asked = await find_asked(read, ledger_id)
        if asked is None:
            await answer(send, 404, lost_page())
            return
        if scope["method"] != "POST":
            page = subscribe_page(asked.email, asked.list_name)
            await answer(send, 200, page, is_head=scope["method"] == "HEAD")
            return
        await read_body(receive)
        proof = _proof(scope, ledger_id)
        async with self._work.db.transaction(workspace_id, actor=CONTACT) as tx:
            is_done = await confirm_subscription(tx, asked.contact_id, asked.list_id, proof=proof)
        await answer(send, 200 if is_done else 404, subscribed_page(asked.list_name) if is_done else lost_page())


def _proof(scope: Scope, ledger_id: int) -> Proof:
    headers: Sequence[tuple[bytes, bytes]] = scope["headers"]
    agent = next((value for name, value in headers if name == b"user-agent"), b"").decode("latin-1")[:400]
    client = scope.get("client")
    details = {"ledger_id": ledger_id, "user_agent": agent}
    return Proof(source="confirmation", ip=str(client[0]) if client else "", details=details)
