"""Waiting for the clock and the calendar: which instant it is, and whole batches with a time each."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest

from tests.automations.flow import activate, document, enter, step
from tests.make import Make
from waypost.automations.advance import Advancer, claim
from waypost.automations.steps.wait_for_date import WaitForDateParams, moment
from waypost.automations.steps.wait_for_time import WaitForTimeParams, next_window
from waypost.kernel.db import Database
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = WaitForTimeParams(
    from_time="09:00", to_time="17:00", weekdays=["monday", "tuesday", "wednesday", "thursday", "friday"]
)


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "params", "expected"),
    [
        ("2026-11-20T16:59", OFFICE, "2026-11-20T16:59"),  # Friday, still open
        ("2026-11-20T17:00", OFFICE, "2026-11-23T09:00"),  # the end does not belong to it; over the weekend
        ("2026-11-23T03:00", OFFICE, "2026-11-23T09:00"),
        ("2026-11-23T10:30", WaitForTimeParams(from_time="10:00"), "2026-11-23T10:30"),  # an hour long without an end
        ("2026-11-23T11:00", WaitForTimeParams(from_time="10:00"), "2026-11-24T10:00"),
        ("2026-03-28T12:00", WaitForTimeParams(from_time="02:30"), "2026-03-29T03:30"),  # the hour that is skipped
        ("2026-10-24T12:00", WaitForTimeParams(from_time="02:30"), "2026-10-25T02:30"),  # the hour that comes twice
        ("2026-10-24T12:00", WaitForTimeParams(from_time="09:00"), "2026-10-25T09:00"),  # 22 hours by the clock
        ("2026-12-31T23:00", WaitForTimeParams(from_time="00:00", days_of_month=[1]), "2027-01-01T00:00"),
        ("2026-03-01T00:00", WaitForTimeParams(from_time="08:00", days_of_month=[29], months=[2]), "2028-02-29T08:00"),
    ],
)
def test_when_the_window_opens(now: str, params: WaitForTimeParams, expected: str) -> None:
    assert next_window(berlin(now), params, BERLIN) == berlin(expected)


def test_a_day_that_never_comes() -> None:
    never = WaitForTimeParams(days_of_month=[30], months=[2])
    assert next_window(berlin("2026-01-01T00:00"), never, BERLIN) is None


@pytest.mark.parametrize(
    ("given", "now", "settings", "expected"),
    [
        ("2026-12-24", "2026-11-23T12:00", {"days": 3}, "2026-12-21T09:00"),
        ("2026-12-24", "2026-11-23T12:00", {"days": 3, "direction": "after"}, "2026-12-27T09:00"),
        ("2026-11-23", "2026-11-23T08:59", {}, "2026-11-23T09:00"),
        ("2026-11-23", "2026-11-23T09:01", {}, None),
        ("1984-11-23", "2026-11-23T09:01", {"is_yearly": True}, "2027-11-23T09:00"),
        ("1984-01-02", "2026-12-29T09:00", {"is_yearly": True, "days": 3}, "2026-12-30T09:00"),  # next year's day
        ("1984-12-31", "2027-01-02T08:00", {"is_yearly": True, "days": 2, "direction": "after"}, "2027-01-02T09:00"),
        ("1984-02-29", "2026-02-01T00:00", {"is_yearly": True}, "2026-02-28T09:00"),
        ("1984-02-29", "2028-02-01T00:00", {"is_yearly": True}, "2028-02-29T09:00"),
        ("2026-03-29", "2026-03-01T00:00", {"at_time": "02:30"}, "2026-03-29T03:30"),
    ],
)
def test_the_moment_of_a_date(given: str, now: str, settings: dict[str, object], expected: str | None) -> None:
    params = msgspec.convert({"field_id": 1, **settings}, WaitForDateParams)
    due = moment(date.fromisoformat(given), params, now=berlin(now), zone=BERLIN)
    assert due == (None if expected is None else berlin(expected))


async def test_everyone_waits_for_a_date_of_their_own(tx: Tx, db: Database, make: Make) -> None:
    field = await tx.value(
        sql(
            """
            insert into contacts.field (workspace_id, name, key, type, created_at, updated_at)
            values ({workspace}, 'Renewal', 'RENEWAL', 'date', {now}, {now}) returning id
            """
        )
    )
    year = tx.now.year + 1
    days = [f"{year}-05-0{number}" for number in range(1, 6)]
    people = [await make.contact(tx, fields={str(field): day}) for day in days]
    gone, without = await make.contact(tx, fields={str(field): "2001-01-01"}), await make.contact(tx)
    automation = await activate(
        tx, document(step("date", "wait_for_date", field_id=field, days=1, direction="before"), step("stop", "end"))
    )
    await enter(tx, automation.id, [*people, gone, without])
    await Advancer(db).move(tx, await claim(tx, limit=100), {})
    rows = await tx.all(
        sql(
            """
            select contact_id, state, is_served, due_at from automations.enrollment
            where workspace_id = {workspace} order by contact_id
            """
        )
    )
    waiting = {row["contact_id"]: row["due_at"].date().isoformat() for row in rows if row["state"] == 0}
    assert waiting == dict(zip(people, [f"{year}-04-30", *days[:-1]], strict=True))
    assert {row["contact_id"] for row in rows if row["state"] == 2} == {gone, without}
