"""Schemas: making, changing and deleting them, and their fields and relationships."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import asyncpg
import msgspec

from waypost.contacts.types import CHOICE_TYPES
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx
from waypost.kernel.uses import refuse_while_live
from waypost.objects.errors import DefinitionInvalid, DefinitionNotFound, LabelMissing, SlugInvalid, SlugTaken
from waypost.objects.queries.schemas import COLUMNS, get_schema
from waypost.objects.types import FieldDefinition, Relationship, Schema, Visibility

MAX_NAME = 250
MAX_FIELDS = 200
MAX_RELATIONSHIPS = 20
_SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*").fullmatch
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}").fullmatch

Definition = TypeVar("Definition", FieldDefinition, Relationship)


def slug_of(text: str) -> str:
    """`Service contracts` gives `service-contracts`."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:80]


def _label(text: str, noun: str, pointer: str) -> str:
    name = " ".join(text.replace("\x00", "").split())[:MAX_NAME]
    if not name:
        raise LabelMissing(noun=noun, pointer=pointer)
    return name


def _slug(text: str) -> str:
    if len(text) > 80 or not _SLUG(text):
        raise SlugInvalid(slug=text[:100], pointer="/slug")
    return text


def _options(given: Sequence[str]) -> list[str]:
    cleaned = (option.replace("\x00", "").strip() for option in given)
    return list(dict.fromkeys(option for option in cleaned if option))


def _field(given: FieldDefinition, old: FieldDefinition | None, pointer: str) -> FieldDefinition:
    name = _label(given.name, "A field", pointer + "/name")
    options = _options(given.options) if given.type in CHOICE_TYPES else []
    if old is not None and old.type != given.type:
        raise DefinitionInvalid(noun="The field", id=given.id, reason=f"stays {old.type}", pointer=pointer + "/type")
    if given.type in CHOICE_TYPES and not options:
        raise DefinitionInvalid(
            noun="The field", id=given.id, reason="needs at least one option", pointer=pointer + "/options"
        )
    return msgspec.structs.replace(given, name=name, plural=given.plural.strip()[:MAX_NAME], options=options)


def _relationship(given: Relationship, old: Relationship | None, pointer: str) -> Relationship:
    name = _label(given.name, "A relationship", pointer + "/name")
    if old is not None and (old.namespace, old.has_many) != (given.namespace, given.has_many):
        kind = f"{'many ' if old.has_many else 'one '}{old.namespace}"
        raise DefinitionInvalid(noun="The relationship", id=given.id, reason=f"stays to {kind}", pointer=pointer)
    return msgspec.structs.replace(given, name=name)


def _merged(
    old: Sequence[Definition],
    given: Sequence[Definition],
    clean: Callable[[Definition, Definition | None, str], Definition],
    *,
    noun: str,
    most: int,
) -> list[Definition]:
    """The given ones in their order, then those that were there and are not named. Ids are made from names."""
    known = {item.id: item for item in old}
    out: dict[str, Definition] = {}
    for number, item in enumerate(given):
        pointer = f"/{noun}s/{number}"
        named = item if item.id else msgspec.structs.replace(item, id=_free_id(item.name, {*known, *out}))
        if not _ID(named.id):
            reason = "is no id: use letters, digits, dashes and underscores"
            raise DefinitionInvalid(noun=noun.capitalize(), id=named.id[:100], reason=reason, pointer=pointer + "/id")
        if named.id in out:
            raise DefinitionInvalid(
                noun=noun.capitalize(), id=named.id, reason="is there twice", pointer=pointer + "/id"
            )
        out[named.id] = clean(named, known.get(named.id), pointer)
    found = list(out.values()) + [item for item in old if item.id not in out]
    if len(found) > most:
        raise DefinitionInvalid(
            noun="A schema", id="", reason=f"has at most {most} {noun}s", pointer=f"/{noun}s/{most}"
        )
    return found


def _free_id(name: str, taken: set[str]) -> str:
    wanted = found = slug_of(name) or "field"
    number = 1
    while found in taken:
        number += 1
        found = f"{wanted}-{number}"
    return found


async def create_schema(
    tx: Tx,
    *,
    singular: str,
    plural: str,
    slug: str | None = None,
    description: str = "",
    icon: str = "",
    fields: Sequence[FieldDefinition] = (),
    relationships: Sequence[Relationship] = (),
    visibility: Visibility = "private",
    app_id: str = "",
    parent_id: int | None = None,
) -> Schema:
    """A new schema; its slug is made from the plural unless given."""
    schema = Schema(
        id=0,
        slug=_slug(slug or slug_of(plural)),
        singular=_label(singular, "A schema", "/singular"),
        plural=_label(plural, "A schema", "/plural"),
        description=description.replace("\x00", "").strip(),
        icon=icon,
        visibility=visibility,
        app_id=app_id,
        parent_id=parent_id,
        fields=_merged([], fields, _field, noun="field", most=MAX_FIELDS),
        relationships=_merged([], relationships, _relationship, noun="relationship", most=MAX_RELATIONSHIPS),
        created_at=tx.now,
        updated_at=tx.now,
    )
    found = await tx.maybe(
        sql(
            """
            insert into objects.schema as s (workspace_id, slug, singular, plural, description, icon, visibility,
                app_id, parent_id, fields, relationships, created_at, updated_at)
            values ({workspace}, {slug}, {singular}, {plural}, {description}, {icon}, {visibility}, {app_id},
                {parent_id}::bigint, {fields}::jsonb, {relationships}::jsonb, {now}, {now})
            on conflict (workspace_id, slug) where deleted_at is null do nothing
            returning {columns}
            """,
            columns=COLUMNS,
            **_stored(schema),
            visibility=visibility,
            app_id=app_id,
            parent_id=parent_id,
        ),
        Schema,
    )
    if found is None:
        raise SlugTaken(slug=schema.slug, pointer="/slug")
    return found


