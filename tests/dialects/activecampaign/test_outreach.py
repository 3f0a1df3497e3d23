"""Scores, mails, templates and message variables as clients of v3 read and write them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.campaigns.parts import Days, draft
from tests.dialects.activecampaign.conftest import V3
from tests.make import Make
from waypost.campaigns.actions import schedule_campaign
from waypost.kernel.db import Database

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_points_are_told_of_each_contact_and_of_all(v3: V3):
    ada, grace = await v3.contact(), await v3.contact("grace@example.com")
    score = (await v3.http.post("/api/v1/scores", json={"name": "Interest", "description": "In us"})).json()
    body = {"contact_ids": [int(ada)], "points": 7}
    assert (await v3.http.post(f"/api/v1/scores/{score['id']}/adjust", json=body)).status_code == 200
    row = (await v3.get("/scores"))["scores"][0]
    assert {name: row[name] for name in ("reltype", "name", "descript", "status", "links", "id")} == {
        "reltype": "contact", "name": "Interest", "descript": "In us", "status": "1", "links": [],
        "id": str(score["id"]),
    }  # fmt: skip
    assert (await v3.get(f"/scores/{score['id']}"))["score"] == row
    assert await v3.call("GET", "/scores/94") == (404, {"message": "No Result found for Score with id 94"})
    listed = await v3.get("/scoreValues")
    (value,) = listed["scoreValues"]
    assert (listed["meta"], value["scoreValue"], value["score"]) == ({"total": "1"}, "7", str(score["id"]))
    assert (value["contact"], value["deal"], set(value["links"])) == (ada, None, {"score", "contact", "deal"})
    assert await v3.get(f"/contacts/{ada}/scoreValues") == {"scoreValues": [value]}
    assert await v3.get(f"/contacts/{grace}/scoreValues") == {"scoreValues": []}
    assert (await v3.get(f"/contactScores?filters[contact]={ada}"))["contactScores"] == [value]
    assert (await v3.get(f"/contactScores?filters[contact]={grace}"))["contactScores"] == []
    page = await v3.get("/contacts")
    assert page["scoreValues"] == [value]
    assert [contact["scoreValues"] for contact in page["contacts"]] == [[value["id"]], []]


async def test_mails_are_listed_by_whom_they_went_to(v3: V3, db: Database, make: Make):
    days = Days(db, v3.workspace_id)
    async with db.transaction(v3.workspace_id) as tx:
        ada, grace = await make.contacts(tx, 2)
        campaign = await draft(tx)
        await schedule_campaign(tx, campaign.id)
    days.now += timedelta(seconds=1)
    await days.engine()
    await days.deliver()
    listed = await v3.get("/emailActivities")
    assert ([row["contact"] for row in listed["emailActivities"]], listed["meta"]) == (
        [str(ada), str(grace)],
        {"total": "2"},
    )
    row = (await v3.get(f"/emailActivities?filters[subscriberid]={grace}"))["emailActivities"][0]
    found = {name: row[name] for name in ("reltype", "relid", "from_name", "fromAddress", "subject")}
    assert found == {
        "reltype": "Subscriber", "relid": str(grace), "from_name": "Olga", "fromAddress": "olga@example.com",
        "subject": "Hello %FIRSTNAME%",
    }  # fmt: skip
    assert row["toAddress"].endswith("@example.com")
    assert "<html" in row["messageHtml"]
    assert row["message"]
    account = (await v3.post("/accounts", {"account": {"name": "Acme"}}))["account"]["id"]
    assert (await v3.get(f"/accounts/{account}/emailActivities"))["emailActivities"] == []
    await v3.post("/accountContacts", {"accountContact": {"account": account, "contact": ada}})
    rows = (await v3.get(f"/accounts/{account}/emailActivities"))["emailActivities"]
    assert [one["contact"] for one in rows] == [str(ada)]


async def test_templates_are_the_ready_and_the_saved_ones(v3: V3):
    listed = await v3.get("/templates?limit=100")
    count = len(listed["templates"])
    assert count >= 20
    assert listed["meta"] == {"total": str(count)}
    ready = listed["templates"][0]
    assert set(ready) == {
        "userid", "ed_instanceid", "ed_version", "name", "subject", "content", "categoryid", "used", "waitpreview",
        "importnum", "mdate", "preview_content", "modified", "hidden", "screenshot", "links", "id",
    }  # fmt: skip
    assert (ready["name"], "<html" in ready["content"], set(ready["links"])) == ("Welcome", True, {"templateLists"})
    body = {"fromname": "Olga", "fromemail": "olga@example.com", "reply2": "re@example.com", "subject": "Hi"}
    message_id = (await v3.post("/messages", {"message": {**body, "html": "<p>Dear %FIRSTNAME%</p>"}}))["message"]["id"]
    kept = {"message_id": int(message_id), "name": "Ours"}
    made = (await v3.http.post("/api/v1/message-templates", json=kept)).json()
    assert (made["name"], made["is_saved"]) == ("Ours", True)
    row = (await v3.get(f"/templates/{made['id']}"))["template"]
    assert (row["name"], row["subject"], "Dear %FIRSTNAME%" in row["content"]) == ("Ours", "Hi", True)
    assert (await v3.http.get("/api/v1/message-templates")).json()["items"][0]["id"] == made["id"]
    assert await v3.call("DELETE", f"/templates/{made['id']}") == (200, {})
    assert await v3.call("DELETE", f"/templates/{made['id']}") == (
        404,
        {"message": f"No Result found for Template with id {made['id']}"},
    )
    assert (await v3.call("DELETE", f"/templates/{ready['id']}"))[0] == 403
    assert (await v3.get(f"/templates/{ready['id']}"))["template"] == ready


async def test_message_variables_round_trip_and_are_locked(v3: V3):
    list_id = await v3.list()
    sent = {"tag": "offer", "name": "This week", "format": "html", "content": "<b>20 %</b> & more", "listids": list_id}
    made = (await v3.post("/personalizations", {"personalization": sent}, status=200))["personalization"]
    assert made == {
        "name": "This week", "tag": "OFFER", "format": "html", "content": "<b>20 %</b> &amp; more",
        "listIds": list_id, "listNames": "News", "listsCount": "1", "isLocked": False, "links": [], "id": made["id"],
    }  # fmt: skip
    path = f"/personalizations/{made['id']}"
    assert (await v3.get(path))["personalization"] == made
    other = {"tag": "HOURS", "content": "9 to 5"}
    second = (await v3.post("/personalizations", {"personalization": other}, status=200))["personalization"]

    async def tags(query: str) -> list[str]:
        return [row["tag"] for row in (await v3.get(f"/personalizations?{query}"))["personalizations"]]

    assert await tags("orders[tag]=desc") == ["OFFER", "HOURS"]
    assert await tags("filter[content]=9 to") == ["HOURS"]
    assert await tags("filter[listName]=new") == ["OFFER"]
    assert await v3.call("PATCH", f"{path}/lock") == (200, {"success": True, "message": "Locked"})
    assert (await v3.call("PUT", path, {"personalization": {"content": "gone"}}))[0] == 422
    assert (await v3.call("DELETE", f"/personalizations/bulkdelete?ids={made['id']},{second['id']}"))[0] == 422
    assert await tags("") == ["OFFER", "HOURS"]
    assert (await v3.call("PATCH", f"{path}/unlock"))[0] == 200
    changed = await v3.call("PUT", path, {"personalization": {"content": "<i>30</i>", "listids": ""}})
    assert (changed[1]["personalization"]["content"], changed[1]["personalization"]["listIds"]) == ("<i>30</i>", "")
    assert await v3.call("DELETE", f"/personalizations/bulkdelete?ids={made['id']},{second['id']}") == (200, {})
    gone = {"message": f"No Result found for Personalization with id {made['id']}"}
    assert await v3.call("GET", path) == (404, gone)
    assert await v3.call("DELETE", path) == (400, gone)


@pytest.mark.parametrize(
    ("sent", "column", "code"),
    [
        ({"content": "x"}, "tag", "field_missing"),
        ({"tag": "9 lives"}, "tag", "field_invalid"),
        ({"tag": "FIRSTNAME"}, "tag", "duplicate"),
        ({"tag": "UNSUBSCRIBELINK"}, "tag", "duplicate"),
        ({"tag": "A1", "content": "%IF $X%"}, "content", "field_invalid"),
        ({"tag": "A1", "content": "see %A1%"}, "content", "field_invalid"),
        ({"tag": "A1", "format": "pdf"}, "format", "field_invalid"),
        ({"tag": "A1", "listids": "987654"}, "listids", "field_invalid"),
    ],
)
async def test_what_cannot_be_a_variable_is_refused(v3: V3, sent: dict[str, str], column: str, code: str):
    status, body = await v3.call("POST", "/personalizations", {"personalization": sent})
    found = [(item["code"], item["source"]["pointer"]) for item in body["errors"]]
    assert (status, found) == (422, [(code, f"/data/attributes/{column}")])


async def test_a_variable_stands_in_every_mail_in_subject_html_and_text(v3: V3, db: Database, make: Make):
    for sent in (
        {"tag": "OFFER", "format": "html", "content": "<b>20 off</b>, %FIRSTNAME%"},
        {"tag": "SHOP", "content": "shop.example.com/a&b"},
    ):
        await v3.post("/personalizations", {"personalization": sent}, status=200)
    html = "<p>Now: %OFFER% %IF $SHOP == 'x'%no%ELSE%yes%/IF%</p><p><a href='https://%SHOP%'>Shop</a></p>"
    async with db.transaction(v3.workspace_id) as tx:
        ada = await make.contact(tx)
    body = {"document": {"version": 1, "kind": "html", "html": html}, "subject": "%OFFER%", "contact_id": ada}
    shown = (await v3.http.post("/api/v1/messages/preview", json=body)).json()
    assert "Now: <b>20 off</b>, Ada yes" in shown["html"]
    assert 'href="https://shop.example.com/a&amp;b"' in shown["html"].replace("'", '"')
    assert "Now: 20 off, Ada yes" in shown["text"]
    assert (shown["subject"], shown["problems"]) == ("20 off, Ada", shown["problems"])
    assert not [item for item in shown["problems"] if "Nothing is known" in item["message"]]
