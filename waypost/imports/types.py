"""Rows and plans of imports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import msgspec

from waypost.contacts.actions.staged import Rule
from waypost.contacts.places import Part
from waypost.contacts.types import FieldType
from waypost.contacts.values import DateOrder

State = Literal[
    "uploaded", "checking", "checked", "running", "paused", "completed", "failed", "cancelled", "undoing", "undone"
]
Format = Literal["csv", "tsv", "xlsx", "vcard"]
GivenStatus = Literal["active", "unconfirmed", "unsubscribed"]
Outcome = Literal["skipped", "failed", "partial"]


class Column(msgspec.Struct, frozen=True):
    """A column of the file, with what it seems to hold."""

    index: int
    header: str
    samples: list[str]
    target: str


class Target(msgspec.Struct, frozen=True):
    """Where a column goes."""

    index: int
    target: str


class Options(msgspec.Struct, frozen=True):
    """How to bring the rows in."""

    list_ids: list[int] = []
    tag_ids: list[int] = []
    rule: Rule = "update"
    status: GivenStatus = "active"
    consent: str = ""
    date_order: DateOrder = "dmy"


class FieldColumn(msgspec.Struct, frozen=True):
    """A column that fills a custom field; a dry run has no id yet for a field to be made."""

    index: int
    key: str
    name: str
    type: FieldType
    options: list[str] = []


class Plan(msgspec.Struct, frozen=True):
    """The mapping in the form the job works with: which column is what."""

    width: int
    email: int
    first_name: int | None = None
    last_name: int | None = None
    full_name: int | None = None
    phone: int | None = None
    company: int | None = None
    job_title: int | None = None
    place: tuple[tuple[Part, int], ...] = ()
    tags: tuple[int, ...] = ()
    fields: tuple[FieldColumn, ...] = ()
    date_order: DateOrder = "dmy"

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts of a place that the file has."""
        return tuple(part for part, _ in self.place)


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a look at a file found."""

    encoding: str
    delimiter: str
    columns: list[Column]
    row_count_estimate: int
    date_order: DateOrder
    format: Format = "csv"


@dataclass(frozen=True, slots=True)
class Import:
    """An import as stored."""

    id: int
    filename: str
    file: str
    size_bytes: int
    format: Format
    encoding: str
    delimiter: str
    columns: list[dict[str, Any]]
    row_count_estimate: int
    mapping: list[dict[str, Any]]
    options: dict[str, Any]
    plan: dict[str, Any] | None
    state: State
    rows_done: int
    rows_total: int
    created: int
    updated: int
    unchanged: int
    skipped: int
    failed: int
    undone: int
    undo_refused: int
    problems: list[dict[str, Any]] | None
    error: str | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A contact that undoing left as it is."""

    contact_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class RowError:
    """One thing wrong with one record of the file."""

    number: int
    part: int
    line: int
    outcome: Outcome
    reason: str
    message: str
