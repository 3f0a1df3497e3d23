"""Bodies of the tags routes."""

from __future__ import annotations

from waypost.contacts.schemas.scalars import Name, Text
from waypost.contacts.types import Tag
from waypost.kernel.model import Model, Out


class TagBody(Model):
    name: Name
    description: Text = ""


class TagPatch(Model):
    name: Name | None = None
    description: Text | None = None


class TagList(Out):
    items: list[Tag]
    next: str | None = None
    total: int | None = None
