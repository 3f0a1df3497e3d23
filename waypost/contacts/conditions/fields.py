"""Custom fields of every type.

One contact is answered from its row. A set comes from the index where the field is flagged and indexed,
else from a reading of all contacts. What a missing value meets (is empty, is not …) is the set of all
without those who meet the opposite.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, cast

import asyncpg
import msgspec

from waypost.contacts.comparing import (
    Kind,
    Operator,
    Test,
    among,
    among_days,
    check,
    flips,
    fold,
    holds,
    is_relative,
    like_part,
)
from waypost.contacts.conditions.details import Listed, from_contact, living, of_contact
from waypost.contacts.facts import ContactCreated, FieldChanged
from waypost.contacts.types import LONGEST, MULTIPLE_TYPES, FieldType
from waypost.kernel.errors import Problem
from waypost.kernel.model import Model
from waypost.kernel.registry import Condition
from waypost.kernel.sql import Sql, and_, not_, sql
from waypost.kernel.tx import ReadTx


class FieldIs(Model):
    field_id: Annotated[int, msgspec.Meta(ge=1)]
    operator: Operator = "equals"
    value: str | int | float | Listed | None = None
    value_to: str | int | float | None = None


@dataclass(frozen=True, slots=True)
class FieldTest:
    """Checked against the field's type, with what helps to look it up."""

    field_id: int
    test: Test
    is_indexed: bool
    has_words: bool
    """Whether parts of words can be looked up (pg_trgm)."""

    @property
    def key(self) -> str:
        return str(self.field_id)


_KINDS: dict[FieldType, Kind] = {"number": "number", "currency": "number", "date": "day", "datetime": "moment"}


def kind_of(field_type: FieldType) -> Kind:
    return "choices" if field_type in MULTIPLE_TYPES else _KINDS.get(field_type, "text")


async def _resolve(tx: ReadTx, many: Sequence[FieldIs]) -> list[FieldTest | Problem]:
    rows = await tx.all(
        sql(
            """
            select id, type, is_indexed and is_index_ready as is_indexed,
                   to_regclass('contacts.field_value_words') is not null as has_words
            from contacts.field where workspace_id = {workspace} and id = any({ids}::bigint[])
            """,
            ids=[params.field_id for params in many],
        )
    )
    fields = {row["id"]: row for row in rows}
    return [_checked(params, fields.get(params.field_id)) for params in many]


def _checked(params: FieldIs, field: asyncpg.Record | None) -> FieldTest | Problem:
    if field is None:
        return Problem("/field_id", f"There is no field {params.field_id}.", "contacts.field_not_found")
    test = check(kind_of(field["type"]), params.operator, params.value, params.value_to)
    if isinstance(test, Problem):
        return test
    return FieldTest(params.field_id, test, field["is_indexed"], field["has_words"])


def _predicate(params: FieldTest, contact_id: Sql) -> Sql:
    return of_contact(_stored(params), contact_id)


def _value(params: FieldTest) -> Sql:
    """The stored value as what the test compares."""
    key = params.key
    if params.test.kind == "text":
        return sql("lower(cf.fields ->> {key})", key=key)
    if params.test.kind == "number":
        return sql(
            "case when jsonb_typeof(cf.fields -> {key}) = 'number' then (cf.fields ->> {key})::double precision end",
            key=key,
        )
    return sql(
        "case when cf.fields ->> {key} ~ '^\\d{{4}}-\\d\\d-\\d\\d' then (cf.fields ->> {key})::timestamptz end", key=key
    )


def _stored(params: FieldTest) -> Sql:
    """The test over the contact's row."""
    test = params.test
    if test.kind != "choices":
        return holds(test, sql("({value})", value=_value(params)))
    if test.is_denial:
        return not_(_chosen(params, test.affirmed()))
    return _chosen(params, test)


def _chosen(params: FieldTest, test: Test) -> Sql:
    key = params.key
    if test.operator == "is_not_empty":
        return sql("coalesce(cf.fields -> {key}, '[]') not in ('[]', '\"\"', 'null')", key=key)
    inside = sql(
        """
        (select count(distinct lower(choice)) from jsonb_array_elements_text(
            case jsonb_typeof(cf.fields -> {key}) when 'array' then cf.fields -> {key}
                 when 'string' then jsonb_build_array(cf.fields -> {key}) end) as choice
         where {meets})
        """,
        key=key,
        meets=_meets(test, sql("lower(choice)")),
    )
    return sql("{inside} >= {wanted}", inside=inside, wanted=_wanted(test))


