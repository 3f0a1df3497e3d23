"""The ledger of consents: pieces of the statements that write it, one row for each change.

Rows are only ever added. The newest one of a channel (and list) says how things stand.
"""

from __future__ import annotations

from waypost.contacts.types import Channel, Proof, Status
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx

PEOPLE = frozenset({"user", "api", "contact"})
"""Whose changes are consents in themselves. An import or an automation has to bring a proof."""

NOTHING = Sql("")


def list_consents(tx: Tx, status: Status, proof: Proof | None, *, source: str) -> Sql:
    """A CTE after a comma that notes the rows of `changes` (contact_id, list_id), or nothing."""
    if status not in (Status.ACTIVE, Status.UNSUBSCRIBED) or (proof is None and tx.actor.kind not in PEOPLE):
        return NOTHING
    given = proof or Proof(source=source)
    is_given = status is Status.ACTIVE
    text = sql("{id}::bigint", id=given.text_id)
    if given.text_id is None and is_given:
        text = sql(
            """
            (select l.consent_text_id from contacts.list l
             where l.workspace_id = {workspace} and l.id = changes.list_id)
            """
        )
    rows = sql("select contact_id, list_id, {text} as text_id from changes", text=text)
    return sql(", consented as ({insert})", insert=insert_consents(tx, rows, Channel.EMAIL, given, is_given=is_given))


def insert_consents(tx: Tx, rows: Sql, channel: Channel, proof: Proof, *, is_given: bool) -> Sql:
    """An INSERT; `rows` yields contact_id, list_id (null for the whole channel) and text_id."""
    return sql(
        """
        insert into contacts.consent (workspace_id, contact_id, channel, list_id, is_given, text_id, source, reason,
            ip, proof, actor_kind, actor_id, created_at)
        select {workspace}, contact_id, {channel}, list_id, {is_given}, text_id, {source}, {reason}, {ip},
               {details}::jsonb, {actor_kind}, {actor_id}::bigint, {now}
        from ({rows}) as consenting order by contact_id, list_id
        """,
        rows=rows,
        channel=int(channel),
        is_given=is_given,
        source=proof.source,
        reason=proof.reason,
        ip=proof.ip,
        details=proof.details,
        actor_kind=tx.actor.number,
        actor_id=tx.actor.id,
    )
