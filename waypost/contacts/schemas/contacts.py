"""Bodies of the contacts routes."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from waypost.contacts.places import PARTS, Part
from waypost.contacts.schemas.scalars import Id, Short, Values
from waypost.contacts.types import StatusName
from waypost.kernel.model import Model, Out


class PlaceBody(Model):
    """What is given of where a contact is; an empty text clears it."""

    time_zone: Short | None = None
    language: Short | None = None
    country: Short | None = None
    region: Short | None = None
    city: Short | None = None
    postal_code: Short | None = None

    @property
    def place(self) -> dict[Part, str]:
        found: dict[Part, str | None] = {part: getattr(self, part) for part in PARTS}
        return {part: text for part, text in found.items() if text is not None}


class ContactBody(PlaceBody):
    email: Annotated[str, msgspec.Meta(max_length=320)] | None = None
    first_name: Short = ""
    last_name: Short = ""
    phone: Short = ""
    fields: Values = {}


class ContactPatch(PlaceBody):
    email: Annotated[str, msgspec.Meta(max_length=320)] | None | UnsetType = UNSET
    first_name: Short | None = None
    last_name: Short | None = None
    phone: Short | None = None
    fields: Values = {}
    owner_id: Id | None | UnsetType = UNSET

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
    owner_id: Id | None = None


class BulkBody(Model):
    """Either the contacts or a filter; the tag or the list where the action needs it."""

    action: Literal["add_tag", "remove_tag", "subscribe", "unsubscribe", "set_owner", "delete"]
    contact_ids: Annotated[list[Id], msgspec.Meta(max_length=100_000)] | None = None
    filter: BulkFilter | None = None
    tag_id: Id | None = None
    list_id: Id | None = None
    owner_id: Id | None = None
    """The new owner; none takes the owner away."""


class Changed(Out):
    changed: int
