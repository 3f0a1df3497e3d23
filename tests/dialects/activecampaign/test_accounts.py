"""Accounts, who belongs to them, their fields and values, and notes, as documented and recorded."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dialects.activecampaign.conftest import V3

pytestmark = pytest.mark.asyncio(loop_scope="session")


def pointers(body: Any) -> list[tuple[str, str]]:
    return [(error["code"], error["source"]["pointer"]) for error in body["errors"]]


async def account(v3: V3, name: str = "Acme", **more: Any) -> str:
    return (await v3.post("/accounts", {"account": {"name": name, **more}}))["account"]["id"]


async def test_accounts_round_trip(v3: V3):
    me = (await v3.get("/users/me"))["user"]["id"]
    made = (await v3.post("/accounts", {"account": {"name": "Acme", "accountUrl": "https://acme.example"}}))["account"]
    assert set(made) == {
        "name", "accountUrl", "createdTimestamp", "updatedTimestamp", "links", "id", "owner", "customFieldSaveStatus",
        "fields",
    }  # fmt: skip
    assert (made["customFieldSaveStatus"], made["fields"], made["owner"]) == ({"status": "success"}, [], me)
    assert set(made["links"]) == {
        "notes", "accountCustomFieldData", "accountContacts", "emailActivities", "contactEmails", "owner",
    }  # fmt: skip
    row = (await v3.get(f"/accounts/{made['id']}"))["account"]
    assert (row["name"], row["accountUrl"]) == ("Acme", "https://acme.example")
    for method in ("PUT", "PATCH"):
        status, changed = await v3.call(
            method, f"/accounts/{row['id']}", {"account": {"name": method, "owner": int(me)}}
        )
        assert (status, changed["account"]["name"], changed["account"]["owner"]) == (200, method, int(me))
    listed = await v3.get("/accounts?search=pat&count_deals=true")
    assert (listed["accounts"][0]["contactCount"], listed["accounts"][0]["dealCount"]) == ("0", "0")
    assert listed["meta"] == {"total": "1"}
    assert (await v3.get(f"/accounts/{row['id']}/owner"))["user"]["id"] == me
    assert await v3.call("DELETE", f"/accounts/{row['id']}") == (200, {})
    gone = {"message": f"No Result found for CustomerAccount with id {row['id']}"}
    assert await v3.call("GET", f"/accounts/{row['id']}") == (404, gone)
    assert await v3.call("DELETE", f"/accounts/{row['id']}") == (404, gone)


async def test_accounts_need_a_name_of_their_own(v3: V3):
    status, body = await v3.call("POST", "/accounts", {"account": {"accountUrl": "x.example"}})
    assert (status, pointers(body)) == (422, [("field_missing", "/data/attributes/name")])
    await account(v3)
    status, body = await v3.call("POST", "/accounts", {"account": {"name": "ACME"}})
    assert (status, pointers(body)) == (422, [("duplicate", "/data/attributes/name")])
    other = await account(v3, "Other")
    status, body = await v3.call("PUT", f"/accounts/{other}", {"account": {"name": "acme"}})
    assert (status, pointers(body)) == (422, [("duplicate", "/data/attributes/name")])
    status, body = await v3.call("POST", "/accounts", {"account": {"name": "N", "owner": 987654}})
    assert (status, pointers(body)) == (422, [("related_missing", "/data/attributes/owner")])


async def test_accounts_are_deleted_in_bulk(v3: V3):
    ids = [await account(v3, name) for name in "abc"]
    status, body = await v3.call("DELETE", f"/accounts/bulk_delete?ids[]={ids[0]}&ids%5B%5D={ids[1]}")
    assert (status, body) == (200, {"meta": {"success": True}})
    assert [row["id"] for row in (await v3.get("/accounts"))["accounts"]] == ids[2:]


async def test_contacts_belong_to_accounts(v3: V3):
    account_id, contact_id = await account(v3), await v3.contact()
    body = {"accountContact": {"account": int(account_id), "contact": contact_id, "jobTitle": "CEO"}}
    made = (await v3.post("/accountContacts", body))["accountContact"]
    assert set(made) == {"account", "contact", "jobTitle", "createdTimestamp", "updatedTimestamp", "links", "id"}
    assert (made["account"], made["contact"], made["jobTitle"]) == (int(account_id), contact_id, "CEO")
    status, refused = await v3.call("POST", "/accountContacts", body)
    assert (status, pointers(refused)) == (422, [("field_invalid", "/data/attributes/account,contact")])
    status, refused = await v3.call("POST", "/accountContacts", {"accountContact": {"contact": contact_id}})
    assert (status, pointers(refused)) == (422, [("field_missing", "/data/attributes/account")])
    path = f"/accountContacts/{made['id']}"
    row = (await v3.get(path))["accountContact"]
    assert row == {**made, "account": account_id}
    assert (await v3.get(f"/accountContacts/?filters[account]={account_id}"))["accountContacts"] == [row]
    assert (await v3.get("/accountContacts?filters[contact]=987654"))["meta"] == {"total": "0"}
    status, changed = await v3.call("PUT", path, {"accountContact": {"jobTitle": "CTO"}})
    assert (status, changed["accountContact"]["jobTitle"]) == (200, "CTO")
    assert (await v3.get(path + "/account"))["account"]["id"] == account_id
    assert (await v3.get(path + "/contact"))["contact"]["id"] == contact_id
    contact = await v3.get(f"/contacts/{contact_id}")
    assert contact["contact"]["accountContacts"] == [made["id"]] == [one["id"] for one in contact["accountContacts"]]
    listed = await v3.get("/contacts?include=accountContacts")
    assert listed["contacts"][0]["accountContacts"] == [one["id"] for one in listed["accountContacts"]] == [made["id"]]
    assert (await v3.get("/contacts"))["contacts"][0]["accountContacts"] == [made["id"]]
    assert (await v3.get(f"/contacts/{contact_id}/accountContacts"))["accountContacts"][0]["jobTitle"] == "CTO"
    assert (await v3.get(f"/contacts/{contact_id}/organization"))["organization"]["name"] == "Acme"
    assert (await v3.get("/accounts?count_deals=1"))["accounts"][0]["contactCount"] == "1"
    assert (await v3.get("/accounts"))["accounts"][0]["contactCount"] == "0"
    assert await v3.call("DELETE", path) == (200, {})
    gone = {"message": f"No Result found for CustomerAccountSubscriber with id {made['id']}"}
    assert await v3.call("DELETE", path) == (404, gone)


async def metum(v3: V3, label: str, kind: str, **more: Any) -> dict[str, Any]:
    body = {"accountCustomFieldMetum": {"fieldLabel": label, "fieldType": kind, **more}}
    return (await v3.post("/accountCustomFieldMeta", body, status=200))["accountCustomFieldMetum"]


async def test_fields_of_accounts_round_trip(v3: V3):
    made = await metum(v3, "Size", "dropdown", fieldOptions=["Big", "Small"], isFormVisible=1, displayOrder=3)
    assert set(made) == {
        "id", "fieldLabel", "fieldType", "fieldOptions", "fieldDefault", "fieldDefaultCurrency", "isFormVisible",
        "isRequired", "displayOrder", "personalization", "knownFieldId", "hideFieldFlag", "createdTimestamp",
        "updatedTimestamp", "links",
    }  # fmt: skip
    assert (made["fieldOptions"], made["isFormVisible"], made["displayOrder"]) == (["Big", "Small"], 1, 3)
    path = f"/accountCustomFieldMeta/{made['id']}"
    assert (await v3.get(path))["accountCustomFieldMetum"] == made
    assert await v3.get("/accountCustomFieldMeta") == {"accountCustomFieldMeta": [made]}
    change = {
        "accountCustomFieldMetum": {"fieldLabel": "Sizes", "fieldOptions": ["Big", "Huge"], "isFormVisible": False}
    }
    status, changed = await v3.call("PUT", path, change)
    row = changed["accountCustomFieldMetum"]
    assert (status, row["fieldLabel"], row["fieldOptions"], row["isFormVisible"]) == (200, "Sizes", ["Big", "Huge"], 0)
    status, deleted = await v3.call("DELETE", path)
    assert (status, list(deleted)) == (200, ["message"])
    assert await v3.call("GET", path) == (404, {"errors": [{"status": 404, "title": "Not Found"}]})
    status, body = await v3.call("POST", "/accountCustomFieldMeta", {"accountCustomFieldMetum": {"fieldLabel": "X"}})
    assert (status, pointers(body)) == (422, [("field_missing", "/data/attributes/fieldType")])


async def test_values_of_accounts_round_trip(v3: V3):
    size, money = await metum(v3, "Size", "text"), await metum(v3, "Revenue", "currency")
    likes = await metum(v3, "Likes", "multiselect", fieldOptions=["Tea", "Cake"])
    acme = await account(v3, fields=[{"customFieldId": int(size["id"]), "fieldValue": "40"}])
    body = {
        "customerAccountId": int(acme),
        "customFieldId": int(money["id"]),
        "fieldValue": "1050",
        "fieldCurrency": "EUR",
    }
    made = (await v3.post("/accountCustomFieldData", {"accountCustomFieldDatum": body}, status=200))[
        "accountCustomFieldDatum"
    ]
    assert (made["fieldValue"], made["fieldCurrency"], made["customFieldId"]) == (1050, "EUR", int(money["id"]))
    several = {"customerAccountId": acme, "customFieldId": likes["id"], "fieldValue": ["Cake", "Tea"]}
    await v3.post("/accountCustomFieldData", {"accountCustomFieldDatum": several}, status=200)
    rows = (await v3.get(f"/accountCustomFieldData?filters[customerAccountId]={acme}"))["accountCustomFieldData"]
    assert [row["fieldValue"] for row in rows] == ["40", 1050, ["Cake", "Tea"]]
    assert (await v3.get("/accountCustomFieldData"))["accountCustomFieldData"] == rows
    assert (await v3.get(f"/accounts/{acme}/accountCustomFieldData"))["accountCustomFieldData"] == rows
    path = f"/accountCustomFieldData/{rows[0]['id']}"
    status, changed = await v3.call("PUT", path, {"accountCustomFieldDatum": {"fieldValue": "41"}})
    assert (status, changed["accountCustomFieldDatum"]["fieldValue"]) == (200, "41")
    status, deleted = await v3.call("DELETE", path)
    assert (status, list(deleted)) == (200, ["message"])
    assert (await v3.call("GET", path))[0] == 404
    unknown = {"customerAccountId": acme, "customFieldId": 987654, "fieldValue": "x"}
    status, refused = await v3.call("POST", "/accountCustomFieldData", {"accountCustomFieldDatum": unknown})
    assert (status, pointers(refused)) == (422, [("related_missing", "/data/attributes/customFieldId")])


@pytest.mark.parametrize("wrap", [list, lambda items: {"array": items}])
async def test_values_are_written_in_bulk_or_not_at_all(v3: V3, wrap: Any):
    size = await metum(v3, "Size", "number")
    first, second = await account(v3, "First"), await account(v3, "Second")
    items = [
        {"customerAccountId": int(one), "customFieldId": int(size["id"]), "fieldValue": 5} for one in (first, second)
    ]
    made = await v3.post("/accountCustomFieldData/bulkCreate", wrap(items), status=200)
    assert list(made) == ["message"]
    rows = (await v3.get("/accountCustomFieldData"))["accountCustomFieldData"]
    assert [(row["accountId"], row["fieldValue"]) for row in rows] == [(int(first), "5"), (int(second), "5")]
    wrong = [{"id": rows[0]["id"], "fieldValue": 6}, {"id": rows[1]["id"], "fieldValue": "many"}]
    status, body = await v3.call("PATCH", "/accountCustomFieldData/bulkUpdate", wrap(wrong))
    assert (status, pointers(body)) == (422, [("field_invalid", "/data/attributes/fieldValue")])
    assert (await v3.get("/accountCustomFieldData"))["accountCustomFieldData"] == rows
    right = [{"id": row["id"], "fieldValue": 7} for row in rows]
    assert (await v3.call("PATCH", "/accountCustomFieldData/bulkUpdate", wrap(right)))[0] == 200
    changed = (await v3.get("/accountCustomFieldData"))["accountCustomFieldData"]
    assert [row["fieldValue"] for row in changed] == ["7", "7"]


async def test_notes_on_contacts_round_trip(v3: V3):
    contact_id = await v3.contact()
    body = {"note": {"note": "Called <b>her</b>", "relid": int(contact_id), "reltype": "Subscriber"}}
    answer = await v3.post("/notes", body)
    assert [contact["id"] for contact in answer["contacts"]] == [contact_id]
    made = answer["note"]
    assert set(made) == {
        "note", "relid", "reltype", "cdate", "mdate", "userid", "links", "owner", "is_draft", "id", "user",
    }  # fmt: skip
    assert (made["relid"], made["owner"], made["note"]) == (
        int(contact_id), {"type": "contact", "id": contact_id}, "Called <b>her</b>",
    )  # fmt: skip
    assert set(made["links"]) == {"activities", "user", "mentions", "notes", "owner"}
    row = (await v3.get(f"/notes/{made['id']}"))["note"]
    assert row == {**made, "relid": contact_id}
    listed = await v3.get("/notes")
    assert (listed["notes"], listed["meta"]) == ([row], {"total": 1})
    assert (await v3.get(f"/contacts/{contact_id}/notes")) == {"notes": [row]}
    for method in ("PUT", "PATCH"):
        status, changed = await v3.call(method, f"/notes/{made['id']}", {"note": {"note": method}})
        assert (status, changed["note"]["note"]) == (200, method)
    assert (await v3.get(f"/notes/{made['id']}/owner"))["contact"]["id"] == contact_id
    assert (await v3.get(f"/notes/{made['id']}/user"))["user"]["id"] == made["userid"]
    assert await v3.call("DELETE", f"/notes/{made['id']}") == (200, {})
    gone = {"message": f"No Result found for Note with id {made['id']}"}
    assert await v3.call("DELETE", f"/notes/{made['id']}") == (404, gone)


async def test_notes_on_accounts_round_trip(v3: V3):
    account_id = await account(v3)
    answer = await v3.post(f"/accounts/{account_id}/notes", {"note": {"note": "Met"}})
    assert [one["id"] for one in answer["accounts"]] == [account_id]
    note_id = answer["note"]["id"]
    assert (answer["note"]["reltype"], answer["note"]["owner"]["type"]) == ("CustomerAccount", "account")
    path = f"/accounts/{account_id}/notes/{note_id}"
    status, changed = await v3.call("PUT", path, {"note": {"note": "Met again"}})
    assert (status, changed["note"]["note"]) == (200, "Met again")
    assert (await v3.get(f"/accounts/{account_id}/notes"))["notes"][0]["note"] == "Met again"
    status, _ = await v3.call("PUT", f"/accounts/{int(account_id) + 999}/notes/{note_id}", {"note": {"note": "x"}})
    assert status == 404


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"note": ""}, ("field_missing", "/data/attributes/note")),
        ({"reltype": "Deal"}, ("field_invalid", "/data/attributes/reltype")),
        ({"relid": 987654321}, ("related_missing", "/data/attributes/relid")),
        ({"relid": "x"}, ("field_invalid", "/data/attributes/relid")),
    ],
)
async def test_wrong_notes_name_what_is_wrong(v3: V3, change: dict[str, object], problem: tuple[str, str]):
    sent = {"note": "Text", "reltype": "Subscriber", "relid": await v3.contact(), **change}
    status, body = await v3.call("POST", "/notes", {"note": sent})
    assert (status, pointers(body)) == (422, [problem])
