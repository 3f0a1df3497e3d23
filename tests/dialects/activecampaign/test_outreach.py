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
