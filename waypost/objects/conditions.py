"""The contact has records of a schema whose fields meet every test, so many of them.

One contact is answered from its links. A set comes from the schema's links, joined to the records that
meet the tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

import asyncpg
import msgspec

from waypost.contacts.comparing import (
    MAX_VALUES,
    Kind,
    Operator,
    Test,
    among,
    check,
    flips,
    fold,
    holds,
    is_relative,
    least,
)
from waypost.contacts.types import MULTIPLE_TYPES, FieldType
from waypost.kernel.errors import Problem
from waypost.kernel.model import Model
from waypost.kernel.registry import Condition, Fact
from waypost.kernel.sql import TRUE, Sql, and_, not_, sql
from waypost.kernel.tx import ReadTx
from waypost.objects.facts import RecordCreated, RecordLinked, RecordUnlinked, RecordUpdated
from waypost.objects.types import FieldDefinition, Relationship

Word = Annotated[str, msgspec.Meta(min_length=1, max_length=250)]
Listed = Annotated[list[str | int | float], msgspec.Meta(max_length=MAX_VALUES)]
FACTS = (RecordCreated, RecordUpdated, RecordLinked, RecordUnlinked)


class FieldTest(Model):
    """One test of a record's field."""

    field_id: Word
    operator: Operator = "equals"
    value: str | int | float | Listed | None = None
    value_to: str | int | float | None = None


class HasRecord(Model):
    """Records that meet all of `where` are counted."""

    schema_id: Annotated[int, msgspec.Meta(ge=1)]
    relationship_id: Word | None = None
    where: Annotated[list[FieldTest], msgspec.Meta(max_length=10)] = []
    operator: Literal["at_least", "at_most", "exactly"] = "at_least"
    count: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 1


@dataclass(frozen=True, slots=True)
class Checked:
    """Tests over records `r`, by field."""

    schema_id: int
    relationship_id: str | None
    tests: tuple[tuple[str, Test], ...]
    operator: str
    count: int


_KINDS: dict[FieldType, Kind] = {"number": "number", "currency": "number", "date": "day", "datetime": "moment"}


def _kind_of(field_type: FieldType) -> Kind:
    return "choices" if field_type in MULTIPLE_TYPES else _KINDS.get(field_type, "text")


def _is_time_bound(params: HasRecord) -> bool:
    return any(is_relative(test) for test in params.where)


async def _resolve(tx: ReadTx, many: Sequence[HasRecord]) -> list[Checked | Problem]:
    rows = await tx.all(
        sql(
            """
            select id, plural, fields, relationships from objects.schema
            where workspace_id = {workspace} and id = any({ids}::bigint[]) and deleted_at is null
            """,
            ids=[params.schema_id for params in many],
        )
    )
    schemas = {row["id"]: row for row in rows}
    return [_checked(params, schemas.get(params.schema_id)) for params in many]


def _checked(params: HasRecord, schema: asyncpg.Record | None) -> Checked | Problem:
    if schema is None:
        return Problem("/schema_id", f"There is no schema {params.schema_id}.", "objects.schema_not_found")
    named = params.relationship_id
    if named is not None:
        known = msgspec.convert(schema["relationships"], list[Relationship])
        if not any(one.id == named and one.namespace == "contact" for one in known):
            text = f"{schema['plural']} do not belong to contacts by {named}."
            return Problem("/relationship_id", text, "objects.relationship_not_found")
    fields = {field.id: field for field in msgspec.convert(schema["fields"], list[FieldDefinition])}
    tests: list[tuple[str, Test]] = []
    for number, one in enumerate(params.where):
        place = f"/where/{number}"
        field = fields.get(one.field_id)
        if field is None:
            text = f"{schema['plural']} have no field {one.field_id}."
            return Problem(place + "/field_id", text, "objects.field_not_found")
        test = check(_kind_of(field.type), one.operator, one.value, one.value_to)
        if isinstance(test, Problem):
            return Problem(place + test.pointer, test.message, test.code)
        tests.append((field.id, test))
    return Checked(params.schema_id, named, tuple(tests), params.operator, params.count)


def _value(key: str, test: Test) -> Sql:
    """The stored value as what the test compares."""
    if test.kind == "text":
        return sql("lower(r.fields ->> {key})", key=key)
    if test.kind == "number":
        return sql(
            "(case when jsonb_typeof(r.fields -> {key}) = 'number' then (r.fields ->> {key})::double precision end)",
            key=key,
        )
    return sql(
        "(case when r.fields ->> {key} ~ '^\\d{{4}}-\\d\\d-\\d\\d' then (r.fields ->> {key})::timestamptz end)", key=key
    )


def _meets(key: str, test: Test) -> Sql:
    if test.kind != "choices":
        return holds(test, _value(key, test))
    if test.is_denial:
        return not_(_chosen(key, test.affirmed()))
    return _chosen(key, test)


