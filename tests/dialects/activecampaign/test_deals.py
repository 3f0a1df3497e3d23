"""Deals, pipelines, stages, tasks, further contacts and fields of deals over the wire."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dialects.activecampaign.conftest import V3

pytestmark = pytest.mark.asyncio(loop_scope="session")


def pointers(body: Any) -> list[tuple[str, str]]:
    return [(error["code"], error["source"]["pointer"]) for error in body["errors"]]


async def group(v3: V3, title: str = "Sales") -> tuple[str, list[str]]:
    """A pipeline's id and those of its stages."""
    made = await v3.post("/dealGroups", {"dealGroup": {"title": title, "currency": "eur", "autoassign": 1}})
    return made["dealGroup"]["id"], made["dealGroup"]["stages"]


async def me(v3: V3) -> str:
    return (await v3.get("/users/me"))["user"]["id"]


async def deal(v3: V3, group_id: str, contact_id: str, **more: Any) -> dict[str, Any]:
    body = {"title": "Roof", "value": 12_550, "currency": "eur", "owner": await me(v3), "contact": contact_id}
    return (await v3.post("/deals", {"deal": {**body, "group": group_id, **more}}))["deal"]


async def test_a_pipeline_comes_with_stages_that_can_be_ordered_and_removed(v3: V3):
    made = await v3.post("/dealGroups", {"dealGroup": {"title": "Sales", "currency": "eur", "allgroups": 1}})
    row = made["dealGroup"]
    assert (row["title"], row["currency"], row["allgroups"]) == ("Sales", "eur", 1)
    assert [stage["id"] for stage in made["dealStages"]] == row["stages"]
    assert [stage["order"] for stage in made["dealStages"]] == ["1", "2", "3"]
    listed = await v3.get("/dealGroups?filters[title]=sales")
    assert (listed["meta"], listed["dealGroups"][0]["count"]) == ({"total": 1}, "3")

    new = await v3.post("/dealStages", {"dealStage": {"title": "Offer", "group": row["id"], "color": "ABCDEF"}})
    stage = new["dealStage"]
    assert (stage["color"], stage["order"], stage["width"]) == ("abcdef", 4, 280)
    assert new["dealGroups"][0]["id"] == row["id"]
    for method in ("PUT", "PATCH"):
        status, changed = await v3.call(method, f"/dealStages/{stage['id']}", {"dealStage": {"order": 1}})
        assert (status, changed["dealStage"]["order"], changed["dealStage"]["title"]) == (200, 1, "Offer")
    stages = (await v3.get(f"/dealStages?filters[d_groupid]={row['id']}"))["dealStages"]
    assert stages[0]["title"] == "Offer"
    assert (await v3.get(f"/dealStages/{stage['id']}/group"))["dealGroup"]["id"] == row["id"]
    assert await v3.call("DELETE", f"/dealStages/{stage['id']}") == (200, {})
    gone = {"message": f"No Result found for DealStage with id {stage['id']}"}
    assert await v3.call("GET", f"/dealStages/{stage['id']}") == (404, gone)
    assert await v3.call("DELETE", f"/dealGroups/{row['id']}") == (200, {})
    assert await v3.call("DELETE", "/dealGroups/") == (404, {"message": "No Result found for DealGroup with id 0"})


async def test_what_a_pipeline_or_stage_cannot_be(v3: V3):
    group_id, stages = await group(v3)
    for path, body, wanted in (
        ("/dealGroups", {"dealGroup": {"title": "x"}}, ("field_missing", "currency")),
        ("/dealGroups", {"dealGroup": {"title": "x", "currency": "euro"}}, ("field_invalid", "currency")),
        ("/dealGroups", {"dealGroup": {"title": "sales", "currency": "eur"}}, ("duplicate", "title")),
        ("/dealStages", {"dealStage": {"title": "x", "group": "987654"}}, ("related_missing", "group")),
        ("/dealStages", {"dealStage": {"title": "x", "group": group_id, "color": "red"}}, ("field_invalid", "color")),
    ):
        status, answer = await v3.call("POST", path, body)
        assert (status, pointers(answer)) == (422, [(wanted[0], f"/data/attributes/{wanted[1]}")]), body
    await deal(v3, group_id, await v3.contact())
    for path in (f"/dealGroups/{group_id}", f"/dealStages/{stages[0]}"):
        status, answer = await v3.call("DELETE", path)
        assert (status, answer["errors"][0]["code"]) == (422, "field_invalid")
        assert (await v3.call("GET", path))[0] == 200


