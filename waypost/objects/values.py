"""Records as callers send them become checked patches, or one failure that names every place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from waypost.contacts.types import Value
from waypost.contacts.values import convert
from waypost.kernel.errors import Invalid, Problem
from waypost.objects.types import MAX_RECORDS, MAX_RELATED, Links, Mode, RecordInput, Schema, Values

MAX_EXTERNAL_ID = 250
MAX_PROBLEMS = 100


@dataclass(slots=True)
class Patch:
    """One record to write: what it gets (None clears), and what it belongs to from now on."""

    id: int | None
    external_id: str | None
    pointer: str
    values: Values = field(default_factory=dict[str, Value])
    related: Links = field(default_factory=dict[tuple[str, Mode], list[int]])

    def absorb(self, later: Patch) -> None:
        """A later input about the same record: its values win."""
        self.values.update(later.values)
        self.related.update(later.related)
        self.external_id = later.external_id or self.external_id


def check_inputs(schema: Schema, inputs: Sequence[RecordInput], *, pointer: str) -> list[Patch]:
    """`pointer` is where the list of records stands in the request; "" when there is one and it is the request."""
    if len(inputs) > MAX_RECORDS:
        raise Invalid([Problem(pointer, f"One call writes at most {MAX_RECORDS} records.", "objects.too_many")])
    problems: list[Problem] = []
    patches = [
        _checked(schema, one, f"{pointer}/{number}" if pointer else "", problems) for number, one in enumerate(inputs)
    ]
    refuse(problems)
    return patches


def refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise Invalid(problems[:MAX_PROBLEMS])


def _checked(schema: Schema, given: RecordInput, pointer: str, problems: list[Problem]) -> Patch:
    external_id = (given.external_id or "").replace("\x00", "").strip() or None
    if external_id is not None and len(external_id) > MAX_EXTERNAL_ID:
        text = f"An external id has at most {MAX_EXTERNAL_ID} characters."
        problems.append(Problem(pointer + "/external_id", text, "objects.external_id_invalid"))
    return Patch(
        given.id,
        external_id,
        pointer,
        _values(schema, given.fields or {}, pointer + "/fields", problems),
        {
            **_related(schema, given.related or {}, "replace", pointer + "/related", problems),
            **_related(schema, given.linked or {}, "add", pointer + "/linked", problems),
            **_related(schema, given.unlinked or {}, "remove", pointer + "/unlinked", problems),
        },
    )


def _values(schema: Schema, given: Mapping[str, object], pointer: str, problems: list[Problem]) -> Values:
    out: Values = {}
    for field_id, value in given.items():
        found = schema.field(field_id)
        where = f"{pointer}/{field_id[:80]}"
        if found is None:
            problems.append(Problem(where, f"There is no field {field_id[:80]}.", "objects.field_not_found"))
            continue
        try:
            out[field_id] = convert(found.type, found.options, value)
        except ValueError as error:
            text = f"The value does not fit the field {found.name}: {error}."
            problems.append(Problem(where, text, "objects.value_invalid"))
    return out


def _related(
    schema: Schema, given: Mapping[str, Sequence[int]], mode: Mode, pointer: str, problems: list[Problem]
) -> Links:
    """Where a record belongs to one, another takes its place."""
    out: Links = {}
    for relationship_id, ids in given.items():
        found = schema.relationship(relationship_id)
        where = f"{pointer}/{relationship_id[:80]}"
        unique = list(dict.fromkeys(ids))
        if found is None:
            text = f"There is no relationship {relationship_id[:80]}."
            problems.append(Problem(where, text, "objects.relationship_not_found"))
        elif len(unique) > 1 and not found.has_many:
            text = f"A record belongs to one {found.namespace} by {found.name}, not to several."
            problems.append(Problem(where, text, "objects.related_too_many"))
        elif len(unique) > MAX_RELATED:
            text = f"One call names at most {MAX_RELATED} by one relationship."
            problems.append(Problem(where, text, "objects.related_too_many"))
        else:
            is_taking_over = mode == "add" and not found.has_many
            out[relationship_id, "replace" if is_taking_over else mode] = unique
    return out


def check_required(schema: Schema, patch: Patch, after: Mapping[str, Any], *, is_new: bool) -> list[Problem]:
    """A new record needs every required value; one that is there may lack it, but not lose it."""
    return [
        Problem(f"{patch.pointer}/fields/{one.id}", f"The field {one.name} needs a value.", "objects.field_required")
        for one in schema.fields
        if one.is_required and after.get(one.id) is None and (is_new or one.id in patch.values)
    ]
