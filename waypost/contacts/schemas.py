"""Bodies of the contacts routes."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from waypost.contacts.types import Field, FieldType, List, StatusName, Tag
from waypost.kernel.model import Model, Out

Short = Annotated[str, msgspec.Meta(max_length=250)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=250)]
Id = Annotated[int, msgspec.Meta(ge=1)]
Values = dict[Id, str | int | float | list[str] | None]


class ContactBody(Model):
    email: Annotated[str, msgspec.Meta(max_length=320)] | None = None
    first_name: Short = ""
    last_name: Short = ""
    phone: Short = ""
    fields: Values = {}


class ContactPatch(Model):
    email: Annotated[str, msgspec.Meta(max_length=320)] | None | UnsetType = UNSET
    first_name: Short | None = None
    last_name: Short | None = None
    phone: Short | None = None
    fields: Values = {}

    @property
    def address(self) -> str | None:
        return None if self.email is UNSET or self.email is None else self.email

    @property
    def is_email_cleared(self) -> bool:
        return self.email is None or self.email == ""


class BulkFilter(Model):
    search: str = ""
    tag_id: Id | None = None
    list_id: Id | None = None
    status: StatusName | None = None


class BulkBody(Model):
    """Either the contacts or a filter; the tag or the list where the action needs it."""

    action: Literal["add_tag", "remove_tag", "subscribe", "unsubscribe", "delete"]
    contact_ids: Annotated[list[Id], msgspec.Meta(max_length=100_000)] | None = None
    filter: BulkFilter | None = None
    tag_id: Id | None = None
    list_id: Id | None = None


class Changed(Out):
    changed: int


class TagBody(Model):
    name: Name
    description: Annotated[str, msgspec.Meta(max_length=2_000)] = ""


class TagPatch(Model):
    name: Name | None = None
    description: Annotated[str, msgspec.Meta(max_length=2_000)] | None = None


class ListBody(Model):
    name: Name
    slug: Name | None = None
    sender_url: Short = ""
    sender_reminder: Annotated[str, msgspec.Meta(max_length=2_000)] = ""


class ListPatch(Model):
    name: Name | None = None
    slug: Name | None = None
    sender_url: Short | None = None
    sender_reminder: Annotated[str, msgspec.Meta(max_length=2_000)] | None = None


class FieldBody(Model):
    name: Name
    type: FieldType = "text"
    key: Name | None = None
    options: Annotated[list[Name], msgspec.Meta(max_length=500)] = []
    default_value: str | int | float | list[str] | None = None
    is_required: bool = False
    is_visible: bool = True


class FieldPatch(Model):
    name: Name | UnsetType = UNSET
    options: Annotated[list[Name], msgspec.Meta(max_length=500)] | UnsetType = UNSET
    default_value: str | int | float | list[str] | None | UnsetType = UNSET
    is_required: bool | UnsetType = UNSET
    is_visible: bool | UnsetType = UNSET
    position: Annotated[int, msgspec.Meta(ge=0)] | UnsetType = UNSET
    key: Name | UnsetType = UNSET
    type: FieldType | UnsetType = UNSET

    def changes(self) -> dict[str, Any]:
        found = {name: getattr(self, name) for name in self.__struct_fields__}
        return {name: value for name, value in found.items() if value is not UNSET}


class TagList(Out):
    items: list[Tag]
    next: str | None = None
    total: int | None = None


class ListList(Out):
    items: list[List]
    next: str | None = None
    total: int | None = None


class FieldList(Out):
    items: list[Field]
    next: str | None = None
    total: int | None = None