async def test_a_deal_round_trip(v3: V3):
    (group_id, stages), ada, owner = await group(v3), await v3.contact(), await me(v3)
    body = {
        "title": "Roof", "description": "Red tiles", "value": 12_550.9, "currency": "eur", "owner": owner,
        "contact": ada, "group": group_id, "percent": 40, "deal_url": "ignored",
    }  # fmt: skip
    made = await v3.post("/deals", {"deal": body})
    row = made["deal"]
    assert (row["value"], row["currency"], row["percent"], row["status"]) == (12_550, "eur", 40, "0")
    assert (row["group"], row["stage"], row["contact"], row["owner"]) == (group_id, stages[0], ada, owner)
    assert row["customFieldSaveStatus"] == {"status": "success"}
    assert [one["id"] for one in made["dealStages"]] == [stages[0]]
    assert len(made["contacts"]) == len(made["dealGroups"]) == 1

    status, changed = await v3.call(
        "PUT", f"/deals/{row['id']}", {"deal": {"stage": stages[1], "status": 1, "value": "20000", "title": "Roofs"}}
    )
    assert (status, changed["deal"]["stage"], changed["deal"]["status"]) == (200, stages[1], 1)
    read = (await v3.get(f"/deals/{row['id']}"))["deal"]
    assert (read["title"], read["value"], read["description"]) == ("Roofs", "20000", "Red tiles")
    assert (read["percent"], read["isDisabled"], read["nextdate"]) == ("40", False, None)
    for relation in read["links"]:
        assert (await v3.call("GET", f"/deals/{row['id']}/{relation}"))[0] == 200, relation
    assert [one["id"] for one in (await v3.get(f"/contacts/{ada}/deals"))["deals"]] == [row["id"]]
    assert (await v3.get(f"/contacts/{ada}"))["contact"]["deals"] == [row["id"]]
    kinds = [one["data_type"] for one in (await v3.get(f"/dealActivities?deal={row['id']}"))["dealActivities"]]
    assert sorted(kinds) == ["deal", "stage", "status", "title", "value"]
    other, first = await group(v3, "Second")
    status, changed = await v3.call("PATCH", f"/deals/{row['id']}", {"deal": {"group": other, "percent": 0}})
    assert (changed["deal"]["group"], changed["deal"]["stage"]) == (other, first[0])
    assert await v3.call("DELETE", f"/deals/{row['id']}") == (200, {})
    gone = {"message": f"No Result found for Deal with id {row['id']}"}
    for method in ("GET", "PUT", "DELETE"):
        assert await v3.call(method, f"/deals/{row['id']}", {"deal": {}}) == (404, gone)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"title": ""}, ("field_missing", "title")),
        ({"value": "much"}, ("field_invalid", "value")),
        ({"value": "1e300"}, ("field_invalid", "value")),
        ({"value": "inf"}, ("field_invalid", "value")),
        ({"currency": "euro"}, ("field_invalid", "currency")),
        ({"status": 3}, ("field_invalid", "status")),
        ({"percent": 101}, ("field_invalid", "percent")),
        ({"contact": 987654}, ("related_missing", "contact")),
        ({"account": 987654}, ("related_missing", "account")),
        ({"owner": 987654}, ("related_missing", "owner")),
        ({"group": 987654}, ("related_missing", "group")),
        ({"stage": 987654}, ("related_missing", "stage")),
        ({"fields": [{"customFieldId": 987654, "fieldValue": "x"}]}, ("related_missing", "customFieldId")),
    ],
)
async def test_what_a_deal_cannot_be_and_nothing_is_kept(v3: V3, given: dict[str, Any], wanted: tuple[str, str]):
    (group_id, _), ada = await group(v3), await v3.contact()
    body = {"title": "T", "value": 1, "currency": "eur", "owner": await me(v3), "contact": ada, "group": group_id}
    status, answer = await v3.call("POST", "/deals", {"deal": {**body, **given}})
    assert (status, pointers(answer)) == (422, [(wanted[0], f"/data/attributes/{wanted[1]}")])
    assert (await v3.get("/deals"))["meta"] == {"currencies": [], "total": 0}


