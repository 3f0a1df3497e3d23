"""Every recipe becomes a draft that can be activated at once, with all it names, and takes a contact to its end."""

from __future__ import annotations

import pytest

from tests.make import Client
from waypost.automations.recipes import load_recipes


@pytest.mark.parametrize("recipe_id", [recipe.id for recipe in load_recipes()])
async def test_a_recipe_makes_a_complete_draft(client: Client, recipe_id: str) -> None:
    made = (await client.post(f"/api/v1/automation-recipes/{recipe_id}")).json()
    assert (made["status"], made["revision"]) == ("draft", 1)
    assert (await client.post(f"/api/v1/automations/{made['id']}/validate")).json() == {"problems": []}
    assert (await client.post(f"/api/v1/automations/{made['id']}/activate")).json()["status"] == "active"
    lists = [item["id"] for item in (await client.get("/api/v1/lists")).json()["items"]]
    contact = {"email": "recipe@example.com", "first_name": "Ada", "list_ids": lists}
    year = [{"type": "advance", "seconds": 366 * 86_400}]
    asked = {"document": made["document"], "contact": contact, "events": year, "seed": 7}
    trace = (await client.post("/api/v1/automations/simulations", json=asked)).json()
    assert trace["error"] is None, trace["error"]
    assert trace["visits"], "nobody came to a step"
    assert trace["state"] in ("completed", "exited", "waiting"), "after a year nobody is still on the way"


async def test_a_recipe_uses_what_is_there_and_makes_new_messages(client: Client) -> None:
    offered = (await client.get("/api/v1/automation-recipes")).json()["items"]
    assert len(offered) >= 40
    categories = {"welcome", "onboarding", "sales", "events", "retention", "commerce", "care"}
    assert {item["category"] for item in offered} == categories
    assert len({item["id"] for item in offered}) == len({item["name"] for item in offered}) == len(offered)
    await client.post("/api/v1/tags", json={"name": "quiet"})
    preview = (await client.get("/api/v1/automation-recipes/win-back")).json()["ingredients"]
    known = {(item["kind"], item["name"]): item["id"] is not None for item in preview}
    assert known == {
        ("list", "Newsletter"): False,
        ("message", "Last call"): False,
        ("message", "We miss you"): False,
        ("tag", "Came back"): False,
        ("tag", "Quiet"): True,
    }
    for _ in range(2):
        assert (await client.post("/api/v1/automation-recipes/win-back")).status_code == 201
    tags = [item["name"] for item in (await client.get("/api/v1/tags")).json()["items"]]
    lists = (await client.get("/api/v1/lists")).json()["items"]
    messages = (await client.get("/api/v1/messages")).json()["items"]
    assert (sorted(tags), len(lists), len(messages)) == (["Came back", "quiet"], 1, 4)
    unknown = await client.post("/api/v1/automation-recipes/no-such")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "automations.recipe_not_found")
