"""Where campaigns need approval, only what an admin has seen goes out."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from tests.campaigns.parts import Days, draft
from tests.conftest import Client
from tests.make import Make
from waypost.campaigns.actions import schedule_campaign, unschedule_campaign, update_campaign
from waypost.campaigns.approval import decide, get_standing, set_approval_needed
from waypost.campaigns.errors import ApprovalOutdated, CampaignUnready, StepRefused
from waypost.campaigns.queries import get_campaign
from waypost.kernel.db import Database
from waypost.kernel.tx import Tx
from waypost.messages.actions import update_message

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def approve(tx: Tx, campaign_id: int) -> None:
    standing = await get_standing(tx, await get_campaign(tx, campaign_id))
    await decide(tx, campaign_id, "approved", content=standing.content)


async def test_nothing_is_sent_without_approval_and_any_change_takes_it_back(tx: Tx, make: Make) -> None:
    await make.contact(tx)
    campaign = await draft(tx)
    await schedule_campaign(tx, campaign.id)
    await unschedule_campaign(tx, campaign.id)
    await set_approval_needed(tx, is_needed=True)
    with pytest.raises(CampaignUnready, match="approval of an admin"):
        await schedule_campaign(tx, campaign.id)
    first = (await get_standing(tx, campaign)).content
    asked = await decide(tx, campaign.id, "asked", content=first, note=" Is the price right? ")
    last = (await get_standing(tx, asked)).last
    assert last is not None
    assert (last.decision, last.note) == ("asked", "Is the price right?")
    with pytest.raises(CampaignUnready, match="approval of an admin"):
        await schedule_campaign(tx, campaign.id)
    await decide(tx, campaign.id, "returned", content=first, note="No, it is 20.")
    with pytest.raises(CampaignUnready, match="approval of an admin"):
        await schedule_campaign(tx, campaign.id)

    await update_campaign(tx, campaign.id, subject="It is 20")
    with pytest.raises(ApprovalOutdated):
        await decide(tx, campaign.id, "approved", content=first)
    await approve(tx, campaign.id)
    await update_campaign(tx, campaign.id, name="Another name alone changes nothing that is sent")
    assert (await schedule_campaign(tx, campaign.id)).state == "scheduled"
    assert (await update_campaign(tx, campaign.id, subject="It is 21")).state == "draft"
    with pytest.raises(CampaignUnready, match="changed after it was approved"):
        await schedule_campaign(tx, campaign.id)
    await approve(tx, campaign.id)
    await schedule_campaign(tx, campaign.id)
    with pytest.raises(StepRefused):
        await approve(tx, campaign.id)
    await set_approval_needed(tx, is_needed=False)
    assert (await update_campaign(tx, campaign.id, subject="It is 22")).state == "scheduled"


async def test_a_message_changed_between_approval_and_its_time_holds_the_campaign(
    db: Database, workspace_id: int, make: Make
) -> None:
    days = Days(db, workspace_id)
    async with db.transaction(workspace_id) as tx:
        await make.contact(tx)
        await set_approval_needed(tx, is_needed=True)
        campaign, other = await draft(tx), await draft(tx)
        for one in (campaign, other):
            await approve(tx, one.id)
            await schedule_campaign(tx, one.id, at=days.now + timedelta(hours=3))
    days.now += timedelta(hours=1)
    async with db.transaction(workspace_id, now=days.now) as tx:
        assert campaign.message_id is not None
        await update_message(tx, campaign.message_id, subject="Something nobody has seen")
    days.now += timedelta(hours=3)
    await days.engine()
    async with db.transaction(workspace_id, now=days.now) as tx:
        held = await get_campaign(tx, campaign.id)
        assert (held.state, held.started_at, held.scheduled_at) == ("draft", None, None)
        assert (await get_campaign(tx, other.id)).state == "sending"
    assert await days.ledger(campaign.id) == []
    assert len(await days.ledger(other.id)) == 1


async def test_over_http_an_editor_asks_and_an_admin_decides(
    client: Client, anonymous: httpx.AsyncClient, db: Database, make: Make
) -> None:
    async with db.transaction(client.workspace_id) as tx:
        await make.contact(tx)
        campaign = await draft(tx)
    path = f"/api/v1/campaigns/{campaign.id}"
    assert (await client.get("/api/v1/campaigns/policy")).json() == {"needs_approval": False}
    assert (await client.put("/api/v1/campaigns/policy", json={"needs_approval": True})).status_code == 200
    email = f"edith{client.workspace_id}@example.com"
    body = {"email": email, "password": "long enough!", "role": "editor", "name": "Edith"}
    assert (await client.post("/api/v1/users", json=body)).status_code == 201
    signed_in = await anonymous.post("/api/v1/session", json={"email": email, "password": "long enough!"})
    editor = {"headers": {"X-CSRF-Token": signed_in.json()["csrf_token"]}}

    standing = (await anonymous.get(f"{path}/approval")).json()
    assert (standing["is_needed"], standing["is_approved"], standing["last"]) == (True, False, None)
    given = {"content": standing["content"], "note": "Ready"}
    for refused in ("approve", "return"):
        assert (await anonymous.post(f"{path}/approval/{refused}", json=given, **editor)).status_code == 403
    refused = await anonymous.put("/api/v1/campaigns/policy", json={"needs_approval": False}, **editor)
    assert refused.status_code == 403
    asked = (await anonymous.post(f"{path}/approval/ask", json=given, **editor)).json()
    assert (asked["approval"]["decision"], asked["approval"]["by"]) == ("asked", "Edith")
    early = await anonymous.post(f"{path}/schedule", json={}, **editor)
    assert (early.status_code, early.json()["code"]) == (409, "campaigns.campaign_unready")
    old = await client.post(f"{path}/approval/approve", json={"content": "another"})
    assert (old.status_code, old.json()["code"]) == (409, "campaigns.approval_outdated")
    assert (await client.post(f"{path}/approval/approve", json=given)).status_code == 200
    sent = await anonymous.post(f"{path}/schedule", json={}, **editor)
    assert (sent.status_code, sent.json()["state"]) == (200, "scheduled")


async def test_the_dialect_schedules_nothing_unapproved(client: Client, db: Database, make: Make) -> None:
    async with db.transaction(client.workspace_id) as tx:
        await make.contact(tx)
        campaign = await draft(tx)
        await set_approval_needed(tx, is_needed=True)
    path = f"/api/3/campaigns/{campaign.id}/edit"
    answer = await client.put(path, json={"scheduledDate": "2031-01-01T10:00:00+00:00", "name": "Never"})
    assert 400 <= answer.status_code < 500, answer.text
    assert "approval of an admin" in answer.text
    async with db.transaction(client.workspace_id) as tx:
        unchanged = await get_campaign(tx, campaign.id)
        assert (unchanged.state, unchanged.name) == ("draft", "Spring sale")
