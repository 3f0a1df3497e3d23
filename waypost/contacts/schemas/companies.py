"""Bodies of the companies routes."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from waypost.contacts.queries.members import Colleague, Workplace
from waypost.contacts.schemas.scalars import Id, Name, Short, Text, Values
from waypost.contacts.types import Company, FieldType, RowField
from waypost.kernel.model import Model, Out


class CompanyBody(Model):
    name: Name
    website: Text = ""
    domain: Short | None = None
    owner_id: Id | None = None
    fields: Values = {}


class CompanyPatch(Model):
    name: Name | UnsetType = UNSET
    website: Text | UnsetType = UNSET
    domain: Short | None | UnsetType = UNSET
    owner_id: Id | None | UnsetType = UNSET
    fields: Values | UnsetType = UNSET


class CompanyList(Out):
    items: list[Company]
    next: str | None = None
    total: int | None = None


class CompanyIds(Model):
    company_ids: Annotated[list[Id], msgspec.Meta(max_length=10_000)]


class MembersBody(Model):
    """Contacts who join the company, all with the same role."""

    contact_ids: Annotated[list[Id], msgspec.Meta(min_length=1, max_length=100_000)]
    job_title: Short = ""
    is_primary: bool = False


class MemberPatch(Model):
    job_title: Short | None = None
    is_primary: bool | None = None


class ColleagueList(Out):
    items: list[Colleague]
    next: str | None = None


class WorkplaceList(Out):
    items: list[Workplace]


class CompanySettingsPatch(Model):
    is_linked_by_domain: bool | None = None
    excluded_domains: list[Short] | None = None


class CompanyFieldBody(Model):
    name: Name
    type: FieldType = "text"
    key: Name | None = None
    options: Annotated[list[Name], msgspec.Meta(max_length=500)] = []
    default_value: str | int | float | list[str] | None = None
    is_required: bool = False
    is_visible: bool = True


class CompanyFieldPatch(Model):
    name: Name | UnsetType = UNSET
    options: Annotated[list[Name], msgspec.Meta(max_length=500)] | UnsetType = UNSET
    default_value: str | int | float | list[str] | None | UnsetType = UNSET
    is_required: bool | UnsetType = UNSET
    is_visible: bool | UnsetType = UNSET
    position: Annotated[int, msgspec.Meta(ge=0)] | UnsetType = UNSET

    def changes(self) -> dict[str, Any]:
        found = {name: getattr(self, name) for name in self.__struct_fields__}
        return {name: value for name, value in found.items() if value is not UNSET}


class CompanyFieldList(Out):
    items: list[RowField]
    total: int
