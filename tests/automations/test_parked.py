"""Contacts whom a step fails for: listed with the reason, tried again, or led past it."""

from __future__ import annotations

from tests.automations.flow import activate, check_counts, document, enter, settle, step, trails
from tests.make import Client, Make
from waypost.contacts.actions.fields import create_field, set_field
from waypost.contacts.audience import these
from waypost.kernel.db import Database


async def test_the_parked_are_listed_tried_again_or_led_past(db: Database, client: Client, make: Make) -> None:
    workspace_id = client.workspace_id
    async with db.transaction(workspace_id) as tx:
        total, count = [(await create_field(tx, name=name, type="number")).id for name in ("Total", "Count")]
        ada, grace, alan = await make.contacts(tx, 3)
        await set_field(tx, total, 10, these([ada, grace, alan]))
        await set_field(tx, count, 0, these([ada, grace]))
        await set_field(tx, count, 4, these([alan]))
        share = step("share", "calculate_field", field_id=total, operation="divide", from_field_id=count)
        automation = await activate(tx, document(share, step("e", "end")))
        await enter(tx, automation.id, [ada, grace, alan])
    await settle(db, workspace_id)
    parked = (await client.get(f"/api/v1/automations/{automation.id}/contacts?state=parked")).json()["items"]
    assert {item["contact_id"]: (item["step_id"], item["error"]) for item in parked} == dict.fromkeys(
        (ada, grace), ("share", "Nothing can be divided by 0.")
    )
    async with db.transaction(workspace_id) as tx:
        await set_field(tx, count, 5, these([ada]))
    again = await client.post(f"/api/v1/automations/{automation.id}/retry", json={"step_id": "share"})
    assert again.json() == {"changed": 2}
    await settle(db, workspace_id)
    assert await trails(db, workspace_id, automation.id) == {"share,e": 2, "": 1}
    past = await client.post(f"/api/v1/automations/{automation.id}/skip", json={"contact_ids": [ada, grace]})
    assert past.json() == {"changed": 1}, "ada is parked no more"
    await settle(db, workspace_id)
    assert await trails(db, workspace_id, automation.id) == {"share,e": 3}
    async with db.read(workspace_id) as read:
        from waypost.kernel.sql import sql

        rows = await read.all(sql("select id, fields from contacts.contact where workspace_id = {workspace}"))
    assert {row["id"]: row["fields"][str(total)] for row in rows} == {ada: 2, grace: 10, alan: 2.5}
    await check_counts(db, workspace_id, automation.id)
