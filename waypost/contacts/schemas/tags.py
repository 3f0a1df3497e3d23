"""Bodies of the tags routes."""

from __future__ import annotations

from typing import Annotated

import msgspec

from waypost.contacts.schemas.scalars import Id, Name, Text
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


class TagMergeBody(Model):
    """The tags that become one with this one."""

    tag_ids: Annotated[list[Id], msgspec.Meta(min_length=1, max_length=100)]
