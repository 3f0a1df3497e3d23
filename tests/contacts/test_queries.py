"""Pages of contacts in every order, searching, counting, and the routes."""

from __future__ import annotations

import pytest

from tests.make import Client, Make
from waypost.contacts import audience
from waypost.contacts.actions import add_tag, create_contact, create_tag
from waypost.contacts.audience import after_prefix, these
from waypost.contacts.queries.contacts import SortName, count_contacts, list_contacts
from waypost.contacts.types import Filter
from waypost.kernel.page import CursorInvalid
from waypost.kernel.tx import Tx


@pytest.mark.parametrize("sort", ["created_at", "-created_at", "email", "-email", "name", "-name", "id", "-id"])
async def test_pages_are_complete_and_in_order(tx: Tx, make: Make, sort: SortName) -> None:
    for number in range(11):
        email = None if number % 4 == 3 else f"p{number % 5}{number}@example.com"
        await make.contact(tx, email, first_name=f"F{number % 2}", last_name=f"L{number % 3}")
    seen: list[int] = []
    cursor = None
    while True:
        page = await list_contacts(tx, sort=sort, limit=3, after=cursor)
        seen += [item.id for item in page.items]
        cursor = page.next
        if cursor is None:
            break
    whole = [item.id for item in (await list_contacts(tx, sort=sort, limit=100)).items]
    assert seen == whole
    assert len(set(seen)) == 11


async def test_search_finds_by_the_beginning_of_address_and_names(tx: Tx, monkeypatch: pytest.MonkeyPatch) -> None:
    for first, last, email in (
        ("Ada", "Lovelace", "countess@x.example"),
        ("Grace", "Ádám", "grace@x.example"),
        ("Ann", "Lee", None),
    ):
        await create_contact(tx, email=email, first_name=first, last_name=last)

    async def found(search: str) -> set[str]:
        return {item.first_name for item in (await list_contacts(tx, search=search)).items}

    for rare in (5_000, 0):  # looked up in the indexes, then on the walk
        monkeypatch.setattr(audience, "RARE", rare)
        assert await found("A") == {"Ada", "Ann"}
        assert await found("ád") == {"Grace"}
        assert await found("COUNT") == {"Ada"}
        assert await found("ada love") == {"Ada"}
        assert await found("ada lee") == set()
        assert await found("%") == set()
    assert await count_contacts(tx, Filter(search="a")) == 2


async def test_a_common_word_is_paged_without_loss_or_repeat(
    tx: Tx, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audience, "RARE", 3)
    for number in range(12):
        name = "Anna" if number % 2 else "Bo"
        email = f"a{number}@example.com" if number % 3 else None
        await make.contact(tx, email, first_name=name, last_name="Abel" if number % 4 else "Bell")
    seen: list[int] = []
    cursor = None
    while True:
        page = await list_contacts(tx, search="a", limit=2, after=cursor)
        seen += [item.id for item in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == await count_contacts(tx, Filter(search="a")) == 11


def test_the_end_of_a_prefix() -> None:
    assert after_prefix("ab") == "ac"
    assert after_prefix("a\ud7ff".encode("utf-16", "surrogatepass").decode("utf-16")) == "a\ue000"


async def test_a_wrong_cursor_is_refused(tx: Tx) -> None:
    with pytest.raises(CursorInvalid):
        await list_contacts(tx, after="nonsense")


async def test_filters_narrow_and_strangers_see_nobody(tx: Tx, make: Make) -> None:
    tag = (await create_tag(tx, name="VIP")).id
    ada, _ = await make.contacts(tx, 2)
    await add_tag(tx, tag, these([ada]))
    assert [item.id for item in (await list_contacts(tx, tag_id=tag)).items] == [ada]
    assert await count_contacts(tx, Filter(tag_id=tag)) == 1
    stranger = tx.in_workspace(tx.workspace_id + 1_000_000)
    assert (await list_contacts(stranger)).items == []
    assert (await list_contacts(stranger, tag_id=tag)).items == []
    assert await count_contacts(stranger) == 0


async def test_the_whole_life_of_a_contact_over_http(client: Client) -> None:
    tag = (await client.post("/api/v1/tags", json={"name": "VIP"})).json()
    news = (await client.post("/api/v1/lists", json={"name": "News"})).json()
    field = (await client.post("/api/v1/fields", json={"name": "City"})).json()
    body = {"email": "ADA@example.com", "first_name": "Ada", "fields": {str(field["id"]): "Rome"}}
    made = await client.post("/api/v1/contacts", json=body)
    assert made.status_code == 201, made.text
    ada = made.json()["id"]
    assert (made.json()["email"], made.json()["fields"]) == ("ada@example.com", {str(field["id"]): "Rome"})
    again = await client.post("/api/v1/contacts", json=body)
    assert (again.status_code, again.json()["errors"][0]["pointer"]) == (409, "/email")
    for action, part in (("add_tag", {"tag_id": tag["id"]}), ("subscribe", {"list_id": news["id"]})):
        done = await client.post("/api/v1/contacts/bulk", json={"contact_ids": [ada], "action": action, **part})
        assert done.json() == {"changed": 1}
    page = (await client.get("/api/v1/contacts", params={"search": "ada", "tag_id": tag["id"]})).json()
    assert (page["total"], page["next"]) == (1, None)
    assert page["items"][0]["tags"] == [{"id": tag["id"], "name": "VIP"}]
    assert page["items"][0]["lists"] == [{"id": news["id"], "name": "News", "status": "active"}]
    changed = await client.patch(
        f"/api/v1/contacts/{ada}", json={"last_name": "King", "fields": {str(field["id"]): None}}
    )
    assert (changed.json()["last_name"], changed.json()["fields"]) == ("King", {})
    assert (await client.get("/api/v1/tags")).json()["items"][0]["contact_count"] == 1
    bulk = {"filter": {"tag_id": tag["id"]}, "action": "delete"}
    assert (await client.post("/api/v1/contacts/bulk", json=bulk)).json() == {"changed": 1}
    gone = await client.get(f"/api/v1/contacts/{ada}")
    assert (gone.status_code, gone.json()["code"]) == (404, "contacts.contact_not_found")
    assert (await client.get("/api/v1/contacts")).json() == {"items": [], "next": None, "total": 0}


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        ({"email": "nonsense"}, 422, "/email"),
        ({"email": "a@example.com", "unknown": 1}, 422, None),
        ({"email": "a@example.com", "fields": {"999999": "x"}}, 404, None),
    ],
)
async def test_bad_bodies_are_refused(client: Client, body: object, status: int, pointer: str | None) -> None:
    answer = await client.post("/api/v1/contacts", json=body)
    assert answer.status_code == status, answer.text
    if pointer:
        assert answer.json()["errors"][0]["pointer"] == pointer


async def test_bulk_asks_for_what_it_needs(client: Client) -> None:
    for body in ({"action": "add_tag", "contact_ids": [1]}, {"action": "delete"}):
        assert (await client.post("/api/v1/contacts/bulk", json=body)).status_code == 422