async def test_a_stage_of_another_pipeline_is_refused(v3: V3):
    (group_id, _), (_, others), ada = await group(v3), await group(v3, "Other"), await v3.contact()
    made = await deal(v3, group_id, ada)
    for method, path in (("POST", "/deals"), ("PUT", f"/deals/{made['id']}")):
        body = {"title": "T", "value": 1, "currency": "eur", "owner": await me(v3), "contact": ada, "group": group_id}
        status, answer = await v3.call(method, path, {"deal": {**body, "stage": others[0]}})
        assert (status, pointers(answer)) == (422, [("related_missing", "/data/attributes/stage")])
    assert (await v3.get(f"/deals/{made['id']}"))["deal"]["title"] == "Roof"


async def test_deals_are_filtered_sorted_and_summed(v3: V3):
    (group_id, stages), ada = await group(v3), await v3.contact()
    grace = await v3.contact("grace@example.com")
    roof = await deal(v3, group_id, ada)
    door = await deal(v3, group_id, grace, title="Door", value=900, currency="usd", stage=stages[1], status=1)
    await v3.post("/dealTasks", {"dealTask": {"relid": roof["id"], "duedate": "2001-01-01", "dealTasktype": 1}})
    for query, wanted in (
        ("", [roof, door]),
        (f"filters[stage]={stages[1]}", [door]),
        (f"filters[d_groupid]={group_id}&filters[status]=0", [roof]),
        ("filters[search]=grace&filters[search_field]=contact", [door]),
        ("filters[search]=grace&filters[search_field]=title", []),
        ("filters[title]=oo", [roof, door]),
        ("filters[minimum_value]=100", [roof]),
        ("filters[maximum_value]=9", [door]),
        ("filters[nextdate_range]=overdue", [roof]),
        ("filters[nextdate_range]=no-task", [door]),
        ("filters[tasktype]=2", []),
        (f"filters[contact]={ada}", [roof]),
        ("filters[created_after]=2100-01-01", []),
        ("orders[value]=ASC", [door, roof]),
        ("orders[contact_name]=DESC", [door, roof]),
        ("orders[next-action]=ASC&limit=1", [roof]),
        ("limit=1&offset=1", [door]),
    ):
        found = (await v3.get(f"/deals?{query}"))["deals"]
        assert [one["id"] for one in found] == [one["id"] for one in wanted], query
    assert (await v3.get("/deals"))["meta"] == {
        "currencies": {
            "EUR": {"total": "1", "value": "12550", "currency": "EUR", "isDisabled": False},
            "USD": {"total": "1", "value": "900", "currency": "USD", "isDisabled": False},
        },
        "total": 2,
    }


