"""Signing in, roles, keys and CSRF, through HTTP."""

from __future__ import annotations

import httpx

from tests.make import Client


async def test_a_user_signs_in_reads_changes_and_signs_out(client: Client, anonymous: httpx.AsyncClient) -> None:
    email = f"owner{client.workspace_id}@example.com"
    opened = await anonymous.post("/api/v1/session", json={"email": email.upper(), "password": "correct horse"})
    assert opened.status_code == 200, opened.text
    assert opened.json()["user"]["email"] == email
    assert opened.json()["workspace"]["id"] == client.workspace_id
    assert "httponly" in opened.headers["set-cookie"].lower()

    refused = await anonymous.patch("/api/v1/workspace", json={"name": "New"})
    assert (refused.status_code, refused.json()["code"]) == (403, "identity.csrf_mismatch")
    token = {"X-CSRF-Token": opened.json()["csrf_token"]}
    changed = await anonymous.patch("/api/v1/workspace", json={"name": "New"}, headers=token)
    assert (changed.status_code, changed.json()["name"]) == (200, "New")

    assert (await anonymous.delete("/api/v1/session", headers=token)).status_code == 204
    assert (await anonymous.get("/api/v1/session")).status_code == 401


async def test_a_wrong_password_is_refused_and_then_throttled(client: Client, anonymous: httpx.AsyncClient) -> None:
    body = {"email": f"owner{client.workspace_id}@example.com", "password": "wrong"}
    codes = [(await anonymous.post("/api/v1/session", json=body)).status_code for _ in range(11)]
    assert codes == [401] * 10 + [429]
    throttled = await anonymous.post("/api/v1/session", json=body)
    assert int(throttled.headers["retry-after"]) > 0


async def test_without_a_key_nothing_is_answered(anonymous: httpx.AsyncClient) -> None:
    for path in ("/api/v1/workspace", "/api/v1/users", "/api/v1/registry"):
        answer = await anonymous.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")


async def test_both_ways_to_send_a_key(client: Client, anonymous: httpx.AsyncClient) -> None:
    for headers in ({"Authorization": f"Bearer {client.key}"}, {"api-token": client.key}):
        assert (await anonymous.get("/api/v1/workspace", headers=headers)).status_code == 200


async def test_a_key_is_shown_once_and_works_until_deleted(client: Client, anonymous: httpx.AsyncClient) -> None:
    made = (await client.post("/api/v1/api-keys", json={"name": "Shop"})).json()
    listed = (await client.get("/api/v1/api-keys")).json()["items"]
    assert made["key"].startswith(made["prefix"])
    assert all("key" not in item for item in listed)
    assert (await client.delete(f"/api/v1/api-keys/{made['id']}")).status_code == 204
    headers = {"Authorization": f"Bearer {made['key']}"}
    assert (await anonymous.get("/api/v1/workspace", headers=headers)).status_code == 401


async def test_roles_limit_what_a_user_may_do(client: Client, anonymous: httpx.AsyncClient) -> None:
    body = {"email": f"vic{client.workspace_id}@example.com", "password": "long enough!", "role": "viewer"}
    made = await client.post("/api/v1/users", json=body)
    assert made.status_code == 201, made.text
    opened = await anonymous.post("/api/v1/session", json={"email": body["email"], "password": body["password"]})
    token = {"X-CSRF-Token": opened.json()["csrf_token"]}
    assert (await anonymous.get("/api/v1/users")).status_code == 200
    refused = await anonymous.patch("/api/v1/workspace", json={"name": "x"}, headers=token)
    assert (refused.status_code, refused.json()["code"]) == (403, "identity.not_allowed")


async def test_the_last_owner_stays(client: Client) -> None:
    answer = await client.delete(f"/api/v1/users/{client.user_id}")
    assert (answer.status_code, answer.json()["code"]) == (409, "identity.last_owner")
    assert (await client.get("/api/v1/users")).json()["total"] == 1


async def test_bad_bodies_name_the_field(client: Client) -> None:
    answer = await client.post("/api/v1/users", json={"email": "no-at-sign", "password": "long enough!"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/email"
    missing = await client.post("/api/v1/users", json={"password": "long enough!"})
    assert missing.json()["errors"][0]["pointer"] == "/email"
    zone = await client.patch("/api/v1/workspace", json={"time_zone": "Mars/Olympus"})
    assert zone.json()["errors"][0]["pointer"] == "/time_zone"
    text = await client.post("/api/v1/users", content=b"{not json", headers={"content-type": "application/json"})
    assert text.status_code == 422


async def test_the_registry_and_openapi_are_served(client: Client) -> None:
    words = (await client.get("/api/v1/registry")).json()
    assert set(words) == {"conditions", "steps", "triggers", "merge_fields"}
    document = (await client.get("/api/v1/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    assert "/api/v1/workspace" in document["paths"]
    assert (await client.get("/healthz")).json() == {"status": "ok"}
