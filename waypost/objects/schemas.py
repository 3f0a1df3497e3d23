"""Bodies of the routes of custom objects."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from waypost.contacts.types import FieldType
from waypost.kernel.model import Model, Out
from waypost.objects.queries.records import Group, Related
from waypost.objects.types import (
    MAX_RECORDS,
    FieldDefinition,
    Namespace,
    Record,
    RecordInput,
    Relationship,
    Schema,
    Written,
)

Short = Annotated[str, msgspec.Meta(max_length=250)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=250)]
Text = Annotated[str, msgspec.Meta(max_length=2_000)]
Id = Annotated[int, msgspec.Meta(ge=1)]
Given = str | int | float | bool | list[str] | None


class FieldBody(Model):
    """Without an id, one is made from the name."""

    name: Short
    id: Short = ""
    plural: Short = ""
    type: FieldType = "text"
    options: Annotated[list[Name], msgspec.Meta(max_length=500)] = []
    is_required: bool = False
    scale: Annotated[int, msgspec.Meta(ge=0, le=9)] = 0

    def definition(self) -> FieldDefinition:
        return FieldDefinition(**msgspec.structs.asdict(self))


class RelationshipBody(Model):
    """Without an id, one is made from the name."""

    name: Short
    id: Short = ""
    plural: Short = ""
    description: Text = ""
    namespace: Namespace = "contact"
    has_many: bool = False

    def definition(self) -> Relationship:
        return Relationship(**msgspec.structs.asdict(self))


Fields = Annotated[list[FieldBody], msgspec.Meta(max_length=200)]
Relationships = Annotated[list[RelationshipBody], msgspec.Meta(max_length=20)]


class SchemaBody(Model):
    singular: Short
    plural: Short
    slug: Short | None = None
    description: Text = ""
    icon: Short = ""
    fields: Fields = []
    relationships: Relationships = []


class SchemaPatch(Model):
    """`fields` and `relationships` add and change; those not named stay, behind those named."""

    singular: Short | UnsetType = UNSET
    plural: Short | UnsetType = UNSET
    slug: Short | UnsetType = UNSET
    description: Text | UnsetType = UNSET
    icon: Short | UnsetType = UNSET
    fields: Fields | UnsetType = UNSET
    relationships: Relationships | UnsetType = UNSET

    def changes(self) -> dict[str, Any]:
        found = {name: getattr(self, name) for name in self.__struct_fields__}
        for name in ("fields", "relationships"):
            if found[name] is not UNSET:
                found[name] = [item.definition() for item in found[name]]
        return {name: value for name, value in found.items() if value is not UNSET}


class SchemaList(Out):
    items: list[Schema]
    next: str | None = None
    total: int | None = None


Ids = Annotated[dict[str, list[Id]], msgspec.Meta(max_length=20)]


class RecordBody(Model):
    """Found by id, else by external id, else made; what is not named stays, null clears.

    `related` says all that it belongs to by a relationship; `linked` adds to it, `unlinked` takes away.
    """

    id: Id | None = None
    external_id: str | None = None
    fields: Annotated[dict[str, Given], msgspec.Meta(max_length=200)] = {}
    related: Ids = {}
    linked: Ids = {}
    unlinked: Ids = {}

    def given(self) -> RecordInput:
        return RecordInput(self.id, self.external_id, self.fields, self.related, self.linked, self.unlinked)


class RecordPatch(Model):
    external_id: str | None = None
    fields: Annotated[dict[str, Given], msgspec.Meta(max_length=200)] = {}
    related: Ids = {}
    linked: Ids = {}
    unlinked: Ids = {}


class RecordsBody(Model):
    records: Annotated[list[RecordBody], msgspec.Meta(min_length=1, max_length=MAX_RECORDS)]


class WrittenList(Out):
    items: list[Written]
    created: int
    updated: int


class RecordIds(Model):
    record_ids: Annotated[list[Id], msgspec.Meta(max_length=10_000)]


class RecordList(Out):
    items: list[Record]
    next: str | None = None
    total: int | None = None


class RelatedList(Out):
    items: list[Related]


class GroupList(Out):
    items: list[Group]


class Changed(Out):
    changed: int
