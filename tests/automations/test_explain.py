"""Explain names the true cause: of standing still, and of never having come in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.automations.flow import document, has_tag, on_tag, settle, step
from tests.make import Client, Make
from waypost.app.explain import run
from waypost.contacts.actions import add_tag, create_list, remove_tag, subscribe, unsubscribe
from waypost.contacts.audience import these
from waypost.kernel.db import Database
from waypost.messages.actions import create_message

WEEK = step("week", "wait", amount=1, unit="weeks")


async def start(
    client: Client, *steps: dict[str, Any], triggers: list[dict[str, Any]] | None = None, **settings: Any
) -> int:
    content = {**document(*(steps or (WEEK,)), triggers=triggers), "settings": settings}
    made = (await client.post("/api/v1/automations", json={"name": "Welcome", "document": content})).json()
    active = await client.post(f"/api/v1/automations/{made['id']}/activate")
    assert active.status_code == 200, active.text
    return made["id"]


async def why(client: Client, automation_id: int, contact_id: int) -> dict[str, Any]:
    answer = await client.get(f"/api/v1/automations/{automation_id}/contacts/{contact_id}/explanation")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def tag(db: Database, client: Client, contact_id: int, tag_id: int) -> None:
    async with db.transaction(client.workspace_id) as tx:
        await add_tag(tx, tag_id, these([contact_id]))
    await settle(db, client.workspace_id)


async def test_a_field_that_was_never_updated_is_named_with_what_it_holds(
    client: Client, db: Database, make: Make
) -> None:
    async with db.transaction(client.workspace_id) as tx:
        (ada,), trial = await make.contacts(tx, 1), await make.tag(tx)
    field = (await client.post("/api/v1/fields", json={"name": "Plan", "type": "text"})).json()
    await client.patch(f"/api/v1/contacts/{ada}", json={"fields": {str(field["id"]): "free"}})
    paid = {"type": "field", "params": {"field_id": field["id"], "operator": "equals", "value": "paid"}}
    automation = await start(
        client,
        step("until", "wait_until", {"met": [], "timed_out": []}, condition=paid),
        triggers=[on_tag(trial)],
    )
    await tag(db, client, ada, trial)

    found = await why(client, automation, ada)
    assert (found["is_inside"], found["cause"], found["step_type"]) == (True, "waits_for_condition", "wait_until")
    assert found["waits_for"]["holds"] is False
    assert found["waits_for"]["value"] == "free"
    assert found["waits_for"]["params"]["value"] == "paid"
    assert found["moves_at"] is None


async def test_once_only_is_named_with_the_day_of_the_first_time(client: Client, db: Database, make: Make) -> None:
    async with db.transaction(client.workspace_id) as tx:
        (ada,), trial = await make.contacts(tx, 1), await make.tag(tx)
    automation = await start(client, step("end", "end"), triggers=[on_tag(trial)])
    await tag(db, client, ada, trial)
    async with db.transaction(client.workspace_id) as tx:
        await remove_tag(tx, trial, these([ada]))
    await tag(db, client, ada, trial)

    found = await why(client, automation, ada)
    assert (found["is_inside"], found["cause"]) == (False, "completed")
    (check,) = [check for check in found["checks"] if check["name"] == "once_only"]
    assert (check["passed"], check["at"]) == (False, found["run"]["entered_at"])
    assert "only once" in check["text"]


async def test_the_wrong_time_zone_shows_in_the_moment_and_the_zone(client: Client, db: Database, make: Make) -> None:
    async with db.transaction(client.workspace_id) as tx:
        (ada,), trial = await make.contacts(tx, 1), await make.tag(tx)
    await client.patch(f"/api/v1/contacts/{ada}", json={"time_zone": "Asia/Tokyo"})
    hour = (datetime.now(ZoneInfo("Asia/Tokyo")) + timedelta(hours=3)).hour
    automation = await start(
        client, step("later", "wait_for_time", from_time=f"{hour:02}:00", clock="contact"), triggers=[on_tag(trial)]
    )
    await tag(db, client, ada, trial)

    found = await why(client, automation, ada)
    assert found["cause"] == "waits_for_time"
    ours = f"{(hour - 9) % 24:02}:00"
    assert found["moves_at"].endswith(f"T{ours}:00Z"), "by the clocks of Tokyo"
    assert f"{ours} (" in found["summary"]


async def test_an_automation_that_is_not_running_is_the_cause(client: Client, db: Database, make: Make) -> None:
    async with db.transaction(client.workspace_id) as tx:
        (ada, grace), trial = await make.contacts(tx, 2), await make.tag(tx)
    automation = await start(client, triggers=[on_tag(trial)])
    await tag(db, client, ada, trial)
    await client.post(f"/api/v1/automations/{automation}/pause")
    await tag(db, client, grace, trial)

    inside, outside = await why(client, automation, ada), await why(client, automation, grace)
    assert (inside["is_inside"], inside["cause"]) == (True, "held")
    assert (outside["is_inside"], outside["cause"]) == (False, "inactive")
    assert outside["summary"] == "The automation is not running."


async def test_a_message_that_was_not_sent_for_want_of_an_active_list_says_so(
    client: Client, db: Database, make: Make
) -> None:
    async with db.transaction(client.workspace_id) as tx:
        (ada,), trial = await make.contacts(tx, 1), await make.tag(tx)
        message = await create_message(tx, name="Offer", subject="Hello")
        news = (await create_list(tx, name="News")).id
        await subscribe(tx, news, these([ada]))
        await unsubscribe(tx, news, these([ada]))
    automation = await start(client, step("send", "send_email", message_id=message.id), triggers=[on_tag(trial)])
    await tag(db, client, ada, trial)

    (mail,) = (await why(client, automation, ada))["mails"]
    assert (mail["step_id"], mail["state"], mail["reason"]) == ("send", "suppressed", "The contact has unsubscribed.")


async def test_what_happened_before_the_start_and_who_is_kept_out_by_rules(
    client: Client, db: Database, make: Make
) -> None:
    async with db.transaction(client.workspace_id) as tx:
        (ada, grace, mary), trial, vip = await make.contacts(tx, 3), await make.tag(tx), await make.tag(tx)
    await tag(db, client, ada, trial)
    automation = await start(client, triggers=[on_tag(trial)], entry_condition=has_tag(vip))
    await tag(db, client, grace, trial)

    early, kept, never = [await why(client, automation, one) for one in (ada, grace, mary)]
    assert early["cause"] == "before_start"
    assert "before the automation was started" in early["summary"]
    assert kept["cause"] == "entry_condition"
    (rule,) = [check for check in kept["checks"] if check["name"] == "entry_condition"]
    assert (rule["passed"], rule["tree"]["holds"]) == (False, False)
    assert never["cause"] == "never_triggered"


async def test_the_command_says_it_in_plain_lines(client: Client, db: Database, make: Make, capsys: Any) -> None:
    async with db.transaction(client.workspace_id) as tx:
        (ada,), trial = await make.contacts(tx, 1), await make.tag(tx)
    automation = await start(client, step("tag", "add_tag", tag_id=trial), WEEK, triggers=[on_tag(trial)])
    await tag(db, client, ada, trial)
    assert await run(db.settings, client.workspace_id, automation, str(ada)) == 0
    lines = capsys.readouterr().out
    assert "Waits at this step until" in lines
    assert "left tag (add_tag)" in lines
    assert await run(db.settings, client.workspace_id, automation, "nobody@example.com") == 1
    assert await run(db.settings, client.workspace_id, 999_999, str(ada)) == 1
