"""Campaigns and messages as clients of v3 make, change, list and read them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.campaigns.parts import Days, draft
from tests.dialects.activecampaign.conftest import V3
from tests.make import Make
from waypost.campaigns.actions import schedule_campaign
from waypost.contacts.actions.fields import create_field
from waypost.delivery.events import write_clicks
from waypost.kernel.db import Database

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_messages_round_trip(v3: V3):
    body = {"fromname": "Olga", "fromemail": "olga@example.com", "reply2": "re@example.com", "subject": "Hi"}
    made = (await v3.post("/messages", {"message": {**body, "html": "<p>Hello %FIRSTNAME%</p>"}}))["message"]
    assert (made["subject"], made["fromemail"], made["reply2"]) == ("Hi", "olga@example.com", "re@example.com")
    assert "Hello %FIRSTNAME%" in made["html"]
    status, changed = await v3.call("PUT", f"/messages/{made['id']}", {"message": {"subject": "Changed"}})
    assert (status, changed["message"]["subject"]) == (200, "Changed")
    assert (await v3.get("/messages"))["meta"] == {"total": "1"}
    assert await v3.call("DELETE", f"/messages/{made['id']}") == (200, {})
    status, answer = await v3.call("GET", f"/messages/{made['id']}")
    assert (status, answer) == (404, {"message": f"No Result found for Message with id {made['id']}"})
    status, answer = await v3.call("POST", "/messages", {"message": {"subject": "Hi"}})
    assert status == 422


async def test_a_campaign_is_made_edited_copied_and_deleted(v3: V3):
    made = await v3.post("/campaign", {"name": "Spring", "type": "single"}, status=200)
    assert {name: made[name] for name in ("name", "type", "canSplitContent")} == {
        "name": "Spring",
        "type": "single",
        "canSplitContent": False,
    }
    assert isinstance(made["id"], int)
    list_id = await v3.list()
    assert (await v3.call("PUT", f"/campaigns/{made['id']}/edit", {"name": "Summer", "listIds": [int(list_id)]}))[
        0
    ] == 200
    row = (await v3.get(f"/campaigns/{made['id']}"))["campaign"]
    assert (row["name"], row["status"], row["type"], row["send_amt"]) == ("Summer", "0", "single", "0")
    assert [item["list"] for item in (await v3.get(f"/campaigns/{made['id']}/campaignLists"))["campaignLists"]] == [
        list_id
    ]
    copied = await v3.post(f"/campaigns/{made['id']}/copy", {}, status=200)
    assert copied["succeeded"] == 1
    assert (await v3.get("/campaigns"))["meta"] == {"total": "2"}
    assert (await v3.call("DELETE", f"/campaigns/{made['id']}/delete")) == (
        200,
        {"succeeded": 1, "message": "Campaign deleted."},
    )
    assert (await v3.call("DELETE", f"/campaigns/{made['id']}/delete"))[1]["succeeded"] == 0
    status, answer = await v3.call("POST", "/campaign", {"type": "nonsense"})
    assert (status, answer) == (
        400,
        {"errors": ["name is required", "type must be one of single, split, responder, reminder, activerss"]},
    )


async def test_autoresponders_and_reminders_keep_their_offsets(v3: V3, db: Database):
    list_id = await v3.list()
    made = await v3.post("/campaign", {"name": "Welcome", "type": "responder"}, status=200)
    body = {
        "listIds": [int(list_id)],
        "responderDaysOffset": 2,
        "responderHoursOffset": 3,
        "sendToExistingSubscribers": True,
    }
    assert (await v3.call("PUT", f"/campaigns/{made['id']}/edit", body))[0] == 200
    row = (await v3.get(f"/campaigns/{made['id']}"))["campaign"]
    told = {name: row[name] for name in ("type", "responder_offset", "responder_type", "responder_existing")}
    assert told == {
        "type": "responder", "responder_offset": "51", "responder_type": "subscribe", "responder_existing": "1",
    }  # fmt: skip

    async with db.transaction(v3.workspace_id) as tx:
        field_id = (await create_field(tx, name="Birthday", type="date")).id
    made = await v3.post("/campaign", {"name": "Birthday", "type": "reminder"}, status=200)
    body = {"reminderField": field_id, "reminderOffset": -1, "reminderOffsetType": "week", "reminderType": "month_day"}
    assert (await v3.call("PUT", f"/campaigns/{made['id']}/edit", body))[0] == 200
    row = (await v3.get(f"/campaigns/{made['id']}"))["campaign"]
    assert {name: row[name] for name in row if name.startswith("reminder_")} == {
        "reminder_field": str(field_id), "reminder_format": "", "reminder_type": "month_day", "reminder_offset": "7",
        "reminder_offset_type": "day", "reminder_offset_sign": "-", "reminder_last_cron_run": None,
    }  # fmt: skip
    status, answer = await v3.call("PUT", f"/campaigns/{made['id']}/edit", {"reminderOffset": 99_999})
    assert (status, answer["errors"][0]["source"]["pointer"]) == (422, "/data/attributes/reminderOffset")
    assert (await v3.get("/campaigns?filters[type]=reminder"))["meta"] == {"total": "1"}


async def test_what_came_of_a_campaign_is_told_in_numeric_strings(v3: V3, db: Database, make: Make):
    days = Days(db, v3.workspace_id)
    async with db.transaction(v3.workspace_id) as tx:
        await make.contacts(tx, 5)
        campaign = await draft(tx)
        await schedule_campaign(tx, campaign.id)
    days.now += timedelta(seconds=1)
    await days.engine()
    await days.deliver()
    rows = await days.ledger(campaign.id)
    async with db.transaction(v3.workspace_id, now=days.now) as tx:
        await write_clicks(tx, [(rows[0]["id"], 1), (rows[0]["id"], 1), (rows[1]["id"], 1)])
    await days.later(seconds=5)
    await days.later(seconds=5)
    (row,) = (await v3.get("/campaigns?filters[status]=5&orders[sdate]=DESC"))["campaigns"]
    found = {name: row[name] for name in ("send_amt", "uniqueopens", "linkclicks", "uniquelinkclicks", "status")}
    assert found == {
        "send_amt": "5",
        "uniqueopens": "2",
        "linkclicks": "3",
        "uniquelinkclicks": "2",
        "status": "5",
    }
    links = await v3.get(f"/campaigns/{campaign.id}/links")
    assert (links["links"][0]["linkclicks"], links["links"][0]["uniquelinkclicks"]) == ("3", "2")
    message = (await v3.get(f"/campaigns/{campaign.id}/campaignMessage"))["campaignMessage"]
    assert (message["messageid"], message["send_amt"]) == (row["message_id"], "5")
    assert len((await v3.get("/links"))["links"]) == len(links["links"])
    readers = await v3.get(f"/campaigns/{campaign.id}/messageActivities")
    assert [(item["opens"], item["clicks"], item["contact"]) for item in readers["messageActivities"]] == [
        (str(rows[0]["open_count"]), "2", str(rows[0]["contact_id"])),
        (str(rows[1]["open_count"]), "1", str(rows[1]["contact_id"])),
    ]
    assert (await v3.get("/messageActivities")) == readers
    assert readers["meta"] == {"total": "2"}
    assert (await v3.get("/messageActivities?offset=1"))["messageActivities"] == readers["messageActivities"][1:]
    clicks = await v3.get("/linkData")
    assert [(item["contact"], item["linkid"]) for item in clicks["linkData"]] == [
        (str(row["contact_id"]), links["links"][0]["id"]) for row in sorted(rows[:2], key=lambda row: row["contact_id"])
    ]
    assert await v3.call("GET", "/campaigns/999999/messageActivities") == (
        404,
        {"message": "No Result found for Campaign with id 999999"},
    )
