"""The message of a campaign with the places of its links, for the report."""

from __future__ import annotations

import pytest

from tests.campaigns.parts import Days, draft
from tests.make import Client, Make
from waypost.campaigns.actions import schedule_campaign
from waypost.delivery.events import write_clicks
from waypost.kernel.db import Database
from waypost.messages.actions import create_message

pytestmark = pytest.mark.asyncio(loop_scope="session")
HTML = """<script>alert(1)</script><html lang="en"><head><title>x</title></head><body onload="alert(1)">
<p>Dear %FIRSTNAME|friend%, <a href="https://a.example/one?x=1&amp;y=2">one</a></p>
%IF in_array('vip', $TAGS)%<a href="https://b.example/two">two</a>%ELSE%<a href="https://c.example">three</a>%/IF%
<a href="https://a.example/one?x=1&amp;y=2">one again</a> <a href="mailto:olga@example.com">mail</a>
<a href="%UNSUBSCRIBELINK%">out</a></body></html>"""


async def test_links_stand_in_the_message_by_their_numbers(client: Client, db: Database, make: Make) -> None:
    days = Days(db, client.workspace_id)
    async with db.transaction(client.workspace_id) as tx:
        await make.contacts(tx, 4)
        document = {"version": 1, "kind": "html", "html": HTML}
        message = await create_message(
            tx, name="Mapped", subject="Hi", from_name="Olga", from_email="olga@example.com", document=document
        )
        campaign = await draft(tx, message_id=message.id)
        await schedule_campaign(tx, campaign.id)
    path = f"/api/v1/campaigns/{campaign.id}"
    assert (await client.get(f"{path}/link-map")).status_code == 404, "nothing has been sent yet"
    await days.later(seconds=1)
    await days.deliver()
    rows = await days.ledger(campaign.id)
    numbers = {link["url"]: link["link"] for link in (await client.get(f"{path}/report")).json()["links"]}
    first = numbers["https://a.example/one?x=1&y=2"]
    async with db.transaction(client.workspace_id, now=days.now) as tx:
        await write_clicks(tx, [(rows[0]["id"], first), (rows[1]["id"], first), (rows[1]["id"], first)])
    await days.later(seconds=5)
    counted = {
        link["link"]: (link["clicks"], link["people"]) for link in (await client.get(f"{path}/report")).json()["links"]
    }
    assert counted[first] == (3, 2)
    shown = (await client.get(f"{path}/link-map?variant=1")).json()
    assert (shown["variant"], shown["message_id"], shown["subject"]) == (1, rows[0]["message_id"], "Hi")
    page = shown["html"]
    assert page.count(f'href="#link-{first}"') == 2
    for branch in ("https://b.example/two", "https://c.example"):
        assert f'href="#link-{numbers[branch]}"' in page
    assert "https://a.example" not in page
    policy = page.index("Content-Security-Policy")
    assert page.index("default-src 'none'") > policy
    assert "<script" not in page[:policy], "nothing is read before the policy"
    assert (await client.get(f"{path}/link-map?variant=2")).status_code == 404
    assert (await client.get(f"{path}/link-map?variant=9")).status_code == 422
