"""Tags, lists, fields, their relations to contacts, automations and users."""

from typing import Any

import pytest

from tests.dialects.activecampaign.conftest import V3

pytestmark = pytest.mark.asyncio(loop_scope="session")


def pointers(body: Any) -> list[tuple[str, str]]:
    return [(error["code"], error["source"]["pointer"]) for error in body["errors"]]


async def test_tags_round_trip(v3: V3):
    made = await v3.post("/tags", {"tag": {"tag": "My Tag", "tagType": "contact", "description": "Described"}})
    assert set(made["tag"]) == {"tag", "description", "tagType", "cdate", "links", "id"}
    tag_id = made["tag"]["id"]
    status, body = await v3.call("PATCH", f"/tags/{tag_id}", {"tag": {"description": "Changed"}})
    assert (status, body["tag"]["tag"], body["tag"]["description"]) == (200, "My Tag", "Changed")
    row = (await v3.get(f"/tags/{tag_id}"))["tag"]
    assert (row["subscriber_count"], row["deleted"], set(row["links"])) == (
        "0",
        "0",
        {"contactGoalTags", "templateTags"},
    )
    assert await v3.call("DELETE", f"/tags/{tag_id}") == (200, {})
    assert (await v3.get("/tags"))["meta"] == {"total": "0"}


async def test_tags_are_searched_by_name(v3: V3):
    await v3.tag("alpha")
    await v3.tag("beta")
    for query in (
        "search=alp",
        "filters[search][contains]=LPH",
        "filters%5Btag%5D%5Beq%5D=alpha",
        "filters[tag]=Alpha",
    ):
        answer = await v3.get(f"/tags?{query}")
        assert ([tag["tag"] for tag in answer["tags"]], answer["meta"]["total"]) == (["alpha"], "1")


async def test_a_repeated_tag_is_a_duplicate(v3: V3):
    await v3.tag("vip")
    status, body = await v3.call("POST", "/tags", {"tag": {"tag": "VIP"}})
    assert (status, pointers(body)) == (422, [("duplicate", "/data/attributes/tag")])
    status, body = await v3.call("POST", "/tags", {"tag": {}})
    assert (status, pointers(body)) == (422, [("field_missing", "/data/attributes/tag")])


async def test_tagging_is_201_then_200(v3: V3):
    contact_id, tag_id = await v3.contact(), await v3.tag()
    body = {"contactTag": {"contact": int(contact_id), "tag": tag_id}}
    made = await v3.post("/contactTags", body)
    assert [contact["id"] for contact in made["contacts"]] == [contact_id]
    row = made["contactTag"]
    assert (row["contact"], row["tag"]) == (contact_id, tag_id)
    again = await v3.post("/contactTags", body, status=200)
    assert again == {"contactTag": row}
    assert (await v3.get(f"/contactTags/{row['id']}"))["contactTag"] == row
    assert (await v3.get(f"/contactTags/{row['id']}/tag"))["tag"]["id"] == tag_id
    assert (await v3.get(f"/contacts/{contact_id}/contactTags")) == {"contactTags": [row]}
    assert (await v3.get(f"/contactTags?filters[tag]={tag_id}"))["meta"]["total"] == "1"
    assert (await v3.get(f"/tags/{tag_id}"))["tag"]["subscriber_count"] == "1"
    assert await v3.call("DELETE", f"/contactTags/{row['id']}") == (200, {})
    assert (await v3.get(f"/contacts/{contact_id}/contactTags")) == {"contactTags": []}


async def test_tagging_without_a_tag_is_the_recorded_400(v3: V3):
    status, body = await v3.call("POST", "/contactTags", {"contactTag": {"contact": 1}})
    assert status == 400
    assert body == {
        "errors": [
            {
                "title": "Invalid value for query parameter contactTag.tag",
                "detail": "No tag id provided",
                "source": {"parameter": "contactTag.tag"},
            }
        ]
    }


