"""Questions about the companies a contact belongs to; each holds when it holds for any of them.

A denial (is not, is empty) holds where none of the companies has the value, also for those who have none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

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
)
from waypost.contacts.facts import CompanyChanged, CompanyLinked, CompanyUnlinked
from waypost.contacts.queries.row_fields import COMPANY_FIELDS, list_row_fields
from waypost.contacts.types import MULTIPLE_TYPES, FieldType
from waypost.kernel.errors import Problem
from waypost.kernel.model import Model
from waypost.kernel.registry import Condition
from waypost.kernel.sql import TRUE, Sql, and_, not_, sql
from waypost.kernel.tx import ReadTx

Id = Annotated[int, msgspec.Meta(ge=1)]
Attribute = Literal["name", "domain", "website", "job_title", "owner_id"]
Listed = Annotated[list[str | int | float], msgspec.Meta(max_length=MAX_VALUES)]


class WorksAtCompany(Model):
    """Belongs to the company, or to any when none is named."""

    company_id: Id | None = None
    is_primary: bool = False


class CompanyAttributeIs(Model):
    attribute: Attribute
    operator: Operator = "equals"
    value: str | int | float | Listed | None = None
    value_to: str | int | float | None = None


class CompanyFieldIs(Model):
    company_field_id: Id
    operator: Operator = "equals"
    value: str | int | float | Listed | None = None
    value_to: str | int | float | None = None


@dataclass(frozen=True, slots=True)
class CompanyTest:
    """Checked: the value over `cm` and `ck`, how it is compared, and how it is shown."""

    value: Sql
    test: Test
    shown: Sql


def _place(params: WorksAtCompany) -> Sql:
    named = TRUE if params.company_id is None else sql("cm.company_id = {id}", id=params.company_id)
    return and_(named, sql("cm.is_primary") if params.is_primary else TRUE)


def _works_at(params: WorksAtCompany, contact_id: Sql) -> Sql:
    return sql(
        """
        exists (select 1 from contacts.company_member cm where cm.workspace_id = {workspace}
                  and cm.contact_id = {contact_id} and {place})
        """,
        contact_id=contact_id,
        place=_place(params),
    )


def _workers(params: WorksAtCompany) -> Sql:
    return sql(
        "select distinct cm.contact_id from contacts.company_member cm where cm.workspace_id = {workspace} and {place}",
        place=_place(params),
    )


def _explain_place(params: WorksAtCompany, contact_id: Sql) -> Sql:
    del params
    return _over(sql("coalesce(jsonb_agg(ck.name order by cm.is_primary desc, cm.id), '[]')"), contact_id)


_VALUES: dict[Attribute, Sql] = {
    "name": sql("lower(ck.name)"),
    "domain": sql("ck.domain"),
    "website": sql("lower(ck.website)"),
    "job_title": sql("lower(cm.job_title)"),
    "owner_id": sql("ck.owner_id"),
}
_SHOWN: dict[Attribute, Sql] = {
    "name": sql("to_jsonb(ck.name)"),
    "domain": sql("to_jsonb(ck.domain)"),
    "website": sql("to_jsonb(ck.website)"),
    "job_title": sql("to_jsonb(cm.job_title)"),
    "owner_id": sql("to_jsonb(ck.owner_id)"),
}
_KINDS: dict[FieldType, Kind] = {"number": "number", "currency": "number", "date": "day", "datetime": "moment"}


async def _resolve_attributes(tx: ReadTx, many: Sequence[CompanyAttributeIs]) -> list[CompanyTest | Problem]:
    del tx
    return [_checked_attribute(params) for params in many]


def _checked_attribute(params: CompanyAttributeIs) -> CompanyTest | Problem:
    kind: Kind = "number" if params.attribute == "owner_id" else "text"
    test = check(kind, params.operator, params.value, params.value_to)
    return test if isinstance(test, Problem) else CompanyTest(_VALUES[params.attribute], test, _SHOWN[params.attribute])


async def _resolve_fields(tx: ReadTx, many: Sequence[CompanyFieldIs]) -> list[CompanyTest | Problem]:
    types: dict[int, FieldType] = {field.id: field.type for field in await list_row_fields(tx, COMPANY_FIELDS)}
    return [_checked_field(params, types.get(params.company_field_id)) for params in many]


def _checked_field(params: CompanyFieldIs, type_: FieldType | None) -> CompanyTest | Problem:
    key = str(params.company_field_id)
    if type_ is None:
        return Problem("/company_field_id", f"There is no company field {key}.", "contacts.field_not_found")
    kind = "choices" if type_ in MULTIPLE_TYPES else _KINDS.get(type_, "text")
    test = check(kind, params.operator, params.value, params.value_to)
    if isinstance(test, Problem):
        return test
    stored = sql("(ck.fields -> {key})", key=key)
    return CompanyTest(stored if kind == "choices" else _field(kind, key), test, stored)


def _field(kind: Kind, key: str) -> Sql:
    """The stored value as what the test compares."""
    if kind == "text":
        return sql("lower(ck.fields ->> {key})", key=key)
    if kind == "number":
        return sql(
            "(case when jsonb_typeof(ck.fields -> {key}) = 'number' then (ck.fields ->> {key})::double precision end)",
            key=key,
        )
    return sql(
        "(case when ck.fields ->> {key} ~ '^\\d{{4}}-\\d\\d-\\d\\d' then (ck.fields ->> {key})::timestamptz end)",
        key=key,
    )


def _met(params: CompanyTest) -> Sql:
    """Whether one company meets the test, of a denial its opposite."""
    test = params.test.affirmed() if params.test.is_denial else params.test
    return _chosen(params.value, test) if test.kind == "choices" else holds(test, params.value)


def _chosen(value: Sql, test: Test) -> Sql:
    if test.operator == "is_not_empty":
        return sql("coalesce({value}, '[]') not in ('[]', '\"\"', 'null')", value=value)
    words = sorted({fold(str(item)) for item in test.values})
    choice = sql("lower(choice)")
    return sql(
        """
        (select count(distinct lower(choice)) from jsonb_array_elements_text(
            case jsonb_typeof({value}) when 'array' then {value} when 'string' then jsonb_build_array({value}) end
         ) as choice where {meets}) >= {wanted}
        """,
        value=value,
        meets=holds(test, choice) if test.operator == "contains" else among(choice, words, "text"),
        wanted=len(words) if test.operator == "all_of" else 1,
    )


def _predicate(params: CompanyTest, contact_id: Sql) -> Sql:
    found = sql(
        """
        exists (select 1 from contacts.company_member cm
                join contacts.company ck on ck.workspace_id = {workspace} and ck.id = cm.company_id
                where cm.workspace_id = {workspace} and cm.contact_id = {contact_id} and {met})
        """,
        contact_id=contact_id,
        met=_met(params),
    )
    return not_(found) if params.test.is_denial else found


def _everyone(params: CompanyTest) -> Sql:
    return sql(
        """
        select distinct cm.contact_id from contacts.company ck
        join contacts.company_member cm on cm.workspace_id = {workspace} and cm.company_id = ck.id
        where ck.workspace_id = {workspace} and {met}
        """,
        met=_met(params),
    )


def _members(params: CompanyTest) -> Sql | None:
    return None if params.test.is_denial else _everyone(params)


def _others(params: CompanyTest) -> Sql | None:
    return _everyone(params) if params.test.is_denial else None


def _over(value: Sql, contact_id: Sql) -> Sql:
    """An aggregate over a contact's companies."""
    return sql(
        """
        (select {value} from contacts.company_member cm
         join contacts.company ck on ck.workspace_id = {workspace} and ck.id = cm.company_id
         where cm.workspace_id = {workspace} and cm.contact_id = {contact_id})
        """,
        value=value,
        contact_id=contact_id,
    )


