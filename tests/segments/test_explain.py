"""Why a contact is in or out, who came and went, and views of the contacts list."""

from __future__ import annotations

from typing import Any

from tests.make import Client, Make
from tests.segments.keep import EVERYONE, group, inside, keep, kept, tagged
from waypost.contacts.actions.tags import add_tag, remove_tag
from waypost.contacts.audience import these
from waypost.identity.actions.api_keys import create_api_key
from waypost.identity.actions.users import create_user
from waypost.kernel.db import Database
from waypost.kernel.sql import sql


async def test_every_part_of_the_tree_says_whether_it_holds_and_what_was_compared(
    client: Client, db: Database, make: Make
) -> None:
    async with db.transaction(client.workspace_id) as tx:
        vip, bad = await make.tag(tx, "Vip"), await make.tag(tx, "Bad")
        ada = await make.contact(tx, first_name="Ada", tags=[vip])
    name = {"type": "contact_attribute", "params": {"attribute": "first_name", "operator": "equals", "value": "Grace"}}
    inner = await kept(db, client.workspace_id, group("all", tagged(vip), {"not": tagged(bad)}), "Inner")
    condition = group("all", inside(inner), name)
    answer = await client.post("/api/v1/segments/explain", json={"condition": condition, "contact_id": ada})
    found = answer.json()
    assert (answer.status_code, found["holds"]) == (200, False)
    first, second = found["tree"]["conditions"]
    assert (first["holds"], first["segment_id"], first["segment_name"]) == (True, inner, "Inner")
    parts = first["conditions"][0]["conditions"]
    assert [part["holds"] for part in parts] == [True, True]
    assert (parts[0]["label"], parts[0]["value"], parts[0]["params"]) == ("Has tag", ["Vip"], {"tag_id": vip})
    assert (second["holds"], second["value"].lower(), second["params"]["value"]) == (False, "ada", "Grace")
    saved = await client.post("/api/v1/segments/explain", json={"segment_id": inner, "contact_id": ada})
    assert (saved.json()["holds"], saved.json()["is_member"]) == (True, True)
    for body, status in (
        ({"contact_id": ada}, 422),
        ({"contact_id": 987654, "segment_id": inner}, 404),
        ({"contact_id": ada, "segment_id": 987654}, 404),
        ({"contact_id": ada, "condition": inside(987654)}, 422),
    ):
        assert (await client.post("/api/v1/segments/explain", json=body)).status_code == status, body


async def test_members_and_their_comings_and_goings_are_listed(client: Client, db: Database, make: Make) -> None:
    async with db.transaction(client.workspace_id) as tx:
        tag = await make.tag(tx)
        ada, grace = await make.contact(tx, tags=[tag]), await make.contact(tx)
    segment_id = await kept(db, client.workspace_id, tagged(tag), "Tagged")
    url = f"/api/v1/segments/{segment_id}"
    assert (await client.get(f"{url}/history")).json()["items"] == []
    for change in (add_tag, remove_tag, add_tag):
        async with db.transaction(client.workspace_id) as tx:
            await change(tx, tag, these([grace]))
        await keep(db, client.workspace_id)
    seen = (await client.get(f"{url}/history", params={"limit": 2})).json()
    assert [(item["event"], item["contact_id"]) for item in seen["items"]] == [("entered", grace), ("left", grace)]
    rest = (await client.get(f"{url}/history", params={"after": seen["next"]})).json()
    assert ([item["event"] for item in rest["items"]], rest["next"]) == (["entered"], None)
    assert len((await client.get(f"{url}/history", params={"event": "left"})).json()["items"]) == 1
    assert (await client.get(f"{url}/history", params={"contact_id": ada})).json()["items"] == []
    page = (await client.get(f"{url}/contacts", params={"sort": "id"})).json()
    assert [item["id"] for item in page["items"]] == [ada, grace]
    segment = (await client.get(url)).json()
    assert (segment["state"], segment["count"], segment["progress"]) == ("current", 2, 1.0)
    assert (await client.get(f"{url}/plan")).json()["plan"]
    mine = (await client.get(f"/api/v1/contacts/{grace}/segments")).json()["items"]
    assert [(item["id"], item["name"]) for item in mine] == [(segment_id, "Tagged")]


async def test_views_are_saved_shared_and_changed_by_their_owner(client: Client, db: Database, make: Make) -> None:
    async with db.transaction(client.workspace_id) as tx:
        email = f"second{client.workspace_id}@example.com"
        user = await create_user(tx, email=email, name="Sam", role="owner", password="correct horse")
        other = {"Authorization": f"Bearer {(await create_api_key(tx, name='second', user_id=user.id)).key}"}
    url = "/api/v1/contact-views"
    body: dict[str, Any] = {"name": "Mine", "columns": ["email", "field:3"], "sort": "name", "condition": EVERYONE}
    made = (await client.post(url, json=body)).json()
    assert {name: made[name] for name in body} == body
    assert (await client.get(url, headers=other)).json()["items"] == []
    own = f"{url}/{made['id']}"
    assert (await client.patch(own, json={"name": "X"}, headers=other)).status_code == 404
    changed = (await client.patch(own, json={"is_shared": True, "condition": None})).json()
    assert (changed["is_shared"], changed["condition"], changed["columns"]) == (True, None, ["email", "field:3"])
    assert [item["name"] for item in (await client.get(url, headers=other)).json()["items"]] == ["Mine"]
    refused = await client.delete(own, headers=other)
    assert (refused.status_code, refused.json()["code"]) == (403, "segments.view_not_yours")
    assert (await client.delete(own)).status_code == 204
    assert (await client.get(url)).json()["items"] == []
    for wrong in ({"name": " "}, {"name": "a", "sort": "height"}, {"name": "a", "condition": {"type": "is_tall"}}):
        assert (await client.post(url, json=wrong)).status_code == 422, wrong


async def test_erasing_leaves_no_member_behind(client: Client, db: Database, make: Make) -> None:
    async with db.transaction(client.workspace_id) as tx:
        ids = [await make.contact(tx) for _ in range(3)]
    segment_id = await kept(db, client.workspace_id, EVERYONE, "All")
    answer = await client.post(f"/api/v1/contacts/{ids[0]}/erase", json={})
    assert answer.status_code in (200, 202, 204), answer.text
    await keep(db, client.workspace_id)
    async with db.read(client.workspace_id) as read:
        left = await read.all(
            sql("select contact_id from segments.membership where workspace_id = {workspace} order by contact_id")
        )
    assert [row["contact_id"] for row in left] == ids[1:]
    assert (await client.get(f"/api/v1/segments/{segment_id}")).json()["count"] == 2
