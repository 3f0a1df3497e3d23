"""Questions about contacts, for segments and automations. Each probes a primary key."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal, cast

import msgspec

from waypost.contacts.facts import (
    ContactCreated,
    ContactUpdated,
    FieldChanged,
    ListSubscribed,
    ListUnsubscribed,
    TagAdded,
    TagRemoved,
)
from waypost.contacts.types import STATUS_OF, StatusName
from waypost.kernel.model import Model
from waypost.kernel.registry import Condition
from waypost.kernel.sql import FALSE, TRUE, Sql, not_, sql

Operator = Literal[
    "equals", "not_equals", "contains", "not_contains", "starts_with", "is_empty", "is_not_empty",
    "greater", "less", "on_or_after", "before", "in_last_days",
]  # fmt: skip
Id = Annotated[int, msgspec.Meta(ge=1)]


class HasTag(Model):
    tag_id: Id


class OnList(Model):
    list_id: Id
    status: StatusName = "active"


class FieldIs(Model):
    field_id: Id
    operator: Operator = "equals"
    value: str | int | float | list[str] | None = None


class AttributeIs(Model):
    attribute: Literal["email", "first_name", "last_name", "phone", "created_at"]
    operator: Operator = "equals"
    value: str | int | float | None = None


def has_tag(params: HasTag, contact_id: Sql) -> Sql:
    return sql(
        """
        exists (select 1 from contacts.contact_tag ct where ct.workspace_id = {workspace}
                  and ct.contact_id = {contact_id} and ct.tag_id = {tag_id})
        """,
        contact_id=contact_id,
        tag_id=params.tag_id,
    )


def on_list(params: OnList, contact_id: Sql) -> Sql:
    return sql(
        """
        exists (select 1 from contacts.subscription cs where cs.workspace_id = {workspace}
                  and cs.contact_id = {contact_id} and cs.list_id = {list_id} and cs.status = {status})
        """,
        contact_id=contact_id,
        list_id=params.list_id,
        status=int(STATUS_OF[params.status]),
    )


def field_is(params: FieldIs, contact_id: Sql) -> Sql:
    """Several choices hold when any of them does; text is compared without regard to case."""
    key = str(params.field_id)
    value = sql("cf.fields ->> {key}", key=key)
    if params.operator in ("greater", "less"):
        test = _numeric(params, key)
    elif params.operator in ("equals", "not_equals") and isinstance(params.value, list):
        options = [option.casefold() for option in params.value]
        test = sql(
            """
            exists (select 1 from jsonb_array_elements_text(
                        case jsonb_typeof(cf.fields -> {key}) when 'array' then cf.fields -> {key}
                             else jsonb_build_array(cf.fields -> {key}) end) as choice
                    where lower(choice) = any({options}::text[]))
            """,
            key=key,
            options=options,
        )
        test = not_(test) if params.operator == "not_equals" else test
    elif params.operator in ("equals", "not_equals") and params.value not in (None, ""):
        test = sql(
            "(lower({value}) = {text} or cf.fields -> {key} @> to_jsonb({original}))",
            value=value,
            text=_word(params.value).lower(),
            key=key,
            original=_word(params.value),
        )
        test = not_(test) if params.operator == "not_equals" else test
    else:
        test = _textual(params.operator, params.value, value)
    return _of_contact(test, contact_id)


def attribute_is(params: AttributeIs, contact_id: Sql) -> Sql:
    if params.attribute == "created_at":
        value = sql("to_char(cf.created_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS')")
    else:
        value = _ATTRIBUTES[params.attribute]
    return _of_contact(_textual(params.operator, params.value, value), contact_id)


_ATTRIBUTES = {
    "email": sql("cf.email"),
    "first_name": sql("cf.first_name"),
    "last_name": sql("cf.last_name"),
    "phone": sql("cf.phone"),
}


def _of_contact(test: Sql, contact_id: Sql) -> Sql:
    return sql(
        """
        exists (select 1 from contacts.contact cf where cf.workspace_id = {workspace}
                  and cf.id = {contact_id} and cf.deleted_at is null and {test})
        """,
        contact_id=contact_id,
        test=test,
    )


def _word(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(cast("list[str]", value))
    return "" if value is None else str(value)


def _numeric(params: FieldIs, key: str) -> Sql:
    """Numbers by size; dates, which are ISO text, by their order."""
    try:
        limit = float(_word(params.value))
    except ValueError:
        return _ordered(params.operator, _word(params.value), sql("cf.fields ->> {key}", key=key))
    number = sql(
        "case when jsonb_typeof(cf.fields -> {key}) = 'number' then (cf.fields ->> {key})::double precision end",
        key=key,
    )
    if params.operator == "greater":
        return sql("coalesce({number} > {limit}, false)", number=number, limit=limit)
    return sql("coalesce({number} < {limit}, false)", number=number, limit=limit)


def _ordered(operator: str, text: str, value: Sql) -> Sql:
    if operator in ("greater", "on_or_after"):
        # A day is over when the next one begins: "greater" than a day excludes the times within it.
        if operator == "greater":
            return sql('coalesce(({value}) collate "C" > {text}, false)', value=value, text=text + "~")
        return sql('coalesce(({value}) collate "C" >= {text}, false)', value=value, text=text)
    return sql("coalesce(nullif({value}, '') collate \"C\" < {text}, false)", value=value, text=text)


def _textual(operator: Operator, given: object, value: Sql) -> Sql:
    text = _word(given)
    empty = sql("coalesce({value}, '') in ('', '[]')", value=value)
    lowered = sql("lower(coalesce({value}, ''))", value=value)
    if operator == "is_empty" or (operator == "equals" and text == ""):
        return empty
    if operator == "is_not_empty" or (operator == "not_equals" and text == ""):
        return not_(empty)
    if operator == "in_last_days":
        return _in_last_days(text, value)
    if operator in ("greater", "less", "on_or_after", "before"):
        return _ordered(operator, text, value)
    if operator in ("equals", "not_equals"):
        test = sql("{lowered} = {text}", lowered=lowered, text=text.lower())
        return not_(test) if operator == "not_equals" else test
    if text == "":
        return FALSE if operator == "not_contains" else TRUE
    if operator == "starts_with":
        return sql("starts_with({lowered}, {text})", lowered=lowered, text=text.lower())
    test = sql("strpos({lowered}, {text}) > 0", lowered=lowered, text=text.lower())
    return not_(test) if operator == "not_contains" else test


def _in_last_days(text: str, value: Sql) -> Sql:
    """From so many days ago until now; the value is a date or time in ISO form."""
    try:
        days = timedelta(days=min(float(text), 36_500))
    except ValueError:
        return FALSE
    return sql(
        """
        coalesce(({value}) collate "C" >= to_char(({now} - {days}) at time zone 'UTC', 'YYYY-MM-DD')
             and ({value}) collate "C" <= to_char({now} at time zone 'UTC', 'YYYY-MM-DD') || '~', false)
        """,
        value=value,
        days=days,
    )


CONDITIONS = (
    Condition("has_tag", "Has tag", "Tags and lists", HasTag, has_tag, facts=(TagAdded, TagRemoved)),
    Condition("on_list", "Is on list", "Tags and lists", OnList, on_list, facts=(ListSubscribed, ListUnsubscribed)),
    Condition("field", "Field", "Contact", FieldIs, field_is, facts=(FieldChanged, ContactCreated), time_bound=True),
    Condition(
        "contact_attribute",
        "Contact detail",
        "Contact",
        AttributeIs,
        attribute_is,
        facts=(ContactUpdated, ContactCreated),
        time_bound=True,
    ),
)
