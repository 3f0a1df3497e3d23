"""Records: written many at a time, found by id or external id; and deleted.

Whatever the number, a call makes the same few statements. Everything is checked before anything is
written: one wrong record refuses the call.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg
import orjson

from waypost.activities.actions import record_each
from waypost.kernel.errors import Invalid, Problem
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx
from waypost.objects.actions.relations import check_related, relate
from waypost.objects.errors import RecordNotFound, SchemaNotFound
from waypost.objects.facts import RecordUnlinked, RecordUpdated
from waypost.objects.queries.records import get_record
from waypost.objects.queries.schemas import get_schema
from waypost.objects.types import Record, RecordInput, Schema, Values, Written
from waypost.objects.values import Patch, check_inputs, check_required, refuse


@dataclass(slots=True, eq=False)
class _Target:
    """A record to be: the patch for it, and its row when there is one."""

    patch: Patch
    id: int | None
    external_id: str | None
    before: dict[str, Any]

    @property
    def after(self) -> Values:
        return {key: value for key, value in {**self.before, **self.patch.values}.items() if value is not None}

    @property
    def wanted_external_id(self) -> str | None:
        return self.patch.external_id or self.external_id


async def upsert_record(tx: Tx, schema_id: int, given: RecordInput) -> Record:
    written = await upsert_records(tx, schema_id, [given], pointer="")
    return await get_record(tx, written[0].id)


async def upsert_records(
    tx: Tx, schema_id: int, inputs: Sequence[RecordInput], *, pointer: str = "/records"
) -> list[Written]:
    """Make or change these records; for each input, in order, what became of it."""
    schema = await lock_schema(tx, schema_id)
    patches = check_inputs(schema, inputs, pointer=pointer)
    targets, chosen = await _targets(tx, schema, patches)
    refuse(
        [
            problem
            for target in targets
            for problem in check_required(schema, target.patch, target.after, is_new=target.id is None)
        ]
    )
    await check_related(tx, schema, [target.patch for target in targets])
    old = [target for target in targets if target.id is not None]
    new = await _insert(tx, schema, [target for target in targets if target.id is None])
    changes = await _update(tx, old)
    placed = [(target.id, target.patch.related) for target in targets if target.id is not None]
    await relate(tx, schema, placed, new={target.id for target in new if target.id is not None})
    await _tell_of_changes(tx, schema, changes)
    made = set(new)
    return [Written(target.id or 0, target in made) for target in chosen]


async def lock_schema(tx: Tx, schema_id: int) -> Schema:
    """The schema, which stays as it is before this transaction ends."""
    found = await tx.value(
        sql(
            """
            select id from objects.schema where workspace_id = {workspace} and id = {id} and deleted_at is null
            for share
            """,
            id=schema_id,
        )
    )
    if found is None:
        raise SchemaNotFound(schema_id=schema_id)
    return await get_schema(tx, schema_id)


async def _targets(tx: Tx, schema: Schema, patches: Sequence[Patch]) -> tuple[list[_Target], list[_Target]]:
    """The records meant, each once and locked; and for each patch its target."""
    rows = await tx.all(
        sql(
            """
            select id, external_id, fields from objects.record
            where workspace_id = {workspace} and schema_id = {schema_id}
              and (id = any({ids}::bigint[]) or external_id = any({external_ids}::text[]))
            order by id for update
            """,
            schema_id=schema.id,
            ids=[patch.id for patch in patches if patch.id is not None],
            external_ids=[patch.external_id for patch in patches if patch.external_id is not None],
        )
    )
    by_id = {row["id"]: row for row in rows}
    by_external_id = {row["external_id"]: row for row in rows if row["external_id"] is not None}
    targets: dict[object, _Target] = {}
    chosen: list[_Target] = []
    for number, patch in enumerate(patches):
        row = by_external_id.get(patch.external_id) if patch.id is None else by_id.get(patch.id)
        if row is None and patch.id is not None:
            raise RecordNotFound(record_id=patch.id, pointer=f"{patch.pointer}/id")
        key = row["id"] if row is not None else patch.external_id or ("new", number)
        target = targets.get(key)
        if target is None:
            target = _Target(patch, None, None, {})
            if row is not None:
                target = _Target(patch, row["id"], row["external_id"], row["fields"])
            targets[key] = target
        else:
            target.patch.absorb(patch)
        chosen.append(target)
    return list(targets.values()), chosen


async def _insert(tx: Tx, schema: Schema, targets: Sequence[_Target]) -> list[_Target]:
    """Make the new ones and give them their ids; returns those that were really new.

    Where another transaction has just made one of the same external id, it is changed instead.
    """
    if not targets:
        return []
    items = [
        {"place": number, "external_id": target.patch.external_id, "fields": target.after}
        for number, target in enumerate(targets)
    ]
    rows = await tx.all(
        sql(
            """
            insert into objects.record as r (workspace_id, schema_id, external_id, fields, created_at, updated_at)
            select {workspace}, {schema_id}, g.external_id, g.fields, {now}, {now}
            from jsonb_to_recordset({items}::jsonb) as g (place int, external_id text, fields jsonb)
            order by g.external_id, g.place
            on conflict (workspace_id, schema_id, external_id) where external_id is not null
            do update set fields = r.fields || excluded.fields, updated_at = excluded.updated_at
            returning id, external_id, r.xmax = 0 as is_new
            """,
            schema_id=schema.id,
            items=orjson.dumps(items).decode(),
        )
    )
    named = {row["external_id"]: row for row in rows if row["external_id"] is not None}
    # Ids are given in the order of insertion, which is that of the places.
    nameless = iter(sorted((row for row in rows if row["external_id"] is None), key=lambda row: row["id"]))
    new: list[_Target] = []
    for target in targets:
        row = named[target.patch.external_id] if target.patch.external_id is not None else next(nameless)
        target.id = row["id"]
        if row["is_new"]:
            new.append(target)
    return new


async def _update(tx: Tx, targets: Sequence[_Target]) -> list[dict[str, Any]]:
    """Write what differs; returns the changes of fields by record."""
    different = [
        target for target in targets if target.after != target.before or target.wanted_external_id != target.external_id
    ]
    if not different:
        return []
    items = [
        {"id": target.id, "external_id": target.wanted_external_id, "fields": target.after} for target in different
    ]
    try:
        await tx.run(
            sql(
                """
                update objects.record r set external_id = g.external_id, fields = g.fields, updated_at = {now}
                from jsonb_to_recordset({items}::jsonb) as g (id bigint, external_id text, fields jsonb)
                where r.workspace_id = {workspace} and r.id = g.id
                """,
                items=orjson.dumps(items).decode(),
            )
        )
    except asyncpg.UniqueViolationError as error:
        pointer = f"{different[0].patch.pointer}/external_id"
        problem = Problem(pointer, "Another record has this external id.", "objects.external_id_taken")
        raise Invalid([problem]) from error
    changed = [target for target in different if target.after != target.before]
    return [{"record_id": target.id, "changes": _differences(target)} for target in changed]


def _differences(target: _Target) -> dict[str, dict[str, Any]]:
    before, after = target.before, target.after
    out: dict[str, dict[str, Any]] = {}
    for key in sorted({*before, *after}):
        old, new = before.get(key), after.get(key)
        if old != new:
            out[key] = {name: value for name, value in (("old", old), ("new", new)) if value is not None}
    return out


async def _tell_of_changes(tx: Tx, schema: Schema, changes: Sequence[dict[str, Any]]) -> None:
    if not changes:
        return
    rows = sql(
        """
        select distinct l.contact_id, {schema_id} as object_id,
               jsonb_build_object('record_id', g.record_id, 'changes', g.changes) as data
        from jsonb_to_recordset({items}::jsonb) as g (record_id bigint, changes jsonb)
        join objects.contact_relation l on l.workspace_id = {workspace} and l.record_id = g.record_id
        """,
        schema_id=schema.id,
        items=orjson.dumps(list(changes)).decode(),
    )
    await record_each(tx, RecordUpdated, rows)


async def delete_records(tx: Tx, schema_id: int, record_ids: Sequence[int]) -> int:
    """Delete records with their links; returns how many there were."""
    schema = await lock_schema(tx, schema_id)
    found = await tx.all(
        sql(
            """
            select id from objects.record
            where workspace_id = {workspace} and schema_id = {schema_id} and id = any({ids}::bigint[])
            order by id for update
            """,
            schema_id=schema.id,
            ids=list(record_ids),
        )
    )
    ids = [row["id"] for row in found]
    if not ids:
        return 0
    rows = sql(
        """
        select distinct l.contact_id, l.schema_id as object_id, jsonb_build_object('record_id', l.record_id) as data
        from objects.contact_relation l where l.workspace_id = {workspace} and l.record_id = any({ids}::bigint[])
        """,
        ids=ids,
    )
    await record_each(tx, RecordUnlinked, rows)
    await remove_records(tx, ids)
    return len(ids)


async def remove_records(tx: Tx, record_ids: Sequence[int]) -> None:
    """Rows and links, without a word in the log."""
    await tx.run(
        sql(
            """
            with contacts as (
                delete from objects.contact_relation
                where workspace_id = {workspace} and record_id = any({ids}::bigint[])
            ),
            others as (
                delete from objects.relation
                where workspace_id = {workspace}
                  and (record_id = any({ids}::bigint[]) or (namespace = 4 and object_id = any({ids}::bigint[])))
            )
            delete from objects.record where workspace_id = {workspace} and id = any({ids}::bigint[])
            """,
            ids=list(record_ids),
        )
    )
