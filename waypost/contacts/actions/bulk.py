"""One change for many contacts: those named, or those a filter means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from waypost.activities.types import Audience
from waypost.contacts.actions.owners import assign_owner
from waypost.contacts.actions.subscriptions import subscribe, unsubscribe
from waypost.contacts.actions.tags import add_tag, remove_tag
from waypost.contacts.actions.trash import delete_contacts
from waypost.contacts.audience import everyone_who, these
from waypost.contacts.errors import BulkIncomplete
from waypost.contacts.types import Filter
from waypost.kernel.tx import Tx

BulkAction = Literal["add_tag", "remove_tag", "subscribe", "unsubscribe", "set_owner", "delete"]


async def change_many(
    tx: Tx,
    action: BulkAction,
    *,
    contact_ids: Sequence[int] | None = None,
    wanted: Filter | None = None,
    tag_id: int | None = None,
    list_id: int | None = None,
    owner_id: int | None = None,
) -> int:
    """Do it to every contact meant; returns how many were changed."""
    who = await _who(tx, action, contact_ids, wanted)
    if action == "delete":
        return await delete_contacts(tx, who)
    if action == "set_owner":
        return await assign_owner(tx, owner_id, who)
    if action in ("add_tag", "remove_tag"):
        if tag_id is None:
            raise BulkIncomplete(action=action, name="tag_id", pointer="/tag_id")
        return await (add_tag if action == "add_tag" else remove_tag)(tx, tag_id, who)
    if action == "subscribe":
        if list_id is None:
            raise BulkIncomplete(action=action, name="list_id", pointer="/list_id")
        return await subscribe(tx, list_id, who, source="bulk")
    return await unsubscribe(tx, list_id, who, source="bulk")


async def _who(tx: Tx, action: str, contact_ids: Sequence[int] | None, wanted: Filter | None) -> Audience:
    if contact_ids is not None:
        return these(contact_ids)
    if wanted is None:
        raise BulkIncomplete(action=action, name="contact_ids or filter", pointer="/contact_ids")
    return await everyone_who(tx, wanted)
