"""Leaving by the link in a mail."""

from __future__ import annotations

from waypost.activities.actions import record
from waypost.contacts.actions.subscriptions import unsubscribe
from waypost.delivery.facts import Unsubscribed
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx


async def unsubscribe_by_mail(tx: Tx, ledger_id: int) -> bool:
    """End every subscription of the mail's recipient; False when the delivery is unknown.

    Someone on no list has nothing to leave, so their address goes on the suppression list. Doing
    it again changes and records nothing.
    """
    row = await tx.maybe(
        sql(
            """
            select message_id, contact_id, email from delivery.ledger
            where workspace_id = {workspace} and id = {ledger_id}
            """,
            ledger_id=ledger_id,
        )
    )
    if row is None:
        return False
    who = sql("select {contact_id}::bigint as contact_id", contact_id=row["contact_id"])
    changed = await unsubscribe(tx, None, who, source="link in a mail")
    on_a_list = await tx.value(
        sql(
            """
            select exists (select 1 from contacts.subscription
                           where workspace_id = {workspace} and contact_id = {contact_id})
            """,
            contact_id=row["contact_id"],
        )
    )
    if not on_a_list:
        changed += await tx.run(
            sql(
                """
                insert into delivery.suppression (workspace_id, email, reason, created_at)
                values ({workspace}, {email}, 'unsubscribed', {now}) on conflict do nothing
                """,
                email=row["email"],
            )
        )
    if changed and row["contact_id"]:
        await record(tx, Unsubscribed(message_id=row["message_id"]), who)
    return True
