"""Bodies of the imports routes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec

from waypost.contacts.actions.staged import Rule
from waypost.contacts.values import DateOrder
from waypost.imports.types import Format, GivenStatus, Import, Options, State, Target
from waypost.kernel.model import Model, Out

Id = Annotated[int, msgspec.Meta(ge=1)]


class TargetBody(Model):
    index: Annotated[int, msgspec.Meta(ge=0)]
    target: Annotated[str, msgspec.Meta(min_length=1, max_length=300)]


class OptionsBody(Model):
    list_ids: Annotated[list[Id], msgspec.Meta(max_length=50)] = []
    tag_ids: Annotated[list[Id], msgspec.Meta(max_length=50)] = []
    rule: Rule = "update"
    status: GivenStatus = "active"
    consent: Annotated[str, msgspec.Meta(max_length=1_000)] = ""
    date_order: DateOrder = "dmy"


class ImportPatch(Model):
    mapping: list[TargetBody] | None = None
    options: OptionsBody | None = None

    @property
    def targets(self) -> list[Target] | None:
        if self.mapping is None:
            return None
        return [Target(item.index, item.target) for item in self.mapping]

    def chosen(self) -> Options | None:
        return None if self.options is None else msgspec.convert(msgspec.to_builtins(self.options), Options)


class Suggestion(Out):
    target: str


class ColumnOut(Out):
    index: int
    header: str
    samples: list[str]
    suggestion: Suggestion


class Progress(Out):
    rows_done: int
    rows_total: int
    created: int
    updated: int
    unchanged: int
    skipped: int
    failed: int


class ImportOut(Out):
    id: int
    filename: str
    size_bytes: int
    format: Format
    encoding: str
    delimiter: str
    columns: list[ColumnOut]
    row_count_estimate: int
    mapping: list[dict[str, Any]]
    options: dict[str, Any]
    state: State
    progress: Progress
    undone: int
    undo_refused: int
    problems: list[dict[str, Any]]
    error: str | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class ImportList(Out):
    items: list[ImportOut]
    next: str | None = None
    total: int | None = None


class RefusalOut(Out):
    contact_id: int
    reason: str


class RefusalList(Out):
    items: list[RefusalOut]
    next: str | None = None
    total: int | None = None


def shown(item: Import) -> ImportOut:
    """An import as it is answered."""
    columns = [
        ColumnOut(
            index=column["index"],
            header=column["header"],
            samples=column["samples"],
            suggestion=Suggestion(target=column["target"]),
        )
        for column in item.columns
    ]
    progress = Progress(**{name: getattr(item, name) for name in Progress.__struct_fields__})
    rest = {
        name: getattr(item, name)
        for name in ImportOut.__struct_fields__
        if name not in ("columns", "progress", "problems")
    }
    return ImportOut(columns=columns, progress=progress, problems=item.problems or [], **rest)
