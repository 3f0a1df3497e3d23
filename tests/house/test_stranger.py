"""Every GET route, native and v3, called with another workspace's key, shows nothing of this one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.house.v3_urls import DENIED, refusal_of, v3_url
from tests.make import Client
from waypost.app.domains import load_domains
from waypost.app.routes import ROUTES as APP_ROUTES
from waypost.dialects.activecampaign.resources import ROUTES as V3_ROUTES
from waypost.identity.actions.api_keys import create_api_key
from waypost.identity.actions.users import create_user
from waypost.identity.actions.workspaces import create_workspace
from waypost.kernel.db import Database

pytestmark = pytest.mark.asyncio(loop_scope="session")

MARK = "zzsecret"
NOT_ASKED = {"/api/v1/live", "/healthz", "/metrics", "/api/v1/registry", "/api/v1/session"}
"""No workspace data, or a stream without end."""


def native_routes() -> Iterator[str]:
    handlers = [handler for domain in load_domains() for handler in domain.routes] + list(APP_ROUTES)
    for handler in handlers:
        if "GET" in getattr(handler, "http_methods", ()) and not handler.opt.get("public"):
            yield from (path for path in handler.paths if path not in NOT_ASKED)


def v3_routes() -> list[str]:
    return [path for method, path in V3_ROUTES.listed if method == "GET"]


@pytest_asyncio.fixture(loop_scope="session")
async def stranger(app: object, db: Database) -> Any:
    """A client of another, empty workspace."""
    async with db.transaction(0) as tx:
        workspace_id = (await create_workspace(tx, name="Elsewhere")).id
    async with db.transaction(workspace_id) as tx:
        user = await create_user(
            tx, email=f"stranger{workspace_id}@example.com", name="S", role="owner", password="correct horse"
        )
        key = await create_api_key(tx, name="k", user_id=user.id)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)  # type: ignore[arg-type]
    async with httpx.AsyncClient(
        transport=transport, base_url="http://waypost.test", headers={"Api-Token": key.key}
    ) as http:
        yield http


async def _made(client: Client, path: str, body: dict[str, Any]) -> dict[str, Any]:
    response = await client.post(path, json=body)
    assert response.status_code in (200, 201), (path, response.text)
    return response.json()


async def _company_ids(client: Client, contact: dict[str, Any]) -> dict[str, int]:
    """The contact's company, and the note and file on the contact."""
    company = await _made(client, "/api/v1/companies", {"name": f"{MARK} company", "website": f"{MARK}.example"})
    members = {"contact_ids": [contact["id"]], "job_title": f"{MARK} title"}
    await _made(client, f"/api/v1/companies/{company['id']}/members", members)
    company_field = await _made(client, "/api/v1/company-fields", {"name": f"{MARK} company field"})
    values = {"fields": {str(company_field["id"]): MARK}}
    await client.patch(f"/api/v1/companies/{company['id']}", json=values)
    note = await _made(client, f"/api/v1/contacts/{contact['id']}/notes", {"body": f"{MARK} note"})
    await _made(client, f"/api/v1/companies/{company['id']}/notes", {"body": f"{MARK} company note"})
    kept = await client.post(
        f"/api/v1/contacts/{contact['id']}/files", params={"name": f"{MARK}.txt"}, content=MARK.encode()
    )
    member = (await client.get("/api/3/accountContacts", headers={"Api-Token": client.key})).json()["accountContacts"][
        0
    ]
    address = {"company_name": MARK, "address_1": f"{MARK} lane", "country": "GB"}
    placed = await client.post("/api/3/addresses", json={"address": address}, headers={"Api-Token": client.key})
    return {
        "address_id": int(placed.json()["address"]["id"]),
        "company_id": company["id"],
        "company_field_id": company_field["id"],
        "member_id": int(member["id"]),
        "note_id": note["id"],
        "file_id": kept.json()["id"],
    }


async def _object_ids(client: Client, contact: dict[str, Any]) -> dict[str, int]:
    """A schema, and a record of it that belongs to the contact, known by the owner's address too."""
    body = {
        "singular": MARK,
        "plural": MARK,
        "fields": [{"name": f"{MARK} text"}],
        "relationships": [{"name": "Owner"}],
    }
    schema = await _made(client, "/api/v1/objects/schemas", body)
    values = {
        "external_id": f"owner{client.workspace_id}@example.com",
        "fields": {schema["fields"][0]["id"]: MARK},
        "related": {"owner": [contact["id"]]},
    }
    record = await _made(client, f"/api/v1/objects/schemas/{schema['id']}/records", values)
    return {"schema_id": schema["id"], "record_id": record["id"]}


