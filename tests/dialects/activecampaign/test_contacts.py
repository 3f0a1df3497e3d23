"""Contacts and contact/sync, as documented and recorded."""

from typing import Any

import pytest

from tests.dialects.activecampaign.conftest import V3
from waypost.dialects.activecampaign.rows import CONTACT_RELATIONS

pytestmark = pytest.mark.asyncio(loop_scope="session")

COLUMNS = {
    "cdate",
    "email",
    "phone",
    "firstName",
    "lastName",
    "orgid",
    "orgname",
    "segmentio_id",
    "bounced_hard",
    "bounced_soft",
    "bounced_date",
    "ip",
    "ua",
    "hash",
    "socialdata_lastcheck",
    "email_local",
    "email_domain",
    "sentcnt",
    "rating_tstamp",
    "gravatar",
    "deleted",
    "anonymized",
    "adate",
    "udate",
    "edate",
    "deleted_at",
    "created_utc_timestamp",
    "updated_utc_timestamp",
    "created_timestamp",
    "updated_timestamp",
    "created_by",
    "updated_by",
    "email_empty",
    "mpp_tracking",
    "last_click_date",
    "last_open_date",
    "last_mpp_open_date",
    "best_send_hour",
    "sms_consent",
    "sms_consent_updated_at",
    "whatsapp_id",
    "whatsapp_username",
    "scoreValues",
    "accountContacts",
    "links",
    "id",
    "organization",
}


def pointers(body: Any) -> list[tuple[str, str]]:
    return [(error["code"], error["source"]["pointer"]) for error in body["errors"]]


async def test_creating_answers_the_sparse_row(v3: V3):
    body = {"contact": {"email": "Ada@Example.com", "firstName": "Ada", "lastName": "Lovelace", "phone": 7223224241}}
    answer = await v3.post("/contacts", body)
    contact = answer["contact"]
    assert list(answer) == ["contact"]
    assert (contact["email"], contact["firstName"], contact["phone"]) == ("ada@example.com", "Ada", "7223224241")
    assert (contact["orgid"], contact["organization"]) == ("0", None)
    assert contact["id"].isdigit()
    assert set(contact["links"]) == set(CONTACT_RELATIONS)
    assert contact["links"]["deals"].endswith(f"/api/3/contacts/{contact['id']}/deals")
    assert contact["links"]["contactAutomations"].endswith("?limit=2500&orders%5Blastdate%5D=DESC")


async def test_reading_answers_every_column_and_sideload(v3: V3):
    contact_id, list_id, field_id = await v3.contact(), await v3.list(), await v3.field()
    await v3.post("/contactLists", {"contactList": {"list": list_id, "contact": contact_id, "status": 1}})
    await v3.post("/fieldValues", {"fieldValue": {"contact": contact_id, "field": field_id, "value": "blue"}})
    answer = await v3.get(f"/contacts/{contact_id}")
    assert set(answer) == {
        "contactAutomations", "contactLists", "deals", "fieldValues", "geoIps", "accountContacts", "contact",
    }  # fmt: skip
    contact = answer["contact"]
    assert set(contact) >= COLUMNS
    assert contact["contactLists"] == [answer["contactLists"][0]["id"]]
    assert contact["fieldValues"] == [answer["fieldValues"][0]["id"]]
    assert answer["contactLists"][0]["status"] == "1"
    assert answer["fieldValues"][0]["value"] == "blue"


async def test_a_missing_address_is_422_with_a_pointer(v3: V3):
    for path in ("/contacts", "/contact/sync"):
        status, body = await v3.call("POST", path, {"contact": {"firstName": "Nobody"}})
        assert status == 422
        assert pointers(body) == [("field_missing", "/data/attributes/email")]
    assert (await v3.get("/contacts"))["meta"]["total"] == "0"


async def test_a_wrong_address_is_field_invalid(v3: V3):
    status, body = await v3.call("POST", "/contacts", {"contact": {"email": "not an address"}})
    assert (status, pointers(body)) == (422, [("field_invalid", "/data/attributes/email")])


async def test_a_known_address_is_a_duplicate(v3: V3):
    await v3.contact("ada@example.com")
    status, body = await v3.call("POST", "/contacts", {"contact": {"email": "ADA@example.com"}})
    assert (status, pointers(body)) == (422, [("duplicate", "/data/attributes/email")])


async def test_phone_only_contacts_must_be_asked_for(v3: V3):
    answer = await v3.post("/contacts", {"contact": {"phone": "123", "allowNullEmail": True}})
    assert (answer["contact"]["email"], answer["contact"]["email_empty"]) == ("", True)


async def test_sync_creates_then_updates(v3: V3):
    field_id = await v3.field()
    first = await v3.post("/contact/sync", {"contact": {"email": "ada@example.com", "firstName": "Ada"}})
    assert list(first) == ["contact"]
    again = await v3.post(
        "/contact/sync",
        {
            "contact": {
                "email": "ADA@example.com",
                "lastName": "King",
                "fieldValues": [{"field": field_id, "value": "red"}],
            }
        },
        status=200,
    )
    assert (again["contact"]["id"], again["contact"]["firstName"]) == (first["contact"]["id"], "Ada")
    assert set(again["contact"]) >= COLUMNS
    assert [(row["field"], row["value"]) for row in again["fieldValues"]] == [(field_id, "red")]