async def test_tagging_a_stranger_is_404_with_errors(v3: V3):
    status, body = await v3.call("POST", "/contactTags", {"contactTag": {"contact": 987654321, "tag": await v3.tag()}})
    assert (status, body["errors"][0]["status"], body["errors"][0]["title"]) == (404, 404, "Not Found")


async def test_lists_round_trip(v3: V3):
    body = {
        "name": "News", "stringid": "news", "sender_url": "https://example.com", "sender_reminder": "You asked.",
        "user": 1, "send_last_broadcast": 0,
    }  # fmt: skip
    made = (await v3.post("/lists", {"list": body}))["list"]
    assert (made["user"], made["send_last_broadcast"], made["stringid"]) == (1, 0, "news")
    row = (await v3.get(f"/lists/{made['id']}"))["list"]
    assert (row["user"], row["send_last_broadcast"], row["p_embed_image"]) == ("1", "0", "1")
    assert "active_subscribers" not in row
    listed = await v3.get("/lists?filters[name][contains]=new")
    assert (listed["lists"][0]["active_subscribers"], listed["meta"]["total"]) == ("0", "1")
    status, answer = await v3.call("PUT", f"/lists/{made['id']}", {"list": {"name": "Renamed"}})
    assert (status, answer["list"]["name"], answer["list"]["stringid"]) == (200, "Renamed", "news")
    assert await v3.call("DELETE", f"/lists/{made['id']}") == (200, {})


async def test_subscribing_is_201_then_200_and_echoes_types(v3: V3):
    contact_id, list_id = await v3.contact(firstName="Ada"), await v3.list()
    made = await v3.post("/contactLists", {"contactList": {"list": list_id, "contact": contact_id, "status": 1}})
    row = made["contactList"]
    assert [contact["id"] for contact in made["contacts"]] == [contact_id]
    assert (row["status"], row["list"], row["first_name"]) == (1, list_id, "Ada")
    again = await v3.post(
        "/contactLists", {"contactList": {"list": list_id, "contact": contact_id, "status": "2"}}, status=200
    )
    assert "contacts" not in again
    assert (again["contactList"]["status"], again["contactList"]["id"]) == ("2", row["id"])
    assert (await v3.get(f"/contactLists?filters[list]={list_id}"))["contactLists"][0]["status"] == "2"
    # Set active again, as sourceid 4 asks for.
    back = {"list": int(list_id), "contact": int(contact_id), "status": 1, "sourceid": 4}
    assert (await v3.post("/contactLists", {"contactList": back}, status=200))["contactList"]["sourceid"] == 4
    assert (await v3.get(f"/contacts/{contact_id}/contactLists"))["contactLists"][0]["status"] == "1"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"status": 7}, ("field_invalid", "/data/attributes/status")),
        ({"list": 987654321}, ("related_missing", "/data/attributes/list")),
        ({"contact": 987654321}, ("related_missing", "/data/attributes/contact")),
        ({"contact": None}, ("field_missing", "/data/attributes/contact")),
        ({"contact": "x"}, ("field_invalid", "/data/attributes/contact")),
    ],
)
async def test_wrong_subscriptions_name_what_is_wrong(v3: V3, change: dict[str, object], problem: tuple[str, str]):
    sent = {"list": await v3.list(), "contact": await v3.contact(), "status": 1, **change}
    status, body = await v3.call("POST", "/contactLists", {"contactList": sent})
    assert (status, pointers(body)) == (422, [problem])