def _due(params: CompanyTest, contact_id: Sql) -> Sql | None:
    moment = flips(params.test, params.value)
    return None if moment is None else _over(sql("min({moment})", moment=moment), contact_id)


def _explain(params: CompanyTest, contact_id: Sql) -> Sql:
    shown = sql("coalesce(jsonb_agg({shown} order by cm.is_primary desc, cm.id), '[]')", shown=params.shown)
    return _over(shown, contact_id)


_FACTS = (CompanyLinked, CompanyUnlinked, CompanyChanged)
COMPANY_CONDITIONS = (
    Condition(
        "works_at_company",
        "Works at company",
        "Companies",
        WorksAtCompany,
        _works_at,
        facts=_FACTS,
        members=_workers,
        explain=_explain_place,
        sentence="works at a company[ called {company_id}]",
    ),
    Condition(
        "company_attribute",
        "Company detail",
        "Companies",
        CompanyAttributeIs,
        _predicate,
        facts=_FACTS,
        time_bound=is_relative,
        resolve=_resolve_attributes,
        members=_members,
        others=_others,
        due=_due,
        explain=_explain,
        sentence="company’s {attribute} {operator}",
    ),
    Condition(
        "company_field",
        "Company field",
        "Companies",
        CompanyFieldIs,
        _predicate,
        facts=_FACTS,
        time_bound=is_relative,
        resolve=_resolve_fields,
        members=_members,
        others=_others,
        due=_due,
        explain=_explain,
        sentence="company’s {company_field_id} {operator}",
    ),
)
