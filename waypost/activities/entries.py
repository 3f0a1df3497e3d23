"""A piece of a larger statement that writes facts, for actions that do everything in one round trip."""

from __future__ import annotations

from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx


def insert_facts(tx: Tx, rows: Sql) -> Sql:
    """An INSERT to stand in a CTE: one fact per row of `rows` (contact_id, kind, object_id, data).

    The caller must wake the channel "facts" when rows were written.
    """
    return sql(
        """
        insert into activities.fact (workspace_id, contact_id, at, kind, object_id, data, actor_kind, actor_id)
        select {workspace}, contact_id, {now}, kind, object_id, data, {actor_kind}, {actor_id}::bigint
        from ({rows}) as entries
        """,
        rows=rows,
        actor_kind=tx.actor.number,
        actor_id=tx.actor.id,
    )
