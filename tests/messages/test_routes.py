"""Messages through HTTP: revisions, previews, copies, bad documents."""

from __future__ import annotations

from tests.make import Client

DOCUMENT = {
    "version": 1,
    "kind": "email",
    "settings": {},
    "blocks": [{"id": "a", "type": "heading", "props": {"text": "Hi %FIRSTNAME|there%"}}],
}


async def test_a_message_is_written_read_copied_and_deleted(client: Client) -> None:
    made = (await client.post("/api/v1/messages", json={"name": "News", "subject": "S", "document": DOCUMENT})).json()
    assert made["revision"] == 1
    assert (await client.get(f"/api/v1/messages/{made['id']}")).json()["document"] == DOCUMENT
    copy = (await client.post(f"/api/v1/messages/{made['id']}/duplicate")).json()
    assert (copy["name"], copy["subject"]) == ("News (copy)", "S")
    assert (await client.delete(f"/api/v1/messages/{made['id']}")).status_code == 204
    assert (await client.get(f"/api/v1/messages/{made['id']}")).status_code == 404
    assert [item["id"] for item in (await client.get("/api/v1/messages")).json()["items"]] == [copy["id"]]


async def test_a_stale_revision_is_a_conflict_and_changes_nothing(client: Client) -> None:
    made = (await client.post("/api/v1/messages", json={"name": "News"})).json()
    path = f"/api/v1/messages/{made['id']}"
    first = await client.put(path, json={"subject": "one"}, headers={"If-Match": '"1"'})
    assert (first.status_code, first.json()["revision"]) == (200, 2)
    stale = await client.put(path, json={"subject": "two"}, headers={"If-Match": "1"})
    assert (stale.status_code, stale.json()["code"]) == (409, "messages.message_changed")
    assert (await client.get(path)).json()["subject"] == "one"


async def test_a_bad_document_is_refused_with_its_place(client: Client) -> None:
    bad = {**DOCUMENT, "blocks": [{"id": "a", "type": "heading", "props": {"level": 7}}]}
    answer = await client.post("/api/v1/messages", json={"name": "x", "document": bad})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/document/blocks/0/props/level"
    unknown = {
        **DOCUMENT,
        "blocks": [{"id": "a", "type": "conditional", "condition": {"type": "no_such", "params": {}}, "slots": [[]]}],
    }
    answer = await client.post("/api/v1/messages", json={"name": "x", "document": unknown})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].startswith("/document/blocks/0/condition")
    assert (await client.get("/api/v1/messages")).json()["items"] == []


async def test_a_preview_shows_the_chosen_contact(client: Client) -> None:
    made = await client.post("/api/v1/contacts", json={"email": "ada@example.com", "first_name": "Ada <3"})
    body = {"document": DOCUMENT, "subject": "For %FIRSTNAME%", "contact_id": made.json()["id"]}
    shown = (await client.post("/api/v1/messages/preview", json=body)).json()
    assert shown["subject"] == "For Ada <3"
    assert "Hi Ada &lt;3" in shown["html"]
    sample = (await client.post("/api/v1/messages/preview", json={**body, "contact_id": None})).json()
    assert sample["subject"] == "For Ada"


async def test_links_keep_their_numbers_when_a_message_changes(client: Client) -> None:
    def html(*urls: str) -> dict[str, object]:
        return {"version": 1, "kind": "html", "html": "".join(f'<a href="{url}">x</a>' for url in urls)}

    made = (
        await client.post("/api/v1/messages", json={"name": "n", "document": html("https://a.x/", "https://b.x/")})
    ).json()
    path = f"/api/v1/messages/{made['id']}"
    assert (await client.put(path, json={"document": html("https://c.x/", "https://b.x/")})).status_code == 200
    assert (await client.put(path, json={"document": html("https://a.x/")})).json()["revision"] == 3
