"""What is kept beside messages: versions, saved rows, snippets and the brand kit."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.campaigns.parts import Days, draft
from tests.make import Client, Make
from waypost.campaigns.actions import schedule_campaign
from waypost.kernel.db import Database
from waypost.messages.actions import create_message
from waypost.messages.library import save_row, update_saved_row
from waypost.messages.queries import get_message
from waypost.messages.versions import list_versions

pytestmark = pytest.mark.asyncio(loop_scope="session")


def heading(name: str, text: str) -> dict[str, Any]:
    return {"id": name, "type": "heading", "props": {"text": text}}


def button(name: str, href: str) -> dict[str, Any]:
    return {"id": name, "type": "button", "props": {"label": "Go", "href": href}}


def document(*blocks: dict[str, Any]) -> dict[str, Any]:
    return {"version": 1, "kind": "email", "settings": {}, "blocks": list(blocks)}


async def made(client: Client, path: str, body: dict[str, Any], status: int = 201) -> dict[str, Any]:
    answer = await client.post(path, json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


async def message(client: Client, name: str, *blocks: dict[str, Any]) -> str:
    return f"/api/v1/messages/{(await made(client, '/api/v1/messages', {'name': name, 'document': document(*blocks)}))['id']}"


async def test_a_version_is_kept_when_asked_and_comes_back_without_losing_what_is_there(client: Client) -> None:
    path = await message(client, "News", heading("a", "First"))
    assert (await client.get(path + "/versions")).json()["items"] == []
    await client.post(path + "/versions")
    kept = (await client.post(path + "/versions")).json()["items"]
    assert [(item["revision"], item["reason"], item["user_id"]) for item in kept] == [(1, "save", client.user_id)]
    await client.put(path, json={"subject": "Later", "document": document(heading("a", "Second"))})
    shown = (await client.get(path + "/versions/1")).json()
    assert shown["document"]["blocks"][0]["props"]["text"] == "First"

    back = await client.post(path + "/versions/1/restore")
    assert (back.status_code, back.json()["revision"], back.json()["subject"]) == (200, 3, "")
    assert back.json()["document"]["blocks"][0]["props"]["text"] == "First"
    kept = (await client.get(path + "/versions")).json()["items"]
    assert [(item["revision"], item["reason"]) for item in kept] == [(2, "restore"), (1, "save")]
    assert (await client.get(path + "/versions/2")).json()["subject"] == "Later"
    for missing in ("/versions/77", "/versions/77/restore"):
        ask = client.post if missing.endswith("restore") else client.get
        assert (await ask(path + missing)).status_code == 404
    assert (await client.post("/api/v1/messages/999999/versions")).status_code == 404


async def test_a_snippet_changes_in_every_message_that_holds_it_and_nowhere_else(client: Client) -> None:
    body = {"name": "Foot", "blocks": [heading("x", "Old"), button("y", "https://example.com/old")], "is_synced": True}
    snippet = await made(client, "/api/v1/saved-rows", body)
    held = {"id": "s", "type": "snippet", "props": {"snippet_id": snippet["id"]}}
    columns = {"id": "c", "type": "columns", "slots": [[{**held, "id": "t"}], []]}
    long = {**held, "id": "n" * 40}
    first = await message(client, "First", heading("a", "Hi"), held, columns, long)
    other = await message(client, "Other", heading("a", "Old"))
    stored = (await client.get(first)).json()
    inner = stored["document"]["blocks"][1]["slots"][0]
    assert [item["id"] for item in inner] == ["s-1", "s-2"]

    forged = document({**held, "slots": [[heading("z", "Forged")]]})
    answer = (await client.put(first, json={"document": forged})).json()
    assert answer["document"]["blocks"][0]["slots"][0][0]["props"]["text"] == "Old"

    changed = {"blocks": [heading("x", "New"), button("y", "https://example.com/new")]}
    assert (await client.put(f"/api/v1/saved-rows/{snippet['id']}", json=changed)).status_code == 200
    now = (await client.get(first)).json()
    assert (now["revision"], now["document"]["blocks"][0]["slots"][0][0]["props"]["text"]) == (3, "New")
    preview = await client.post("/api/v1/messages/preview", json={"document": now["document"]})
    assert "New" in preview.json()["html"]
    assert "https://example.com/new" in preview.json()["text"]
    untouched = (await client.get(other)).json()
    assert (untouched["revision"], untouched["document"]["blocks"][0]["props"]["text"]) == (1, "Old")

    refused = await client.delete(f"/api/v1/saved-rows/{snippet['id']}")
    assert (refused.status_code, refused.json()["code"]) == (409, "still_used")
    await client.put(first, json={"document": document(heading("a", "Hi"))})
    assert (await client.delete(f"/api/v1/saved-rows/{snippet['id']}")).status_code == 204


async def test_bad_rows_are_refused_with_their_place(client: Client) -> None:
    row = {"name": "Row", "blocks": [heading("x", "Words")], "is_synced": False}
    kept = await made(client, "/api/v1/saved-rows", row)
    for body, pointer in (
        ({**row, "name": "row"}, "/name"),
        ({**row, "name": "B", "blocks": []}, "/blocks"),
        (
            {**row, "name": "B", "blocks": [{"id": "a", "type": "heading", "props": {"level": 9}}]},
            "/blocks/0/props/level",
        ),
        ({**row, "name": "B", "blocks": [{"id": "a", "type": "snippet", "props": {"snippet_id": 1}}]}, "/blocks"),
    ):
        answer = await client.post("/api/v1/saved-rows", json=body)
        assert answer.status_code in (409, 422)
        assert answer.json()["errors"][0]["pointer"] == pointer
    # Only a synced row may be referred to.
    for number in (kept["id"], 999_999):
        held = {"id": "s", "type": "snippet", "props": {"snippet_id": number}}
        answer = await client.post("/api/v1/messages", json={"name": "M", "document": document(held)})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == "/document/blocks/0/props/snippet_id"
    assert (await client.get("/api/v1/messages")).json()["items"] == []
    assert [item["name"] for item in (await client.get("/api/v1/saved-rows")).json()["items"]] == ["Row"]


async def test_new_messages_and_templates_wear_the_brand(client: Client) -> None:
    plain = await made(client, "/api/v1/messages", {"name": "Before"})
    assert plain["document"]["blocks"] == []
    kit = {
        "link_color": "#aa0044",
        "button_color": "#005533",
        "font": "Georgia, serif",
        "logo": "https://example.com/logo.png",
        "logo_alt": "Acme",
        "footer_html": "<p onclick='x()'>Acme, 1 Main Street</p>",
    }
    kept = (await client.put("/api/v1/brand", json=kit)).json()
    assert kept["footer_html"] == "<p>Acme, 1 Main Street</p>"
    assert (await client.get("/api/v1/brand")).json() == kept
    blank = (await made(client, "/api/v1/messages", {"name": "After"}))["document"]
    assert blank["settings"]["link_color"] == "#aa0044"
    assert [item["type"] for item in blank["blocks"]] == ["image", "footer"]
    for template in (await client.get("/api/v1/message-templates")).json()["items"]:
        text = str(template["document"])
        assert "https://example.com/logo.png" in text, template["id"]
        assert "1 Main Street" in text, template["id"]
        assert "'color': '#4650c8'" not in text, template["id"]
        shown = await client.post("/api/v1/messages/preview", json={"document": template["document"]})
        assert shown.status_code == 200
        assert ("#005533" in shown.json()["html"]) == ("#005533" in text), template["id"]
    wrong = await client.put("/api/v1/brand", json={"link_color": "red"})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/link_color")


async def test_sending_keeps_a_version_and_freezes_what_snippets_hold(
    db: Database, workspace_id: int, make: Make
) -> None:
    days = Days(db, workspace_id)
    async with db.transaction(workspace_id) as tx:
        await make.contact(tx)
        row = await save_row(tx, name="Sent foot", blocks=[heading("x", "Old")], is_synced=True)
        held = {"id": "s", "type": "snippet", "props": {"snippet_id": row.id}}
        written = await create_message(
            tx, name="Held", subject="S", from_email="olga@example.com", document=document(held)
        )
        campaign = await draft(tx, message_id=written.id)
        await schedule_campaign(tx, campaign.id)
    days.now += timedelta(seconds=1)
    await days.engine()
    async with db.transaction(workspace_id) as tx:
        await update_saved_row(tx, row.id, blocks=[heading("x", "New")])
    _, (variant,) = await days.campaign(campaign.id)
    async with db.read(workspace_id) as read:
        copy = await get_message(read, variant.sent_message_id or 0)
        assert [(block["type"], block["props"]["text"]) for block in copy.document["blocks"]] == [("heading", "Old")]
        changed = await get_message(read, written.id)
        assert changed.document["blocks"][0]["slots"][0][0]["props"]["text"] == "New"
        (version,) = await list_versions(read, written.id)
        assert (version.reason, version.revision) == ("send", 1)
