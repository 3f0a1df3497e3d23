"""Questions about the companies a contact belongs to; each holds when it holds for any of them."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from waypost.contacts.facts import CompanyChanged, CompanyLinked, CompanyUnlinked
from waypost.kernel.model import Model
from waypost.kernel.registry import Condition
from waypost.kernel.sql import FALSE, TRUE, Sql, and_, not_, sql

Id = Annotated[int, msgspec.Meta(ge=1)]
Operator = Literal[
    "equals", "not_equals", "contains", "not_contains", "starts_with", "is_empty", "is_not_empty",
    "greater", "less", "on_or_after", "before",
]  # fmt: skip
Value = str | int | float | list[str] | None
NEGATIONS: dict[Operator, Operator] = {
    "not_equals": "equals",
    "not_contains": "contains",
    "is_empty": "is_not_empty",
}


class WorksAtCompany(Model):
    """Belongs to the company, or to any when none is named."""

    company_id: Id | None = None
    is_primary: bool = False


class CompanyAttributeIs(Model):
    attribute: Literal["name", "domain", "website", "job_title", "owner_id"]
    operator: Operator = "equals"
    value: str | int | None = None


class CompanyFieldIs(Model):
    company_field_id: Id
    operator: Operator = "equals"
    value: Value = None


def works_at_company(params: WorksAtCompany, contact_id: Sql) -> Sql:
    return sql(
        """
        exists (select 1 from contacts.company_member cm where cm.workspace_id = {workspace}
                  and cm.contact_id = {contact_id} and {named} and {primary})
        """,
        contact_id=contact_id,
        named=TRUE if params.company_id is None else sql("cm.company_id = {id}", id=params.company_id),
        primary=sql("cm.is_primary") if params.is_primary else TRUE,
    )


_ATTRIBUTES = {
    "name": sql("ck.name"),
    "domain": sql("ck.domain"),
    "website": sql("ck.website"),
    "job_title": sql("cm.job_title"),
    "owner_id": sql("ck.owner_id::text"),
}


def company_attribute_is(params: CompanyAttributeIs, contact_id: Sql) -> Sql:
    value = _ATTRIBUTES[params.attribute]
    return _at_any(params.operator, contact_id, _compared(params.operator, params.value, value, None))


def company_field_is(params: CompanyFieldIs, contact_id: Sql) -> Sql:
    """Several choices hold when any of them does; text is compared without regard to case."""
    key = str(params.company_field_id)
    value = sql("(ck.fields ->> {key})", key=key)
    stored = sql("(ck.fields -> {key})", key=key)
    return _at_any(params.operator, contact_id, _compared(params.operator, params.value, value, stored))


def _at_any(operator: Operator, contact_id: Sql, test: Sql) -> Sql:
    """A negation holds where none of the companies has the value, also for those who have no company."""
    found = sql(
        """
        exists (select 1 from contacts.company_member cm
                join contacts.company ck on ck.workspace_id = cm.workspace_id and ck.id = cm.company_id
                where cm.workspace_id = {workspace} and cm.contact_id = {contact_id} and {test})
        """,
        contact_id=contact_id,
        test=test,
    )
    return not_(found) if operator in NEGATIONS else found


def _compared(operator: Operator, given: Value, value: Sql, stored: Sql | None) -> Sql:
    """The test that one company passes; of a negation, the test that none may pass."""
    operator = NEGATIONS.get(operator, operator)
    if operator == "is_not_empty" or given in (None, "", []):
        return sql("coalesce({value}, '') not in ('', '[]')", value=value)
    if operator == "equals":
        return _equals(given, value, stored)
    if operator in ("greater", "less", "on_or_after", "before"):
        return _ordered(operator, given, value, stored)
    text = _word(given).lower()
    if operator == "starts_with":
        return sql("starts_with(lower(coalesce({value}, '')), {text})", value=value, text=text)
    return sql("strpos(lower(coalesce({value}, '')), {text}) > 0", value=value, text=text)


def _word(given: Value) -> str:
    return ", ".join(given) if isinstance(given, list) else str(given)


def _equals(given: Value, value: Sql, stored: Sql | None) -> Sql:
    options = [option.lower() for option in given] if isinstance(given, list) else [_word(given).lower()]
    if stored is None:
        return sql("lower(coalesce({value}, '')) = any({options}::text[])", value=value, options=options)
    return sql(
        """
        exists (select 1 from jsonb_array_elements_text(
                    case jsonb_typeof({stored}) when 'array' then {stored} else jsonb_build_array({stored}) end) as choice
                where lower(choice) = any({options}::text[]))
        """,
        stored=stored,
        options=options,
    )


def _ordered(operator: Operator, given: Value, value: Sql, stored: Sql | None) -> Sql:
    """Numbers by size; dates, which are ISO text, by their order (behind a day is behind its last time)."""
    sign = {"greater": sql(">"), "less": sql("<"), "on_or_after": sql(">="), "before": sql("<")}[operator]
    try:
        limit = float(_word(given))
    except ValueError:
        text = _word(given) + ("~" if operator == "greater" else "")
        return and_(
            sql("coalesce({value}, '') <> ''", value=value),
            sql('{value} collate "C" {sign} {text}', value=value, sign=sign, text=text),
        )
    if stored is None:
        return FALSE
    number = sql(
        "case when jsonb_typeof({stored}) = 'number' then ({value})::double precision end", stored=stored, value=value
    )
    return sql("coalesce({number} {sign} {limit}, false)", number=number, sign=sign, limit=limit)


_FACTS = (CompanyLinked, CompanyUnlinked, CompanyChanged)
COMPANY_CONDITIONS = (
    Condition("works_at_company", "Works at company", "Companies", WorksAtCompany, works_at_company, facts=_FACTS),
    Condition(
        "company_attribute", "Company detail", "Companies", CompanyAttributeIs, company_attribute_is, facts=_FACTS
    ),
    Condition("company_field", "Company field", "Companies", CompanyFieldIs, company_field_is, facts=_FACTS),
)
