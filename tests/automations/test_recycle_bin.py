"""A deleted automation lets everyone go, is seen nowhere, comes back whole, and is gone after a month."""

from __future__ import annotations

from datetime import timedelta

from tests.automations.flow import activate, document, enter, on_tag, settle, step
from tests.imports.test_routes import work_of
from tests.make import Client, Make
from waypost.automations.recycle_bin import KEPT, EmptyBin
from waypost.contacts.actions import add_tag
from waypost.contacts.audience import these
from waypost.kernel.db import Database
from waypost.kernel.sql import sql

URL = "/api/v1/automations"


async def test_into_the_bin_and_back(db: Database, client: Client, make: Make) -> None:
    async with db.transaction(client.workspace_id) as tx:
        start = await make.tag(tx)
        ada, late = await make.contact(tx), await make.contact(tx)
        hold = step("hold", "wait", amount=1, unit="weeks")
        made = await activate(tx, document(hold, triggers=[on_tag(start)]), name="Short-lived")
        caller = await activate(tx, document(step("call", "start_automation", automation_id=made.id)), name="Caller")
        await enter(tx, made.id, [ada])
    await settle(db, client.workspace_id)
    one = f"{URL}/{made.id}"
    assert (await client.delete(one)).status_code == 204
    assert (await client.delete(one)).status_code == 404
    for path in (one, f"{one}/counts", f"{one}/contacts", f"{one}/versions"):
        assert (await client.get(path)).status_code == 404, path
    assert (await client.post(f"{one}/activate")).status_code == 404
    assert [item["name"] for item in (await client.get(URL)).json()["items"]] == ["Caller"]
    assert (await client.get(f"/api/v1/contacts/{ada}/automations")).json()["items"] == []
    problems = (await client.post(f"{URL}/{caller.id}/validate")).json()["problems"]
    assert [(item["step_id"], item["field"]) for item in problems] == [("call", "automation_id")]
    async with db.transaction(client.workspace_id) as tx:
        await add_tag(tx, start, these([late]))
    await settle(db, client.workspace_id)
    (item,) = (await client.get(f"{URL}/deleted")).json()["items"]
    assert (item["id"], item["name"]) == (made.id, "Short-lived")

    back = (await client.post(f"{one}/restore")).json()
    assert (back["status"], back["entered"], back["active"], back["exited"]) == ("paused", 1, 0, 1)
    assert (await client.get(f"{URL}/deleted")).json()["items"] == []
    assert (await client.post(f"{one}/restore")).status_code == 404
    assert (await client.post(f"{URL}/{caller.id}/validate")).json() == {"problems": []}
    assert (await client.post(f"{one}/activate")).json()["status"] == "active"


async def test_what_has_lain_for_a_month_is_gone_and_anything_by_hand(db: Database, client: Client) -> None:
    old, new, live = [(await client.post(URL, json={"name": name})).json()["id"] for name in ("Old", "New", "Live")]
    for automation_id in (old, new):
        await client.delete(f"{URL}/{automation_id}")
    async with db.transaction(client.workspace_id) as tx:
        statement = "update automations.automation set deleted_at = {at} where workspace_id = {workspace} and id = {id}"
        await tx.run(sql(statement, at=tx.now - KEPT - timedelta(minutes=1), id=old))
    await EmptyBin().run(work_of(db, 0))
    assert [item["id"] for item in (await client.get(f"{URL}/deleted")).json()["items"]] == [new]
    assert (await client.delete(f"{URL}/deleted/{live}")).status_code == 404, "what is not in the bin stays"
    assert (await client.delete(f"{URL}/deleted/{new}")).status_code == 204
    assert [item["id"] for item in (await client.get(URL)).json()["items"]] == [live]
