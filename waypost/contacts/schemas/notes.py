"""Bodies of the notes and files routes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from waypost.contacts.types import File, Note
from waypost.kernel.model import Model, Out


class NoteBody(Model):
    body: Annotated[str, msgspec.Meta(max_length=50_000)]


class NoteList(Out):
    items: list[Note]
    next: str | None = None


class FileOut(Out):
    """A file without the name of its blob, which is nobody's business."""

    id: int
    contact_id: int
    name: str
    mime: str
    size_bytes: int
    author_id: int | None
    created_at: datetime


class FileList(Out):
    items: list[FileOut]
    next: str | None = None


def shown(file: File) -> FileOut:
    return FileOut(**{name: getattr(file, name) for name in FileOut.__struct_fields__})
