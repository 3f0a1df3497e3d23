"""Writing facts. One statement for a whole set, in the transaction of the change itself."""

from __future__ import annotations

from collections.abc import Iterable

from waypost.kernel.registry import Fact
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx

COPY_COLUMNS = ("workspace_id", "contact_id", "at", "kind", "object_id", "data", "actor_kind", "actor_id")


async def record(tx: Tx, fact: Fact, who: Sql) -> int:
    """Record the fact for every row of `who`, which yields contact_id; returns how many.

    `who` may be a data-modifying statement with RETURNING contact_id (it becomes a CTE, so it must
    not begin with WITH itself): change and fact are then one statement.
    """
    count = await tx.value(
        sql(
            """
            with touched as ({who}),
            logged as (
                insert into activities.fact
                    (workspace_id, contact_id, at, kind, object_id, data, actor_kind, actor_id)
                select {workspace}, contact_id, {now}, {kind}, {object_id}::bigint, {data}::jsonb,
                       {actor_kind}, {actor_id}::bigint
                from touched
                returning 1
            )
            select count(*) from logged
            """,
            who=who,
            kind=fact.kind,
            object_id=fact.object_id(),
            data=fact.data(),
            actor_kind=tx.actor.number,
            actor_id=tx.actor.id,
        )
    )
    if count:
        tx.wake("facts")
    return int(count)


async def record_each(tx: Tx, fact: type[Fact], rows: Sql) -> int:
    """Record facts that differ by row: `rows` yields contact_id, object_id and data (jsonb or null)."""
    count = await tx.value(
        sql(
            """
            with touched as ({rows}),
            logged as (
                insert into activities.fact
                    (workspace_id, contact_id, at, kind, object_id, data, actor_kind, actor_id)
                select {workspace}, contact_id, {now}, {kind}, object_id, data, {actor_kind}, {actor_id}::bigint
                from touched
                returning 1
            )
            select count(*) from logged
            """,
            rows=rows,
            kind=fact.kind,
            actor_kind=tx.actor.number,
            actor_id=tx.actor.id,
        )
    )
    if count:
        tx.wake("facts")
    return int(count)


async def record_copy(tx: Tx, items: Iterable[tuple[int, Fact]]) -> int:
    """Record many facts by COPY: the cheapest way when the caller knows the contacts."""
    actor_kind, actor_id = tx.actor.number, tx.actor.id
    count = await tx.copy(
        "activities.fact",
        COPY_COLUMNS,
        (
            (tx.workspace_id, contact_id, tx.now, fact.kind, fact.object_id(), fact.data(), actor_kind, actor_id)
            for contact_id, fact in items
        ),
    )
    if count:
        tx.wake("facts")
    return count


async def record_sets(tx: Tx, sets: Iterable[tuple[Fact, Iterable[int]]]) -> int:
    """Record each fact for its contacts, all by one COPY; a fact's values are worked out once."""
    workspace_id, now, actor_kind, actor_id = tx.workspace_id, tx.now, tx.actor.number, tx.actor.id
    prepared = [(fact.kind, fact.object_id(), fact.data(), contact_ids) for fact, contact_ids in sets]
    count = await tx.copy(
        "activities.fact",
        COPY_COLUMNS,
        (
            (workspace_id, contact_id, now, kind, object_id, data, actor_kind, actor_id)
            for kind, object_id, data, contact_ids in prepared
            for contact_id in contact_ids
        ),
    )
    if count:
        tx.wake("facts")
    return count
