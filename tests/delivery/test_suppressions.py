"""The suppression list: what stands on it, in which form, and that nobody on it is mailed."""

from __future__ import annotations

from hashlib import md5, sha256

import pytest

from tests.delivery.parts import message_to
from tests.delivery.test_inbound import bounce, sent_to
from tests.make import Client, Make
from waypost.contacts.actions.subscriptions import create_list, subscribe
from waypost.delivery.bounce_causes import Cause
from waypost.delivery.inbound import take
from waypost.delivery.suppressions import Entry, add_suppressions, normalise
from waypost.delivery.types import Reason
from waypost.kernel.db import Database
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx

pytestmark = pytest.mark.asyncio(loop_scope="session")
LIST = "/api/v1/suppressions"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (" <Ann@Example.ORG> ", "ann@example.org"),
        ("example.org", "@example.org"),
        ("@Example.org", "@example.org"),
        ("A" * 64, "sha256:" + "a" * 64),
        ("md5:" + "0" * 32, "md5:" + "0" * 32),
        ("ann", None),
        ("", None),
        ("a@b@c.example", None),
        ("a b@example.org", None),
        ("=cmd|' /C calc'!A0", None),
        ("x" * 250 + "@example.org", None),
    ],
)
async def test_entries_are_kept_in_one_form(given: str, kept: str | None) -> None:
    assert normalise(given) == kept


async def test_addresses_domains_and_hashes_are_not_mailed(tx: Tx, make: Make) -> None:
    names = [
        "address@a.example",
        "anyone@b.example",
        "sha@c.example",
        "md5@d.example",
        "free@e.example",
        "Ünï@f.example",
    ]
    people = [await make.contact(tx, name) for name in names]
    values = [
        names[0],
        "b.example",
        sha256(names[2].encode()).hexdigest(),
        md5(names[3].encode()).hexdigest(),  # noqa: S324
        "other@e.example",
        "@g.example",
    ]
    added = await add_suppressions(tx, [Entry(value, Reason.BY_HAND) for value in values], source="manual")
    assert (added.added, added.known, added.wrong) == (6, 0, [])
    message_id = await message_to(tx, people)
    rows = await tx.all(
        sql(
            "select email, state from delivery.ledger where workspace_id = {workspace} and message_id = {id} order by id",
            id=message_id,
        )
    )
    assert {row["email"]: row["state"] for row in rows} == dict(zip(names, (4, 4, 4, 4, 0, 0), strict=True))


async def test_who_unsubscribed_by_a_message_is_mailed_again_after_subscribing(tx: Tx, make: Make) -> None:
    person = await make.contact(tx, "back@example.org")
    await add_suppressions(tx, [Entry("back@example.org", Reason.UNSUBSCRIBED)], source="message")
    states: list[int] = []
    made = await create_list(tx, name="Back again")
    for _ in range(2):
        message_id = await message_to(tx, [person])
        statement = sql(
            "select state from delivery.ledger where workspace_id = {workspace} and message_id = {id}", id=message_id
        )
        states.append(await tx.value(statement))
        await subscribe(tx, made.id, sql("select {id}::bigint as contact_id", id=person))
    assert states == [4, 0]


async def test_the_list_is_added_to_searched_and_taken_from(client: Client) -> None:
    answer = await client.post(LIST, json={"addresses": ["a@x.example", "A@X.example", "nonsense"], "note": "asked us"})
    assert answer.status_code == 200
    assert answer.json() == {"added": 1, "known": 0, "wrong": ["nonsense"]}
    text = (
        f"\ufeffEmail,Reason,Note\nb@x.example,complained,loud\n{md5(b'c@y.example').hexdigest()},,\n\nx.example,odd,\n"  # noqa: S324
    )
    answer = await client.post(LIST, json={"csv": text})
    assert answer.json() == {"added": 3, "known": 0, "wrong": []}
    assert (await client.post(LIST, json={"csv": text})).json() == {"added": 0, "known": 3, "wrong": []}
    found = (await client.get(LIST, params={"q": "c@y.example"})).json()["items"]
    assert [item["address"][:4] for item in found] == ["md5:"]
    found = (await client.get(LIST, params={"q": "a@x.example"})).json()["items"]
    assert {item["address"]: item["note"] for item in found} == {"a@x.example": "asked us", "@x.example": ""}
    found = (await client.get(LIST, params={"reason": "complained"})).json()["items"]
    assert [(item["address"], item["source"]) for item in found] == [("b@x.example", "import")]
    assert (await client.get(LIST + "/counts")).json() == {"manual": 3, "complained": 1}
    pages: list[str] = []
    after: str | None = None
    while True:
        page = (await client.get(LIST, params={"limit": 1, **({"after": after} if after else {})})).json()
        pages += [item["address"] for item in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert len(set(pages)) == len(pages) == 4
    lines = (await client.get(LIST + ".csv")).text.splitlines()
    assert lines[0] == "address,reason,source,note,created_at"
    assert len(lines) == 5
    assert (await client.post(LIST + "/remove", json={"address": "a@x.example", "note": " "})).status_code == 422
    assert (await client.post(LIST + "/remove", json={"address": "a@x.example", "note": "by phone"})).status_code == 204
    gone = await client.post(LIST + "/remove", json={"address": "a@x.example", "note": "again"})
    assert gone.status_code == 404
    assert "a@x.example" in gone.json()["detail"]


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"reason": "because"}, "/reason"),
        ({"addresses": "a@b.example"}, "/addresses"),
        ({"csv": "a@b.example\n" * 10_001}, "/csv"),
    ],
)
async def test_wrong_bodies_name_the_place(client: Client, body: dict[str, object], place: str) -> None:
    answer = await client.post(LIST, json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == place


async def test_bounces_are_shown_with_the_contact_and_the_message(client: Client, db: Database, make: Make) -> None:
    async with db.transaction(client.workspace_id) as tx:
        person = await make.contact(tx, "shown@example.org")
        row = await sent_to(tx, person)
        await take(tx, [bounce(row, Cause.UNKNOWN_ADDRESS)])
    (item,) = (await client.get(f"/api/v1/contacts/{person}/notices")).json()["items"]
    assert (item["what"], item["severity"], item["cause"]) == ("bounce", "hard", "unknown_address")
    assert (item["email"], item["diagnostic"]) == ("shown@example.org", "550 as it is")
    shown = (await client.get(f"/api/v1/messages/{item['message_id']}/notices")).json()
    assert shown["causes"] == [{"what": "bounce", "severity": "hard", "cause": "unknown_address", "count": 1}]
    assert (await client.get("/api/v1/contacts/999999999/notices")).status_code == 404


async def test_the_settings_show_addresses_but_no_keys(client: Client) -> None:
    body = {"bounce_address": "Bounces@bounces.example.com", "mailgun_key": "very secret"}
    answer = await client.put("/api/v1/inbound-mail", json=body)
    assert answer.json()["bounce_address"] == "bounces@bounces.example.com"
    assert answer.json()["has_mailgun_key"] is True
    assert "secret" not in answer.text
    kept = (await client.put("/api/v1/inbound-mail", json={"bounce_address": ""})).json()
    assert (kept["bounce_address"], kept["has_mailgun_key"], len(kept["webhooks"])) == ("", True, 5)
    wrong = await client.put("/api/v1/inbound-mail", json={"bounce_address": "nobody"})
    assert wrong.json()["errors"][0]["pointer"] == "/bounce_address"
    tried = (await client.post("/api/v1/inbound-mail/test")).json()
    assert tried["is_working"] is False
    assert "WAYPOST_INBOUND_PORT" in tried["message"]