def _meets(test: Test, choice: Sql) -> Sql:
    """Whether one choice counts."""
    words = sorted({fold(str(value)) for value in test.values})
    return holds(test, choice) if test.operator == "contains" else among(choice, words, "text")


def _wanted(test: Test) -> int:
    """How many choices must count."""
    return len({fold(str(value)) for value in test.values}) if test.operator == "all_of" else 1


def _members(params: FieldTest) -> Sql:
    test = params.test
    if not params.is_indexed:
        return living(_stored(params))
    if not test.is_denial:
        return _indexed(params, test)
    return living(
        sql(
            "not exists (select 1 from ({those}) as those where those.contact_id = cf.id)",
            those=_indexed(params, test.affirmed()),
        )
    )


def _indexed(params: FieldTest, test: Test) -> Sql:
    if test.kind == "choices":
        return _indexed_choices(params, test)
    if test.kind == "number":
        return _looked_up(params, _numeric(test))
    if test.kind in ("day", "moment"):
        return _looked_up(params, _dated(test))
    if _are_short(test):
        return _looked_up(params, _worded(params, test))
    longer = sql(
        """
        {short} union all
        select i.contact_id from contacts.field_value_index i
        where i.workspace_id = {workspace} and i.field_id = {field_id} and i.is_long and {stored}
        """,
        short=_looked_up(params, _worded(params, test)),
        field_id=params.field_id,
        stored=of_contact(holds(test, _value(params)), sql("i.contact_id")),
    )
    return sql("select contact_id from ({longer}) as found", longer=longer)


def _are_short(test: Test) -> bool:
    """Whether no long text can meet it; a plain look-up is one whose size PostgreSQL can tell."""
    return test.operator in ("equals", "any_of") and all(len(str(value)) <= LONGEST // 2 for value in test.values)


def _looked_up(params: FieldTest, test: Sql) -> Sql:
    return sql(
        """
        select i.contact_id from contacts.field_value_index i
        where i.workspace_id = {workspace} and i.field_id = {field_id} and {test}
        """,
        field_id=params.field_id,
        test=test,
    )


def _numeric(test: Test) -> Sql:
    if test.operator == "is_not_empty":
        return sql("i.value_number is not null")
    return holds(test, sql("i.value_number"))


def _dated(test: Test) -> Sql:
    if test.operator == "is_not_empty":
        return sql("i.value_date is not null")
    if test.operator == "anniversary_in_next_days":
        return among_days(sql("i.value_day"), cast("timedelta", test.values[0]))
    return holds(test, sql("i.value_date"))


def _worded(params: FieldTest, test: Test) -> Sql:
    """Parts of words come from the trigrams where the word is long enough to have one.

    PostgreSQL does not know what LIKE costs, and takes reading the index by value through for cheaper than
    it is. Asking for is_long, which is never true beside a value, and hiding the pattern keep it to the trigrams.
    """
    if test.operator == "is_not_empty":
        return sql("i.value_text <> ''")
    word = str(test.values[0]) if test.values else ""
    if params.has_words and test.operator == "contains" and _has_trigram(word):
        return sql("i.value_text like (select {pattern}) and not i.is_long", pattern=like_part(word))
    return and_(sql("i.value_text is not null"), holds(test, sql("i.value_text")))


def _has_trigram(word: str) -> bool:
    run = 0
    for letter in word:
        run = run + 1 if letter.isalnum() else 0
        if run >= 3:
            return True
    return False


def _indexed_choices(params: FieldTest, test: Test) -> Sql:
    meets = sql("i.value_text is not null") if test.operator == "is_not_empty" else _meets(test, sql("i.value_text"))
    found = _looked_up(params, meets)
    wanted = _wanted(test)
    having = sql("having count(distinct i.value_text) >= {wanted}", wanted=wanted) if wanted > 1 else Sql("")
    return sql("{found} group by i.contact_id {having}", found=found, having=having)


def _due(params: FieldTest, contact_id: Sql) -> Sql | None:
    moment = flips(params.test, sql("({value})", value=_value(params)))
    return None if moment is None else from_contact(moment, contact_id)


def _explain(params: FieldTest, contact_id: Sql) -> Sql:
    return from_contact(sql("cf.fields -> {key}", key=params.key), contact_id)


FIELD = Condition(
    "field",
    "Field",
    "Contact",
    FieldIs,
    _predicate,
    facts=(FieldChanged, ContactCreated),
    time_bound=is_relative,
    resolve=_resolve,
    members=_members,
    due=_due,
    explain=_explain,
    sentence="{field_id} {operator}",
)
