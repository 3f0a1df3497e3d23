"""What starts an automation: facts by object and value, dates that arrive, set times."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from tests.automations.flow import activate, document, settle, settle_at, step
from tests.make import Make
from waypost.activities.actions import record_copy
from waypost.activities.facts import PageVisited
from waypost.app.domains import build_registry
from waypost.automations import queries
from waypost.automations.calendar import look
from waypost.automations.graph import AutomationDocument
from waypost.automations.triggers import url_pattern
from waypost.automations.validate import validate_document
from waypost.contacts.actions.fields import create_field, set_field
from waypost.contacts.audience import these
from waypost.delivery.facts import LinkClicked
from waypost.kernel.db import Database
from waypost.kernel.registry import Fact
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx

END = step("e", "end")
REGISTRY = build_registry()


def trigger(kind: str, runs: str = "multiple", condition: Any = None, **params: Any) -> dict[str, Any]:
    return {"id": "t1", "type": kind, "params": params, "runs": runs, "condition": condition}


async def entered(db: Database, workspace_id: int, automation_id: int) -> int:
    async with db.read(workspace_id) as read:
        return (await queries.get_automation(read, automation_id)).entered


@pytest.mark.parametrize(
    ("params", "count"),
    [({}, 3), ({"to_value": "blue"}, 2), ({"from_value": "red"}, 1), ({"from_value": "red", "to_value": "blue"}, 1),
     ({"from_value": "green", "to_value": "blue"}, 0), ({"to_value": "Blue"}, 0)],
)  # fmt: skip
async def test_a_field_changes_from_a_value_to_a_value(
    db: Database, workspace_id: int, make: Make, params: dict[str, Any], count: int
) -> None:
    async with db.transaction(workspace_id) as tx:
        colour = (await create_field(tx, name="Colour")).id
        people = await make.contacts(tx, 3)
        await set_field(tx, colour, "red", these(people[:1]))
        when = trigger("field_changed", field_id=colour, **params)
        automation = await activate(tx, document(END, triggers=[when]))
        await set_field(tx, colour, "blue", these(people[:2]))
        await set_field(tx, colour, "grey", these(people[2:]))
    await settle(db, workspace_id)
    assert await entered(db, workspace_id, automation.id) == count


@pytest.mark.parametrize(
    ("pattern", "count"),
    [
        (None, 3),
        ("https://example.com/prices", 1),
        ("https://example.com/*", 2),
        ("*50%*", 1),
        ("*/pr_ces", 0),
    ],
)
async def test_a_link_or_a_page_by_a_pattern(
    db: Database, workspace_id: int, make: Make, pattern: str | None, count: int
) -> None:
    urls = ["https://example.com/prices", "https://example.com/50%off", "https://example.org/a\\b"]
    async with db.transaction(workspace_id) as tx:
        people = await make.contacts(tx, 3)
        clicks = await activate(tx, document(END, triggers=[trigger("link_clicked", url=pattern)]), "Clicks")
        visits = await activate(tx, document(END, triggers=[trigger("page_visited", url=pattern)]), "Visits")
        pages = [await _page(tx, url) for url in urls]
        await record_copy(
            tx, [(contact_id, LinkClicked(1, 1, url)) for contact_id, url in zip(people, urls, strict=True)]
        )
        await record_copy(tx, [(contact_id, PageVisited(page)) for contact_id, page in zip(people, pages, strict=True)])
    await settle(db, workspace_id)
    assert await entered(db, workspace_id, clicks.id) == count
    assert await entered(db, workspace_id, visits.id) == count


async def _page(tx: Tx, url: str) -> int:
    return await tx.value(
        sql(
            "insert into activities.page (workspace_id, url, created_at) values ({workspace}, {url}, {now}) returning id",
            url=url,
        )
    )


def test_a_pattern_takes_only_its_star_as_a_star() -> None:
    assert url_pattern({"url": "a_b%c\\d*"}) == "a\\_b\\%c\\\\d%"


@pytest.mark.parametrize("kind", sorted(fact.name for fact in REGISTRY.triggers))
async def test_every_trigger_lets_in_by_its_fact_and_by_its_object(
    db: Database, workspace_id: int, make: Make, kind: str
) -> None:
    fact = REGISTRY.facts[kind]
    async with db.transaction(workspace_id) as tx:
        ada, grace = await make.contacts(tx, 2)
        anybody = await activate(tx, document(END, triggers=[trigger(kind)]), "Any")
        one = await activate(tx, document(END, triggers=[trigger(kind)]), "One")
        await tx.run(
            sql(
                "update automations.trigger set object_id = 900001 "
                "where workspace_id = {workspace} and automation_id = {id}",
                id=one.id,
            )
        )
        await _tell(tx, fact, 900_001, ada)
        await _tell(tx, fact, 900_002, grace)
    await settle(db, workspace_id)
    assert await entered(db, workspace_id, one.id) == (1 if fact.object else 0)
    # What the other one does may be such a fact too.
    assert await entered(db, workspace_id, anybody.id) >= 2


async def _tell(tx: Tx, fact: type[Fact], object_id: int, contact_id: int) -> None:
    """The fact with an object and nothing else to say."""
    await tx.run(
        sql(
            """
            insert into activities.fact (workspace_id, contact_id, at, kind, object_id, actor_kind)
            values ({workspace}, {contact_id}, {now}, {kind}, {object_id}, 0)
            """,
            contact_id=contact_id,
            kind=fact.kind,
            object_id=object_id if fact.object else None,
        )
    )


async def _calendar(db: Database, workspace_id: int, at: str) -> None:
    now = datetime.fromisoformat(at).replace(tzinfo=UTC)
    more = True
    while more:
        async with db.transaction(workspace_id, now=now) as tx:
            more = await look(tx)
    await settle_at(db, workspace_id, now)


DATES = [
    # (settings, the contact's date, published at, looked at in turn, how often the contact has entered after each)
    ({"days": 3}, "2026-12-10", "2026-12-01T12:00", ["2026-12-06T09:00", "2026-12-07T08:59", "2026-12-07T09:00"], [0, 0, 1]),
    ({"days": 2, "direction": "after"}, "2026-12-31", "2026-12-30T12:00", ["2027-01-01T09:00", "2027-01-02T09:00"], [0, 1]),
    ({"is_yearly": True}, "1990-02-28", "2027-02-01T12:00", ["2027-02-28T09:00", "2028-02-28T09:00"], [1, 2]),
    ({"is_yearly": True}, "2024-02-29", "2027-02-01T12:00", ["2027-02-28T09:00", "2028-02-28T09:00", "2028-02-29T09:00"], [1, 1, 2]),
    ({"is_yearly": True, "days": 1}, "1999-01-01", "2026-12-01T12:00", ["2026-12-31T09:00"], [1]),
    ({}, "2026-12-10", "2026-12-10T10:00", ["2026-12-10T12:00", "2027-12-10T12:00"], [0, 0]),
    ({}, "2026-12-10", "2026-12-01T10:00", ["2026-12-12T12:00", "2026-12-13T12:00"], [1, 1]),  # the worker was down
]  # fmt: skip


@pytest.mark.parametrize(("settings", "date", "published", "looks", "counts"), DATES)
async def test_a_date_arrives(
    db: Database,
    workspace_id: int,
    make: Make,
    settings: dict[str, Any],
    date: str,
    published: str,
    looks: list[str],
    counts: list[int],
) -> None:
    async with db.transaction(workspace_id, now=datetime.fromisoformat(published).replace(tzinfo=UTC)) as tx:
        field = (await create_field(tx, name="Renewal", type="date")).id
        ada, _ = await make.contacts(tx, 2)
        await set_field(tx, field, date, these([ada]))
        when = trigger("date_arrives", field_id=field, **settings)
        automation = await activate(tx, document(END, triggers=[when]))
    found: list[int] = []
    for at in looks:
        await _calendar(db, workspace_id, at)
        found.append(await entered(db, workspace_id, automation.id))
    assert found == counts


async def test_a_schedule_lets_in_everyone_who_meets_its_condition(db: Database, workspace_id: int, make: Make) -> None:
    async with db.transaction(workspace_id, now=datetime(2026, 12, 1, 12, tzinfo=UTC)) as tx:
        await tx.run(sql("update identity.workspace set time_zone = 'Europe/Berlin' where id = {workspace}"))
        vip = await make.tag(tx)
        for tags in ([vip], [vip], []):
            await make.contact(tx, tags=tags)
        condition = {"type": "has_tag", "params": {"tag_id": vip}}
        when = trigger("schedule", condition=condition, at_time="08:00", weekdays=["monday"])
        automation = await activate(tx, document(END, triggers=[when]))
    for at, count in (
        ("2026-12-07T06:59", 0),
        ("2026-12-07T07:00", 2),
        ("2026-12-13T12:00", 2),
        ("2026-12-14T07:00", 4),
    ):
        await _calendar(db, workspace_id, at)
        assert await entered(db, workspace_id, automation.id) == count, at


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (trigger("date_arrives"), ("t1", "field_id")),
        (trigger("date_arrives", field_id=987654), ("t1", "field_id")),
        (trigger("date_arrives", field_id=1, at_time="9 o'clock"), ("t1", "at_time")),
        (trigger("schedule", weekdays=["moonday"]), ("t1", "weekdays/0")),
        (trigger("schedule"), ("t1", "condition")),
        (trigger("field_changed", to=3), ("t1", "")),
        (trigger("tag_added", condition={"type": "is_tall"}), ("t1", "condition/type")),
    ],
)
async def test_a_trigger_that_makes_no_sense_is_named(tx: Tx, when: dict[str, Any], expected: tuple[str, str]) -> None:
    content = msgspec.convert(document(END, triggers=[when]), AutomationDocument)
    assert expected in {(item.step_id, item.field) for item in await validate_document(tx, content)}
