"""A dry run counts what a draft would have done with the last days' facts, and leaves nothing behind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from tests.automations.flow import document, has_tag, on_tag, step
from tests.automations.test_simulate import rows_of_every_table
from tests.make import Client, Make
from waypost.automations import dry_run as module
from waypost.automations.dry_run import DryRunAsked, dry_run
from waypost.contacts.actions import add_tag
from waypost.contacts.actions.subscriptions import create_list, subscribe, unsubscribe
from waypost.contacts.audience import these
from waypost.kernel.db import Database
from waypost.kernel.sql import sql
from waypost.messages.actions import create_message

URL = "/api/v1/automations/dry-runs"


async def story(db: Database, workspace_id: int, make: Make, now: datetime) -> dict[str, Any]:
    """Five who got a tag: one too long ago, one who has unsubscribed, one an hour ago, and two in between."""
    async with db.transaction(workspace_id) as tx:
        start, vip = await make.tag(tx), await make.tag(tx)
        news = (await create_list(tx, name="News")).id
        people = {name: await make.contact(tx) for name in ("early", "ada", "grace", "gone", "late")}
        await add_tag(tx, vip, these([people["ada"]]))
        await subscribe(tx, news, these([people["gone"]]))
        await unsubscribe(tx, news, these([people["gone"]]), source="test")
        letters = [(await create_message(tx, name=name, subject=name)).id for name in ("One", "Two")]
    for name, ago in (("early", 40 * 24), ("ada", 240), ("grace", 216), ("gone", 192), ("late", 1)):
        async with db.transaction(workspace_id, now=now - timedelta(hours=ago)) as tx:
            await add_tag(tx, start, these([people[name]]))
    arms = {"yes": [step("two", "send_email", message_id=letters[1])], "no": [step("mark", "add_tag", tag_id=vip)]}
    content = document(
        step("one", "send_email", message_id=letters[0]),
        step("rest", "wait", amount=3, unit="days"),
        step("ask", "if_else", arms, condition=has_tag(vip)),
        step("call", "webhook", url="https://example.com/hook"),
        triggers=[on_tag(start)],
    )
    return {"content": content, "letters": letters, **people}


async def test_it_counts_who_would_have_entered_what_would_have_been_sent_and_where_they_would_be(
    db: Database, client: Client, make: Make
) -> None:
    now = datetime.now(UTC)
    told = await story(db, client.workspace_id, make, now)
    async with db.transaction(client.workspace_id) as tx:
        statement = """
            insert into delivery.ledger
                (workspace_id, message_id, contact_id, email, source_kind, source_id, state, due_at, sent_at, created_at)
            values ({workspace}, {message}, {contact}, 'x@example.com', 2, 1, 2, {at}, {at}, {at})
            """
        at = now - timedelta(days=9, hours=12)
        await tx.run(sql(statement, message=told["letters"][0], contact=told["ada"], at=at))
    before = await rows_of_every_table(db, client.workspace_id)
    answer = await client.post(URL, json={"document": told["content"]})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert await rows_of_every_table(db, client.workspace_id) == before
    assert (found["is_complete"], found["entered"], found["contacts"], found["by_trigger"]) == (True, 4, 4, {"t1": 4})
    assert (found["inside"], found["completed"], found["left"], found["parked"]) == (1, 3, 0, 0)
    assert found["mails"] == [
        {"step_id": "one", "message_id": told["letters"][0], "sent": 3,
         "refused": {"The contact has unsubscribed.": 1}},
        {"step_id": "two", "message_id": told["letters"][1], "sent": 1, "refused": {}},
    ]  # fmt: skip
    assert found["crowded"] == 1, "a campaign wrote to Ada on the same day"
    passed = {item["step_id"]: (item["passed"], item["here"]) for item in found["steps"]}
    assert passed == {"one": (4, 0), "rest": (3, 1), "ask": (3, 0), "two": (1, 0), "mark": (2, 0), "call": (3, 0)}
    assert sum(day["entered"] for day in found["days"]) == 4
    assert sum(day["mails"] for day in found["days"]) == 4
    assert len(found["days"]) in (30, 31, 32)


async def test_it_ends_early_when_it_is_too_much_and_says_so(
    db: Database, workspace_id: int, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = await story(db, workspace_id, make, datetime.now(UTC))
    monkeypatch.setattr(module, "MOST_ENTRIES", 1)
    async with db.transaction(workspace_id) as tx:
        found = await dry_run(tx, msgspec.convert({"document": told["content"]}, DryRunAsked))
        assert (found.is_complete, found.entered) == (False, 2)
        assert found.ends_at < tx.now - timedelta(days=8)


async def test_a_draft_with_gaps_is_refused_with_the_place(client: Client) -> None:
    answer = await client.post(URL, json={"document": document(step("a", "send_email", message_id=987_654))})
    assert answer.status_code == 422
    assert "a" in answer.text
