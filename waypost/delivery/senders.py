"""Senders: the addresses messages come from, one of them by default."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from waypost.delivery.errors import RelayNotFound, SenderExists, SenderNeeded, SenderNotFound
from waypost.delivery.queries import find_sender
from waypost.delivery.types import Sender
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import ReadTx, Tx

_COLUMNS = sql("id, from_name, from_email, reply_to, physical_address, relay_id, is_default, created_at, updated_at")


async def list_senders(tx: ReadTx) -> Sequence[Sender]:
    """All of them, the default one first."""
    return await tx.all(
        sql(
            """
            select {columns} from delivery.sender where workspace_id = {workspace}
            order by is_default desc, lower(from_email)
            """,
            columns=_COLUMNS,
        ),
        Sender,
    )


async def get_sender_by_id(tx: ReadTx, sender_id: int) -> Sender:
    statement = sql(
        "select {columns} from delivery.sender where workspace_id = {workspace} and id = {id}",
        columns=_COLUMNS,
        id=sender_id,
    )
    found = await tx.maybe(statement, Sender)
    if found is None:
        raise SenderNotFound(sender_id=sender_id)
    return found


async def create_sender(
    tx: Tx,
    *,
    from_name: str,
    from_email: str,
    reply_to: str = "",
    physical_address: str = "",
    relay_id: int | None = None,
) -> Sender:
    """A new sender; the first one is the default."""
    await _check(tx, from_email, relay_id, None)
    return await tx.one(
        sql(
            """
            insert into delivery.sender (workspace_id, from_name, from_email, reply_to, physical_address, relay_id,
                is_default, created_at, updated_at)
            values ({workspace}, {from_name}, {from_email}, {reply_to}, {physical_address}, {relay_id}::bigint,
                not exists (select 1 from delivery.sender where workspace_id = {workspace} and is_default),
                {now}, {now})
            returning {columns}
            """,
            columns=_COLUMNS,
            from_name=from_name.strip(),
            from_email=from_email.strip(),
            reply_to=reply_to.strip(),
            physical_address=physical_address.strip(),
            relay_id=relay_id,
        ),
        Sender,
    )


async def update_sender(tx: Tx, sender_id: int, changes: dict[str, Any]) -> Sender:
    """Change what is given; `is_default` moves from the one that had it."""
    before = await get_sender_by_id(tx, sender_id)
    after = {name: getattr(before, name) for name in _CHANGEABLE} | changes
    await _check(tx, after["from_email"], after["relay_id"], sender_id)
    if changes.get("is_default") is False and before.is_default:
        raise SenderNeeded(from_email=before.from_email)
    if after["is_default"] and not before.is_default:
        await _make_default(tx, sender_id)
    return await tx.one(
        sql(
            """
            update delivery.sender
            set from_name = {from_name}, from_email = {from_email}, reply_to = {reply_to},
                physical_address = {physical_address}, relay_id = {relay_id}::bigint, updated_at = {now}
            where workspace_id = {workspace} and id = {id} returning {columns}
            """,
            columns=_COLUMNS,
            id=sender_id,
            relay_id=after["relay_id"],
            **{name: str(after[name]).strip() for name in ("from_name", "from_email", "reply_to", "physical_address")},
        ),
        Sender,
    )


_CHANGEABLE = ("from_name", "from_email", "reply_to", "physical_address", "relay_id", "is_default")


async def _make_default(tx: Tx, sender_id: int) -> None:
    """One statement each, since no moment may see two."""
    await tx.run(sql("update delivery.sender set is_default = false where workspace_id = {workspace} and is_default"))
    await tx.run(
        sql("update delivery.sender set is_default = true where workspace_id = {workspace} and id = {id}", id=sender_id)
    )


async def delete_sender(tx: Tx, sender_id: int) -> None:
    """The default one goes last."""
    found = await get_sender_by_id(tx, sender_id)
    others = sql("select exists (select 1 from delivery.sender where workspace_id = {workspace} and not is_default)")
    if found.is_default and await tx.value(others):
        raise SenderNeeded(from_email=found.from_email)
    await tx.run(sql("delete from delivery.sender where workspace_id = {workspace} and id = {id}", id=sender_id))
    await tx.run(_without_limits(sender_id))


def _without_limits(sender_id: int) -> Sql:
    return sql(
        "delete from delivery.throttle where workspace_id = {workspace} and scope = 3 and key = {key}",
        key=str(sender_id),
    )


async def _check(tx: ReadTx, from_email: str, relay_id: int | None, sender_id: int | None) -> None:
    other = await find_sender(tx, from_email.strip())
    if other is not None and other.id != sender_id:
        raise SenderExists(from_email=other.from_email, pointer="/from_email")
    if relay_id is not None:
        known = sql("select 1 from delivery.relay where workspace_id = {workspace} and id = {id}", id=relay_id)
        if await tx.value(known) is None:
            raise RelayNotFound(relay_id=relay_id, pointer="/relay_id")