async def _deal_ids(client: Client, contact: dict[str, Any]) -> dict[str, int]:
    """A deal of the contact with everything that hangs on it."""
    pipeline = await _made(client, "/api/v1/pipelines", {"name": f"{MARK} pipeline", "stages": [{"name": MARK}]})
    field = await _made(client, "/api/v1/deal-fields", {"name": f"{MARK} deal field"})
    values = {str(field["id"]): MARK}
    deal = await _made(client, "/api/v1/deals", {"title": MARK, "contact_id": contact["id"], "fields": values})
    note = await _made(client, f"/api/v1/deals/{deal['id']}/notes", {"body": MARK})
    participant = await _made(client, f"/api/v1/deals/{deal['id']}/participants", {"contact_id": contact["id"]})
    due = {"title": MARK, "due_at": "2027-01-01T00:00:00Z", "deal_id": deal["id"]}
    return {
        "pipeline_id": pipeline["id"],
        "stage_id": pipeline["stages"][0]["id"],
        "deal_field_id": field["id"],
        "deal_id": deal["id"],
        "deal_note_id": note["id"],
        "participant_id": participant["id"],
        "task_id": (await _made(client, "/api/v1/tasks", due))["id"],
    }


async def _belongings(client: Client, contact: dict[str, Any], tag_id: int) -> dict[str, int]:
    """A score with a rule, and points given for a reason; then what else belongs to the contact."""
    score = await _made(client, "/api/v1/scores", {"name": f"{MARK} score"})
    rule = {"condition": {"type": "has_tag", "params": {"tag_id": tag_id}}, "points": 5}
    given = {"contact_ids": [contact["id"]], "points": 7, "reason": MARK}
    await _made(client, f"/api/v1/scores/{score['id']}/adjust", given)
    return {
        "score_id": score["id"],
        "rule_id": (await _made(client, f"/api/v1/scores/{score['id']}/rules", rule))["id"],
        **await _company_ids(client, contact),
        **await _object_ids(client, contact),
        **await _deal_ids(client, contact),
    }


async def _wording_ids(client: Client, message_id: int) -> dict[str, int]:
    """The message kept as a template, and a message variable."""
    kept = await _made(client, "/api/v1/message-templates", {"message_id": message_id})
    variable = await _made(client, "/api/v1/message-variables", {"tag": MARK, "content": MARK})
    return {"template_id": int(kept["id"]), "variable_id": variable["id"]}


async def _ids(client: Client) -> dict[str, int]:
    """One object of every kind, each with the mark in its name, by the path parameter that names it."""
    tag = await _made(client, "/api/v1/tags", {"name": f"{MARK} tag"})
    a_list = await _made(client, "/api/v1/lists", {"name": f"{MARK} list"})
    field = await _made(client, "/api/v1/fields", {"name": f"{MARK} field", "type": "text"})
    body = {"email": f"{MARK}@example.com", "first_name": MARK, "fields": {str(field["id"]): MARK}}
    contact = await _made(client, "/api/v1/contacts", body)
    for action in ({"action": "add_tag", "tag_id": tag["id"]}, {"action": "subscribe", "list_id": a_list["id"]}):
        await _made(client, "/api/v1/contacts/bulk", {"contact_ids": [contact["id"]], **action})
    condition = {"type": "has_tag", "params": {"tag_id": tag["id"]}}
    segment = await _made(client, "/api/v1/segments", {"name": f"{MARK} segment", "condition": condition})
    document = {
        "version": 1,
        "triggers": [{"id": "t1", "type": "tag_added", "params": {"tag_id": tag["id"]}, "runs": "once"}],
        "steps": [{"id": "s1", "type": "wait", "params": {"amount": 1, "unit": "days"}}],
    }
    automation = await _made(client, "/api/v1/automations", {"name": f"{MARK} automation", "document": document})
    await _made(client, f"/api/v1/automations/{automation['id']}/activate", {})
    await _made(client, f"/api/v1/automations/{automation['id']}/enroll", {"contact_ids": [contact["id"]]})
    runs = (await client.get(f"/api/v1/contacts/{contact['id']}/automations")).json()
    ids = {
        "contact_id": contact["id"],
        "tag_id": tag["id"],
        "list_id": a_list["id"],
        "field_id": field["id"],
        "segment_id": segment["id"],
        "automation_id": automation["id"],
        "enrollment_id": runs["items"][0]["id"],
        "user_id": client.user_id,
        **await _belongings(client, contact, tag["id"]),
    }
    content = {"version": 1, "kind": "email", "settings": {}, "blocks": []}
    message = await client.post("/api/v1/messages", json={"name": MARK, "subject": MARK, "document": content})
    if message.status_code in (200, 201):
        ids["message_id"] = message.json()["id"]
        body = {"name": f"{MARK} campaign", "message_id": ids["message_id"], "audience": {"list_ids": [a_list["id"]]}}
        await _made(client, f"/api/v1/messages/{ids['message_id']}/versions", {})
        ids["revision"] = 1
        row = {"name": f"{MARK} row", "blocks": [{"id": "a", "type": "heading", "props": {"text": MARK}}]}
        ids["row_id"] = (await _made(client, "/api/v1/saved-rows", row))["id"]
        ids |= await _wording_ids(client, ids["message_id"])
        ids["campaign_id"] = (await _made(client, "/api/v1/campaigns", body))["id"]
    dot = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c000000000100010000020144003b")
    ids["image_id"] = (await client.post("/api/v1/images", params={"name": MARK}, content=dot)).json()["id"]
    file = {"file": (f"{MARK}.csv", f"email,first name\n{MARK}2@example.com,{MARK}\n".encode(), "text/csv")}
    upload = await client.post("/api/v1/imports", files=file)
    if upload.status_code in (200, 201):
        ids["import_id"] = upload.json()["id"]
    return ids