async def test_fields_round_trip(v3: V3):
    empty = await v3.get("/fields")
    assert empty == {"fieldOptions": [], "fieldRels": [], "fields": [], "meta": {"total": "0", "selected": None}}
    made = (await v3.post("/fields", {"field": {"title": "Shoe size", "type": "text", "visible": 1}}))["field"]
    assert (made["perstag"], made["ordernum"], made["visible"]) == ("SHOE_SIZE", 1, 1)
    rel = await v3.post("/fieldRels", {"fieldRel": {"field": made["id"], "relid": 0}})
    assert (rel["fieldRel"]["relid"], rel["fieldRel"]["links"]) == ("0", [])
    answer = await v3.get(f"/fields/{made['id']}")
    assert (answer["field"]["visible"], answer["field"]["ordernum"]) == ("1", "1")
    assert answer["field"]["relations"] == [answer["fieldRels"][0]["id"]]
    status, changed = await v3.call("PUT", f"/fields/{made['id']}", {"field": {"title": "Size", "isrequired": "0"}})
    assert (status, changed["field"]["title"], changed["field"]["perstag"]) == (200, "Size", "SHOE_SIZE")
    assert (await v3.get("/fields?filters[perstag]=SHOE_SIZE"))["meta"]["total"] == "1"
    assert await v3.call("DELETE", f"/fields/{made['id']}") == (200, {})


async def test_field_options_are_added_after_the_field(v3: V3):
    field_id = await v3.field("Colours", "checkbox")
    options = [
        {"field": field_id, "label": word, "value": word, "orderid": place} for place, word in enumerate("ab", 1)
    ]
    made = (await v3.post("/fieldOption/bulk", {"fieldOptions": options}))["fieldOptions"]
    assert [row["value"] for row in made] == ["a", "b"]
    assert (await v3.get(f"/fieldOptions/{made[0]['id']}"))["fieldOption"] == made[0]
    assert (await v3.get(f"/fields/{field_id}/options"))["fieldOptions"] == made
    contact_id = await v3.contact(fieldValues=[{"field": field_id, "value": "||a||b||"}])
    assert (await v3.get(f"/contacts/{contact_id}/fieldValues"))["fieldValues"][0]["value"] == "||a||b||"
    status, _ = await v3.call("DELETE", f"/fieldOptions/{made[1]['id']}")
    assert status == 200


async def test_field_values_round_trip(v3: V3):
    contact_id, field_id = await v3.contact(), await v3.field()
    made = await v3.post("/fieldValues", {"fieldValue": {"contact": contact_id, "field": field_id, "value": "blue"}})
    assert made["contacts"][0]["id"] == contact_id
    value_id = made["fieldValue"]["id"]
    status, changed = await v3.call(
        "PUT", f"/fieldValues/{value_id}", {"fieldValue": {"value": "red"}, "useDefaults": True}
    )
    assert (status, changed["fieldValue"]["value"]) == (200, "red")
    assert (await v3.get(f"/fieldValues/{value_id}"))["fieldValue"]["owner"] == contact_id
    assert (await v3.get(f"/fieldValues?filters[fieldid]={field_id}&filters[val]=red"))["meta"]["total"] == "1"
    assert (await v3.get("/fieldValues?filters[val]=green"))["meta"]["total"] == "0"
    assert await v3.call("DELETE", f"/fieldValues/{value_id}") == (200, {})
    assert (await v3.call("DELETE", f"/fieldValues/{value_id}"))[0] == 404


async def test_users(v3: V3):
    me = (await v3.get("/users/me"))["user"]
    assert (me["firstName"], me["lastName"]) == ("Olga", "Owner")
    assert (await v3.get(f"/users/{me['id']}"))["user"] == me
    assert (await v3.get(f"/users/email/{me['email']}"))["user"] == me
    assert (await v3.get("/users"))["meta"]["total"] == "1"
    status, body = await v3.call("GET", "/users/email/nobody@example.com")
    assert (status, body) == (404, {"message": "No Result found for User with id nobody@example.com"})


