"""Giving and withdrawing consent, confirming subscriptions, and the texts people agree to."""

from __future__ import annotations

from waypost.activities.actions import record
from waypost.contacts.actions.subscriptions import link_lists, lock_lists, subscribe, unsubscribe
from waypost.contacts.audience import these
from waypost.contacts.consents import insert_consents
from waypost.contacts.errors import NameMissing, NothingToConfirm, TextMissing
from waypost.contacts.facts import ConfirmationRequested, ConsentGiven, ConsentWithdrawn
from waypost.contacts.queries.consents import ConsentText, get_text
from waypost.contacts.queries.contacts import get_contact
from waypost.contacts.queries.lists import get_list, list_subscriptions
from waypost.contacts.types import Channel, Proof, Status
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx


async def change_consent(
    tx: Tx, contact_id: int, *, channel: Channel, list_id: int | None, is_given: bool, proof: Proof
) -> None:
    """Note that somebody agreed or withdrew: of one list, or of the channel as a whole.

    A list follows at once. Withdrawing from e-mail as a whole ends every subscription; that no mail goes
    out afterwards is the business of delivery, which reads the fact.
    """
    await get_contact(tx, contact_id)
    if proof.text_id is not None:
        await get_text(tx, proof.text_id)
    who = these([contact_id])
    if list_id is not None:
        changed = await _change_list(tx, contact_id, list_id, is_given=is_given, proof=proof)
        if changed:
            return
        await lock_lists(tx, [list_id])
    elif channel is Channel.EMAIL and not is_given:
        await unsubscribe(tx, None, who, source=proof.source, proof=proof)
    rows = sql(
        "select contact_id, {list_id}::bigint as list_id, {text_id}::bigint as text_id from ({who}) as who",
        list_id=list_id,
        text_id=proof.text_id,
        who=who,
    )
    insert = insert_consents(tx, rows, channel, proof, is_given=is_given)
    if list_id is not None:
        await tx.run(insert)
        return
    fact = ConsentGiven(channel=int(channel)) if is_given else ConsentWithdrawn(channel=int(channel))
    await record(tx, fact, sql("{insert} returning contact_id", insert=insert))


async def _change_list(tx: Tx, contact_id: int, list_id: int, *, is_given: bool, proof: Proof) -> int:
    """For how many that was a change; each has left its row in the ledger."""
    who = these([contact_id])
    if is_given:
        return await subscribe(tx, list_id, who, source=proof.source, proof=proof)
    return await unsubscribe(tx, list_id, who, source=proof.source, proof=proof)


async def join_list(tx: Tx, contact_id: int, list_id: int, *, status: Status | None, proof: Proof) -> Status:
    """Subscribe somebody on their own behalf: a list that wants confirmation asks for it first.

    Returns how the contact then stands with the list.
    """
    contact = await get_contact(tx, contact_id)
    chosen = await get_list(tx, list_id)
    if proof.text_id is not None:
        await get_text(tx, proof.text_id)
    wanted = status or (Status.UNCONFIRMED if chosen.requires_confirmation else Status.ACTIVE)
    before = await _status(tx, contact.id, list_id)
    if wanted is Status.UNCONFIRMED and before is Status.ACTIVE:
        return before
    changed = await subscribe(tx, list_id, these([contact.id]), status=wanted, source=proof.source, proof=proof)
    if not changed and wanted is Status.UNCONFIRMED and chosen.requires_confirmation:
        await request_confirmation(tx, contact.id, list_id)
    return wanted


async def _status(tx: Tx, contact_id: int, list_id: int) -> Status | None:
    found = [item for item in await list_subscriptions(tx, [contact_id]) if item.list_id == list_id]
    return Status(found[0].status) if found else None


async def request_confirmation(tx: Tx, contact_id: int, list_id: int) -> None:
    """Ask (again) whether the contact wants to be on the list."""
    if await _status(tx, contact_id, list_id) is not Status.UNCONFIRMED:
        raise NothingToConfirm(contact_id=contact_id, list_id=list_id)
    await record(tx, ConfirmationRequested(list_id=list_id), these([contact_id]))


async def confirm_subscription(tx: Tx, contact_id: int, list_id: int, *, proof: Proof) -> bool:
    """The contact said yes; False when there is nothing to confirm (any more), as after unsubscribing."""
    status = await _status(tx, contact_id, list_id)
    if status is Status.UNCONFIRMED:
        await lock_lists(tx, [list_id])
        pairs = sql(
            "select contact_id, {list_id} as list_id from ({who}) as who", list_id=list_id, who=these([contact_id])
        )
        await link_lists(tx, pairs, status=Status.ACTIVE, source="confirmation", is_forced=False, proof=proof)
    return status in (Status.UNCONFIRMED, Status.ACTIVE)


async def add_text(tx: Tx, *, name: str, body: str) -> ConsentText:
    """A new text, or the next version of the text of that name."""
    if not name.strip():
        raise NameMissing(noun="consent text", pointer="/name")
    if not body.strip():
        raise TextMissing(pointer="/body")
    return await tx.one(
        sql(
            """
            insert into contacts.consent_text (workspace_id, name, version, body, created_at)
            select {workspace}, {name}, coalesce(max(version), 0) + 1, {body}, {now}
            from contacts.consent_text where workspace_id = {workspace} and name = {name}
            returning id, name, version, body, created_at
            """,
            name=name.strip(),
            body=body.strip(),
        ),
        ConsentText,
    )