async def test_many_deals_change_owner_or_stage_at_once(v3: V3):
    (group_id, stages), ada = await group(v3), await v3.contact()
    owner = int(await me(v3))
    mine = int((await deal(v3, group_id, ada))["id"])
    free = int((await deal(v3, group_id, ada, title="Door"))["id"])
    await v3.call("PUT", f"/deals/{free}", {"deal": {"owner": 0}})
    body = {"deals": [{"id": one, "ownerId": owner} for one in (mine, free, 987654)]}
    status, answer = await v3.call("PATCH", "/deals/bulkUpdate", body)
    assert (status, answer) == (200, {"success": [free], "nochange": [mine], "failed": [987654]})
    status, moved = await v3.call("PUT", f"/dealStages/{stages[0]}/deals", {"deal": {"stage": stages[2]}})
    assert (status, {one["stage"] for one in moved["deals"]}, len(moved["deals"])) == (200, {stages[2]}, 2)
    status, answer = await v3.call("PUT", f"/dealStages/{stages[2]}/deals", {"deal": {"stage": "987654"}})
    assert (status, pointers(answer)) == (422, [("related_missing", "/data/attributes/stage")])


async def test_tasks_of_deals_and_contacts(v3: V3):
    (group_id, _), ada = await group(v3), await v3.contact()
    roof = await deal(v3, group_id, ada)
    types = await v3.get("/dealTasktypes")
    assert ([one["title"] for one in types["dealTasktypes"]], types["meta"]) == (
        ["Call", "Email", "Meeting", "To-do"],
        {"total": "4"},
    )
    body = {"title": "Ring", "relid": int(roof["id"]), "duedate": "2030-05-06T07:08:09+00:00", "dealTasktype": 1}
    task = (await v3.post("/dealTasks", {"dealTask": body}))["dealTask"]
    assert (task["reltype"], task["owner"], task["status"]) == ("Deal", {"type": "deal", "id": roof["id"]}, "0")
    shown = (await v3.get(f"/deals/{roof['id']}"))["deal"]
    assert (shown["nextTask"], shown["nextdate"]) == (task["id"], task["duedate"])
    own = {"ownerType": "contact", "relid": ada, "duedate": "2030-01-01", "dealTasktype": "3", "note": "Coffee"}
    other = (await v3.post("/dealTasks", {"dealTask": own}))["dealTask"]
    assert (other["reltype"], other["relid"], other["title"]) == ("Subscriber", ada, "Coffee")
    for query, wanted in (
        ("filters[reltype]=Deal", [task]),
        (f"filters[reltype]=Subscriber&filters[relid]={ada}", [other]),
        ("filters[d_tasktypeid]=3", [other]),
        ("filters[due_after]=2030-03-01", [task]),
        ("Fitlers[due_before]=2030-03-01", [other]),
        ("filters[title]=rin", [task]),
        ("filters[status]=1", []),
    ):
        found = (await v3.get(f"/dealTasks?{query}"))["dealTasks"]
        assert [one["id"] for one in found] == [one["id"] for one in wanted], query
    for relation in task["links"]:
        assert (await v3.call("GET", f"/dealTasks/{task['id']}/{relation}"))[0] == 200, relation
    done = {"dealTask": {"status": 1, "outcomeInfo": "Reached"}}
    changed = (await v3.call("PUT", f"/dealTasks/{task['id']}", done))[1]["dealTask"]
    assert (changed["outcomeInfo"], changed["donedate"] is None) == ("Reached", False)
    assert (await v3.get(f"/deals/{roof['id']}"))["deal"]["nextTask"] is None
    status, moved = await v3.call("PUT", "/dealTasktypes/1/dealTasks", {"dealTask": {"dealTasktype": "2"}})
    assert (status, [one["dealTasktype"] for one in moved["dealTasks"]]) == (200, ["2"])
    assert [one["id"] for one in moved["deals"]] == [roof["id"]]
    assert await v3.call("DELETE", f"/dealTasks/{other['id']}") == (200, {})
    assert (await v3.call("GET", f"/dealTasks/{other['id']}"))[0] == 404
    for bad, column in (
        ({"relid": 987654}, "relid"),
        ({"dealTasktype": 9}, "dealTasktype"),
        ({"assignee": 99999}, "assignee"),
    ):
        status, answer = await v3.call("POST", "/dealTasks", {"dealTask": {**body, **bad}})
        assert (status, pointers(answer)) == (422, [("related_missing", f"/data/attributes/{column}")])


