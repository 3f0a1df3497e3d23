"""Waiting for the clock and the calendar: which instant it is, and whole batches with a time each."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from tests.automations.flow import activate, document, enter, settle_at, step, trails
from tests.make import Make
from waypost.automations.advance import Advancer, claim
from waypost.automations.steps.wait_for_date import WaitForDateParams, moment
from waypost.automations.steps.wait_for_time import WaitForTimeParams, next_window
from waypost.contacts.actions.fields import create_field, set_field
from waypost.contacts.actions.places import set_place
from waypost.contacts.audience import these
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
            select contact_id, state, deadline from automations.enrollment
            where workspace_id = {workspace} order by contact_id
            """
        )
    )
    waiting = {row["contact_id"]: row["deadline"].date().isoformat() for row in rows if row["state"] == 1}
    assert waiting == dict(zip(people, [f"{year}-04-30", *days[:-1]], strict=True))
    assert {row["contact_id"] for row in rows if row["state"] == 2} == {gone, without}


NEW_YORK, TOKYO = "America/New_York", "Asia/Tokyo"


@pytest.mark.parametrize(
    ("first", "second", "moved", "expected"),
    [
        # (zone on arrival, zone later, when it changes, when the contact goes on); all wait for 09:00 from 12:00 UTC
        ("Europe/Berlin", NEW_YORK, "2026-03-28T20:00", "2026-03-29T13:00"),  # later, and summer time begins in Berlin
        (NEW_YORK, "Europe/Berlin", "2026-10-24T20:00", "2026-10-25T08:00"),  # earlier, and summer time ends in Berlin
        (NEW_YORK, TOKYO, "2026-10-31T21:00", "2026-11-01T00:00"),  # the new place is about to open
        ("Europe/Berlin", TOKYO, "2026-12-31T23:30", "2027-01-01T00:00"),  # over the end of the year
        (TOKYO, NEW_YORK, "2028-02-28T20:00", "2028-02-29T14:00"),  # on to a leap day
        ("", "Asia/Kolkata", "2026-06-01T20:00", "2026-06-02T03:30"),  # from the workspace's zone to half an hour's
        (TOKYO, "", "2026-06-01T20:00", "2026-06-02T09:00"),  # back to the workspace's
        ("Europe/Berlin", "Europe/Berlin", "2026-03-28T20:00", "2026-03-29T07:00"),  # nothing changes but the clocks
    ],
)
async def test_who_moves_while_waiting_goes_on_by_the_new_clock(
    db: Database, workspace_id: int, make: Make, first: str, second: str, moved: str, expected: str
) -> None:
    at, due = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (moved, expected))
    begin = at.replace(hour=12, minute=0)
    async with db.transaction(workspace_id, now=begin) as tx:
        ada = await make.contact(tx)
        await set_place(tx, {"time_zone": first}, these([ada]))
        wait = step("w", "wait_for_time", from_time="09:00", clock="contact")
        automation = await activate(tx, document(step("one", "wait", amount=61, unit="minutes"), wait))
        await enter(tx, automation.id, [ada])
    for now in (begin, begin + timedelta(hours=2)):
        await settle_at(db, workspace_id, now)
    async with db.transaction(workspace_id, now=at) as tx:
        await set_place(tx, {"time_zone": second}, these([ada]))
    for now in (at, due - timedelta(minutes=1)):
        await settle_at(db, workspace_id, now)
    assert not (await trails(db, workspace_id, automation.id)).keys() & {"one | w"}
    await settle_at(db, workspace_id, due)
    assert await trails(db, workspace_id, automation.id) == {"one | w": 1}


async def test_another_date_moves_the_wait(db: Database, workspace_id: int, make: Make) -> None:
    begin = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    async with db.transaction(workspace_id, now=begin) as tx:
        renewal = (await create_field(tx, name="Renewal", type="date")).id
        ada, grace = await make.contacts(tx, 2)
        await set_field(tx, renewal, "2027-01-10", these([ada, grace]))
        automation = await activate(tx, document(step("w", "wait_for_date", field_id=renewal, days=3)))
        await enter(tx, automation.id, [ada, grace])
    await settle_at(db, workspace_id, begin)
    async with db.transaction(workspace_id, now=begin) as tx:
        await set_field(tx, renewal, "2026-12-10", these([ada]))
    await settle_at(db, workspace_id, begin)
    await settle_at(db, workspace_id, datetime(2026, 12, 7, 9, 0, tzinfo=UTC))
    assert await trails(db, workspace_id, automation.id) == {"w": 1, "": 1}
    await settle_at(db, workspace_id, datetime(2027, 1, 7, 9, 0, tzinfo=UTC))
    assert await trails(db, workspace_id, automation.id) == {"w": 2}
