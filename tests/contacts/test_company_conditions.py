"""Conditions about companies and the tags of the primary company in messages."""

from __future__ import annotations

from typing import Any

import pytest

from tests.make import Make
from tests.questions import problem, who
from waypost.contacts.actions.companies import create_company
from waypost.contacts.actions.members import link_company
from waypost.contacts.actions.row_fields import create_row_field
from waypost.contacts.audience import these
from waypost.contacts.queries.row_fields import COMPANY_FIELDS
from waypost.identity.actions.users import create_user
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_conditions_look_at_every_company_of_a_contact(tx: Tx, make: Make):
    """Ada works at Acme and, first, at Engines; Grace at Acme; Linus nowhere."""
    size = (await create_row_field(tx, COMPANY_FIELDS, name="Size", type="number")).id
    trades = (await create_row_field(tx, COMPANY_FIELDS, name="Trades", type="checkbox", options=["Tea", "Coffee"])).id
    since = (await create_row_field(tx, COMPANY_FIELDS, name="Since", type="date")).id
    ada, grace = await make.contact(tx, first_name="Ada"), await make.contact(tx, first_name="Grace")
    await make.contact(tx, first_name="Linus")
    acme = await create_company(tx, name="Acme", fields={size: 10, trades: ["Tea", "Coffee"], since: "2026-05-01"})
    engines = await create_company(tx, name="Engines Ltd", website="engines.example", fields={size: 9})
    await link_company(tx, engines.id, these([ada]), job_title="Analyst")
    await link_company(tx, acme.id, these([ada, grace]))

    assert await who(tx, "works_at_company") == {"Ada", "Grace"}
    assert await who(tx, "works_at_company", company_id=engines.id) == {"Ada"}
    assert await who(tx, "works_at_company", company_id=acme.id, is_primary=True) == {"Grace"}

    async def field(field_id: int, operator: str, value: Any = None) -> set[str]:
        return await who(tx, "company_field", company_field_id=field_id, operator=operator, value=value)

    assert await field(size, "greater", 9) == {"Ada", "Grace"}
    assert await field(size, "less", "10") == {"Ada"}
    assert await field(size, "equals", 10) == {"Ada", "Grace"}
    assert await field(size, "not_equals", 10) == {"Linus"}
    assert await field(trades, "equals", "coffee") == {"Ada", "Grace"}
    assert await field(trades, "equals", ["Milk", "tea"]) == {"Ada", "Grace"}
    assert await field(since, "before", "2026-05-02") == {"Ada", "Grace"}
    assert await field(since, "greater", "2026-05-01") == set()
    assert await field(since, "is_empty") == {"Linus"}
    assert await field(trades, "all_of", ["tea", "Coffee"]) == {"Ada", "Grace"}
    assert await field(trades, "none_of", ["Tea"]) == {"Linus"}
    assert await field(size, "between", [9, 9.5]) == {"Ada"}
    assert await field(since, "more_than_days_ago", 200) == {"Ada", "Grace"}
    assert await field(since, "in_last_days", 30) == set()

    async def detail(attribute: str, operator: str, value: Any = None) -> set[str]:
        return await who(tx, "company_attribute", attribute=attribute, operator=operator, value=value)

    assert await detail("name", "starts_with", "engines") == {"Ada"}
    assert await detail("name", "not_contains", "ltd") == {"Grace", "Linus"}
    assert await detail("domain", "is_not_empty") == {"Ada"}
    assert await detail("job_title", "equals", "ANALYST") == {"Ada"}

    assert await detail("owner_id", "is_empty") == {"Ada", "Grace", "Linus"}
    stranger = tx.in_workspace(tx.workspace_id + 1_000_000)
    assert await who(stranger, "works_at_company") == set()
    assert await who(stranger, "company_attribute", attribute="name", operator="equals", value="Acme") == set()


async def test_wrong_company_conditions_name_their_place(tx: Tx):
    size = (await create_row_field(tx, COMPANY_FIELDS, name="Size", type="number")).id

    async def place(kind: str, **params: Any) -> str:
        return (await problem(tx, kind, **params))[0]

    assert await place("company_field", company_field_id=987, value="x") == "/company_field_id"
    assert await place("company_field", company_field_id=size, operator="contains", value="x") == "/operator"
    assert await place("company_field", company_field_id=size, operator="greater", value="a lot") == "/value"
    assert await place("company_attribute", attribute="owner_id", operator="equals", value="me") == "/value"


async def test_messages_name_the_primary_company(tx: Tx, make: Make):
    owner = await create_user(
        tx, email="grace@example.com", name="Grace M Hopper", role="editor", password="correct horse"
    )
    ada, linus = await make.contact(tx), await make.contact(tx)
    first = await create_company(tx, name="First", website="first.example", owner_id=owner.id)
    second = await create_company(tx, name="Second")
    await link_company(tx, second.id, these([ada]))
    await link_company(tx, first.id, these([ada]), job_title="Analyst", is_primary=True)
    fields = {
        item.tag: item.column for item in tx.registry.merge_fields.values() if item.tag.startswith(("ACCT_", "CON"))
    }
    columns = sql(
        "{a}, {b}, {c}, {d}, {e}, {f}, {g}",
        a=fields["ACCT_NAME"],
        b=fields["ACCT_URL"],
        c=fields["CONTACT_JOBTITLE"],
        d=fields["ACCT_OWNER_FIRST_NAME"],
        e=fields["ACCT_OWNER_LAST_NAME"],
        f=fields["ACCT_OWNER_EMAIL"],
        g=fields["ACCT_CREATED_DATE"],
    )
    rows = await tx.all(
        sql(
            "select {columns} from contacts.contact where workspace_id = {workspace} and id = any({ids}) order by id",
            columns=columns,
            ids=[ada, linus],
        )
    )
    assert [tuple(row) for row in rows] == [
        ("First", "first.example", "Analyst", "Grace", "M Hopper", "grace@example.com", "2026-11-22"),
        ("",) * 7,
    ]
