"""A client as ActiveCampaign's users have it: the key in Api-Token, paths below /api/3."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest_asyncio

from tests.make import Client


class V3:
    """Sends JSON and gives back status and decoded body."""

    def __init__(self, http: httpx.AsyncClient, workspace_id: int) -> None:
        self.http = http
        self.workspace_id = workspace_id

    async def call(self, method: str, path: str, body: object = None, **more: Any) -> tuple[int, Any]:
        response = await self.http.request(method, "/api/3" + path, json=body, **more)
        assert response.headers["content-type"] == "application/json"
        return response.status_code, response.json()

    async def get(self, path: str) -> Any:
        status, body = await self.call("GET", path)
        assert status == 200, body
        return body

    async def post(self, path: str, body: object, *, status: int = 201) -> Any:
        found, answer = await self.call("POST", path, body)
        assert found == status, answer
        return answer

    async def contact(self, email: str = "ada@example.com", **more: Any) -> str:
        """A contact's id."""
        return (await self.post("/contacts", {"contact": {"email": email, **more}}))["contact"]["id"]

    async def tag(self, name: str = "vip") -> str:
        return (await self.post("/tags", {"tag": {"tag": name, "tagType": "contact", "description": ""}}))["tag"]["id"]

    async def list(self, name: str = "News") -> str:
        body = {
            "name": name,
            "stringid": name.lower(),
            "sender_url": "https://example.com",
            "sender_reminder": "You asked.",
        }
        return (await self.post("/lists", {"list": body}))["list"]["id"]

    async def field(self, title: str = "Colour", kind: str = "text", **more: Any) -> str:
        return (await self.post("/fields", {"field": {"title": title, "type": kind, **more}}))["field"]["id"]


@pytest_asyncio.fixture(loop_scope="session")
async def v3(app: object, client: Client) -> AsyncIterator[V3]:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)  # type: ignore[arg-type]
    headers = {"Api-Token": client.key}
    async with httpx.AsyncClient(transport=transport, base_url="http://waypost.test", headers=headers) as http:
        yield V3(http, client.workspace_id)
