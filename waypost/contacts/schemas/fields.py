"""Bodies of the fields routes."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from waypost.contacts.schemas.scalars import Id, Name
from waypost.contacts.types import Field, FieldGroup, FieldType
from waypost.kernel.model import Model, Out

Ids = Annotated[list[Id], msgspec.Meta(max_length=500)]


class FieldBody(Model):
    name: Name
    type: FieldType = "text"
    key: Name | None = None
    options: Annotated[list[Name], msgspec.Meta(max_length=500)] = []
    default_value: str | int | float | list[str] | None = None
    is_required: bool = False
    is_visible: bool = True
    is_indexed: bool = False
    is_self_service: bool = False
    group_id: Id | None = None
    list_ids: Ids = []


class FieldPatch(Model):
    name: Name | UnsetType = UNSET
    options: Annotated[list[Name], msgspec.Meta(max_length=500)] | UnsetType = UNSET
    default_value: str | int | float | list[str] | None | UnsetType = UNSET
    is_required: bool | UnsetType = UNSET
    is_visible: bool | UnsetType = UNSET
    is_indexed: bool | UnsetType = UNSET
    is_self_service: bool | UnsetType = UNSET
    position: Annotated[int, msgspec.Meta(ge=0)] | UnsetType = UNSET
    group_id: Id | None | UnsetType = UNSET
    list_ids: Ids | UnsetType = UNSET
    key: Name | UnsetType = UNSET
    type: FieldType | UnsetType = UNSET

    def changes(self) -> dict[str, Any]:
        found = {name: getattr(self, name) for name in self.__struct_fields__}
        return {name: value for name, value in found.items() if value is not UNSET}


class FieldList(Out):
    items: list[Field]
    next: str | None = None
    total: int | None = None


class GroupBody(Model):
    name: Name


class GroupList(Out):
    items: list[FieldGroup]
    next: str | None = None


class Place(Model):
    """A field and the group it stands in."""

    id: Id
    group_id: Id | None = None


class OrderBody(Model):
    """All groups, and all fields, as they are to follow each other."""

    group_ids: Ids = []
    fields: Annotated[list[Place], msgspec.Meta(max_length=2_000)] = []


class FieldUsage(Out):
    field_id: int
    contact_count: int


class FieldUsageList(Out):
    items: list[FieldUsage]