ASKS_MORE = {"/import/info": 400}
"""Collections that must be told which contact or batch is meant."""


async def test_a_stranger_sees_nothing_through_the_native_api(client: Client, stranger: httpx.AsyncClient):
    ids = await _ids(client)
    own_marks = 0
    for path in native_routes():
        url = re.sub(r"\{(\w+)(:\w+)?\}", lambda found: str(ids.get(found[1], 987654321)), path)
        if path.endswith("/users/{user_id:int}"):
            continue
        own_marks += MARK in (await client.get(url)).text
        answer = await stranger.get(url)
        assert MARK not in answer.text, url
        if "{" in path and not path.startswith("/api/v1/mailbox"):
            hidden = answer.status_code == 404 or answer.json().get("items") == []
            assert hidden, (url, answer.status_code, answer.text[:200])
        else:
            assert answer.status_code < 500, (url, answer.text)
    assert own_marks >= 10, "the owner must see what the stranger must not"


async def test_a_stranger_sees_nothing_through_v3(client: Client, stranger: httpx.AsyncClient):
    ids = await _ids(client)
    own = {"Api-Token": client.key}
    own_marks = 0
    for path in v3_routes():
        url = v3_url(path, ids).replace("{text}", f"owner{client.workspace_id}@example.com")
        own_marks += MARK in (await client.get(url, headers=own)).text
        answer = await stranger.get(url)
        assert MARK not in answer.text, url
        if "{" in path:
            status = 403 if path.startswith(DENIED) else 404
            assert (answer.status_code, list(answer.json())) == (status, [refusal_of(path)]), (url, answer.text[:200])
        else:
            assert answer.status_code == ASKS_MORE.get(path, 200), (url, answer.text)
    assert own_marks >= 15, "the owner must see what the stranger must not"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "contacts/{contact_id}", {"contact": {"firstName": "Changed"}}),
        ("DELETE", "contacts/{contact_id}", None),
        ("DELETE", "tags/{tag_id}", None),
        ("DELETE", "lists/{list_id}", None),
        ("DELETE", "fields/{field_id}", None),
        ("DELETE", "contactAutomations/{enrollment_id}", None),
        ("PUT", "accounts/{company_id}", {"account": {"name": "Changed"}}),
        ("DELETE", "accounts/{company_id}", None),
        ("PUT", "accountContacts/{member_id}", {"accountContact": {"jobTitle": "Changed"}}),
        ("DELETE", "accountContacts/{member_id}", None),
        ("PUT", "accountCustomFieldMeta/{company_field_id}", {"accountCustomFieldMetum": {"fieldLabel": "Changed"}}),
        ("DELETE", "accountCustomFieldMeta/{company_field_id}", None),
        ("PUT", "notes/{note_id}", {"note": {"note": "Changed"}}),
        ("DELETE", "notes/{note_id}", None),
        ("PUT", "deals/{deal_id}", {"deal": {"title": "Changed"}}),
        ("DELETE", "deals/{deal_id}", None),
        ("PUT", "deals/{deal_id}/notes/{deal_note_id}", {"note": {"note": "Changed"}}),
        ("PUT", "dealGroups/{pipeline_id}", {"dealGroup": {"title": "Changed"}}),
        ("DELETE", "dealGroups/{pipeline_id}", None),
        ("PUT", "dealStages/{stage_id}", {"dealStage": {"title": "Changed"}}),
        ("DELETE", "dealStages/{stage_id}", None),
        ("PUT", "dealStages/{stage_id}/deals", {"deal": {"stage": 1}}),
        ("PUT", "dealTasks/{task_id}", {"dealTask": {"title": "Changed", "status": 1}}),
        ("DELETE", "dealTasks/{task_id}", None),
        ("PUT", "contactDeals/{participant_id}", {"contactDeal": {"role": "Changed"}}),
        ("DELETE", "contactDeals/{participant_id}", None),
        ("PUT", "dealCustomFieldMeta/{deal_field_id}", {"dealCustomFieldMetum": {"fieldLabel": "Changed"}}),
        ("DELETE", "dealCustomFieldMeta/{deal_field_id}", None),
        ("PUT", "customObjects/schemas/{schema_id}", {"schema": {"labels": {"singular": "Changed"}}}),
        ("DELETE", "customObjects/schemas/{schema_id}", None),
        ("POST", "customObjects/schemas/{schema_id}/child", {}),
        ("DELETE", "customObjects/records/{schema_id}/{record_id}", None),
        ("PUT", "organizations/{company_id}", {"organization": {"name": "Changed"}}),
        ("DELETE", "organizations/{company_id}", None),
        ("DELETE", "segmentsV2/{segment_id}", None),
        ("DELETE", "templates/{template_id}", None),
        ("PUT", "personalizations/{variable_id}", {"personalization": {"content": "Changed"}}),
        ("PUT", "personalizations/{variable_id}/lock", None),
    ],
)
async def test_a_stranger_changes_nothing_through_v3(
    client: Client, stranger: httpx.AsyncClient, method: str, path: str, body: Any
):
    ids = await _ids(client)
    url = "/api/3/" + path.format(**ids)
    seen = url.removesuffix("/child")
    before = (await client.get(seen)).json()
    assert (await stranger.request(method, url, json=body)).status_code == 404
    assert (await client.get(seen)).json() == before


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "companies/{company_id}", {"name": "Changed"}),
        ("DELETE", "companies/{company_id}", None),
        ("POST", "companies/{company_id}/members", {"contact_ids": [1]}),
        ("DELETE", "companies/{company_id}/members/{contact_id}", None),
        ("PATCH", "company-fields/{company_field_id}", {"name": "Changed"}),
        ("POST", "contacts/{contact_id}/notes", {"body": "Written"}),
        ("POST", "companies/{company_id}/notes", {"body": "Written"}),
        ("PATCH", "notes/{note_id}", {"body": "Changed"}),
        ("DELETE", "notes/{note_id}", None),
        ("POST", "notes/{note_id}/restore", None),
        ("POST", "contacts/{contact_id}/files?name=x", {}),
        ("DELETE", "contacts/{contact_id}/files/{file_id}", None),
        ("POST", "contacts/{contact_id}/files/{file_id}/restore", None),
        ("PATCH", "contacts/{contact_id}", {"owner_id": None}),
        ("PATCH", "objects/schemas/{schema_id}", {"singular": "Changed"}),
        ("DELETE", "objects/schemas/{schema_id}", None),
        ("POST", "objects/schemas/{schema_id}/records", {"fields": {}}),
        ("POST", "objects/schemas/{schema_id}/records/delete", {"record_ids": [1]}),
        ("PATCH", "objects/records/{record_id}", {"fields": {}}),
        ("DELETE", "objects/records/{record_id}", None),
    ],
)
async def test_a_stranger_changes_nothing_through_the_native_api(
    client: Client, stranger: httpx.AsyncClient, method: str, path: str, body: Any
):
    ids = await _ids(client)
    looked = [
        "/api/v1/contacts/{contact_id}", "/api/v1/contacts/{contact_id}/notes", "/api/v1/contacts/{contact_id}/files",
        "/api/v1/contacts/{contact_id}/companies", "/api/v1/companies/{company_id}",
        "/api/v1/companies/{company_id}/members", "/api/v1/companies/{company_id}/notes",
        "/api/v1/company-fields/{company_field_id}", "/api/v1/objects/schemas/{schema_id}",
        "/api/v1/objects/records/{record_id}",
    ]  # fmt: skip
    before = [(await client.get(one.format(**ids))).json() for one in looked]
    refused = await stranger.request(method, "/api/v1/" + path.format(**ids), json=body)
    assert refused.status_code == 404, refused.text
    assert [(await client.get(one.format(**ids))).json() for one in looked] == before
