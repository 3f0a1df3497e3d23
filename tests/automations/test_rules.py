"""Who may enter and who must leave, by the settings of an automation and the conditions of its triggers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.automations.flow import (
    activate,
    check_counts,
    document,
    enter,
    has_tag,
    on_tag,
    settle,
    settle_at,
    step,
    trails,
)
from tests.make import Make
from waypost.automations import queries
from waypost.automations.types import Automation
from waypost.contacts.actions import add_tag, remove_tag
from waypost.contacts.audience import these
from waypost.kernel.db import Database
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx
from waypost.messages.actions import create_message

HOLD = step("hold", "wait", amount=1, unit="weeks")
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


async def running(tx: Tx, *steps: dict[str, Any], triggers: list[dict[str, Any]] | None = None, **settings: Any) -> int:
    content = {**document(*(steps or (HOLD,)), triggers=triggers), "settings": settings}
    return (await activate(tx, content)).id


async def inside(db: Database, workspace_id: int, automation_id: int) -> Automation:
    async with db.read(workspace_id) as read:
        return await queries.get_automation(read, automation_id)


async def test_only_who_meets_the_entry_condition_and_is_not_suppressed_enters(
    db: Database, workspace_id: int, make: Make
) -> None:
    async with db.transaction(workspace_id) as tx:
        start, vip, never = [await make.tag(tx) for _ in range(3)]
        plain, ada, grace = [await make.contact(tx, tags=tags) for tags in ([], [vip], [vip, never])]
        rules: dict[str, Any] = {"entry_condition": has_tag(vip), "suppression_condition": has_tag(never)}
        automation_id = await running(tx, triggers=[on_tag(start)], **rules)
        by_hand = await running(tx, **rules)
        await add_tag(tx, start, these([plain, ada, grace]))
        assert await enter(tx, by_hand, [plain, ada, grace]) == 1
    await settle(db, workspace_id)
    async with db.read(workspace_id) as read:
        page = await queries.list_enrollments(read, automation_id=automation_id)
    assert [item.contact_id for item in page.items] == [ada]


async def test_a_trigger_has_a_condition_of_its_own(db: Database, workspace_id: int, make: Make) -> None:
    async with db.transaction(workspace_id) as tx:
        start, vip = await make.tag(tx), await make.tag(tx)
        plain, ada = await make.contact(tx), await make.contact(tx, tags=[vip])
        triggers = [{**on_tag(start), "condition": has_tag(vip)}, on_tag(vip, trigger_id="t2")]
        automation_id = await running(tx, triggers=triggers)
        await add_tag(tx, start, these([plain, ada]))
    await settle(db, workspace_id)
    assert (await inside(db, workspace_id, automation_id)).entered == 1


@pytest.mark.parametrize(
    ("settings", "entered", "exited"),
    [({}, 1, 0), ({"while_inside": "restart"}, 3, 2), ({"entries": "once"}, 1, 0), ({"daily_entries": 1}, 1, 0)],
)
async def test_entering_again(
    db: Database, workspace_id: int, make: Make, settings: dict[str, Any], entered: int, exited: int
) -> None:
    async with db.transaction(workspace_id) as tx:
        start, ada = await make.tag(tx), await make.contact(tx)
        automation_id = await running(tx, triggers=[on_tag(start, "multiple")], **settings)
    for _ in range(3):
        async with db.transaction(workspace_id) as tx:
            await add_tag(tx, start, these([ada]))
            await remove_tag(tx, start, these([ada]))
        await settle(db, workspace_id)
    found = await inside(db, workspace_id, automation_id)
    assert (found.entered, found.exited) == (entered, exited)
    await check_counts(db, workspace_id, automation_id)


@pytest.mark.parametrize("settings", [{"most_inside": 4}, {"most_entries_a_day": 4}])
async def test_no_more_enter_than_there_is_room(
    db: Database, workspace_id: int, make: Make, settings: dict[str, Any]
) -> None:
    async with db.transaction(workspace_id) as tx:
        start, people = await make.tag(tx), await make.contacts(tx, 9)
        automation_id = await running(tx, triggers=[on_tag(start)], **settings)
        assert await enter(tx, automation_id, people[:3]) == 3
        await add_tag(tx, start, these(people))
    await settle(db, workspace_id)
    assert (await inside(db, workspace_id, automation_id)).entered == 4


async def test_a_holdout_is_never_let_in(db: Database, workspace_id: int, make: Make) -> None:
    async with db.transaction(workspace_id) as tx:
        people = await make.contacts(tx, 1_000)
        automation_id = await running(tx, step("e", "end"), holdout_percent=20)
        entered = await enter(tx, automation_id, people)
        assert await enter(tx, automation_id, people) == 0
    assert 740 < entered < 860
    await settle(db, workspace_id)
    async with db.transaction(workspace_id) as tx:
        assert await enter(tx, automation_id, people) == entered, "the same are held out the next time"


async def test_whoever_meets_the_exit_rule_leaves_from_anywhere(db: Database, workspace_id: int, make: Make) -> None:
    async with db.transaction(workspace_id) as tx:
        bought = await make.tag(tx)
        ada, grace, alan = await make.contacts(tx, 3)
        await add_tag(tx, bought, these([alan]))
        automation_id = await running(tx, HOLD, step("e", "end"), exit_condition=has_tag(bought))
        await enter(tx, automation_id, [ada, grace, alan])
    await settle(db, workspace_id)
    async with db.transaction(workspace_id) as tx:
        await add_tag(tx, bought, these([ada]))
    await settle(db, workspace_id)
    found = await inside(db, workspace_id, automation_id)
    assert (found.here, found.exited) == (1, 2), "alan, who met it on coming, and ada, out of a wait"
    await check_counts(db, workspace_id, automation_id)


@pytest.mark.parametrize(
    ("time_zone", "shut", "opens"), [("", "08:59", "09:00"), ("America/New_York", "13:59", "14:00")]
)
async def test_messages_wait_for_the_window_and_the_rest_does_not(
    db: Database, workspace_id: int, make: Make, time_zone: str, shut: str, opens: str
) -> None:
    friday_night = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)
    async with db.transaction(workspace_id, now=friday_night) as tx:
        tag, ada = await make.tag(tx), await make.contact(tx)
        message = await create_message(tx, name="Hello", subject="Hello")
        await tx.run(
            sql(
                "update messages.message set from_name = 'Ada', from_email = 'ada@example.org' "
                "where workspace_id = {workspace}"
            )
        )
        window = {"from_time": "09:00", "to_time": "17:00", "weekdays": ["monday", "tuesday"], "time_zone": time_zone}
        steps = [step("tag", "add_tag", tag_id=tag), step("mail", "send_email", message_id=message.id)]
        automation_id = await running(tx, *steps, send_window=window)
        await enter(tx, automation_id, [ada])
    moments = ("2026-11-20T23:00", f"2026-11-23T{shut}", f"2026-11-23T{opens}")
    for at, expected in zip(moments, ("tag", "tag", "tag | mail"), strict=True):
        await settle_at(db, workspace_id, datetime.fromisoformat(at).replace(tzinfo=UTC))
        assert await trails(db, workspace_id, automation_id) == {expected: 1}


async def test_a_throttle_lets_through_one_after_the_other(db: Database, workspace_id: int, make: Make) -> None:
    async with db.transaction(workspace_id, now=NOON) as tx:
        people = await make.contacts(tx, 5)
        automation_id = await running(tx, step("slow", "throttle", amount=60, per="hour"), step("e", "end"))
        await enter(tx, automation_id, people[:3])
    await settle_at(db, workspace_id, NOON)
    async with db.transaction(workspace_id, now=NOON) as tx:
        await enter(tx, automation_id, people[3:])
    for minutes in range(5):
        await settle_at(db, workspace_id, NOON + timedelta(minutes=minutes))
        assert (await inside(db, workspace_id, automation_id)).completed == minutes + 1
