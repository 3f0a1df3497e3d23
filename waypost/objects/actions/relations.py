"""What records belong to: checked against what is there, and written as sets, with facts for contacts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, LiteralString

import orjson

from waypost.activities.entries import insert_facts
from waypost.kernel.errors import Problem
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx
from waypost.objects.facts import RecordCreated, RecordLinked, RecordUnlinked
from waypost.objects.types import NUMBERS, Links, Mode, Namespace, Relationship, Schema
from waypost.objects.values import Patch, refuse

# Contacts are held, so that nobody is erased or merged between this look and the link.
_THERE: Mapping[Namespace, LiteralString] = {
    "contact": """
        select id from contacts.contact
        where workspace_id = {workspace} and id = any({ids}::bigint[]) and deleted_at is null
        order by id for key share
        """,
    "company": """
        select id from contacts.company where workspace_id = {workspace} and id = any({ids}::bigint[])
        order by id for key share
        """,
    "deal": """
        select id from deals.deal where workspace_id = {workspace} and id = any({ids}::bigint[])
        order by id for key share
        """,
    "record": """
        select r.id from objects.record r
        join objects.schema s on s.workspace_id = {workspace} and s.id = r.schema_id and s.deleted_at is null
        where r.workspace_id = {workspace} and r.id = any({ids}::bigint[]) order by r.id for key share of r
        """,
}

Placed = Sequence[tuple[int, Links]]
"""Records with what they belong to from now on."""


def _named(schema: Schema, related: Links) -> Iterator[tuple[Relationship, Mode, Sequence[int]]]:
    for (relationship_id, mode), ids in related.items():
        found = schema.relationship(relationship_id)
        if found is not None:
            yield found, mode, ids


async def check_related(tx: Tx, schema: Schema, patches: Sequence[Patch]) -> None:
    """Everything that is named must be there."""
    wanted: dict[Namespace, set[int]] = {}
    for patch in patches:
        for relationship, mode, ids in _named(schema, patch.related):
            if mode != "remove":
                wanted.setdefault(relationship.namespace, set()).update(ids)
    there: dict[Namespace, set[int]] = {}
    for namespace, ids in wanted.items():
        # lint: no-row-loops because a turn is one of four kinds of objects
        rows = await tx.all(sql(_THERE[namespace], ids=sorted(ids))) if ids else []
        there[namespace] = {row["id"] for row in rows}
    problems: list[Problem] = []
    for patch in patches:
        for relationship, mode, ids in _named(schema, patch.related):
            missing = [] if mode == "remove" else sorted(set(ids) - there[relationship.namespace])
            if missing:
                where = f"{patch.pointer}/{'linked' if mode == 'add' else 'related'}/{relationship.id}"
                text = f"There is no {relationship.namespace} {missing[0]}."
                problems.append(Problem(where, text, "objects.related_not_found"))
    refuse(problems)


async def relate(tx: Tx, schema: Schema, placed: Placed, *, new: set[int]) -> None:
    """Make the links what is asked: what is not named goes, what is missing comes. `new` were made just now."""
    contacts: list[dict[str, Any]] = []
    others: list[dict[str, Any]] = []
    for record_id, related in placed:
        for relationship, mode, ids in _named(schema, related):
            item: dict[str, Any] = {
                "record_id": record_id,
                "mode": mode,
                "relationship": relationship.id,
                "namespace": NUMBERS[relationship.namespace],
                "is_own": not relationship.has_many,
                "ids": list(ids),
            }
            (contacts if relationship.namespace == "contact" else others).append(item)
    if contacts:
        await _relate_contacts(tx, schema, contacts, new)
    if others:
        await _relate_others(tx, schema, others)


_GIVEN: LiteralString = """
    select * from jsonb_to_recordset({items}::jsonb)
        as g (record_id bigint, mode text, relationship text, namespace smallint, is_own boolean, ids jsonb)
    """


async def _relate_contacts(tx: Tx, schema: Schema, items: Sequence[dict[str, Any]], new: set[int]) -> None:
    """One fact a contact and record, though it may be linked in several ways."""
    facts = sql(
        """
        select distinct contact_id, case when record_id = any({new}::bigint[]) then {created} else {linked} end as kind,
               {schema_id} as object_id, jsonb_build_object('record_id', record_id) as data
        from added
        union all
        select distinct contact_id, {unlinked}, {schema_id}, jsonb_build_object('record_id', record_id) from removed
        """,
        new=sorted(new),
        created=RecordCreated.kind,
        linked=RecordLinked.kind,
        unlinked=RecordUnlinked.kind,
        schema_id=schema.id,
    )
    told = await tx.value(
        sql(
            """
            with given as materialized ({given}),
            wanted as materialized (
                select g.record_id, g.mode, g.relationship, g.is_own, i.id::bigint as contact_id
                from given g, jsonb_array_elements_text(g.ids) as i (id)
            ),
            removed as (
                delete from objects.contact_relation l using given g
                where l.workspace_id = {workspace} and l.record_id = g.record_id and l.relationship = g.relationship
                  and g.mode <> 'add'
                  and (g.mode = 'remove') = exists (
                      select 1 from wanted w where w.record_id = l.record_id and w.mode = g.mode
                         and w.relationship = l.relationship and w.contact_id = l.contact_id)
                returning l.contact_id, l.record_id
            ),
            added as (
                insert into objects.contact_relation
                    (workspace_id, contact_id, schema_id, record_id, relationship, is_own, created_at)
                select {workspace}, contact_id, {schema_id}, record_id, relationship, is_own, {now}
                from wanted where mode <> 'remove' order by contact_id, record_id, relationship
                on conflict do nothing
                returning contact_id, record_id
            ),
            logged as ({facts} returning 1)
            select count(*) from logged
            """,
            given=sql(_GIVEN, items=orjson.dumps(list(items)).decode()),
            schema_id=schema.id,
            facts=insert_facts(tx, facts),
        )
    )
    if told:
        tx.wake("facts")


async def _relate_others(tx: Tx, schema: Schema, items: Sequence[dict[str, Any]]) -> None:
    await tx.run(
        sql(
            """
            with given as materialized ({given}),
            wanted as materialized (
                select g.record_id, g.mode, g.relationship, g.namespace, i.id::bigint as object_id
                from given g, jsonb_array_elements_text(g.ids) as i (id)
            ),
            removed as (
                delete from objects.relation l using given g
                where l.workspace_id = {workspace} and l.record_id = g.record_id and l.relationship = g.relationship
                  and g.mode <> 'add'
                  and (g.mode = 'remove') = exists (
                      select 1 from wanted w where w.record_id = l.record_id and w.mode = g.mode
                         and w.relationship = l.relationship and w.object_id = l.object_id)
            )
            insert into objects.relation
                (workspace_id, record_id, relationship, namespace, object_id, schema_id, created_at)
            select {workspace}, record_id, relationship, namespace, object_id, {schema_id}, {now}
            from wanted where mode <> 'remove' order by record_id, relationship, object_id
            on conflict do nothing
            """,
            given=sql(_GIVEN, items=orjson.dumps(list(items)).decode()),
            schema_id=schema.id,
        )
    )
