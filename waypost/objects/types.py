"""Schemas with their fields and relationships, and records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import msgspec

from waypost.contacts.types import FieldType, Value
from waypost.kernel.model import Model

Namespace = Literal["contact", "company", "deal", "record"]
Visibility = Literal["private", "public"]

NUMBERS: Mapping[Namespace, int] = {"contact": 1, "company": 2, "deal": 3, "record": 4}
MAX_RECORDS = 1_000
"""How many records one call writes."""
MAX_RELATED = 1_000
"""How many objects a record names by one relationship in one call."""


class FieldDefinition(Model):
    """A field of a schema. `id` is the key of its values; it and the type stay as they were made."""

    id: str
    name: str
    plural: str = ""
    type: FieldType = "text"
    options: list[str] = []
    is_required: bool = False
    scale: int = 0
    """Digits behind the point that a number is shown with."""


class Relationship(Model):
    """What records belong to, and whether to one or to many."""

    id: str
    name: str
    plural: str = ""
    description: str = ""
    namespace: Namespace = "contact"
    has_many: bool = False


@dataclass(frozen=True, slots=True)
class Schema:
    id: int
    slug: str
    singular: str
    plural: str
    description: str
    icon: str
    visibility: Visibility
    app_id: str
    parent_id: int | None
    fields: list[FieldDefinition]
    relationships: list[Relationship]
    created_at: datetime
    updated_at: datetime
    record_count: int = 0

    def __post_init__(self) -> None:
        """From the database the definitions come as plain JSON."""
        object.__setattr__(self, "fields", msgspec.convert(self.fields, list[FieldDefinition]))
        object.__setattr__(self, "relationships", msgspec.convert(self.relationships, list[Relationship]))

    def field(self, field_id: str) -> FieldDefinition | None:
        return next((field for field in self.fields if field.id == field_id), None)

    def relationship(self, relationship_id: str) -> Relationship | None:
        return next((item for item in self.relationships if item.id == relationship_id), None)


@dataclass(frozen=True, slots=True)
class Record:
    """`related` has the ids of what it belongs to by the id of the relationship, the first hundred of each."""

    id: int
    schema_id: int
    external_id: str | None
    fields: dict[str, Any]
    related: dict[str, list[int]]
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class RecordInput:
    """A record to write: found by id, else by external id, else made. What is not named stays; None clears.

    `related` says all that the record belongs to by a relationship; `linked` adds to it, `unlinked` takes away.
    """

    id: int | None = None
    external_id: str | None = None
    fields: Mapping[str, object] | None = None
    related: Mapping[str, list[int]] | None = None
    linked: Mapping[str, list[int]] | None = None
    unlinked: Mapping[str, list[int]] | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """What became of one input."""

    id: int
    is_new: bool


Values = dict[str, Value]
Mode = Literal["replace", "add", "remove"]
Links = dict[tuple[str, Mode], list[int]]
"""What a record belongs to, or no longer, by relationship and what is to be done."""
