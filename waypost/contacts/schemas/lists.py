"""Bodies of the lists routes."""

from __future__ import annotations

from waypost.contacts.schemas.scalars import Name, Short, Text
from waypost.contacts.types import List
from waypost.kernel.model import Model, Out


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


class ListList(Out):
    items: list[List]
    next: str | None = None
    total: int | None = None
