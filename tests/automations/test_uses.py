"""What is built on a row is known below it, and what runs is not broken."""

from __future__ import annotations

from dataclasses import replace

from tests.automations.flow import Json, document, has_tag, on_tag, step
from tests.make import Client, Make
from waypost.automations.graph import AutomationDocument
from waypost.automations.validate import validate_document
from waypost.delivery.actions import set_sender
from waypost.kernel.db import Database
from waypost.kernel.model import parse
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx


async def post(client: Client, path: str, body: Json | None = None) -> Json:
    answer = await client.post(f"/api/v1{path}", json=body)
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


async def uses(client: Client, noun: str, object_id: int) -> list[tuple[str, str, bool]]:
    answer = await client.get(f"/api/v1/uses/{noun}/{object_id}")
    return [(item["kind"], item["name"], item["is_live"]) for item in answer.json()["items"]]


async def test_a_message_that_a_running_automation_sends_cannot_be_deleted(
    client: Client, db: Database, make: Make
) -> None:
    async with db.transaction(client.workspace_id) as tx:
        tag = await make.tag(tx, "VIP")
        ada = await make.contact(tx)
    message = (await post(client, "/messages", {"name": "Hello"}))["id"]
    content = document(
        step("s", "send_email", message_id=message),
        step("i", "if_else", {"yes": [step("w", "wait", amount=1, unit="days")], "no": []}, condition=has_tag(tag)),
        triggers=[on_tag(None)],
    )
    automation = (await post(client, "/automations", {"name": "Greet", "document": content}))["id"]
    assert await uses(client, "message", message) == [("automation", "Greet", False)]

    await post(client, f"/automations/{automation}/activate")
    refused = await client.delete(f"/api/v1/messages/{message}")
    assert (refused.status_code, refused.json()["code"]) == (409, "still_used")
    assert "“Greet”" in refused.json()["detail"]
    assert (await client.get(f"/api/v1/messages/{message}")).status_code == 200
    assert await uses(client, "tag", tag) == [("automation", "Greet", True)]
    assert await uses(client, "list", tag) == []

    # Paused with somebody in it still counts; paused and empty does not.
    await post(client, f"/automations/{automation}/enroll", {"contact_ids": [ada]})
    await post(client, f"/automations/{automation}/pause")
    assert (await client.delete(f"/api/v1/messages/{message}")).status_code == 409
    await post(client, f"/automations/{automation}/remove", {"contact_ids": [ada]})
    assert (await client.delete(f"/api/v1/messages/{message}")).status_code == 204
    blocked = await client.post(f"/api/v1/automations/{automation}/activate")
    assert (blocked.status_code, blocked.json()["errors"][0]["pointer"]) == (422, "/steps/s/message_id")


async def test_a_message_names_the_fields_and_tags_in_it(client: Client, db: Database, make: Make) -> None:
    async with db.transaction(client.workspace_id) as tx:
        tag = await make.tag(tx)
    field = await post(client, "/fields", {"name": "City", "type": "text"})
    block = {"id": "c", "type": "conditional", "condition": has_tag(tag), "slots": [[]]}
    content = {"version": 1, "kind": "email", "settings": {}, "blocks": [block]}
    await post(client, "/messages", {"name": "Letter", "subject": f"To %{field['key']}|town%", "document": content})
    assert await uses(client, "field", field["id"]) == [("message", "Letter", False)]
    assert await uses(client, "tag", tag) == [("message", "Letter", False)]
    assert (await client.get("/api/v1/uses/moon/1")).json()["code"] == "uses.noun_unknown"


async def test_a_real_relay_needs_a_sender(tx: Tx) -> None:
    message = await tx.value(
        sql(
            """
            insert into messages.message (workspace_id, name, document, created_at, updated_at)
            values ({workspace}, 'Hello', '{{"version": 1, "kind": "email", "blocks": []}}', {now}, {now}) returning id
            """
        )
    )
    parsed = parse(document(step("s", "send_email", message_id=message)), AutomationDocument, pointer="")
    assert await validate_document(tx, parsed) == [], "the local mailbox takes any sender"
    tx.settings = replace(tx.settings, smtp_url="smtp://relay.example.com")
    (problem,) = await validate_document(tx, parsed)
    assert (problem.step_id, problem.code) == ("s", "delivery.sender_missing")
    await set_sender(tx, from_name="Ada", from_email="ada@example.com")
    assert await validate_document(tx, parsed) == []
