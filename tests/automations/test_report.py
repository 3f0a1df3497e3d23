"""The report: what happened by day, why contacts left, goals, steps and messages, the same as a file."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.automations.flow import activate, document, enter, has_tag, on_tag, settle_at, step
from tests.make import Make
from waypost.automations.actions import remove_contacts
from waypost.automations.report import get_report, write_csv
from waypost.contacts.actions import add_tag
from waypost.contacts.audience import these
from waypost.kernel.db import Database
from waypost.kernel.sql import sql
from waypost.messages.actions import create_message

MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


async def lived(db: Database, workspace_id: int, make: Make) -> tuple[int, int]:
    """An automation through which four contacts went in four days; its id and its message's."""
    async with db.transaction(workspace_id, now=MONDAY) as tx:
        start, bought, gone = [await make.tag(tx) for _ in range(3)]
        ada, grace, mary, kay = [await make.contact(tx) for _ in range(4)]
        message = await create_message(tx, name="=Hello", subject="Hello", from_name="A", from_email="a@example.org")
        goal: dict[str, Any] = {"name": "Bought", "condition": has_tag(bought), "without_match": "go_on"}
        steps = [
            step("mail", "send_email", message_id=message.id),
            step("hold", "wait", amount=3, unit="days"),
            step("goal", "goal", **goal),
        ]
        content = {**document(*steps, triggers=[on_tag(start)]), "settings": {"exit_condition": has_tag(gone)}}
        automation_id = (await activate(tx, content)).id
        await enter(tx, automation_id, [ada, grace, mary, kay])
    await settle_at(db, workspace_id, MONDAY)
    tuesday = MONDAY + timedelta(days=1)
    async with db.transaction(workspace_id, now=tuesday) as tx:
        await add_tag(tx, bought, these([ada]))
        await add_tag(tx, gone, these([grace]))
        await remove_contacts(tx, automation_id, these([mary]))
        await tx.run(
            sql(
                "update delivery.ledger set state = 2, open_count = 1, clicked_at = {now}, click_count = 1 "
                "where workspace_id = {workspace} and contact_id = {ada}",
                ada=ada,
            )
        )
    await settle_at(db, workspace_id, tuesday)
    await settle_at(db, workspace_id, MONDAY + timedelta(days=3))
    return automation_id, message.id


async def test_a_report_counts_by_day_with_reasons_goals_steps_and_messages(
    db: Database, workspace_id: int, make: Make
) -> None:
    automation_id, message_id = await lived(db, workspace_id, make)
    async with db.transaction(workspace_id, now=MONDAY + timedelta(days=3)) as tx:
        report = await get_report(tx, automation_id, days=4)
        before = await get_report(tx, automation_id, days=1)
    assert (report.entered, report.completed, report.exited, report.automation.active) == (4, 2, 2, 0)
    assert [(day.day.day, day.entered, day.completed, day.exited, day.goals) for day in report.days] == [
        (16, 4, 0, 0, 0),
        (17, 0, 1, 2, 1),
        (18, 0, 0, 0, 0),
        (19, 0, 1, 0, 0),
    ]
    assert {item.reason: item.count for item in report.exits} == {"by_hand": 1, "exit_rule": 1}
    assert [(item.name, item.reached, item.rate, item.average_seconds) for item in report.goals] == [
        ("Bought", 1, 0.25, 86_400)
    ]
    assert [(item.step_id, item.passed, item.exited, item.share) for item in report.steps] == [
        ("mail", 4, 0, 1.0),
        ("hold", 1, 2, 0.75),
        ("goal", 2, 0, 0.5),
    ]
    assert [(item.name, item.sent, item.opened, item.clicked) for item in report.messages] == [("=Hello", 1, 1, 1)]
    assert (before.entered, before.completed, before.exits) == (0, 1, [])
    rows = list(csv.reader(io.StringIO(write_csv(report, "messages"))))
    assert rows[1][:4] == ["mail", str(message_id), "'=Hello", "1"]
    assert len(list(csv.reader(io.StringIO(write_csv(report, "days"))))) == 5
