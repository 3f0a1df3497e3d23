"""/d/{token}: where a contact changes what is known of them, and which lists they are on.

GET shows, POST changes. The address itself stays: who reads a mailbox has not shown that another is theirs. A list
left is noted with its proof, and so is one joined again, which may have to be confirmed first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from waypost.contacts.actions.consents import change_consent, join_list
from waypost.contacts.actions.contacts import update_contact
from waypost.contacts.queries.contacts import find_contact
from waypost.contacts.queries.fields import list_fields
from waypost.contacts.queries.lists import list_subscriptions
from waypost.contacts.types import MULTIPLE_TYPES, Channel, Contact, Field, Proof, Status
from waypost.delivery.preferences_page import ListChoice, preferences_page, saved_page
from waypost.delivery.public_pages import lost_page, test_page
from waypost.delivery.tokens import Tokens
from waypost.delivery.tracking import CONTACT, Receive, Scope, Send, answer, read_form
from waypost.delivery.types import NOT_THEIRS, SourceKind
from waypost.kernel.errors import Failure
from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx, Tx
from waypost.kernel.work import SystemWork

DETAILS = ("first_name", "last_name", "phone")
Given = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Known:
    """What the page shows of a contact."""

    contact: Contact
    fields: list[Field]
    lists: list[ListChoice]


async def find_known(read: ReadTx, ledger_id: int) -> Known | bool:
    """What is known of the message's recipient; True for a test, which has none, and False for no message."""
    row = await read.maybe(
        sql(
            "select contact_id, source_kind from delivery.ledger where workspace_id = {workspace} and id = {id}",
            id=ledger_id,
        )
    )
    if row is None:
        return False
    if row["contact_id"] is None or row["source_kind"] in (*NOT_THEIRS, SourceKind.FORWARD):
        return True
    contact = await find_contact(read, row["contact_id"])
    if contact is None:
        return False
    lists = await _lists(read, contact.id)
    own = {item.id for item in lists}
    fields = [
        item
        for item in await list_fields(read)
        if item.is_self_service and item.type != "hidden" and (not item.list_ids or own & set(item.list_ids))
    ]
    return Known(contact, fields, lists)


async def _lists(read: ReadTx, contact_id: int) -> list[ListChoice]:
    """Those the contact was ever on, but for those that mail bounced off; others are nobody's business here."""
    standing = {
        item.list_id: Status(item.status)
        for item in await list_subscriptions(read, [contact_id])
        if item.status != Status.BOUNCED
    }
    rows = await read.all(
        sql(
            """
            select id, name from contacts.list
            where workspace_id = {workspace} and id = any({ids}::bigint[]) order by name, id
            """,
            ids=sorted(standing),
        )
    )
    return [ListChoice(row["id"], row["name"], standing[row["id"]] is not Status.UNSUBSCRIBED) for row in rows]


async def change_preferences(tx: Tx, known: Known, given: Given, proof: Proof) -> None:
    """Apply what differs from what is stored; what the form does not name stays."""
    contact = known.contact
    names = {name: given[name][0].strip() for name in DETAILS if name in given}
    fields = {item.id: value for item in known.fields if (value := _wanted(item, given)) != _stored(contact, item)}
    if fields or any(value != getattr(contact, name) for name, value in names.items()):
        await update_contact(
            tx,
            contact.id,
            first_name=names.get("first_name"),
            last_name=names.get("last_name"),
            phone=names.get("phone"),
            fields=fields,
        )
    if "lists" not in given:
        return
    wanted = {int(value) for value in given.get("list", ()) if value.isdecimal() and len(value) < 18}
    for item in known.lists:
        if item.is_on and item.id not in wanted:
            # lint: no-row-loops because a turn is a list of one contact
            await change_consent(tx, contact.id, channel=Channel.EMAIL, list_id=item.id, is_given=False, proof=proof)
        elif not item.is_on and item.id in wanted:
            # lint: no-row-loops because a turn is a list of one contact
            await join_list(tx, contact.id, item.id, status=None, proof=proof)


def _wanted(item: Field, given: Given) -> object:
    name = f"field_{item.id}"
    values = [value.strip() for value in given.get(name, ()) if value.strip()]
    if item.type in MULTIPLE_TYPES:
        return values
    return values[0].replace("\r\n", "\n") if values else ""


def _stored(contact: Contact, item: Field) -> object:
    value = contact.fields.get(str(item.id))
    if item.type in MULTIPLE_TYPES:
        return value if isinstance(value, list) else []
    return "" if value is None else str(value)


class Preferences:
    """The page."""

    def __init__(self, work: SystemWork) -> None:
        self._work = work
        self._tokens = Tokens.of(work.settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._tokens.read(scope["path"][3:].encode("ascii", "replace"))
        known: Known | bool = False
        if found is not None:
            async with self._work.db.read(found[0]) as read:
                known = await find_known(read, found[1])
        if found is None or known is False:
            await answer(send, 404, lost_page())
            return
        is_head = scope["method"] == "HEAD"
        if known is True:
            await answer(send, 200, test_page(), is_head=is_head)
            return
        if scope["method"] != "POST":
            await answer(send, 200, _page(known), is_head=is_head)
            return
        await self._change(scope, send, *found, await read_form(receive))

    async def _change(self, scope: Scope, send: Send, workspace_id: int, ledger_id: int, given: Given) -> None:
        client = scope.get("client")
        proof = Proof(source="preferences", ip=str(client[0]) if client else "", details={"ledger_id": ledger_id})
        known: Known | bool = False
        try:
            async with self._work.db.transaction(workspace_id, actor=CONTACT) as tx:
                known = await find_known(tx, ledger_id)
                if isinstance(known, Known):
                    await change_preferences(tx, known, given, proof)
        except Failure as failure:
            if isinstance(known, Known):
                await answer(send, 422, _page(known, given, failure.detail))
                return
            raise
        await answer(send, 200 if known else 404, saved_page() if known else lost_page())


def _page(known: Known, given: Given | None = None, error: str = "") -> bytes:
    """With what is stored, or after an error with what was written."""
    values: dict[str, list[str]] = {name: [getattr(known.contact, name)] for name in DETAILS}
    for item in known.fields:
        stored = _stored(known.contact, item)
        values[f"field_{item.id}"] = [str(value) for value in stored] if isinstance(stored, list) else [str(stored)]
    lists = known.lists
    if given is not None:
        values |= {name: list(given.get(name, ())) or [""] for name in values}
        chosen = set(given.get("list", ()))
        lists = [ListChoice(item.id, item.name, str(item.id) in chosen) for item in lists]
    return preferences_page(known.contact.email or "", values, known.fields, lists, error=error)
