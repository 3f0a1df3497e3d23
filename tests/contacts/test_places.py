"""Where people are, and what their addresses say about themselves."""

from __future__ import annotations

from typing import Any

import pytest

from tests.make import Client, Make
from waypost.contacts.actions.places import set_place
from waypost.contacts.audience import these
from waypost.contacts.mail_quality import correct_address, judge_address
from waypost.contacts.merging import merge_contacts
from waypost.contacts.places import normalise_part
from waypost.contacts.queries.places import list_zones
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx
from waypost.segments.queries import audience

Json = dict[str, Any]


@pytest.mark.parametrize(
    ("part", "given", "kept"),
    [
        ("time_zone", "europe/berlin", "Europe/Berlin"),
        ("time_zone", "America/New York", "America/New_York"),
        ("language", "de_at", "de-AT"),
        ("language", "ZH-hant-tw", "zh-Hant-TW"),
        ("country", "gb", "GB"),
        ("country", " Deutschland ", "DE"),
        ("city", " Saint\n Petersburg ", "Saint Petersburg"),
        ("country", "", ""),
    ],
)
def test_places_are_kept_in_one_way_of_writing(part: Any, given: str, kept: str) -> None:
    assert normalise_part(part, given) == kept


async def test_a_place_is_set_shown_exported_and_refused(client: Client) -> None:
    body = {"email": "ada@example.com", "time_zone": "europe/london", "country": "UK", "city": "London"}
    made = (await client.post("/api/v1/contacts", json=body)).json()
    assert (made["time_zone"], made["country"], made["city"], made["language"]) == ("Europe/London", "GB", "London", "")
    url = f"/api/v1/contacts/{made['id']}"
    changed = (await client.patch(url, json={"city": "", "language": "en"})).json()
    assert (changed["city"], changed["language"], changed["country"]) == ("", "en", "GB")
    wrong = await client.patch(url, json={"first_name": "Ada", "time_zone": "Mars/Olympus"})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/time_zone")
    assert (await client.get(url)).json()["first_name"] == "", "nothing of a refused change stays"
    columns = (await client.get("/api/v1/exports/columns")).json()
    assert "time_zone" in str(columns)


async def _who(tx: Tx, condition: Json) -> set[int]:
    return {row[0] for row in await tx.all(await audience(tx, condition))}


def _detail(attribute: str, operator: str, value: object = None) -> Json:
    return {"type": "contact_attribute", "params": {"attribute": attribute, "operator": operator, "value": value}}


async def test_conditions_ask_where_people_are(tx: Tx, make: Make) -> None:
    ada, grace, alan = [await make.contact(tx, f"{name}@example.com") for name in ("ada", "grace", "alan")]
    assert await set_place(tx, {"country": "GB", "time_zone": "Europe/London"}, these([ada, alan])) == 2
    assert await set_place(tx, {"country": "GB"}, these([ada, alan])) == 0, "nothing differs"
    await set_place(tx, {"country": "US"}, these([grace]))
    assert await _who(tx, _detail("country", "equals", "gb")) == {ada, alan}
    assert await _who(tx, _detail("country", "any_of", ["US", "FR"])) == {grace}
    assert await _who(tx, _detail("time_zone", "is_empty")) == {grace}
    facts = await tx.value(
        sql("select count(*) from activities.fact where workspace_id = {workspace} and kind = {kind}", kind=101)
    )
    assert facts == 3, "one for each change"
    zones = await list_zones(tx, [ada, grace, alan])
    assert sorted((str(zone), ids) for zone, ids in zones.items()) == [("Europe/London", [ada, alan]), ("UTC", [grace])]


async def test_a_merge_keeps_the_newest_known_place(tx: Tx, make: Make) -> None:
    ada, twin = await make.contact(tx, "ada@example.com"), await make.contact(tx, "ada@example.org")
    await set_place(tx, {"city": "London", "language": "en"}, these([ada]))
    await set_place(tx, {"city": "Paris", "country": "FR"}, these([twin]))
    await merge_contacts(tx, ada, [twin], choices={"city": ada})
    row = await tx.one(
        sql(
            "select city, country, language from contacts.contact where workspace_id = {workspace} and id = {id}",
            id=ada,
        )
    )
    assert tuple(row) == ("London", "FR", "en")


async def test_addresses_are_judged(tx: Tx, make: Make) -> None:
    assert judge_address("info+shop@example.com") == ["role"]
    assert judge_address("ada@mailinator.com") == ["disposable"]
    assert judge_address("sales@gmail.com") == ["role", "free"]
    assert judge_address("ada.lovelace@example.com") == []
    assert (judge_address("ada@gmial.com"), correct_address("ada@gmial.com")) == (["mistyped"], "ada@gmail.com")

    names = ("info+shop@example.com", "ada@mailinator.com", "sales@gmail.com", "ada@gmial.com", "ada@example.com")
    people = {name: await make.contact(tx, name) for name in names}
    for quality in ("role", "disposable", "free", "mistyped"):
        asked = {"type": "email_quality", "params": {"quality": quality}}
        judged = {people[name] for name in names if quality in judge_address(name)}
        # lint: no-row-loops because a turn is a kind of address
        assert await _who(tx, asked) == judged
        assert await _who(tx, {"not": asked}) == set(people.values()) - judged
