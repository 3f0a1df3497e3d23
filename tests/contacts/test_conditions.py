"""Each condition against people who meet it and people who do not; strangers never do."""

from __future__ import annotations

from typing import Any

import pytest

from tests.make import Make
from waypost.contacts.actions import add_tag, create_contact, create_field, create_list, create_tag, subscribe
from waypost.contacts.audience import these
from waypost.contacts.types import Status
from waypost.kernel.model import parse
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx


async def who(tx: Tx, kind: str, **params: Any) -> set[str]:
    """First names of those who meet the condition."""
    condition = tx.registry.condition(kind)
    predicate = condition.predicate(parse(params, condition.params), sql("c.id"))
    rows = await tx.all(
        sql(
            """
            select c.first_name from contacts.contact c
            where c.workspace_id = {workspace} and c.deleted_at is null and {predicate}
            """,
            predicate=predicate,
        )
    )
    return {row["first_name"] for row in rows}


async def test_tags_and_lists(tx: Tx, make: Make) -> None:
    tag, news = (await create_tag(tx, name="VIP")).id, (await create_list(tx, name="News")).id
    ada = await make.contact(tx, first_name="Ada")
    grace = await make.contact(tx, first_name="Grace")
    await add_tag(tx, tag, these([ada]))
    await subscribe(tx, news, these([ada]))
    await subscribe(tx, news, these([grace]), status=Status.UNSUBSCRIBED)
    assert await who(tx, "has_tag", tag_id=tag) == {"Ada"}
    assert await who(tx, "on_list", list_id=news) == {"Ada"}
    assert await who(tx, "on_list", list_id=news, status="unsubscribed") == {"Grace"}
    stranger = tx.in_workspace(tx.workspace_id + 1_000_000)
    assert await who(stranger, "has_tag", tag_id=tag) == set()
    assert await who(stranger, "on_list", list_id=news) == set()


@pytest.fixture
async def people(tx: Tx) -> dict[str, int]:
    """Ada has everything, Grace something else, Linus nothing."""
    ids = {
        "city": (await create_field(tx, name="City")).id,
        "value": (await create_field(tx, name="Value", type="currency")).id,
        "born": (await create_field(tx, name="Born", type="date")).id,
        "likes": (await create_field(tx, name="Likes", type="checkbox", options=["Tea", "Coffee", "Cake"])).id,
    }
    await create_contact(
        tx,
        email="ada@example.com",
        first_name="Ada",
        fields={ids["city"]: "Rome", ids["value"]: 100, ids["born"]: "2026-11-20", ids["likes"]: ["Tea", "Cake"]},
    )
    await create_contact(
        tx,
        email="grace@example.org",
        first_name="Grace",
        fields={ids["city"]: "Oslo 100%", ids["value"]: 9, ids["born"]: "1906-12-09", ids["likes"]: ["Coffee"]},
    )
    await create_contact(tx, email=None, first_name="Linus")
    return ids


@pytest.mark.parametrize(
    ("field", "operator", "value", "expected"),
    [
        ("city", "equals", "rome", {"Ada"}),
        ("city", "not_equals", "Rome", {"Grace", "Linus"}),
        ("city", "contains", "0%", {"Grace"}),
        ("city", "contains", "_", set[str]()),
        ("city", "not_contains", "o", {"Linus"}),
        ("city", "starts_with", "OS", {"Grace"}),
        ("city", "is_empty", None, {"Linus"}),
        ("city", "is_not_empty", None, {"Ada", "Grace"}),
        ("value", "equals", 100, {"Ada"}),
        ("value", "greater", 9, {"Ada"}),
        ("value", "less", 50, {"Grace"}),
        ("born", "on_or_after", "2026-11-20", {"Ada"}),
        ("born", "before", "2026-11-20", {"Grace"}),
        ("born", "in_last_days", 7, {"Ada"}),
        ("born", "in_last_days", 1, set[str]()),
        ("likes", "equals", "Tea", {"Ada"}),
        ("likes", "equals", ["Coffee", "Tea"], {"Ada", "Grace"}),
        ("likes", "not_equals", "Tea", {"Grace", "Linus"}),
    ],
)
async def test_fields(
    tx: Tx, people: dict[str, int], field: str, operator: str, value: object, expected: set[str]
) -> None:
    assert await who(tx, "field", field_id=people[field], operator=operator, value=value) == expected


@pytest.mark.parametrize(
    ("attribute", "operator", "value", "expected"),
    [
        ("email", "contains", "@example.org", {"Grace"}),
        ("email", "is_empty", None, {"Linus"}),
        ("first_name", "equals", "ADA", {"Ada"}),
        ("phone", "is_not_empty", None, set[str]()),
        ("created_at", "in_last_days", 1, {"Ada", "Grace", "Linus"}),
        ("created_at", "before", "2026-11-22", set[str]()),
        ("created_at", "on_or_after", "2026-11-22", {"Ada", "Grace", "Linus"}),
    ],
)
async def test_attributes(
    tx: Tx, people: dict[str, int], attribute: str, operator: str, value: object, expected: set[str]
) -> None:
    assert await who(tx, "contact_attribute", attribute=attribute, operator=operator, value=value) == expected
