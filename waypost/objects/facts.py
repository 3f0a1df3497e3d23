"""What can happen to a contact's records. The object is the schema, so that triggers name one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from waypost.kernel.registry import Fact


@dataclass(frozen=True, slots=True)
class RecordCreated(Fact):
    """A record that belongs to the contact is new."""

    kind: ClassVar[int] = 500
    name: ClassVar[str] = "record_created"
    label: ClassVar[str] = "Record is created"
    object: ClassVar[str | None] = "schema_id"
    picker: ClassVar[str | None] = "schema"
    is_trigger: ClassVar[bool] = True
    schema_id: int
    record_id: int


@dataclass(frozen=True, slots=True)
class RecordUpdated(Fact):
    """Fields of a contact's record got other values; `changes` has {field: {old, new}}."""

    kind: ClassVar[int] = 501
    name: ClassVar[str] = "record_updated"
    label: ClassVar[str] = "Record is updated"
    object: ClassVar[str | None] = "schema_id"
    picker: ClassVar[str | None] = "schema"
    is_trigger: ClassVar[bool] = True
    schema_id: int
    record_id: int
    changes: object = None


@dataclass(frozen=True, slots=True)
class RecordLinked(Fact):
    """A record that was there before now belongs to the contact."""

    kind: ClassVar[int] = 502
    name: ClassVar[str] = "record_linked"
    label: ClassVar[str] = "Record is linked to the contact"
    object: ClassVar[str | None] = "schema_id"
    picker: ClassVar[str | None] = "schema"
    is_trigger: ClassVar[bool] = True
    schema_id: int
    record_id: int


@dataclass(frozen=True, slots=True)
class RecordUnlinked(Fact):
    """A record no longer belongs to the contact, or is deleted."""

    kind: ClassVar[int] = 503
    name: ClassVar[str] = "record_unlinked"
    label: ClassVar[str] = "Record is taken from the contact"
    object: ClassVar[str | None] = "schema_id"
    picker: ClassVar[str | None] = "schema"
    is_trigger: ClassVar[bool] = True
    schema_id: int
    record_id: int


FACTS = (RecordCreated, RecordUpdated, RecordLinked, RecordUnlinked)
