"""Segment services, list groups, organizations, steps and goals of automations, and what editors ask for."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from tests.dialects.activecampaign.conftest import V3
from waypost.delivery.suppressions import Entry, add_suppressions
from waypost.delivery.types import Reason
from waypost.kernel.db import Database
from waypost.kernel.sql import sql

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def _tagged(v3: V3, count: int) -> tuple[int, list[int], int]:
    """A segment of tagged contacts, who is in it, and somebody who is not."""
    tag_id = await v3.tag()
    inside = [int(await v3.contact(f"in{number}@example.com")) for number in range(count)]
    outside = int(await v3.contact("out@example.com"))
    for contact_id in inside:
        await v3.post("/contactTags", {"contactTag": {"contact": contact_id, "tag": tag_id}})
    body = {"name": "Tagged", "condition": {"type": "has_tag", "params": {"tag_id": int(tag_id)}}}
    made = await v3.http.post("/api/v1/segments", json=body)
    return made.json()["id"], inside, outside


async def test_segments_say_who_is_in_them(v3: V3):
    segment_id, inside, outside = await _tagged(v3, 3)

    async def attributes(path: str) -> Any:
        (row,) = (await v3.get(path))["data"]
        return row["attributes"]

    found = await attributes(f"/segmentMatchAll/{segment_id}?page_size=2&page=1&sort=-id")
    assert (found["is_ready"], found["matches"]) == (True, [inside[2], inside[1]])
    assert found["page"] == {"current_page": 1, "last_page": 2, "per_page": 2, "total": 3}
    again = await attributes(f"/segmentMatchAll/{segment_id}/{found['run_id']}?page_size=2&page=2&sort=-id")
    assert (again["run_id"], again["matches"]) == (found["run_id"], [inside[0]])
    assert (await attributes(f"/segmentMatch/{segment_id}/{inside[0]}"))["match"] is True
    assert (await attributes(f"/segmentMatch/{segment_id}/{outside}/mine"))["match"] is False
    shown = await attributes(f"/segmentsV2/{segment_id}")
    assert (shown["name"], shown["segment_id"], shown["category"]) == ("Tagged", str(segment_id), "AUDIENCE")
    assert (await attributes(f"/audiences/{segment_id}"))["name"] == "Tagged"
    assert [row["id"] for row in (await v3.get("/audiences?search=tagg&sort=name"))["data"]] == [str(segment_id)]
    copied = {"data": [{"type": "segment", "attributes": {**shown, "name": "Copied"}}]}
    made = (await v3.post("/segmentsV2", copied, status=200))["data"][0]["attributes"]
    assert (made["name"], made["meta"]) == ("Copied", shown["meta"])
    tried = (await v3.post("/segmentMatchAll?page_size=1", copied, status=200))["data"][0]["attributes"]
    assert (tried["page"]["total"], tried["matches"]) == (3, [inside[0]])
    named = [{"attributes": {"name": "Renamed"}}]
    status, body = await v3.call("PUT", f"/segmentsV2/{made['segment_id']}", named)
    assert (status, body["data"][0]["attributes"]["name"]) == (200, "Renamed")
    counted = await v3.get(f"/segmentsV2/count-history?segmentIds={segment_id},{made['segment_id']}")
    assert {row["id"] for row in counted["data"]} == {str(segment_id), made["segment_id"]}
    assert (await attributes(f"/segmentsV2/{segment_id}/count-history"))["segment_id"] == str(segment_id)
    status, body = await v3.call("POST", "/segmentsV2", {"data": [{"attributes": {"segment_conditions": [{}]}}]})
    assert (status, body["errors"][0]["status"]) == (400, "400")
    wrong = {"data": [{"attributes": {"name": "X", "meta": {"condition": {"type": "nonsense", "params": {}}}}}]}
    assert (await v3.call("POST", "/segmentsV2", wrong))[0] == 422
    assert (await v3.call("POST", "/segmentMatchAll", wrong))[0] == 422
    assert (await v3.call("DELETE", f"/segmentsV2/{segment_id}"))[0] == 200
    for path in ("segmentsV2", "segmentMatchAll", "audiences"):
        status, body = await v3.call("GET", f"/{path}/{segment_id}")
        assert (status, body["errors"][0]["status"]) == (404, "404")


async def test_every_group_may_use_every_list(v3: V3):
    first, second = await v3.list("One"), await v3.list("Two")
    made = (await v3.post("/listGroups", {"listGroup": {"listid": int(second), "groupid": 3}}))["listGroup"]
    assert (made["list"], made["group"], set(made)) == (second, "3", {"list", "group", "links", "id"})
    page = await v3.get("/listGroups?limit=3&offset=3")
    assert [(row["list"], row["group"]) for row in page["listGroups"]] == [(first, "4"), (second, "1"), (second, "2")]
    assert page["meta"] == {"total": "8"}
    row = (await v3.get(f"/listGroups/{made['id']}"))["listGroup"]
    assert (row["p_list_edit"], row["id"]) == ("1", made["id"])
    assert await v3.call("DELETE", f"/listGroups/{made['id']}") == (200, {})
    assert (await v3.call("GET", "/listGroups/9999991"))[0] == 404
    for sent, column in (
        ({"listid": 999_999, "groupid": 1}, "listid"),
        ({"listid": int(first), "groupid": 9}, "groupid"),
    ):
        status, body = await v3.call("POST", "/listGroups", {"listGroup": sent})
        assert (status, body["errors"][0]["source"]["pointer"]) == (422, f"/data/attributes/{column}")
    limits = await v3.get("/groupLimits")
    assert ([row["group"] for row in limits["groupLimits"]], limits["meta"]) == (["1", "2", "3", "4"], {"total": "4"})
    assert (await v3.call("DELETE", "/addressGroups/19")) == (
        404,
        {"message": "No Result found for AddressGroup with id 19"},
    )


async def test_organizations_are_accounts_by_their_old_name(v3: V3):
    made = (await v3.post("/organizations", {"organization": {"name": "Acme"}}))["organization"]
    assert set(made) == {"name", "created_timestamp", "updated_timestamp", "userid", "links", "id", "owner"}
    path = f"/organizations/{made['id']}"
    assert (await v3.get(f"/accounts/{made['id']}"))["account"]["name"] == "Acme"
    assert (await v3.call("PUT", path, {"organization": {"name": "Apex"}}))[1]["organization"]["name"] == "Apex"
    other = (await v3.post("/organizations", {"organization": {"name": "Other"}}))["organization"]
    listed = await v3.get("/organizations?search=ape")
    assert ([row["id"] for row in listed["organizations"]], listed["meta"]) == ([made["id"]], {"total": "1"})
    assert await v3.call("DELETE", f"/organizations/bulk_delete?ids[]={other['id']}") == (200, {})
    assert await v3.call("DELETE", path) == (200, {})
    assert (await v3.call("DELETE", path))[0] == 404


async def test_steps_goals_and_who_reached_them(v3: V3, db: Database):
    contact_id, tag_id = await v3.contact(), await v3.tag()
    condition = {"type": "has_tag", "params": {"tag_id": int(tag_id)}}
    document = {
        "version": 1,
        "triggers": [{"id": "t1", "type": "contact_created", "params": {}, "runs": "once"}],
        "steps": [
            {"id": "s1", "type": "wait", "params": {"amount": 1, "unit": "days"}},
            {"id": "s2", "type": "goal", "params": {"name": "Bought", "condition": condition}},
        ],
    }
    made = (await v3.http.post("/api/v1/automations", json={"name": "A", "document": document})).json()
    assert (await v3.http.post(f"/api/v1/automations/{made['id']}/activate")).status_code == 200
    blocks = await v3.get("/automationBlocks")
    assert blocks["meta"] == {"total": "2"}
    assert blocks["automationBlocks"] == (await v3.get(f"/automations/{made['id']}/blocks"))["automationBlocks"]
    (goal,) = (await v3.get("/goals"))["goals"]
    assert (goal["name"], goal["id"], goal["automation"]) == (
        "Bought",
        blocks["automationBlocks"][1]["id"],
        str(made["id"]),
    )
    run = {"contactAutomation": {"contact": contact_id, "automation": made["id"]}}
    await v3.post("/contactAutomations", run)
    assert await v3.get(f"/contacts/{contact_id}/contactGoals") == {"contactGoals": []}
    async with db.transaction(v3.workspace_id) as tx:
        enrollment_id = await tx.value(sql("select id from automations.enrollment where workspace_id = {workspace}"))
        statement = """
            insert into automations.goal_met (workspace_id, enrollment_id, step_id, at)
            values ({workspace}, {id}, 's2', {now})
            """
        await tx.run(sql(statement, id=enrollment_id))
    (reached,) = (await v3.get(f"/contacts/{contact_id}/contactGoals"))["contactGoals"]
    assert {name: reached[name] for name in ("goalid", "seriesid", "subscriberid", "contactAutomation")} == {
        "goalid": goal["id"], "seriesid": str(made["id"]), "subscriberid": contact_id,
        "contactAutomation": str(enrollment_id),
    }  # fmt: skip


async def test_editors_get_markup_and_tags(v3: V3):
    await v3.field("Colour")
    body = {"fromname": "Olga", "fromemail": "olga@example.com", "reply2": "re@example.com", "subject": "Hi"}
    message_id = (await v3.post("/messages", {"message": {**body, "html": "<p>Hello</p>"}}))["message"]["id"]
    assert await v3.get(f"/content/editorMarkup/{message_id}") == {"html": "<p>Hello</p>", "css": ""}
    status, answer = await v3.call("GET", "/content/editorMarkup/999999")
    assert (status, list(answer)) == (404, ["message"])
    groups = {group["category"]: group["entries"] for group in await v3.get("/stripo/personalizationTags")}
    assert {"label": "Colour", "value": "%COLOUR%"} in groups["Custom fields"]
    assert "Variables" not in groups
    assert any(entry["value"] == "%FIRSTNAME%" for entry in groups["Contact"])


async def test_a_segment_is_widened_by_conditions_of_the_moment(v3: V3):
    segment_id, inside, outside = await _tagged(v3, 2)
    other = await v3.tag("other")
    await v3.post("/contactTags", {"contactTag": {"contact": outside, "tag": other}})
    named = {"type": "has_tag", "params": {"tag_id": int(other)}}
    asked = {"data": {"type": "additionalCriteria", "attributes": {"meta": {"condition": named}}}}
    path = f"/segmentMatchSome/{segment_id}"
    (row,) = (await v3.post(f"{path}?page_size=2", asked, status=200))["data"]
    found = row["attributes"]
    assert (found["matches"], found["page"]["total"], found["segment_id"]) == (inside, 3, str(segment_id))
    (row,) = (await v3.get(f"{path}/{found['run_id']}?page_size=2&page=2"))["data"]
    assert (row["attributes"]["matches"], row["id"]) == ([outside], found["run_id"])
    for run in ("x", f"{segment_id}-@", f"{segment_id}-AAAA", f"{segment_id}-é"):
        assert (await v3.call("GET", f"{path}/{run}"))[0] == 404
    assert (await v3.call("POST", path, {"data": {"attributes": {"conditions": []}}}))[0] == 400
    assert (await v3.call("POST", "/segmentMatchSome/999999", asked))[0] == 404


async def test_a_segment_goes_by_the_date_of_its_making(v3: V3):
    segment_id, _, _ = await _tagged(v3, 1)
    (row,) = (await v3.get(f"/segmentsV2/{segment_id}"))["data"]
    path = f"/segmentsV2/{segment_id}/createdDate/{quote(row['attributes']['created_date'])}"
    assert (await v3.get(path))["data"] == [row]
    status, body = await v3.call("PUT", path, {"data": [{"attributes": {"name": "Renamed"}}]})
    assert (status, body["data"][0]["attributes"]["name"]) == (200, "Renamed")
    for date in ("2020-01-01T00:00:00Z", "yesterday", "9" * 40):
        assert (await v3.call("GET", f"/segmentsV2/{segment_id}/createdDate/{date}"))[0] == 404
        assert await v3.get(f"/segmentsV2/{segment_id}/count-history/{date}") == {"data": []}
    (count,) = (await v3.get(f"/segmentsV2/{segment_id}/count-history"))["data"]
    at = quote(count["attributes"]["timestamp"])
    assert (await v3.get(f"/segmentsV2/{segment_id}/count-history/{at}"))["data"] == [count]


async def test_exclusions_are_what_was_suppressed_by_hand(v3: V3, db: Database):
    entries = [Entry("Bad@example.com", Reason.BY_HAND), Entry("spam.example", Reason.BY_HAND),
               Entry("left@example.com", Reason.UNSUBSCRIBED), Entry("0" * 32, Reason.BY_HAND)]  # fmt: skip
    async with db.transaction(v3.workspace_id) as tx:
        await add_suppressions(tx, entries, source="test")
    answer = await v3.get("/lists/exclusions?filters[lists][]=1")
    assert answer["meta"] == {"total": 2}
    domain, address = answer["exclusions"]
    assert (domain["matchPhrase"], domain["matchType"]) == ("@spam.example", "end")
    assert address == {
        "id": address["id"], "matchPhrase": "bad@example.com", "matchType": "exact", "channel": "allEmail",
        "hidden": False, "lists": [],
    }  # fmt: skip
    assert (await v3.get("/lists/exclusions?orders[matchPhrase]=DESC"))["exclusions"] == [address, domain]
    assert (await v3.get("/lists/exclusions?filters[matchPhrase]=BAD@"))["exclusions"] == [address]
    path = f"/lists/exclusions/{address['id']}"
    assert await v3.get(path) == address
    assert await v3.call("PUT", path, {"channel": "all", "lists": []}) == (200, address)
    for body, pointer in (({"channel": "allSms"}, "channel"), ({"lists": ["1"]}, "lists[0]")):
        status, refused = await v3.call("PUT", path, body)
        assert (status, refused["errors"][0]["source"]) == (422, {"pointer": f"/data/attributes/{pointer}"})
    assert await v3.call("GET", "/lists/exclusions/422") == (404, {"message": "Exclusion not found [id=422]"})
    missing = "No Result found for Exclusion with id 404"
    assert await v3.call("PUT", "/lists/exclusions/404", {}) == (404, {"message": missing})


async def test_the_editor_is_told_of_a_campaigns_messages(v3: V3):
    assert (await v3.get("/stripo/config"))["allMessagesArr"] == []
    for wrong in ("999999", "x", "-1"):
        status, body = await v3.call("GET", f"/stripo/config?campaignId={wrong}")
        assert (status, body["errors"][0]["source"]) == (422, {"pointer": "/data/attributes/campaignId"})


async def test_groups_stay_the_four_roles(v3: V3):
    group = (await v3.get("/groups/3"))["group"]
    same = {"group": {"title": "Editor", "pgContactAdd": True}}
    assert await v3.call("PUT", "/groups/3", same) == (200, {"group": group})
    for method, path, body in (
        ("PUT", "/groups/3", {"group": {"pgContactAdd": False}}),
        ("POST", "/groups", {"group": {"title": "Interns"}}),
        ("DELETE", "/groups/3", None),
    ):
        status, answer = await v3.call(method, path, body)
        assert (status, list(answer)) == (403, ["message"])
    status, answer = await v3.call("POST", "/groups", {"group": {}})
    assert (status, answer["errors"][0]["code"]) == (422, "field_missing")
    assert (await v3.call("DELETE", "/groups/10"))[0] == 403