async def test_an_unknown_field_is_related_missing_and_nothing_is_written(v3: V3):
    body = {"contact": {"email": "ada@example.com", "fieldValues": [{"field": 987654321, "value": "x"}]}}
    for path in ("/contacts", "/contact/sync"):
        status, answer = await v3.call("POST", path, body)
        assert (status, pointers(answer)) == (422, [("related_missing", "/data/attributes/fieldValues")])
    assert (await v3.get("/contacts"))["contacts"] == []


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
async def test_put_and_patch_change_what_was_sent(v3: V3, method: str):
    contact_id = await v3.contact(firstName="Ada", lastName="Lovelace")
    status, body = await v3.call(method, f"/contacts/{contact_id}", {"contact": {"lastName": "King", "nonsense": 1}})
    assert status == 200
    assert (body["contact"]["firstName"], body["contact"]["lastName"]) == ("Ada", "King")
    assert "fieldValues" not in body


async def test_deleting_answers_an_empty_object_once(v3: V3):
    contact_id = await v3.contact()
    assert await v3.call("DELETE", f"/contacts/{contact_id}") == (200, {})
    status, body = await v3.call("DELETE", f"/contacts/{contact_id}")
    assert (status, body) == (404, {"message": f"No Result found for Subscriber with id {contact_id}"})


async def test_the_collection_pages_by_offset_with_a_string_total(v3: V3):
    ids = [await v3.contact(f"c{number}@example.com") for number in range(5)]
    page = await v3.get("/contacts?limit=2&offset=2")
    assert [contact["id"] for contact in page["contacts"]] == ids[2:4]
    assert page["meta"]["total"] == "5"
    assert page["meta"]["sortable"] is True
    assert page["meta"]["page_input"]["limit"] == 2
    assert page["meta"]["page_input"]["status"] == -1
    assert page["scoreValues"] == []
    assert set(page["contacts"][0]) >= COLUMNS
    assert (await v3.get("/contacts?offset=5"))["contacts"] == []


async def test_keyset_paging_and_orders(v3: V3):
    ids = [await v3.contact(f"{name}@example.com") for name in ("b", "a", "c")]

    async def listed(query: str) -> list[str]:
        return [contact["id"] for contact in (await v3.get(f"/contacts?{query}"))["contacts"]]

    assert await listed(f"orders[id]=ASC&id_greater={ids[0]}") == ids[1:]
    assert await listed("orders%5Bemail%5D=DESC") == [ids[2], ids[0], ids[1]]
    assert await listed("orders[cdate]=true") == ids
    assert await listed(f"ids[]={ids[0]}&ids[]={ids[2]}") == [ids[0], ids[2]]
    assert await listed(f"exclude={ids[0]}") == ids[1:]


async def test_lookups(v3: V3):
    ada, grace = (
        await v3.contact("ada@example.com", firstName="Ada"),
        await v3.contact("grace@navy.example", phone="+1555"),
    )
    tag_id, list_id = await v3.tag(), await v3.list()
    await v3.post("/contactTags", {"contactTag": {"contact": ada, "tag": tag_id}})
    await v3.post("/contactLists", {"contactList": {"list": list_id, "contact": grace, "status": 2}})

    async def found(query: str) -> list[str]:
        answer = await v3.get(f"/contacts?{query}")
        assert answer["meta"]["total"] == str(len(answer["contacts"]))
        return [contact["id"] for contact in answer["contacts"]]

    assert await found("email=ADA@example.com") == [ada]
    assert await found("filters[email]=ada@example.com") == [ada]
    assert await found("email=nobody@example.com") == []
    assert await found("email_like=navy") == [grace]
    assert await found("search=gra") == [grace]
    assert await found("phone=%2B15") == [grace]
    assert await found(f"tagid={tag_id}") == [ada]
    assert await found(f"listid={list_id}") == [grace]
    assert await found(f"listid={list_id}&status=1") == []
    assert await found("status=-1") == [ada, grace]
    assert await found("filters[created_after]=2001-01-01T00:00:00-05:00") == [ada, grace]
    assert await found("filters%5Bcreated_before%5D=2001-01-01") == []
    assert await found("unknown=1&filters[unknown]=2") == [ada, grace]


async def test_include_sideloads(v3: V3):
    contact_id, tag_id = await v3.contact(), await v3.tag()
    given = await v3.post("/contactTags", {"contactTag": {"contact": contact_id, "tag": tag_id}})
    answer = await v3.get("/contacts?include=contactTags,fieldValues")
    assert [row["id"] for row in answer["contactTags"]] == [given["contactTag"]["id"]]
    assert answer["contacts"][0]["contactTags"] == [given["contactTag"]["id"]]
    assert answer["fieldValues"] == []
    assert answer["contacts"][0]["fieldValues"] == []


@pytest.mark.parametrize("relation", CONTACT_RELATIONS)
async def test_every_link_of_a_contact_can_be_followed(v3: V3, relation: str):
    contact_id = await v3.contact()
    answer = await v3.get(f"/contacts/{contact_id}/{relation}")
    assert "contactDatum" in answer if relation == "contactData" else relation in answer
    assert "meta" not in answer