async def test_further_contacts_and_notes(v3: V3):
    (group_id, _), ada = await group(v3), await v3.contact()
    grace, roof = await v3.contact("grace@example.com"), await deal(v3, group_id, ada)
    body = {"contactDeal": {"deal": roof["id"], "contact": int(grace), "role": "Architect"}}
    made = await v3.post("/contactDeals", body, status=200)
    row = made["contactDeal"]
    assert (row["contact"], row["role"], made["deals"][0]["id"]) == (int(grace), "Architect", roof["id"])
    for contact in (ada, grace):
        again = {"contactDeal": {"deal": roof["id"], "contact": contact}}
        status, answer = await v3.call("POST", "/contactDeals", again)
        assert (status, pointers(answer)) == (422, [("field_invalid", "/data/attributes/contact")])
    status, changed = await v3.call("PUT", f"/contactDeals/{row['id']}", {"contactDeal": {"role": "Builder"}})
    assert (status, changed["contactDeal"]["role"], changed["contactDeal"]["id"]) == (200, "Builder", row["id"])
    assert (await v3.get("/contactDeals"))["meta"] == {"total": "1"}
    of_grace = await v3.get(f"/contacts/{grace}/contactDeals")
    assert [one["id"] for one in of_grace["deals"]] == [roof["id"]]
    assert [one["id"] for one in (await v3.get(f"/contacts/{grace}/deals"))["deals"]] == [roof["id"]]
    assert await v3.call("DELETE", f"/contactDeals/{row['id']}") == (200, {})
    gone = {"message": f"No Result found for SubscriberDeal with id {row['id']}"}
    assert await v3.call("GET", f"/contactDeals/{row['id']}") == (404, gone)

    noted = await v3.post(f"/deals/{roof['id']}/notes", {"note": {"note": "Called"}})
    note = noted["note"]
    assert (noted["deals"][0]["id"], note["reltype"], note["relid"]) == (roof["id"], "Deal", roof["id"])
    path = f"/deals/{roof['id']}/notes/{note['id']}"
    assert (await v3.call("PUT", path, {"note": {"note": "Called twice"}}))[1]["note"]["note"] == "Called twice"
    assert (await v3.post(path, {"note": {"note": "Thrice"}}))["note"]["id"] == note["id"]
    assert [one["note"] for one in (await v3.get(f"/deals/{roof['id']}/notes"))["notes"]] == ["Thrice"]
    other = await deal(v3, group_id, ada, title="Door")
    assert (await v3.call("PUT", f"/deals/{other['id']}/notes/{note['id']}", {"note": {"note": "x"}}))[0] == 404


