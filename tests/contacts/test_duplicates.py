"""Who is here twice is found set-wise, scored, and stays dismissed once a person has said so."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.make import Client, Make
from waypost.contacts.actions import create_contact, create_field, delete_contacts
from waypost.contacts.audience import these
from waypost.contacts.duplicates import CROWD, begin_scan, dismiss_pair, get_scan, scan_chunk
from waypost.contacts.merging import merge_contacts
from waypost.contacts.queries.trash import list_pairs
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def turn(tx: Tx) -> int:
    """A whole turn; returns how many contacts it compared."""
    await begin_scan(tx)
    while await scan_chunk(tx):
        pass
    return (await get_scan(tx)).compared_count


async def pairs(tx: Tx) -> dict[tuple[int, int], tuple[int, list[int]]]:
    return {(p.contact.id, p.other.id): (p.score, p.reasons) for p in (await list_pairs(tx)).items}


async def test_address_phone_and_name_with_a_field_make_pairs(tx: Tx) -> None:
    born = (await create_field(tx, name="Birth date", type="date")).id
    first = (await create_contact(tx, email="ada.love@gmail.com", phone="+49 151 2345678")).id
    second = (await create_contact(tx, email="adalove+news@googlemail.com", phone="0151 2345678")).id
    third = (
        await create_contact(
            tx, email="g@navy.example", first_name="Grace", last_name="Hopper", fields={born: "1906-12-09"}
        )
    ).id
    fourth = (
        await create_contact(tx, email=None, first_name="grace", last_name=" HOPPER", fields={born: "1906-12-09"})
    ).id
    await create_contact(
        tx, email="h@navy.example", first_name="Grace", last_name="Hopper", fields={born: "1999-01-01"}
    )
    assert await turn(tx) == 5
    assert await pairs(tx) == {(first, second): (99, [1, 2]), (third, fourth): (75, [4])}


async def test_only_who_changed_is_compared_again(tx: Tx, make: Make) -> None:
    ids = await make.contacts(tx, 30)
    past = tx.now - timedelta(days=1)
    await tx.run(sql("update contacts.contact set updated_at = {past} where workspace_id = {workspace}", past=past))
    assert await turn(tx) == 30
    assert await turn(tx) == 0
    twin = (await create_contact(tx, email="many+x@example.com")).id
    other = (await create_contact(tx, email="many+y@example.com")).id
    assert await turn(tx) == 2
    assert list(await pairs(tx)) == [(twin, other)]
    assert twin not in ids


async def test_a_key_that_a_crowd_shares_says_nothing(tx: Tx) -> None:
    for number in range(CROWD + 1):
        await create_contact(tx, email=f"p{number}@example.com", phone="+49 30 1000000")
    await turn(tx)
    assert await pairs(tx) == {}


async def test_a_dismissed_pair_stays_so_and_a_deleted_contact_is_in_none(tx: Tx) -> None:
    ids = [(await create_contact(tx, email=f"ada+{n}@example.com")).id for n in range(3)]
    await turn(tx)
    assert len(await pairs(tx)) == 3
    assert await dismiss_pair(tx, ids[1], ids[0], is_dismissed=True)
    assert not await dismiss_pair(tx, ids[0], 10**12, is_dismissed=True)
    await tx.run(sql("update contacts.contact set updated_at = {now} where workspace_id = {workspace}"))
    await turn(tx)
    assert sorted(await pairs(tx)) == [(ids[0], ids[2]), (ids[1], ids[2])]
    assert (await list_pairs(tx.in_workspace(tx.workspace_id + 1_000_000))).items == []
    await merge_contacts(tx, ids[0], [ids[1]])
    assert list(await pairs(tx)) == [(ids[0], ids[2])]
    await delete_contacts(tx, these([ids[2]]))
    assert await pairs(tx) == {}


async def test_the_routes_scan_merge_restore_and_erase(client: Client) -> None:
    made = [
        (await client.post("/api/v1/contacts", json={"email": f"ada+{n}@example.com", "first_name": f"Ada{n}"})).json()
        for n in range(2)
    ]
    first, second = (item["id"] for item in made)
    assert (await client.post("/api/v1/duplicates/scan", json={})).status_code == 202
    body = {"contact_ids": [second], "values": {"first_name": second, "email": first}}
    merged = await client.post(f"/api/v1/contacts/{first}/merge", json=body)
    assert merged.status_code == 200, merged.text
    assert (merged.json()["first_name"], merged.json()["email"]) == ("Ada1", "ada+0@example.com")
    assert (await client.get(f"/api/v1/contacts/{second}")).json()["id"] == first
    bad = await client.post(f"/api/v1/contacts/{first}/merge", json={"contact_ids": [first]})
    assert (bad.status_code, bad.json()["code"]) == (422, "contacts.merge_invalid")

    await client.delete(f"/api/v1/contacts/{first}")
    await client.post("/api/v1/contacts", json={"email": "ada+0@example.com"})
    trash = (await client.get("/api/v1/trash", params={"search": "ada"})).json()
    assert [item["id"] for item in trash["items"]] == [first]
    back = (await client.post("/api/v1/trash/restore", json={"contact_ids": [first]})).json()
    assert (back["restored"], back["conflicts"][0]["code"]) == ([], "contacts.email_taken")
    assert (await client.post(f"/api/v1/contacts/{first}/erase")).json() == {"erased": 1}
    assert (await client.post(f"/api/v1/contacts/{first}/erase")).status_code == 404
    assert (await client.get("/api/v1/trash")).json()["items"] == []
