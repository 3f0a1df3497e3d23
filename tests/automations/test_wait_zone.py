"""Waiting for a time of day by each contact's own clock."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.automations.flow import activate, document, enter, settle, step
from tests.make import Make
from waypost.contacts.actions.places import set_place
from waypost.contacts.audience import these
from waypost.kernel.db import Database
from waypost.kernel.sql import sql


async def test_each_contact_waits_by_the_clock_at_home(db: Database, workspace_id: int, make: Make) -> None:
    async with db.transaction(workspace_id) as tx:
        ada, grace, alan = [await make.contact(tx, f"{name}@example.com") for name in ("ada", "grace", "alan")]
        await set_place(tx, {"time_zone": "Asia/Tokyo"}, these([ada]))
        await set_place(tx, {"time_zone": "America/New_York"}, these([grace]))
        wait = step("w", "wait_for_time", from_time="04:30", to_time="04:31", clock="contact")
        automation = await activate(tx, document(wait))
        await enter(tx, automation.id, [ada, grace, alan])
    await settle(db, workspace_id)
    async with db.read(workspace_id) as read:
        rows = await read.all(
            sql("select contact_id, due_at from automations.enrollment where workspace_id = {workspace}")
        )
    due: dict[int, datetime] = {row[0]: row[1].astimezone(UTC) for row in rows}
    assert [(due[one].hour, due[one].minute) for one in (ada, alan)] == [(19, 30), (4, 30)]
    assert (due[grace].hour, due[grace].minute) in ((8, 30), (9, 30)), "with daylight saving time or without"
