"""The promises of the automation routes."""

from __future__ import annotations

from tests.automations.flow import document, on_tag, settle, step
from tests.make import Client, Make
from waypost.kernel.db import Database


async def test_an_automation_from_draft_to_path(client: Client, db: Database, make: Make) -> None:
    async with db.transaction(client.workspace_id) as tx:
        ada, grace = await make.contacts(tx, 2)
        tag = await make.tag(tx)
    content = document(step("s1", "add_tag", tag_id=tag), step("s2", "wait", amount=1, unit="days"))
    made = (await client.post("/api/v1/automations", json={"name": "Welcome", "document": content})).json()
    assert (made["status"], made["revision"], made["has_changes"]) == ("draft", 1, True)
    url = f"/api/v1/automations/{made['id']}"

    assert (await client.post(f"{url}/validate")).json() == {"problems": []}
    refused = await client.post(f"{url}/enroll", json={"contact_ids": [ada]})
    assert (refused.status_code, refused.json()["code"]) == (409, "automations.not_active")

    active = (await client.post(f"{url}/activate")).json()
    assert (active["status"], active["has_changes"]) == ("active", False)
    assert (await client.post(f"{url}/enroll", json={"contact_ids": [ada, grace, ada]})).json() == {"changed": 2}
    await settle(db, client.workspace_id)

    counts = (await client.get(f"{url}/counts")).json()
    assert (counts["entered"], counts["active"], counts["completed"], counts["parked"]) == (2, 2, 0, 0)
    assert (counts["steps"]["s1"]["passed"], counts["steps"]["s2"]["here"]) == (2, 2)

    here = (await client.get(f"{url}/contacts", params={"step_id": "s2", "limit": 1})).json()
    assert (here["items"][0]["contact_id"], here["items"][0]["state"]) == (grace, "due")
    rest = (await client.get(f"{url}/contacts", params={"step_id": "s2", "after": here["next"]})).json()
    assert [item["contact_id"] for item in rest["items"]] == [ada]

    (run,) = (await client.get(f"/api/v1/contacts/{ada}/automations")).json()["items"]
    path = (await client.get(f"/api/v1/enrollments/{run['id']}/path")).json()["items"]
    assert [(item["step_id"], item["type"], item["outcome"]) for item in path] == [("s1", "add_tag", "")]

    assert (await client.post(f"{url}/pause")).json()["status"] == "paused"
    assert (await client.delete(url)).status_code == 204
    assert (await client.get(url)).status_code == 404


async def test_a_stale_revision_is_a_conflict(client: Client) -> None:
    made = (await client.post("/api/v1/automations", json={"name": "One"})).json()
    url = f"/api/v1/automations/{made['id']}"
    change = {"document": document(step("e", "end"))}
    first = await client.put(url, json=change, headers={"If-Match": '"1"'})
    assert (first.status_code, first.json()["revision"]) == (200, 2)
    second = await client.put(url, json={"name": "Two"}, headers={"If-Match": "1"})
    assert (second.status_code, second.json()["code"]) == (409, "automations.revision_stale")
    assert (await client.get(url)).json()["name"] == "One"


async def test_bad_input_is_named(client: Client) -> None:
    nameless = await client.post("/api/v1/automations", json={"name": " "})
    assert (nameless.status_code, nameless.json()["errors"][0]["pointer"]) == (422, "/name")
    assert (await client.get("/api/v1/automations/987654")).json()["code"] == "automations.automation_not_found"
    made = (
        await client.post("/api/v1/automations", json={"name": "Gap", "document": document(step("w", "wait"))})
    ).json()
    url = f"/api/v1/automations/{made['id']}"
    assert (await client.post(f"{url}/validate")).json()["problems"][0]["step_id"] == "w"
    refused = await client.post(f"{url}/activate")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/steps/w/amount")


async def test_the_list_searches_and_filters(client: Client) -> None:
    for name in ("Birthday", "Welcome", "Win back"):
        await client.post("/api/v1/automations", json={"name": name, "document": document(triggers=[on_tag(None)])})
    found = (await client.get("/api/v1/automations", params={"search": "w", "status": "draft", "limit": 1})).json()
    assert ([item["name"] for item in found["items"]], found["next"] is None) == (["Win back"], False)
    assert (await client.get("/api/v1/automations", params={"status": "active"})).json()["items"] == []
