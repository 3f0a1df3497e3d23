"""Schemas and records of custom objects in v3's shapes, and their definitions read from bodies.

This is one of v3's newer corners: real booleans and numbers, ids as opaque strings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, cast, get_args

import msgspec

from waypost.contacts.types import FieldType
from waypost.dialects.activecampaign.calls import Read, Sent
from waypost.dialects.activecampaign.coerce import POINTER, field_value, flag, integer, text
from waypost.dialects.activecampaign.envelope import Row
from waypost.kernel.errors import Failure, Invalid, Kind, Problem
from waypost.objects.types import FieldDefinition, Namespace, Record, Relationship, Schema

NAMESPACES: Mapping[str, Namespace] = {
    "contacts": "contact",
    "accounts": "company",
    "deals": "deal",
    "objects": "record",
}
THEIRS = {ours: theirs for theirs, ours in NAMESPACES.items()}
_TYPES = frozenset(get_args(FieldType))
_PARTS = {"name": "labels", "singular": "labels", "plural": "labels", "namespace": "namespace"}


def _labels(singular: str, plural: str) -> Row:
    return {"singular": singular, "plural": plural or singular}


def schema_row(schema: Schema, call: Read) -> Row:
    row: Row = {
        "id": str(schema.id),
        "slug": schema.slug,
        "visibility": schema.visibility,
        "labels": _labels(schema.singular, schema.plural),
        "description": schema.description,
        "createdTimestamp": call.iso(schema.created_at),
        "updatedTimestamp": call.iso(schema.updated_at),
        "fields": [_field_row(field) for field in schema.fields],
        "icons": {"default": schema.icon},
        "relationships": [_relationship_row(item) for item in schema.relationships],
    }
    if schema.app_id:
        row["appId"] = schema.app_id
    if schema.parent_id is not None:
        row["parentId"] = str(schema.parent_id)
    return row


def _field_row(field: FieldDefinition) -> Row:
    row: Row = {
        "id": field.id,
        "slug": field.id,
        "labels": _labels(field.name, field.plural),
        "type": field.type,
        "isRequired": field.is_required,
        "scale": field.scale,
    }
    return {**row, "options": [{"id": value, "value": value} for value in field.options]} if field.options else row


def _relationship_row(item: Relationship) -> Row:
    return {
        "id": item.id,
        "labels": _labels(item.name, item.plural),
        "description": item.description,
        "namespace": THEIRS[item.namespace],
        "hasMany": item.has_many,
    }


def record_row(record: Record, schema: Schema, call: Read) -> Row:
    """Values in the order of the schema; several choices are an array, all else is text."""
    return {
        "id": str(record.id),
        "externalId": record.external_id,
        "schemaId": str(schema.id),
        "fields": [
            {"id": field.id, "value": _shown(record.fields[field.id])}
            for field in schema.fields
            if field.id in record.fields
        ],
        "relationships": {item.id: record.related.get(item.id, []) for item in schema.relationships},
        "createdTimestamp": call.iso(record.created_at),
        "updatedTimestamp": call.iso(record.updated_at),
    }


def _shown(stored: object) -> object:
    return cast("Sequence[object]", stored) if isinstance(stored, list) else field_value(stored)


def whole_meta(total: int, count: int, call: Read) -> Row:
    """The numbers are numbers here."""
    return {"total": total, "count": count, "limit": call.query.limit(), "offset": call.query.offset}


def _objects(sent: Sent, name: str) -> list[Sent] | None:
    """A list of objects, where a single one may stand without its list; None when it was not sent."""
    given = sent.get(name)
    if given is None:
        return None
    items = cast("list[object]", given if isinstance(given, list) else [given])
    return [Sent(cast("dict[str, Any]", item) if isinstance(item, dict) else {}) for item in items]


def labels_sent(sent: Sent) -> tuple[str | None, str | None]:
    """Singular and plural, each None when it was not sent."""
    labels = sent.get("labels")
    inner = Sent(cast("dict[str, Any]", labels) if isinstance(labels, dict) else {})
    return inner.text("singular"), inner.text("plural")


def fields_sent(sent: Sent, known: Sequence[FieldDefinition]) -> list[FieldDefinition] | None:
    """What a field does not name stays as it was."""
    items = _objects(sent, "fields")
    if items is None:
        return None
    by_id = {field.id: field for field in known}
    return [_field(item, by_id.get(item.text("id", "slug") or "")) for item in items]


def _field(item: Sent, old: FieldDefinition | None) -> FieldDefinition:
    base = old or FieldDefinition(id=item.text("id", "slug") or "", name="")
    singular, plural = labels_sent(item)
    kind = item.text("type")
    if kind is not None and kind not in _TYPES:
        raise Invalid([Problem(f"{POINTER}schema/fields/type", f"{kind[:80]} is no type of fields.", "field_invalid")])
    return msgspec.structs.replace(
        base,
        name=base.name if singular is None else singular,
        plural=base.plural if plural is None else plural,
        type=base.type if kind is None else cast("FieldType", kind),
        options=_options(item) if item.has("options") else base.options,
        is_required=flag(item.get("isRequired", "required"))
        if item.has("isRequired", "required")
        else base.is_required,
        scale=min(max(integer(item.get("scale") or 0, "schema/fields/scale"), 0), 9)
        if item.has("scale")
        else base.scale,
    )


def _options(item: Sent) -> list[str]:
    given = item.get("options")
    values = cast("list[object]", given) if isinstance(given, list) else []
    return [text(cast("dict[str, Any]", one).get("value") if isinstance(one, dict) else one) for one in values]


def relationships_sent(sent: Sent, known: Sequence[Relationship]) -> list[Relationship] | None:
    items = _objects(sent, "relationships")
    if items is None:
        return None
    by_id = {item.id: item for item in known}
    return [_relationship(item, by_id.get(item.text("id") or "")) for item in items]


def _relationship(item: Sent, old: Relationship | None) -> Relationship:
    base = old or Relationship(id=item.text("id") or "", name="")
    singular, plural = labels_sent(item)
    namespace = item.text("namespace")
    if namespace is not None and namespace not in NAMESPACES:
        where = f"{POINTER}schema/relationships/namespace"
        raise Invalid([Problem(where, f"{namespace[:80]} is no namespace.", "field_invalid")])
    return msgspec.structs.replace(
        base,
        name=base.name if singular is None else singular,
        plural=base.plural if plural is None else plural,
        description=item.text("description") or base.description,
        namespace=base.namespace if namespace is None else NAMESPACES[namespace],
        has_many=flag(item.get("hasMany")) if item.has("hasMany") else base.has_many,
    )


@contextmanager
def schema_places() -> Iterator[None]:
    """Refusals name the places of v3's body: schema/slug, schema/labels, schema/fields/labels."""
    try:
        yield
    except Failure as failure:
        raise _renamed(failure, _schema_place) from failure


@contextmanager
def record_places() -> Iterator[None]:
    """Refusals name the field or relationship itself."""
    try:
        yield
    except Failure as failure:
        raise _renamed(failure, _record_place) from failure


def _renamed(failure: Failure, place: Any) -> Failure:
    if failure.kind is Kind.NOT_FOUND or not failure.problems:
        return failure
    code = "duplicate" if failure.kind is Kind.CONFLICT else None
    return Invalid(
        [
            one
            if one.pointer.startswith(POINTER)
            else Problem(POINTER + place(one.pointer), one.message, code or one.code)
            for one in failure.problems
        ]
    )


def _schema_place(pointer: str) -> str:
    parts = [part for part in pointer.strip("/").split("/") if not part.isdigit()]
    return "/".join(["schema", *[_PARTS.get(part, part) for part in parts]])


def _record_place(pointer: str) -> str:
    last = pointer.rpartition("/")[2]
    return "externalId" if last == "external_id" else last
