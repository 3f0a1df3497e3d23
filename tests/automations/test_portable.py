"""Automations as files, by the row V10: out of one workspace, into another, and hostile ones refused."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.automations.flow import document, has_tag, step
from tests.make import Client

Json = dict[str, Any]


async def _automation(client: Client) -> str:
    tag = (await client.post("/api/v1/tags", json={"name": "VIP"})).json()["id"]
    list_id = (await client.post("/api/v1/lists", json={"name": "News"})).json()["id"]
    field = (await client.post("/api/v1/fields", json={"name": "Birthday", "type": "date"})).json()["id"]
    body = {"name": "Hello", "subject": "Hi %FIRSTNAME%"}
    message = (await client.post("/api/v1/messages", json=body)).json()["id"]
    content = document(
        step(
            "s1", "if_else", {"yes": [step("s2", "send_email", message_id=message)], "no": []}, condition=has_tag(tag)
        ),
        step("s3", "add_to_list", list_id=list_id),
        step("s4", "update_field", field_id=field, value="2026-01-01"),
        triggers=[{"id": "t1", "type": "tag_added", "params": {"tag_id": tag}, "runs": "once"}],
    )
    made = (await client.post("/api/v1/automations", json={"name": "Welcome", "document": content})).json()
    return f"/api/v1/automations/{made['id']}"


async def test_v10_a_file_goes_out_with_names_and_comes_in_again_as_the_same(client: Client) -> None:
    url = await _automation(client)
    file = (await client.get(f"{url}/file")).json()
    assert file["document"]["triggers"][0]["params"] == {"tag_id": "tag:VIP"}
    assert file["document"]["steps"][2]["params"]["field_id"] == "field:date:Birthday"
    assert file["messages"]["Hello"]["subject"] == "Hi %FIRSTNAME%"
    made = (await client.post("/api/v1/automations/import", json=file)).json()
    assert (made["name"], made["status"]) == ("Welcome", "draft")
    again = (await client.get(f"/api/v1/automations/{made['id']}/file")).json()
    # Its message came along, and is told apart from the one that was there.
    assert json.loads(re.sub(r"Hello \(\d+\)", "Hello", json.dumps(again))) == file
    fresh = {
        **file,
        "document": document(
            step("s", "add_tag", tag_id="tag:Never seen"), step("l", "add_to_list", list_id="list:New")
        ),
    }
    assert (await client.post("/api/v1/automations/import", json=fresh)).status_code == 201
    tags = {item["name"] for item in (await client.get("/api/v1/tags")).json()["items"]}
    assert tags == {"VIP", "Never seen"}


async def test_v10_a_copy_is_a_draft_of_its_own(client: Client) -> None:
    url = await _automation(client)
    copy = (await client.post(f"{url}/copy")).json()
    assert (copy["name"], copy["status"], copy["entered"]) == ("Welcome (copy)", "draft", 0)
    assert copy["document"] == (await client.get(url)).json()["document"]


def _deep(levels: int) -> Json:
    inner: Json = step("x", "end")
    for number in range(levels):
        inner = step(f"s{number}", "if_else", {"yes": [inner], "no": []}, condition={"match": "all", "conditions": []})
    return document(inner)


@pytest.mark.parametrize(
    ("content", "pointer", "says"),
    [
        (document(step("s", "add_tag", tag_id=7)), "/document/steps/0/params/tag_id", "not an id"),
        (document(step("s", "add_tag", tag_id="list:News")), "/document/steps/0/params/tag_id", "“tag:” and a name"),
        (document(step("s", "send_email", message_id="message:Lost")), "/document/steps/0/params/message_id", "does not bring"),
        (document(step("s", "start_automation", automation_id="automation:No")), "/document/steps/0/params/automation_id", "no automation called No"),
        (document(step("s", "end"), step("s", "end")), "/document/steps/s", "used 2 times"),
        (document(*(step(f"s{n}", "end") for n in range(5_000))), "/document/steps/", "at most 500 steps"),
        (_deep(40), "/document/steps/", "nested"),
        (_deep(90), "/document", "nested more than"),
        ({"version": 9, "steps": []}, "/document/version", ""),
        ({"version": 1, "steps": "none"}, "/document/steps", ""),
    ],
)  # fmt: skip
async def test_v10_a_file_that_is_wrong_is_refused_with_the_place_and_makes_nothing(
    client: Client, content: Json, pointer: str, says: str
) -> None:
    file = {"name": "Bad", "document": content, "messages": {"Fine": {"subject": "x"}}}
    refused = await client.post("/api/v1/automations/import", json=file)
    assert refused.status_code == 422, refused.text
    found = {item["pointer"]: item["message"] for item in refused.json()["errors"]}
    assert pointer in found
    assert says in found[pointer]
    for path in ("automations", "tags", "messages"):
        assert (await client.get(f"/api/v1/{path}")).json()["items"] == []
