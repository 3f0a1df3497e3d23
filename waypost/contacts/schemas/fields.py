"""Bodies of the fields routes."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from waypost.contacts.schemas.scalars import Name
from waypost.contacts.types import Field, FieldType
from waypost.kernel.model import Model, Out


class FieldBody(Model):
    name: Name
    type: FieldType = "text"
    key: Name | None = None
    options: Annotated[list[Name], msgspec.Meta(max_length=500)] = []
    default_value: str | int | float | list[str] | None = None
    is_required: bool = False
    is_visible: bool = True
    is_indexed: bool = False


class FieldPatch(Model):
    name: Name | UnsetType = UNSET
    options: Annotated[list[Name], msgspec.Meta(max_length=500)] | UnsetType = UNSET
    default_value: str | int | float | list[str] | None | UnsetType = UNSET
    is_required: bool | UnsetType = UNSET
    is_visible: bool | UnsetType = UNSET
    is_indexed: bool | UnsetType = UNSET
    position: Annotated[int, msgspec.Meta(ge=0)] | UnsetType = UNSET
    key: Name | UnsetType = UNSET
    type: FieldType | UnsetType = UNSET

    def changes(self) -> dict[str, Any]:
        found = {name: getattr(self, name) for name in self.__struct_fields__}
        return {name: value for name, value in found.items() if value is not UNSET}


class FieldList(Out):
    items: list[Field]
    next: str | None = None
    total: int | None = None
