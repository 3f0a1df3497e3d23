"""Bodies of the image routes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from waypost.kernel.model import Model, Out
from waypost.media.types import ENDINGS, Image, path_of

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Alt = Annotated[str, msgspec.Meta(max_length=500)]


class ImageChange(Model):
    name: Name | None = None
    alt: Alt | None = None


class ImageOut(Out):
    """`url` is for messages, `thumbnail_url` for lists."""

    id: int
    name: str
    alt: str
    mime: str
    width: int
    height: int
    size_bytes: int
    is_animated: bool
    url: str
    thumbnail_url: str
    widths: list[int]
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, image: Image, workspace_id: int, public_url: str) -> ImageOut:
        path = path_of(workspace_id, image.key)
        base = public_url.rstrip("/") + path
        # Twice as wide as a mail is sharp everywhere; wider only weighs.
        best = image.width if image.is_animated else max([w for w in image.widths if w <= 1200] or image.widths)
        small = image.widths[0]
        small_mime = "image/png" if image.is_animated and small != image.width else image.mime
        return cls(
            id=image.id,
            name=image.name,
            alt=image.alt,
            mime=image.mime,
            width=image.width,
            height=image.height,
            size_bytes=image.size_bytes,
            is_animated=image.is_animated,
            url=f"{base}{best}.{ENDINGS[image.mime]}",
            thumbnail_url=f"{path}{small}.{ENDINGS[small_mime]}",
            widths=image.widths,
            created_at=image.created_at,
            updated_at=image.updated_at,
        )


class ImageList(Out):
    items: list[ImageOut]
    next: str | None
    total: int | None = None