async def test_automations_and_who_is_in_them(v3: V3):
    tag_id, contact_id = await v3.tag(), await v3.contact()
    document = {
        "version": 1,
        "triggers": [{"id": "t1", "type": "tag_added", "params": {"tag_id": int(tag_id)}, "runs": "multiple"}],
        "steps": [{"id": "s1", "type": "wait", "params": {"amount": 1, "unit": "days"}}],
    }
    http = v3.http
    made = (await http.post("/api/v1/automations", json={"name": "Welcome", "document": document})).json()
    refused = await v3.call(
        "POST", "/contactAutomations", {"contactAutomation": {"contact": contact_id, "automation": made["id"]}}
    )
    assert refused == (403, {"message": "Could not create SubscriberSeries"})
    assert (await http.post(f"/api/v1/automations/{made['id']}/activate")).status_code in (200, 201)
    listed = await v3.get("/automations?filters[name]=elc&filters[status]=1")
    row = listed["automations"][0]
    assert (row["name"], row["status"], row["multientry"], listed["meta"]["total"]) == ("Welcome", "1", "1", "1")
    assert listed["meta"]["starts"][0]["series"] == row["id"]
    entered = await v3.post(
        "/contactAutomations", {"contactAutomation": {"contact": contact_id, "automation": row["id"]}}
    )
    run = entered["contactAutomation"]
    assert (run["contact"], run["seriesid"], run["completed"]) == (contact_id, row["id"], 0)
    assert (await v3.get(f"/contacts/{contact_id}"))["contactAutomations"] == [run]
    assert (await v3.get(f"/contactAutomations?filters[automation]={row['id']}"))["meta"]["total"] == "1"
    block = (await v3.get(f"/automations/{row['id']}/blocks"))["automationBlocks"][0]
    assert (block["type"], block["id"]) == ("wait", run["lastblock"])
    assert (await v3.get(f"/contacts/{contact_id}/automationEntryCounts"))["automationEntryCounts"][0][
        "contactEntryCount"
    ] == "1"
    assert await v3.call("DELETE", f"/contactAutomations/{run['id']}") == (200, {})
    assert (await v3.get(f"/contactAutomations/{run['id']}"))["contactAutomation"]["completed"] == 1


async def test_addresses_round_trip(v3: V3):
    """Both ways of writing a column come in; the default stays until another one is."""
    given = {
        "company_name": "Engines Ltd",
        "address_1": "1 Mill Lane",
        "country": "GB",
        "zip": "W1S",
        "is_default": False,
    }
    first = (await v3.post("/addresses", {"address": given}))["address"]
    assert set(first["links"]) == {"addressGroup", "addressList", "forms"}
    assert (first["companyName"], first["address1"], first["address2"], first["zip"]) == (
        "Engines Ltd", "1 Mill Lane", "", "W1S",
    )  # fmt: skip
    assert (first["allgroup"], first["isDefault"]) == ("1", "1"), "the first one is the default"
    status, body = await v3.call("DELETE", f"/addresses/{first['id']}")
    assert (status, body["errors"][0]["code"]) == (422, "field_invalid")
    second = {"companyName": "Engines SA", "address1": "2 Rue du Moulin", "country": "FR", "isDefault": "1"}
    second = (await v3.post("/addresses", {"address": second}))["address"]
    found = await v3.get("/addresses")
    assert ([one["isDefault"] for one in found["addresses"]], found["meta"]) == (["0", "1"], {"total": "2"})
    status, body = await v3.call("PUT", f"/addresses/{second['id']}", {"address": {"city": "Paris"}})
    assert (status, body["address"]["city"], body["address"]["companyName"]) == (200, "Paris", "Engines SA")
    assert await v3.call("DELETE", f"/addresses/{first['id']}") == (200, {})
    status, body = await v3.call("GET", f"/addresses/{first['id']}")
    assert (status, body["message"]) == (404, f"No Result found for Address with id {first['id']}")
    status, body = await v3.call("POST", "/addresses", {"address": {"company_name": "X", "address_1": "Y"}})
    assert (status, pointers(body)) == (422, [("field_missing", "/data/attributes/country")])
