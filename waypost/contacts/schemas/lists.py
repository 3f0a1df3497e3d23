"""Bodies of the lists routes."""

from __future__ import annotations

from typing import Annotated

import msgspec

from waypost.contacts.schemas.scalars import Name, Short, Text
from waypost.contacts.types import List
from waypost.kernel.model import Model, Out

Number = Annotated[int, msgspec.Meta(ge=0)]


class ListBody(Model):
    name: Name
    slug: Name | None = None
    sender_url: Short = ""
    sender_reminder: Text = ""


class ListPatch(Model):
    name: Name | None = None
    slug: Name | None = None
    sender_url: Short | None = None
    sender_reminder: Text | None = None
    requires_confirmation: bool | None = None
    confirmation_message_id: Number | None = None
    """0 stands for the plain message that is made when first needed."""
    consent_text_id: Number | None = None
    """0 takes the text away."""


class ListList(Out):
    items: list[List]
    next: str | None = None
    total: int | None = None
