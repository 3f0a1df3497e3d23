"""Asks one condition in every way there is, and insists that all ways give the same contacts."""

from __future__ import annotations

from typing import Any

from waypost.kernel.errors import Problem
from waypost.kernel.model import parse
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx


async def resolved(tx: Tx, kind: str, params: dict[str, Any]) -> Any:
    """The parameters as the condition's functions take them, or the Problem."""
    condition = tx.registry.condition(kind)
    read = parse(params, condition.params)
    return read if condition.resolve is None else (await condition.resolve(tx, [read]))[0]


async def who(tx: Tx, kind: str, **params: Any) -> set[str]:
    """First names of the living contacts for whom it holds: one by one, as a set, and as explained."""
    condition = tx.registry.condition(kind)
    ready = await resolved(tx, kind, params)
    assert not isinstance(ready, Problem), ready
    rows = await tx.all(
        sql(
            """
            select c.id, c.first_name, {holds} as holds, {value}::jsonb as value, {due}::timestamptz as due
            from contacts.contact c where c.workspace_id = {workspace} and c.deleted_at is null
            """,
            holds=condition.predicate(ready, sql("c.id")),
            value=condition.explain(ready, sql("c.id")) if condition.explain else None,
            due=(condition.due(ready, sql("c.id")) if condition.due else None),
        )
    )
    assert all(row["due"] is None or row["due"] > tx.now for row in rows)
    found = {row["id"]: row["first_name"] for row in rows if row["holds"]}
    members = condition.members(ready) if condition.members else None
    if members is not None:
        listed = await tx.all(
            sql(
                """
                select c.id from ({members}) as m
                join contacts.contact c on c.workspace_id = {workspace} and c.id = m.contact_id and c.deleted_at is null
                """,
                members=members,
            )
        )
        assert sorted(row["id"] for row in listed) == sorted(found), "the set differs from the one-by-one answers"
    return set(found.values())


async def problem(tx: Tx, kind: str, **params: Any) -> tuple[str, str]:
    """Where and with which code the condition is refused."""
    found = await resolved(tx, kind, params)
    assert isinstance(found, Problem), found
    return found.pointer, found.code


async def next_moment(tx: Tx, kind: str, contact_id: int, **params: Any) -> Any:
    """When time alone may next change the answer for the contact."""
    condition = tx.registry.condition(kind)
    assert condition.due is not None
    due = condition.due(await resolved(tx, kind, params), sql("{contact_id}", contact_id=contact_id))
    return None if due is None else await tx.value(sql("select {due}", due=due))
