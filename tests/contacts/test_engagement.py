"""The columns of the contact list that say what people did."""

from __future__ import annotations

import pytest

from tests.make import Client, Make
from waypost.activities.engagement import keep_engagement
from waypost.kernel.db import Database
from waypost.kernel.sql import sql

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_page_of_contacts_is_told_what_it_did_and_nothing_of_others(client: Client, db: Database, make: Make):
    async with db.transaction(client.workspace_id) as tx:
        ada, bob, gone = await make.contacts(tx, 3)
        rows = sql("select unnest({ids}::bigint[]) as contact_id", ids=[ada, ada, gone])
        await tx.run(keep_engagement("open", rows))
        await tx.run(keep_engagement("click", sql("select {id}::bigint as contact_id", id=ada)))
    (await client.delete(f"/api/v1/contacts/{gone}")).raise_for_status()
    answer = await client.post("/api/v1/contacts/engagement", json={"contact_ids": [ada, bob, gone, ada + 10**9]})
    (item,) = answer.json()["items"]
    assert (item["contact_id"], item["open_count"], item["click_count"], item["sent_count"]) == (ada, 2, 1, 0)
    assert item["last_open_at"] == item["last_click_at"] is not None
    assert item["last_visit_at"] is None
    for wrong in ({"contact_ids": ["x"]}, {"contact_ids": [0]}, {"contact_ids": list(range(1, 502))}, {}):
        assert (await client.post("/api/v1/contacts/engagement", json=wrong)).status_code == 422
