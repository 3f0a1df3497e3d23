"""Duplicates merged by rule, and any merge taken back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.make import Client
from waypost.contacts.automerging import MergeRules, get_rules, merge_meant, set_rules
from waypost.contacts.counts import CONTACTS, TAG, count_of
from waypost.contacts.duplicates import compare_contacts
from waypost.contacts.errors import MergeGone
from waypost.contacts.merge_history import list_merges, undo_merge
from waypost.kernel.db import Database
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx

Json = dict[str, Any]


async def made(client: Client, path: str, **body: object) -> Json:
    answer = await client.post(f"/api/v1{path}", json=body)
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


async def person(client: Client, email: str, **more: object) -> int:
    return (await made(client, "/contacts", email=email, **more))["id"]


async def profile(client: Client, contact_id: int) -> Json:
    found = (await client.get(f"/api/v1/contacts/{contact_id}")).json()
    return {name: value for name, value in found.items() if name != "updated_at"}


async def merge_all(tx: Tx, ids: list[int]) -> int:
    await compare_contacts(tx, ids)
    count, total = 1, 0
    while count:
        # lint: no-row-loops because a turn is a chunk
        count = await merge_meant(tx)
        total += count
    return total


async def test_rules_merge_what_they_mean_and_each_merge_can_be_undone(client: Client, db: Database) -> None:
    tag, other = [(await made(client, "/tags", name=name))["id"] for name in ("vip", "press")]
    news = (await made(client, "/lists", name="News"))["id"]
    field = (await made(client, "/fields", name="Pet", type="text"))["id"]
    ada = await person(client, "ada@gmail.com", first_name="Ada", fields={str(field): "Cat"})
    twin = await person(client, "a.da+news@gmail.com", phone="+44 20 7946 0001", city="London")
    home = await person(client, "one@example.com", first_name="Grace", phone="+1 555 0100 22")
    office = await person(client, "two@example.com", first_name="Alan", phone="+1 555 0100 22")
    for body in (
        {"action": "add_tag", "tag_id": tag, "contact_ids": [ada, twin]},
        {"action": "add_tag", "tag_id": other, "contact_ids": [twin]},
        {"action": "subscribe", "list_id": news, "contact_ids": [twin]},
    ):
        # lint: no-row-loops because each is a request of its own
        await client.post("/api/v1/contacts/bulk", json=body)
    before = [await profile(client, one) for one in (ada, twin)]
    async with db.transaction(client.workspace_id) as tx:
        assert await merge_all(tx, [ada, twin, home, office]) == 0, "nothing is merged unless a rule says so"
        counts = [await count_of(tx, TAG, one) for one in (tag, other)] + [await count_of(tx, CONTACTS, 0)]

    preview = {"merges_same_mailbox": True, "merges_same_phone": True}
    found = (await client.get("/api/v1/duplicates/rules/preview", params=preview)).json()
    assert ([(pair["contact"]["id"], pair["other"]["id"]) for pair in found["items"]], found["total"]) == (
        [(ada, twin)],
        1,
    ), "a number shared by two names is no rule"
    async with db.transaction(client.workspace_id) as tx:
        await set_rules(tx, MergeRules(**preview))
        assert await merge_all(tx, [ada, twin, home, office]) == 1
        assert await get_rules(tx) == MergeRules(merges_same_mailbox=True, merges_same_phone=True)
    one = await profile(client, twin)
    assert (one["id"], one["city"], {item["name"] for item in one["tags"]}) == (ada, "London", {"vip", "press"})

    (note,) = (await client.get("/api/v1/merges")).json()["items"]
    assert (note["old_email"], note["is_automatic"], note["undone_at"]) == ("a.da+news@gmail.com", True, None)
    back = await client.post(f"/api/v1/merges/{note['id']}/undo")
    assert (back.status_code, back.json()["id"]) == (200, twin), back.text
    after = [await profile(client, each) for each in (ada, twin)]
    after[0]["lists"], kept_lists = [], after[0]["lists"]
    assert after == before
    assert [item["status"] for item in kept_lists] == ["active"], "lists stay with both"
    assert (await client.post(f"/api/v1/merges/{note['id']}/undo")).status_code == 404
    async with db.transaction(client.workspace_id) as tx:
        assert await merge_all(tx, [ada, twin]) == 0, "who was parted stays apart"
        assert [await count_of(tx, TAG, one) for one in (tag, other)] + [await count_of(tx, CONTACTS, 0)] == counts


async def test_what_changed_since_stays_and_a_taken_address_is_said(client: Client, db: Database) -> None:
    ada = await person(client, "ada@example.com", first_name="Ada")
    twin = await person(client, "ada@example.org", first_name="Augusta", last_name="King")
    merged = await client.post(f"/api/v1/contacts/{ada}/merge", json={"contact_ids": [twin]})
    assert merged.status_code == 200, merged.text
    await client.patch(f"/api/v1/contacts/{ada}", json={"first_name": "Countess", "email": "ada@example.com"})
    taker = await person(client, "ada@example.org")
    (note,) = (await client.get("/api/v1/merges")).json()["items"]
    refused = await client.post(f"/api/v1/merges/{note['id']}/undo")
    assert (refused.status_code, refused.json()["code"]) == (409, "contacts.email_taken")
    await client.patch(f"/api/v1/contacts/{taker}", json={"email": "else@example.org"})
    assert (await client.post(f"/api/v1/merges/{note['id']}/undo")).status_code == 200
    kept, back = await profile(client, ada), await profile(client, twin)
    assert (kept["first_name"], kept["last_name"], back["last_name"]) == ("Countess", "", "King")
    async with db.transaction(client.workspace_id + 1) as stranger:
        assert (await list_merges(stranger)).items == []
        with pytest.raises(MergeGone):
            await undo_merge(stranger, note["id"])
    async with db.read(client.workspace_id) as read:
        rows = await read.value(sql("select count(*) from contacts.merged where workspace_id = {workspace}"))
    assert rows == 0