async def test_fields_of_deals_keep_their_values(v3: V3):
    (group_id, _), ada = await group(v3), await v3.contact()
    kinds = {"Budget": "currency", "Slope": "number", "Tiles": "multiselect"}
    ids = {}
    for label, kind in kinds.items():
        options = {"fieldOptions": ["red", "blue"]} if kind == "multiselect" else {}
        body = {"dealCustomFieldMetum": {"fieldLabel": label, "fieldType": kind, **options}}
        made = (await v3.post("/dealCustomFieldMeta", body))["dealCustomFieldMetum"]
        assert (made["personalization"], made["isRequired"]) == (f"DEAL_{label.upper()}", 0)
        ids[label] = int(made["id"])
    sent = [{"customFieldId": ids["Budget"], "fieldValue": 150_050, "fieldCurrency": "EUR"}]
    roof = await deal(v3, group_id, ada, fields=sent)
    assert roof["fields"] == [{"customFieldId": ids["Budget"], "fieldValue": 150_050, "dealId": roof["id"]}]
    bulk = [{"dealId": int(roof["id"]), "customFieldId": ids["Tiles"], "fieldValue": ["red", "blue"]}]
    status, answer = await v3.call("POST", "/dealCustomFieldData/bulkCreate", bulk)
    assert (status, answer) == (200, {"message": "1 custom field values created"})
    one = {"dealId": int(roof["id"]), "customFieldId": ids["Slope"], "fieldValue": "30"}
    datum = (await v3.post("/dealCustomFieldData", {"dealCustomFieldDatum": one}, status=200))["dealCustomFieldDatum"]
    changes = [{"id": int(datum["id"]), "fieldValue": 45}]
    assert (await v3.call("PATCH", "/dealCustomFieldData/bulkUpdate", changes))[0] == 200
    listed = await v3.get(f"/dealCustomFieldData?filters[dealId]={roof['id']}")
    values = {row["customFieldId"]: row["fieldValue"] for row in listed["dealCustomFieldData"]}
    assert values == {ids["Budget"]: 150_050, ids["Tiles"]: ["red", "blue"], ids["Slope"]: "45"}
    assert listed["meta"] == {"total": 3}
    path = f"/dealCustomFieldData/{datum['id']}"
    assert (await v3.call("DELETE", path))[1] == {"message": "Custom field value deleted"}
    assert await v3.call("GET", path) == (404, {"errors": [{"status": 404, "title": "Not Found"}]})
    bad = {"dealId": int(roof["id"]), "customFieldId": ids["Slope"], "fieldValue": "steep"}
    status, answer = await v3.call("POST", "/dealCustomFieldData", {"dealCustomFieldDatum": bad})
    assert (status, answer["errors"][0]["code"]) == (422, "field_invalid")
    status, answer = await v3.call("DELETE", f"/dealCustomFieldMeta/{ids['Budget']}")
    assert (status, answer) == (200, {"message": "Custom field deleted"})
    assert (await v3.get(f"/deals/{roof['id']}/dealCustomFieldData"))["dealCustomFieldData"][0]["fieldValue"] == [
        "red",
        "blue",
    ]


HUGE = 10**30


async def test_what_the_database_has_no_room_for_is_refused_or_left_out(v3: V3):
    (group_id, _), ada = await group(v3), await v3.contact()
    roof = await deal(v3, group_id, ada, title="Ro\x00of", description="Red\x00 tiles")
    assert (roof["title"], roof["description"]) == ("Roof", "Red tiles")
    for path, key, given in (
        (f"/deals/{roof['id']}", "deal", {"contact": HUGE}),
        (f"/deals/{roof['id']}", "deal", {"description": "x" * 20_001}),
        (f"/deals/{roof['id']}", "deal", {"fields": [{"customFieldId": HUGE, "fieldValue": "x"}]}),
        ("/deals/bulkUpdate", "deals", [{"id": HUGE, "ownerId": 1}]),
    ):
        status, answer = await v3.call("PUT", path, {key: given})
        assert (status, answer["errors"][0]["code"]) == (422, "field_invalid"), given
    task = {"title": "Ri\x00ng", "note": "a\x00b", "relid": roof["id"], "dealTasktype": 1}
    for due in ("0001-01-01", "9999-12-31T23:59:59-12:00", "soon"):
        status, answer = await v3.call("POST", "/dealTasks", {"dealTask": {**task, "duedate": due}})
        assert (status, pointers(answer)) == (422, [("field_invalid", "/data/attributes/duedate")])
    made = (await v3.post("/dealTasks", {"dealTask": {**task, "duedate": "2030-01-01"}}))["dealTask"]
    assert (made["title"], made["note"]) == ("Ring", "ab")
    for query in (f"filters[stage]={HUGE}", f"filters[minimum_value]={HUGE}", f"offset={HUGE}"):
        assert (await v3.get(f"/deals?{query}"))["deals"] == [], query
    assert len((await v3.get(f"/deals?filters[maximum_value]={HUGE}&filters[title]=%00"))["deals"]) == 1
    for path in (f"/deals/{HUGE}", "/dealStages/\u00b2", f"/deals/{roof['id']}/notes/{HUGE}"):
        assert (await v3.call("GET", path))[0] == 404, path
