"""A piece of a larger statement that writes facts, for actions that do everything in one round trip."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from waypost.kernel.registry import Fact
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


def insert_sets(tx: Tx, sets: Iterable[tuple[Fact, Sequence[int]]]) -> Sql:
    """An INSERT to stand in a CTE: each fact for its contacts. For a few: many are cheaper by COPY (`record_sets`)."""
    tx.wake("facts")
    prepared = [(fact.kind, fact.object_id(), fact.data(), ids) for fact, ids in sets]
    rows = [(contact_id, *values) for *values, ids in prepared for contact_id in ids]
    return insert_facts(
        tx,
        sql(
            """
            select contact_id, kind, object_id, data from unnest(
                {contact_ids}::bigint[], {kinds}::smallint[], {object_ids}::bigint[], {data}::jsonb[]
            ) as given (contact_id, kind, object_id, data)
            """,
            contact_ids=[row[0] for row in rows],
            kinds=[row[1] for row in rows],
            object_ids=[row[2] for row in rows],
            data=[row[3] for row in rows],
        ),
    )


def disprove_facts(kind: int, becomes: int, rows: Sql) -> Sql:
    """An UPDATE to stand in a CTE: facts that were believed too early get the kind of the disproved.

    `rows` yields contact_id, at, object_id and link (null where the fact has none). Conditions then do not find
    them; a consumer that has not come so far yet never takes them for what they were.
    """
    return sql(
        """
        update activities.fact f set kind = {becomes}
        from ({rows}) as wrong
        where f.workspace_id = {workspace} and f.contact_id = wrong.contact_id and f.at = wrong.at
          and f.kind = {kind} and f.object_id = wrong.object_id
          and (f.data ->> 'link')::bigint is not distinct from wrong.link
        """,
        rows=rows,
        kind=kind,
        becomes=becomes,
    )