def _stored(schema: Schema) -> dict[str, Any]:
    return {
        "slug": schema.slug,
        "singular": schema.singular,
        "plural": schema.plural,
        "description": schema.description,
        "icon": schema.icon,
        "fields": msgspec.json.encode(schema.fields).decode(),
        "relationships": msgspec.json.encode(schema.relationships).decode(),
    }


async def update_schema(tx: Tx, schema_id: int, changes: Mapping[str, Any]) -> Schema:
    """Change slug, singular, plural, description, icon; `fields` and `relationships` add and change definitions.

    Those not named stay, behind those named; they are deleted one by one.
    """
    schema = await _lock_schema(tx, schema_id)
    texts: dict[str, Any] = {name: str(changes[name]) for name in ("description", "icon") if name in changes}
    if "slug" in changes:
        texts["slug"] = _slug(str(changes["slug"]))
    for name in ("singular", "plural"):
        if name in changes:
            texts[name] = _label(str(changes[name]), "A schema", f"/{name}")
    if "fields" in changes:
        texts["fields"] = _merged(schema.fields, changes["fields"], _field, noun="field", most=MAX_FIELDS)
    if "relationships" in changes:
        texts["relationships"] = _merged(
            schema.relationships, changes["relationships"], _relationship, noun="relationship", most=MAX_RELATIONSHIPS
        )
    return await _write_schema(tx, replace(schema, **texts))


async def _lock_schema(tx: Tx, schema_id: int) -> Schema:
    """The schema, which nobody changes and nobody writes records of before this transaction ends."""
    await tx.run(
        sql("select 1 from objects.schema where workspace_id = {workspace} and id = {id} for update", id=schema_id)
    )
    return await get_schema(tx, schema_id)


async def _write_schema(tx: Tx, schema: Schema) -> Schema:
    try:
        await tx.run(
            sql(
                """
                update objects.schema
                set slug = {slug}, singular = {singular}, plural = {plural}, description = {description}, icon = {icon},
                    fields = {fields}::jsonb, relationships = {relationships}::jsonb, updated_at = {now}
                where workspace_id = {workspace} and id = {id}
                """,
                id=schema.id,
                **_stored(schema),
            )
        )
    except asyncpg.UniqueViolationError as error:
        raise SlugTaken(slug=schema.slug, pointer="/slug") from error
    return await get_schema(tx, schema.id, is_counted=True)


async def create_child(tx: Tx, parent_id: int) -> Schema:
    """A private schema with the fields and relationships of another, to add to."""
    parent = await get_schema(tx, parent_id)
    taken = await tx.all(
        sql(
            """
            select slug from objects.schema
            where workspace_id = {workspace} and deleted_at is null and starts_with(slug, {slug})
            """,
            slug=f"{parent.slug[:70]}-child",
        )
    )
    return await create_schema(
        tx,
        slug=_free_id(f"{parent.slug[:70]}-child", {row["slug"] for row in taken}),
        singular=parent.singular,
        plural=parent.plural,
        description=parent.description,
        icon=parent.icon,
        fields=parent.fields,
        relationships=parent.relationships,
        parent_id=parent.id,
    )


async def delete_field(tx: Tx, schema_id: int, field_id: str) -> Schema:
    """Take a field away with its values."""
    schema = await _lock_schema(tx, schema_id)
    if schema.field(field_id) is None:
        raise DefinitionNotFound(schema=schema.slug, noun="field", id=field_id)
    await tx.run(
        sql(
            """
            update objects.record set fields = fields - {key}, updated_at = {now}
            where workspace_id = {workspace} and schema_id = {schema_id} and fields ? {key}
            """,
            schema_id=schema_id,
            key=field_id,
        )
    )
    return await _write_schema(tx, replace(schema, fields=[item for item in schema.fields if item.id != field_id]))


async def delete_relationship(tx: Tx, schema_id: int, relationship_id: str) -> Schema:
    """Take a relationship away with its links; records and what they belonged to stay."""
    schema = await _lock_schema(tx, schema_id)
    found = schema.relationship(relationship_id)
    if found is None:
        raise DefinitionNotFound(schema=schema.slug, noun="relationship", id=relationship_id)
    for statement in (
        sql(
            """
            delete from objects.contact_relation
            where workspace_id = {workspace} and schema_id = {schema_id} and relationship = {relationship}
            """,
            schema_id=schema_id,
            relationship=relationship_id,
        ),
        sql(
            """
            delete from objects.relation
            where workspace_id = {workspace} and schema_id = {schema_id} and relationship = {relationship}
            """,
            schema_id=schema_id,
            relationship=relationship_id,
        ),
    ):
        await tx.run(statement)  # lint: no-row-loops because there are two tables of links
    kept = [item for item in schema.relationships if item.id != relationship_id]
    return await _write_schema(tx, replace(schema, relationships=kept))


async def delete_schema(tx: Tx, schema_id: int) -> None:
    """Hide the schema at once; a schedule sweeps its records away."""
    await _lock_schema(tx, schema_id)
    await refuse_while_live(tx, "schema", schema_id)
    await tx.run(
        sql("update objects.schema set deleted_at = {now} where workspace_id = {workspace} and id = {id}", id=schema_id)
    )
