"""The contact's own details: address, names, phone, owner, place, when it was made and changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec

from waypost.contacts.comparing import MAX_VALUES, Given, Kind, Operator, Test, check, flips, holds, is_relative
from waypost.contacts.facts import ContactCreated, ContactUpdated
from waypost.contacts.places import PARTS
from waypost.contacts.types import CONTACT_AT_HAND
from waypost.kernel.errors import Problem
from waypost.kernel.model import Model
from waypost.kernel.registry import Condition
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import ReadTx

Attribute = Literal[
    "email", "first_name", "last_name", "phone", "owner_id", "created_at", "updated_at",
    "time_zone", "language", "country", "region", "city", "postal_code",
]  # fmt: skip
Listed = Annotated[list[str | int | float], msgspec.Meta(max_length=MAX_VALUES)]


class AttributeIs(Model):
    attribute: Attribute
    operator: Operator = "equals"
    value: str | int | float | Listed | None = None
    value_to: str | int | float | None = None


@dataclass(frozen=True, slots=True)
class AttributeTest:
    """Checked: what is compared and how."""

    attribute: Attribute
    test: Test


# The same expressions as in the indexes of contacts.contact.
_VALUES: dict[Attribute, Sql] = {
    "email": sql("cf.email"),
    "first_name": sql('(lower(cf.first_name) collate "C")'),
    "last_name": sql('(lower(cf.last_name) collate "C")'),
    "phone": sql("lower(cf.phone)"),
    "owner_id": sql("cf.owner_id"),
    "created_at": sql("cf.created_at"),
    "updated_at": sql("cf.updated_at"),
    **{part: sql("lower({column})", column=Sql(f"cf.{part}")) for part in PARTS},
}
_KINDS: dict[Attribute, Kind] = {"owner_id": "number", "created_at": "moment", "updated_at": "moment"}


async def _resolve(tx: ReadTx, many: Sequence[AttributeIs]) -> list[AttributeTest | Problem]:
    del tx
    return [_checked(params) for params in many]


def _checked(params: AttributeIs) -> AttributeTest | Problem:
    value: Given = params.value
    test = check(_KINDS.get(params.attribute, "text"), params.operator, value, params.value_to)
    return test if isinstance(test, Problem) else AttributeTest(params.attribute, test)


def living(test: Sql) -> Sql:
    """Contacts, as `cf`, who meet the test."""
    return sql(
        """
        select cf.id as contact_id from contacts.contact cf
        where cf.workspace_id = {workspace} and cf.deleted_at is null and {test}
        """,
        test=test,
    )


def of_contact(test: Sql, contact_id: Sql) -> Sql:
    """Whether the contact, as `cf`, meets the test."""
    if contact_id is CONTACT_AT_HAND:
        return sql("exists (select 1 from (select contact.*) as cf where cf.deleted_at is null and {test})", test=test)
    return sql(
        """
        exists (select 1 from contacts.contact cf where cf.workspace_id = {workspace}
                  and cf.id = {contact_id} and cf.deleted_at is null and {test})
        """,
        contact_id=contact_id,
        test=test,
    )


def from_contact(value: Sql, contact_id: Sql) -> Sql:
    """The expression over `cf` for one contact."""
    return sql(
        "(select {value} from contacts.contact cf where cf.workspace_id = {workspace} and cf.id = {contact_id})",
        value=value,
        contact_id=contact_id,
    )


def _predicate(params: AttributeTest, contact_id: Sql) -> Sql:
    return of_contact(holds(params.test, _VALUES[params.attribute]), contact_id)


def _members(params: AttributeTest) -> Sql:
    return living(holds(params.test, _VALUES[params.attribute]))


def _due(params: AttributeTest, contact_id: Sql) -> Sql | None:
    moment = flips(params.test, _VALUES[params.attribute])
    return None if moment is None else from_contact(moment, contact_id)


def _explain(params: AttributeTest, contact_id: Sql) -> Sql:
    shown = sql("to_jsonb({value})", value=_VALUES[params.attribute])
    return from_contact(shown, contact_id)


DETAIL = Condition(
    "contact_attribute",
    "Contact detail",
    "Contact",
    AttributeIs,
    _predicate,
    facts=(ContactUpdated, ContactCreated),
    time_bound=is_relative,
    resolve=_resolve,
    members=_members,
    due=_due,
    explain=_explain,
    sentence="{attribute} {operator}",
)
