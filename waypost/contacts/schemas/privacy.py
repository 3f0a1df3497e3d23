"""Bodies of the trash, duplicates, merging and export routes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from waypost.contacts.duplicates import Reason
from waypost.contacts.merge_history import MergeNote
from waypost.contacts.person_exports import PersonExport
from waypost.contacts.queries.trash import Pair, Someone, Trashed
from waypost.contacts.schemas.scalars import Id
from waypost.kernel.model import Model, Out

EXPORT_STATES = ("waiting", "ready", "failed")


class TrashList(Out):
    items: list[Trashed]
    next: str | None = None
    total: int | None = None


class ContactsBody(Model):
    contact_ids: Annotated[list[Id], msgspec.Meta(min_length=1, max_length=10_000)]


class TrashBody(Model):
    """The contacts named, or all of the trash."""

    contact_ids: Annotated[list[Id], msgspec.Meta(min_length=1, max_length=10_000)] | None = None
    all: bool = False


class Conflict(Out):
    """Why one contact could not be restored."""

    contact_id: int
    code: str
    detail: str


class RestoredOut(Out):
    restored: list[int]
    conflicts: list[Conflict]


class ErasedOut(Out):
    erased: int


class MergeBody(Model):
    """`values` says for a value (`email`, `first_name`, `fields.7`, …) whose stays; else the newest that is not empty."""

    contact_ids: Annotated[list[Id], msgspec.Meta(min_length=1, max_length=20)]
    values: dict[Annotated[str, msgspec.Meta(max_length=80)], Id] = {}


class RulesBody(Model):
    merges_same_mailbox: bool = False
    merges_same_phone: bool = False


class MergeOut(Out):
    """One merge: whom it made one, and whether it was undone."""

    id: int
    contact_id: int
    old_id: int
    old_email: str | None
    old_name: str
    is_automatic: bool
    created_at: datetime
    undone_at: datetime | None


class MergeList(Out):
    items: list[MergeOut]
    next: str | None = None


def shown_merge(note: MergeNote) -> MergeOut:
    name = f"{note.gone['first_name']} {note.gone['last_name']}".strip()
    return MergeOut(
        id=note.id,
        contact_id=note.contact_id,
        old_id=note.old_id,
        old_email=note.gone["email"],
        old_name=name,
        is_automatic=note.is_automatic,
        created_at=note.created_at,
        undone_at=note.undone_at,
    )


class PairOut(Out):
    score: int
    reasons: list[str]
    contact: Someone
    other: Someone


class PairList(Out):
    items: list[PairOut]
    next: str | None = None
    total: int | None = None


class DismissBody(Model):
    contact_id: Id
    other_id: Id
    is_dismissed: bool = True


class ScanBody(Model):
    """`field_ids` are compared together with the name; null stands for dates of birth."""

    field_ids: Annotated[list[Id], msgspec.Meta(max_length=20)] | None | msgspec.UnsetType = msgspec.UNSET


class ExportOut(Out):
    id: int
    contact_id: int
    state: str
    filename: str
    size_bytes: int
    created_at: datetime
    finished_at: datetime | None
    expires_at: datetime


class ExportList(Out):
    items: list[ExportOut]
    next: str | None = None


def shown_pair(pair: Pair) -> PairOut:
    words = [Reason(number).word for number in pair.reasons]
    return PairOut(score=pair.score, reasons=words, contact=pair.contact, other=pair.other)


def shown_export(item: PersonExport) -> ExportOut:
    return ExportOut(
        id=item.id,
        contact_id=item.contact_id,
        state=EXPORT_STATES[item.state],
        filename=item.filename,
        size_bytes=item.size_bytes,
        created_at=item.created_at,
        finished_at=item.finished_at,
        expires_at=item.expires_at,
    )
