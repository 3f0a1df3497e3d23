"""Rows of the image library."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Image:
    id: int
    key: str
    name: str
    alt: str
    mime: str
    width: int
    height: int
    size_bytes: int
    is_animated: bool
    widths: list[int]
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Rendition:
    """One width of a picture, ready to be sent."""

    width: int
    height: int
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Picture:
    """An upload that was opened, judged and redrawn."""

    mime: str
    width: int
    height: int
    is_animated: bool
    renditions: list[Rendition]


ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif"}


def path_of(workspace_id: int, key: str) -> str:
    """What public addresses of the picture begin with; a width and an ending follow."""
    return f"/i/{workspace_id}/{key}/"
