"""Each condition against people who meet it and people who do not; strangers never do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.make import Make
from tests.questions import next_moment, problem, who
from waypost.contacts.actions import (
    add_tag,
    create_contact,
    create_field,
    create_list,
    create_tag,
    set_field,
    subscribe,
    sync_contact,
    update_contact,
    update_field,
)
from waypost.contacts.actions.staged import merge_rows
from waypost.contacts.audience import these
from waypost.contacts.field_index import backfill_chunk, list_waiting, mark_ready
from waypost.contacts.types import Status
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx


async def test_tags_and_lists(tx: Tx, make: Make) -> None:
    tag, news = (await create_tag(tx, name="VIP")).id, (await create_list(tx, name="News")).id
    ada = await make.contact(tx, first_name="Ada")
    grace = await make.contact(tx, first_name="Grace")
    other = (await create_tag(tx, name="Fan")).id
    await add_tag(tx, tag, these([ada]))
    await add_tag(tx, other, these([ada, grace]))
    await subscribe(tx, news, these([ada]))
    await subscribe(tx, news, these([grace]), status=Status.UNSUBSCRIBED)
    assert await who(tx, "has_tag", tag_id=tag) == {"Ada"}
    assert await who(tx, "on_list", list_id=news) == {"Ada"}
    assert await who(tx, "on_list", list_id=news, status="unsubscribed") == {"Grace"}
    assert await who(tx, "on_list", status="unsubscribed") == {"Grace"}
    assert await who(tx, "has_tags", tag_ids=[tag, other]) == {"Ada", "Grace"}
    assert await who(tx, "has_tags", tag_ids=[tag, other], match="all") == {"Ada"}
    assert await who(tx, "has_tags", tag_ids=[tag], match="none") == {"Grace"}
    assert await who(tx, "subscribed_on", list_id=news, operator="in_last_days", value=1) == {"Ada"}
    assert await who(tx, "subscribed_on", list_id=news, operator="is_empty") == {"Grace"}
    assert await who(tx, "subscribed_on", list_id=news, operator="before", value="2026-11-22") == set()
    stranger = tx.in_workspace(tx.workspace_id + 1_000_000)
    assert await who(stranger, "has_tag", tag_id=tag) == set()
    assert await who(stranger, "on_list", list_id=news) == set()


@pytest.fixture(params=[False, True], ids=["scanned", "indexed"])
async def people(request: pytest.FixtureRequest, tx: Tx) -> dict[str, int]:
    """Ada has everything, Grace something else, Linus nothing."""
    flag: bool = request.param
    ids = {
        "city": (await create_field(tx, name="City", is_indexed=flag)).id,
        "value": (await create_field(tx, name="Value", type="currency", is_indexed=flag)).id,
        "born": (await create_field(tx, name="Born", type="date")).id,
        "seen": (await create_field(tx, name="Seen", type="datetime")).id,
        "likes": (
            await create_field(tx, name="Likes", type="checkbox", options=["Tea", "Coffee", "Cake"], is_indexed=flag)
        ).id,
        "plan": (await create_field(tx, name="Plan", type="dropdown", options=["Free", "Pro"], is_indexed=flag)).id,
    }
    await create_contact(
        tx,
        email="ada@example.com",
        first_name="Ada",
        fields={
            ids["city"]: "Rome",
            ids["value"]: 100,
            ids["born"]: "2026-11-20",
            ids["seen"]: "2026-11-22T11:00:00Z",
            ids["likes"]: ["Tea", "Cake"],
            ids["plan"]: "Pro",
        },
    )
    await create_contact(
        tx,
        email="grace@example.org",
        first_name="Grace",
        fields={
            ids["city"]: "Oslo 100%",
            ids["value"]: 9,
            ids["born"]: "1906-12-09",
            ids["seen"]: "2026-11-23T12:00:00Z",
            ids["likes"]: ["Coffee"],
            ids["plan"]: "Free",
        },
    )
    await create_contact(tx, email=None, first_name="Linus")
    return ids


NOBODY: set[str] = set()
EVERYONE = {"Ada", "Grace", "Linus"}


@pytest.mark.parametrize(
    ("field", "operator", "value", "expected"),
    [
        ("city", "equals", "rome", {"Ada"}),
        ("city", "not_equals", "Rome", {"Grace", "Linus"}),
        ("city", "contains", "0%", {"Grace"}),
        ("city", "contains", "ROM", {"Ada"}),
        ("city", "contains", "_", NOBODY),
        ("city", "not_contains", "o", {"Linus"}),
        ("city", "not_contains", "oslo", {"Ada", "Linus"}),
        ("city", "starts_with", "OS", {"Grace"}),
        ("city", "ends_with", "0%", {"Grace"}),
        ("city", "matches", "R?m*", {"Ada"}),
        ("city", "matches", "*%", {"Grace"}),
        ("city", "any_of", ["rome", "Paris"], {"Ada"}),
        ("city", "none_of", ["rome", *(f"City {n}" for n in range(9_999))], {"Grace", "Linus"}),
        ("city", "any_of", ["rome", *(f"City {n}" for n in range(9_999))], {"Ada"}),
        ("city", "is_empty", None, {"Linus"}),
        ("city", "is_not_empty", None, {"Ada", "Grace"}),
        ("value", "equals", 100, {"Ada"}),
        ("value", "not_equals", "100", {"Grace", "Linus"}),
        ("value", "any_of", [9, 100.0], {"Ada", "Grace"}),
        ("value", "greater", 9, {"Ada"}),
        ("value", "greater_or_equal", 9, {"Ada", "Grace"}),
        ("value", "less", 50, {"Grace"}),
        ("value", "between", [9, 99.5], {"Grace"}),
        ("value", "is_empty", None, {"Linus"}),
        ("born", "equals", "20.11.2026", {"Ada"}),
        ("born", "on_or_after", "2026-11-20", {"Ada"}),
        ("born", "after", "2026-11-20", NOBODY),
        ("born", "before", "2026-11-20", {"Grace"}),
        ("born", "on_or_before", "2026-11-20", {"Ada", "Grace"}),
        ("born", "between", ["1906-01-01", "1906-12-09"], {"Grace"}),
        ("born", "in_last_days", 7, {"Ada"}),
        ("born", "in_last_days", 2, {"Ada"}),
        ("born", "in_last_days", 1, NOBODY),
        ("born", "in_next_days", 7, NOBODY),
        ("born", "more_than_days_ago", 2, {"Grace"}),
        ("born", "more_than_days_ago", 1, {"Ada", "Grace"}),
        ("born", "anniversary_in_next_days", 17, {"Grace"}),
        ("born", "anniversary_in_next_days", 16, NOBODY),
        ("born", "anniversary_in_next_days", 364, {"Ada", "Grace"}),
        ("born", "is_empty", None, {"Linus"}),
        ("seen", "in_last_days", 1, {"Ada"}),
        ("seen", "in_next_days", 1, {"Grace"}),
        ("seen", "in_next_days", 0.9, NOBODY),
        ("seen", "equals", "2026-11-22", {"Ada"}),
        ("seen", "before", "2026-11-22T11:00:01Z", {"Ada"}),
        ("seen", "more_than_days_ahead", 0.5, {"Grace"}),
        ("likes", "equals", "Tea", {"Ada"}),
        ("likes", "equals", ["Coffee", "Tea"], {"Ada", "Grace"}),
        ("likes", "not_equals", "Tea", {"Grace", "Linus"}),
        ("likes", "any_of", ["tea", "coffee"], {"Ada", "Grace"}),
        ("likes", "all_of", ["Tea", "cake", "tea"], {"Ada"}),
        ("likes", "all_of", ["Tea", "Coffee"], NOBODY),
        ("likes", "none_of", ["Tea", "Cake"], {"Grace", "Linus"}),
        ("likes", "contains", "ea", {"Ada"}),
        ("likes", "is_empty", None, {"Linus"}),
        ("plan", "any_of", ["Pro", "Gold"], {"Ada"}),
        ("plan", "none_of", ["Pro"], {"Grace", "Linus"}),
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
        ("email", "any_of", ["ADA@example.com", "nobody@example.com"], {"Ada"}),
        ("email", "ends_with", ".COM", {"Ada"}),
        ("first_name", "equals", "ADA", {"Ada"}),
        ("first_name", "starts_with", "gr", {"Grace"}),
        ("phone", "is_not_empty", None, NOBODY),
        ("owner_id", "is_empty", None, EVERYONE),
        ("owner_id", "any_of", [1, 2], NOBODY),
        ("created_at", "in_last_days", 1, EVERYONE),
        ("created_at", "more_than_days_ago", 1, NOBODY),
        ("created_at", "before", "2026-11-22", NOBODY),
        ("created_at", "on_or_after", "2026-11-22", EVERYONE),
        ("created_at", "between", ["2026-11-22", "2026-11-22"], EVERYONE),
    ],
)
async def test_attributes(
    tx: Tx, people: dict[str, int], attribute: str, operator: str, value: object, expected: set[str]
) -> None:
    assert await who(tx, "contact_attribute", attribute=attribute, operator=operator, value=value) == expected


@pytest.mark.parametrize(
    ("params", "pointer", "code"),
    [
        ({"field": "value", "operator": "contains", "value": "1"}, "/operator", "contacts.operator_unfit"),
        ({"field": "value", "operator": "greater", "value": "much"}, "/value", "contacts.value_unfit"),
        ({"field": "value", "operator": "between", "value": 1}, "/value_to", "contacts.value_missing"),
        ({"field": "born", "operator": "before", "value": "31.02.2026"}, "/value", "contacts.value_unfit"),
        ({"field": "born", "operator": "in_last_days", "value": "soon"}, "/value", "contacts.value_unfit"),
        ({"field": "born", "operator": "in_last_days", "value": 1e9}, "/value", "contacts.value_unfit"),
        ({"field": "city", "operator": "contains", "value": ["a", "b"]}, "/value", "contacts.value_unfit"),
        ({"field": "city", "operator": "contains"}, "/value", "contacts.value_unfit"),
        ({"field": "nothing", "operator": "is_empty"}, "/field_id", "contacts.field_not_found"),
    ],
)
async def test_what_does_not_fit_is_refused_with_its_place(
    tx: Tx, people: dict[str, int], params: dict[str, Any], pointer: str, code: str
) -> None:
    given = {name: value for name, value in params.items() if name != "field"}
    field_id = people.get(params["field"], 987_654)
    assert await problem(tx, "field", field_id=field_id, **given) == (pointer, code)


def at(tx: Tx, now: datetime) -> Tx:
    """The same transaction at another moment."""
    return Tx(
        tx.conn, workspace_id=tx.workspace_id, actor=tx.actor, now=now, registry=tx.registry, settings=tx.settings
    )


@pytest.mark.parametrize(
    ("field", "operator", "value"),
    [
        (field, operator, days)
        for field in ("born", "seen")
        for operator in (
            "in_last_days", "in_next_days", "more_than_days_ago", "more_than_days_ahead", "anniversary_in_next_days",
        )
        for days in (0, 1, 3, 30)
    ],
)  # fmt: skip
async def test_time_changes_an_answer_exactly_when_it_is_due(
    tx: Tx, people: dict[str, int], field: str, operator: str, value: int
) -> None:
    """From one due moment to the next over six weeks: before each the answer stands, and nowhere else does it change."""
    params = {"field_id": people[field], "operator": operator, "value": value}
    ada = await tx.value(sql("select id from contacts.contact where workspace_id = {workspace} and first_name = 'Ada'"))
    start = datetime(2026, 11, 1, tzinfo=UTC)
    hours = [start + timedelta(hours=n) for n in range(24 * 45)]
    standing, due = "Ada" in await who(at(tx, start), "field", **params), start
    for hour in hours[:: 6 if field == "born" else 7]:
        while due is not None and due <= hour:
            standing = "Ada" in await who(at(tx, due), "field", **params)
            due = await next_moment(at(tx, due), "field", ada, **params)
        assert ("Ada" in await who(at(tx, hour), "field", **params)) == standing, hour


async def test_the_index_follows_every_way_of_writing_fields(tx: Tx, people: dict[str, int]) -> None:
    """Changed, cleared, shortened, made long and deleted: the set stays the one-by-one answer."""
    city, likes = people["city"], people["likes"]
    linus, _ = await sync_contact(
        tx, email="linus@example.com", first_name="Linus", fields={city: "Bergen", likes: "Tea"}
    )
    assert await who(tx, "field", field_id=city, operator="equals", value="bergen") == {"Linus"}
    await update_contact(tx, linus.id, fields={city: "Turin", likes: ["Tea", "Coffee", "Cake"]})
    assert await who(tx, "field", field_id=likes, operator="all_of", value=["tea", "coffee", "cake"]) == {"Linus"}
    await set_field(tx, likes, ["Cake"], these([linus.id]))
    assert await who(tx, "field", field_id=likes, operator="equals", value="Tea") == {"Ada"}
    long = "x" * 500 + "needle" + "y" * 500
    await set_field(tx, city, long, these([linus.id]))
    assert await who(tx, "field", field_id=city, operator="contains", value="NEEDLE") == {"Linus"}
    assert await who(tx, "field", field_id=city, operator="equals", value=long) == {"Linus"}
    assert await who(tx, "field", field_id=city, operator="equals", value="x" * 400) == NOBODY
    await set_field(tx, city, None, these([linus.id]))
    assert "Linus" in await who(tx, "field", field_id=city, operator="is_empty")


async def test_the_index_follows_an_import(tx: Tx, people: dict[str, int]) -> None:
    """One row is new, one adds to a contact that has other values already."""
    rows = sql(
        """
        select * from (values
            (1::bigint, 'ada@example.com' collate "C", '', '', '', {ada}::jsonb, 0),
            (2, 'mary@example.com', 'Mary', '', '', {mary}::jsonb, 0)
        ) as r (number, email, first_name, last_name, phone, fields, tag_code)
        """,
        ada={str(people["city"]): "Milan"},
        mary={str(people["likes"]): ["Tea", "Coffee"], str(people["born"]): "2026-11-25"},
    )
    tags = sql("select 0 as tag_code, null::bigint as tag_id where false")
    await merge_rows(tx, rows, tags=tags, tag_ids=[], list_ids=[], source="test")
    for field, operator, value, expected in (
        ("city", "equals", "milan", {"Ada"}),
        ("city", "equals", "rome", NOBODY),
        ("likes", "all_of", ["Tea", "Cake"], {"Ada"}),
        ("likes", "any_of", ["Coffee"], {"Grace", "Mary"}),
        ("born", "in_next_days", 3, {"Mary"}),
    ):
        assert await who(tx, "field", field_id=people[field], operator=operator, value=value) == expected


async def test_a_field_flagged_later_is_backfilled(tx: Tx, make: Make) -> None:
    field = await create_field(tx, name="City")
    await create_contact(tx, email="ada@example.com", first_name="Ada", fields={field.id: "Rome"})
    flagged = await update_field(tx, field.id, {"is_indexed": True})
    assert (flagged.is_indexed, flagged.is_index_ready) == (True, False)
    assert await who(tx, "field", field_id=field.id, operator="equals", value="rome") == {"Ada"}
    later = at(tx, tx.now + timedelta(minutes=1))
    fields = await list_waiting(later)
    assert [item.id for item in fields] == [field.id]
    last: int | None = 0
    while last is not None:
        last = await backfill_chunk(later, fields, after=last)
    await mark_ready(later, fields)
    assert await who(tx, "field", field_id=field.id, operator="equals", value="rome") == {"Ada"}
    assert await tx.value(sql("select count(*) from contacts.field_value_index where workspace_id = {workspace}")) == 1
    await update_field(tx, field.id, {"is_indexed": False})
    assert await tx.value(sql("select count(*) from contacts.field_value_index where workspace_id = {workspace}")) == 0
    assert await who(tx, "field", field_id=field.id, operator="equals", value="rome") == {"Ada"}


async def test_shares_are_stable_and_add_up(tx: Tx, make: Make) -> None:
    ids = await make.contacts(tx, 2_000)
    first = await who(tx, "random_bucket", to_percent=25)
    rest = await who(tx, "random_bucket", from_percent=25, to_percent=100)
    assert len(first) + len(rest) == len(ids)
    assert not first & rest
    assert 400 < len(first) < 600
    assert (
        await who(tx, "random_bucket", to_percent=25) == first != await who(tx, "random_bucket", to_percent=25, seed=7)
    )


@pytest.mark.parametrize(
    ("params", "holds"),
    [
        ({}, True),
        ({"weekdays": [7]}, True),
        ({"weekdays": [1, 6]}, False),
        ({"from_time": "12:00", "to_time": "12:01"}, True),
        ({"from_time": "08:00", "to_time": "12:00"}, False),
        ({"from_time": "22:00", "to_time": "12:30", "weekdays": [6]}, True),
        ({"from_time": "22:00", "to_time": "12:30", "weekdays": [7]}, False),
        ({"from_time": "13:00", "to_time": "14:00", "timezone": "Europe/Rome"}, True),
    ],
)
async def test_now_is_a_day_and_time(tx: Tx, make: Make, params: dict[str, Any], holds: bool) -> None:
    """The tests' clock stands at noon of Sunday, 22 November 2026, UTC."""
    ada = await make.contact(tx)
    assert await who(tx, "now_is", **params) == ({"Ada"} if holds else NOBODY)
    due = await next_moment(tx, "now_is", ada, **params)
    assert tx.now < due <= tx.now + timedelta(days=1)


async def test_an_unknown_time_zone_is_refused(tx: Tx) -> None:
    assert await problem(tx, "now_is", timezone="Moon/Sea") == ("/timezone", "contacts.timezone_unknown")
