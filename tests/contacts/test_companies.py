"""Companies: who belongs to them, how they change, and how mail domains bring contacts to them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.make import Client, Make
from waypost.contacts.actions.companies import (
    CompanyChange,
    create_company,
    delete_companies,
    ensure_companies,
    set_company_settings,
    update_companies,
)
from waypost.contacts.actions.contacts import create_contact, update_contact
from waypost.contacts.actions.members import link_company, unlink_company, update_member
from waypost.contacts.actions.row_fields import create_row_field, delete_row_field
from waypost.contacts.actions.trash import delete_contacts
from waypost.contacts.audience import these
from waypost.contacts.company_links import LINK_NEW, walk
from waypost.contacts.domains import domain_of
from waypost.contacts.errors import CompanyNotFound, DomainInvalid, NameTaken, ValueInvalid
from waypost.contacts.queries.companies import get_company, list_companies
from waypost.contacts.queries.members import list_colleagues, list_workplaces
from waypost.contacts.queries.row_fields import COMPANY_FIELDS
from waypost.kernel.db import Database
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def facts_of(tx: Tx, kind: str) -> list[tuple[int, int | None]]:
    rows = await tx.all(
        sql(
            """
            select contact_id, object_id from activities.fact
            where workspace_id = {workspace} and kind = {kind} order by id
            """,
            kind=tx.registry.facts[kind].kind,
        )
    )
    return [(row["contact_id"], row["object_id"]) for row in rows]


async def link_all(tx: Tx) -> None:
    """What the worker does: the consumer over the whole log, then the walk until nothing waits."""
    log = sql("select contact_id from activities.fact where workspace_id = {workspace} and kind in (100, 101)")
    await LINK_NEW.handle(tx, log)
    while await walk(tx):
        pass


@pytest.mark.parametrize(
    ("written", "domain"),
    [
        ("https://www.Acme.example/about?x=1", "acme.example"),
        ("@acme.example", "acme.example"),
        ("http://shop.acme.example:8080", "shop.acme.example"),
        ("Größe.example", "xn--gre-6ka8i.example"),
        ("  ", None),
    ],
)
async def test_domains_are_read_as_people_write_them(written: str, domain: str | None):
    assert domain_of(written) == domain


async def test_what_is_no_domain_is_refused_by_name(tx: Tx):
    with pytest.raises(DomainInvalid) as caught:
        await create_company(tx, name="Acme", domain="not a domain")
    assert caught.value.pointer == "/domain"
    assert (await create_company(tx, name="Acme", website="see the sign at the door")).domain is None


async def test_linking_a_set_links_those_who_lack_it_once_and_says_so(tx: Tx, make: Make):
    company = await create_company(tx, name="Acme")
    ada, grace = await make.contact(tx), await make.contact(tx)
    assert await link_company(tx, company.id, these([]), job_title="x") == 0
    assert await link_company(tx, company.id, these([ada]), job_title=" Head  of\x00 Maths ") == 1
    assert await link_company(tx, company.id, these([ada, grace])) == 1
    assert await facts_of(tx, "company_linked") == [(ada, company.id), (grace, company.id)]
    page = await list_colleagues(tx, company.id)
    assert [(one.contact_id, one.job_title, one.is_primary) for one in page.items] == [
        (ada, "Head of Maths", True),
        (grace, "", True),
    ]
    assert (await get_company(tx, company.id)).contact_count == 2


async def test_one_company_of_a_contact_is_the_primary_one_always(tx: Tx, make: Make):
    ada = await make.contact(tx)
    first, second, third = [(await create_company(tx, name=name)).id for name in ("A", "B", "C")]

    async def primary() -> list[int]:
        return [one.company_id for one in await list_workplaces(tx, ada) if one.is_primary]

    for company_id in (first, second):
        await link_company(tx, company_id, these([ada]))
    assert await primary() == [first]
    await link_company(tx, third, these([ada]), is_primary=True)
    assert await primary() == [third]
    await update_member(tx, second, ada, is_primary=True, job_title="Boss")
    assert await primary() == [second]
    await update_member(tx, second, ada, is_primary=False)
    assert await primary() == [first]
    await unlink_company(tx, first, these([ada]))
    assert len(await primary()) == 1
    await delete_companies(tx, [second, third])
    assert await primary() == []


async def test_unlinking_takes_those_who_belong_and_says_so(tx: Tx, make: Make):
    company = await create_company(tx, name="Acme")
    ada, grace = await make.contact(tx), await make.contact(tx)
    await link_company(tx, company.id, these([ada]))
    assert await unlink_company(tx, company.id, these([ada, grace])) == 1
    assert await unlink_company(tx, company.id, these([ada, grace])) == 0
    assert await facts_of(tx, "company_unlinked") == [(ada, company.id)]
    with pytest.raises(CompanyNotFound):
        await unlink_company(tx, company.id + 1, these([ada]))


async def test_new_contacts_join_the_company_of_their_domain(tx: Tx):
    acme = await create_company(tx, name="Acme", website="https://www.acme.example")
    free = await create_company(tx, name="Mail", domain="gmail.com")
    ada = await create_contact(tx, email="ada@acme.example")
    other = await create_contact(tx, email="ada@sub.acme.example")
    gmail = await create_contact(tx, email="ada@gmail.com")
    phone = await create_contact(tx, email=None, phone="+441234")
    await link_all(tx)
    assert await facts_of(tx, "company_linked") == [(ada.id, acme.id)]
    await update_contact(tx, other.id, email="other@acme.example")
    await link_all(tx)
    assert [one.company_id for one in await list_workplaces(tx, other.id)] == [acme.id]
    assert (await get_company(tx, free.id)).contact_count == 0
    assert await list_workplaces(tx, gmail.id) == await list_workplaces(tx, phone.id) == []


async def test_of_companies_with_one_domain_the_oldest_has_its_contacts(tx: Tx):
    oldest = await create_company(tx, name="Oldest", domain="acme.example")
    ada = await create_contact(tx, email="ada@acme.example")
    await link_all(tx)
    younger = await create_company(tx, name="Younger", domain="acme.example")
    grace = await create_contact(tx, email="grace@acme.example")
    await link_all(tx)
    assert [one.contact_id for one in (await list_colleagues(tx, oldest.id)).items] == [ada.id, grace.id]
    assert (await get_company(tx, younger.id)).contact_count == 0


async def test_a_company_that_gets_a_domain_finds_contacts_who_are_there(tx: Tx, make: Make):
    members = [await make.contact(tx, f"person{number}@late.example") for number in range(3)]
    await make.contact(tx, "person@elsewhere.example")
    company = await create_company(tx, name="Late")
    await link_all(tx)
    assert (await get_company(tx, company.id)).contact_count == 0
    await update_companies(tx, [CompanyChange(company.id, website="late.example")])
    await link_all(tx)
    assert [one.contact_id for one in (await list_colleagues(tx, company.id)).items] == members


async def test_who_was_taken_out_is_not_brought_back_by_the_domain(tx: Tx):
    company = await create_company(tx, name="Acme", domain="acme.example")
    ada = await create_contact(tx, email="ada@acme.example")
    await link_all(tx)
    await unlink_company(tx, company.id, these([ada.id]))
    await set_company_settings(tx, excluded_domains=["x.example"])
    await link_all(tx)
    assert await list_workplaces(tx, ada.id) == []
    await link_company(tx, company.id, these([ada.id]))
    assert len(await list_workplaces(tx, ada.id)) == 1


async def test_the_workspace_chooses_whether_and_which_domains_link(tx: Tx):
    company = await create_company(tx, name="Acme", domain="acme.example")
    ada = await create_contact(tx, email="ada@acme.example")
    await set_company_settings(tx, excluded_domains=["Acme.example"])
    await link_all(tx)
    assert await list_workplaces(tx, ada.id) == []
    await set_company_settings(tx, is_linked_by_domain=False, excluded_domains=[])
    await link_all(tx)
    assert await list_workplaces(tx, ada.id) == []
    await set_company_settings(tx, is_linked_by_domain=True)
    await link_all(tx)
    assert [one.company_id for one in await list_workplaces(tx, ada.id)] == [company.id]


async def test_a_walk_that_dies_goes_on_where_it_was(fresh_db: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("waypost.contacts.company_links.CHUNK", 40)
    async with fresh_db.transaction(0) as tx:
        workspace_id = await tx.value(
            sql("insert into identity.workspace (name, created_at) values ('W', {now}) returning id")
        )
    async with fresh_db.transaction(workspace_id) as tx:
        await Make().contacts(tx, 100)
        company = await create_company(tx, name="Many", domain="example.com")
    async with fresh_db.transaction(workspace_id) as tx:
        assert await walk(tx)
    with pytest.raises(ZeroDivisionError):  # noqa: PT012 (the walk dies with its transaction)
        async with fresh_db.transaction(workspace_id) as tx:
            await walk(tx)
            raise ZeroDivisionError
    counts = []
    more = True
    while more:
        async with fresh_db.transaction(workspace_id) as tx:
            more = await walk(tx)
            counts.append((await get_company(tx, company.id)).contact_count)
            facts = await facts_of(tx, "company_linked")
    assert counts == [80, 100, 100, 100]
    assert len(facts) == len(set(facts)) == 100


async def test_changing_many_companies_is_one_statement_and_tells_their_contacts(tx: Tx, make: Make):
    a, b = await create_company(tx, name="A"), await create_company(tx, name="B")
    size = await create_row_field(tx, COMPANY_FIELDS, name="Size", type="number")
    kind = await create_row_field(tx, COMPANY_FIELDS, name="Kind", type="dropdown", options=["Big", "Small"])
    ada = await make.contact(tx)
    await link_company(tx, a.id, these([ada]))
    changes = [
        CompanyChange(a.id, name="A1", fields={size.id: "€ 1.250,00", kind.id: "big"}),
        CompanyChange(b.id, owner_id=None),
    ]
    assert await update_companies(tx, changes) == 1
    assert await update_companies(tx, changes) == 0
    changed = await get_company(tx, a.id)
    assert (changed.name, changed.fields) == ("A1", {str(size.id): 1250, str(kind.id): "Big"})
    assert await facts_of(tx, "company_changed") == [(ada, a.id)]
    with pytest.raises(ValueInvalid) as caught:
        await update_companies(tx, [CompanyChange(b.id, name="B1"), CompanyChange(a.id, fields={kind.id: "Huge"})])
    assert caught.value.pointer == f"/fields/{kind.id}"
    assert (await get_company(tx, b.id)).name == "B"
    await delete_row_field(tx, COMPANY_FIELDS, size.id)
    assert (await get_company(tx, a.id)).fields == {str(kind.id): "Big"}


async def test_names_are_unique_without_regard_to_case(tx: Tx):
    acme = await create_company(tx, name="  Acme   GmbH ")
    assert acme.name == "Acme GmbH"
    with pytest.raises(NameTaken):
        await create_company(tx, name="ACME gmbh")
    ids = await ensure_companies(tx, ["acme GMBH", "Other", " ", "other", "İnşaat", "ΟΔΟΣ"])
    assert ids["acme GMBH"] == acme.id
    assert ids["Other"] == ids["other"], "names as given"
    assert await ensure_companies(tx, ["İnşaat", "ΟΔΟΣ"]) == {name: ids[name] for name in ("İnşaat", "ΟΔΟΣ")}
    assert len(ids) == 5


async def test_a_deleted_contact_is_no_colleague_but_keeps_its_place(tx: Tx, make: Make):
    company = await create_company(tx, name="Acme")
    ada = await make.contact(tx)
    await link_company(tx, company.id, these([ada]))
    await delete_contacts(tx, these([ada]))
    assert (await get_company(tx, company.id)).contact_count == 0
    assert (await list_colleagues(tx, company.id)).items == []
    assert await link_company(tx, company.id, these([ada])) == 0
    kept = sql("select count(*) from contacts.company_member where workspace_id = {workspace}")
    assert await tx.value(kept) == 1


async def test_companies_are_paged_in_order_and_searched(tx: Tx):
    for name in ("delta", "Alpha", "charlie", "Bravo"):
        await create_company(tx, name=name, website=f"{name}.example")
    names: list[str] = []
    after = None
    while True:
        page = await list_companies(tx, sort="-name", limit=3, after=after)
        names += [one.name for one in page.items]
        after = page.next
        if after is None:
            break
    assert names == ["delta", "charlie", "Bravo", "Alpha"]
    found = await list_companies(tx, search="BRAV example", sort="created_at")
    assert ([one.name for one in found.items], found.total) == (["Bravo"], 1)


async def call(client: Client, method: str, path: str, body: Any = None, status: int = 200) -> Any:
    answer = await client.request(method, "/api/v1" + path, json=body)
    assert answer.status_code == status, (path, answer.text)
    return answer.json() if answer.content else None


async def test_companies_through_the_api(client: Client):
    owner = client.user_id
    contact = await call(client, "POST", "/contacts", {"email": "ada@acme.example"}, 201)
    body = {"name": "Acme", "website": "https://acme.example", "owner_id": owner}
    company = await call(client, "POST", "/companies", body, 201)
    path = f"/companies/{company['id']}"
    members = {"contact_ids": [contact["id"]], "job_title": "CEO"}
    assert await call(client, "POST", path + "/members", members) == {"changed": 1}
    listed = (await call(client, "GET", path + "/members"))["items"]
    assert [(one["email"], one["job_title"]) for one in listed] == [("ada@acme.example", "CEO")]
    member = f"{path}/members/{contact['id']}"
    assert (await call(client, "PATCH", member, {"job_title": "CTO"}))["job_title"] == "CTO"
    places = (await call(client, "GET", f"/contacts/{contact['id']}/companies"))["items"]
    assert [(one["name"], one["job_title"], one["is_primary"]) for one in places] == [("Acme", "CTO", True)]
    changed = await call(client, "PATCH", path, {"owner_id": None, "domain": None})
    assert (changed["owner_id"], changed["domain"], changed["website"]) == (None, None, "https://acme.example")
    assert (await call(client, "GET", f"/companies?owner_id={owner}"))["total"] == 0
    await call(client, "DELETE", member, status=204)
    await call(client, "DELETE", member, status=404)
    await call(client, "DELETE", path, status=204)
    await call(client, "GET", path, status=404)


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "pointer"),
    [
        ("POST", "/companies", {"name": " "}, 422, "/name"),
        ("POST", "/companies", {"name": "X", "domain": "a b"}, 422, "/domain"),
        ("POST", "/companies", {"name": "X", "fields": {"99": "x"}}, 404, "/fields/99"),
        ("POST", "/companies", {"name": "X", "owner_id": 987654}, 404, None),
        ("POST", "/companies/1/members", {"contact_ids": []}, 422, "/contact_ids"),
        ("POST", "/company-fields", {"name": "X", "type": "dropdown"}, 422, "/options"),
        ("PATCH", "/company-settings", {"excluded_domains": ["a.example", "a b"]}, 422, "/excluded_domains/1"),
        ("GET", "/companies?after=nonsense", None, 422, "/after"),
        ("POST", "/contacts/1/notes", {"body": 7}, 422, "/body"),
    ],
)
async def test_wrong_input_names_its_place(
    client: Client, method: str, path: str, body: Any, status: int, pointer: str | None
):
    problem = await call(client, method, path, body, status)
    if pointer is not None:
        assert [one["pointer"] for one in problem["errors"]] == [pointer]