def _chosen(key: str, test: Test) -> Sql:
    """Enough of the record's choices are among those asked for."""
    if test.operator == "is_not_empty":
        return sql("coalesce(r.fields -> {key}, '[]') not in ('[]', '\"\"', 'null')", key=key)
    words = sorted({fold(str(value)) for value in test.values})
    choice = sql("lower(choice)")
    return sql(
        """
        (select count(distinct lower(choice)) from jsonb_array_elements_text(
            case jsonb_typeof(r.fields -> {key}) when 'array' then r.fields -> {key}
                 when 'string' then jsonb_build_array(r.fields -> {key}) end) as choice
         where {meets}) >= {wanted}
        """,
        key=key,
        meets=holds(test, choice) if test.operator == "contains" else among(choice, words, "text"),
        wanted=len(words) if test.operator == "all_of" else 1,
    )


def _links(params: Checked) -> Sql:
    """The links `l` of contacts to the records `r` that meet the tests."""
    named = params.relationship_id
    if not params.tests:
        return sql(
            """
            objects.contact_relation l
            where l.workspace_id = {workspace} and l.schema_id = {schema_id} and {named}
            """,
            schema_id=params.schema_id,
            named=TRUE if named is None else sql("l.relationship = {named}", named=named),
        )
    return sql(
        """
        objects.contact_relation l
        join objects.record r on r.workspace_id = {workspace} and r.id = l.record_id and {tests}
        where l.workspace_id = {workspace} and l.schema_id = {schema_id} and {named}
        """,
        schema_id=params.schema_id,
        tests=and_(*[_meets(key, test) for key, test in params.tests]),
        named=TRUE if named is None else sql("l.relationship = {named}", named=named),
    )


def _compared(params: Checked, count: Sql) -> Sql:
    if params.operator == "at_least":
        return sql("{count} >= {wanted}", count=count, wanted=params.count)
    if params.operator == "at_most":
        return sql("{count} <= {wanted}", count=count, wanted=params.count)
    return sql("{count} = {wanted}", count=count, wanted=params.count)


def _predicate(params: Checked, contact_id: Sql) -> Sql:
    links = _links(params)
    if params.operator == "at_least" and params.count == 1:
        return sql("exists (select 1 from {links} and l.contact_id = {contact_id})", links=links, contact_id=contact_id)
    return _compared(params, _counted(links, contact_id))


def _counted(links: Sql, contact_id: Sql) -> Sql:
    return sql(
        "(select count(distinct l.record_id) from {links} and l.contact_id = {contact_id})",
        links=links,
        contact_id=contact_id,
    )


def _holders(params: Checked, having: Sql) -> Sql:
    return sql(
        "select l.contact_id from {links} group by l.contact_id having {having}", links=_links(params), having=having
    )


def _members(params: Checked) -> Sql | None:
    """None where those without any record are among them."""
    if params.operator == "at_most" or params.count == 0:
        return None
    if params.operator == "at_least" and params.count == 1:
        return sql("select distinct l.contact_id from {links}", links=_links(params))
    return _holders(params, _compared(params, sql("count(distinct l.record_id)")))


def _others(params: Checked) -> Sql | None:
    if params.operator == "at_most" or (params.operator == "exactly" and params.count == 0):
        return _holders(params, sql("count(distinct l.record_id) > {wanted}", wanted=params.count))
    return None


def _due(params: Checked, contact_id: Sql) -> Sql | None:
    """The first moment at which any of the contact's records may come to meet the tests, or cease to."""
    moments = [moment for key, test in params.tests if (moment := flips(test, _value(key, test))) is not None]
    if not moments:
        return None
    return sql(
        """
        (select min({moment}) from objects.contact_relation l
         join objects.record r on r.workspace_id = {workspace} and r.id = l.record_id
         where l.workspace_id = {workspace} and l.schema_id = {schema_id} and l.contact_id = {contact_id})
        """,
        moment=least(moments),
        schema_id=params.schema_id,
        contact_id=contact_id,
    )


def _explain(params: Checked, contact_id: Sql) -> Sql:
    return sql("jsonb_build_object('count', {count})", count=_counted(_links(params), contact_id))


def _triggers(params: Checked) -> Sequence[tuple[type[Fact], int | None]]:
    return [(fact, params.schema_id) for fact in FACTS]


CONDITIONS = (
    Condition(
        "has_record",
        "Has records",
        "Objects",
        HasRecord,
        _predicate,
        facts=FACTS,
        time_bound=_is_time_bound,
        resolve=_resolve,
        members=_members,
        others=_others,
        due=_due,
        explain=_explain,
        triggers=_triggers,
        sentence="has {operator} {count} {schema_id}[ where {where}]",
    ),
)
