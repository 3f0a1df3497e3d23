"""Users, groups, bulk imports, activities, bounces, segments, as documented and recorded."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dialects.activecampaign.conftest import V3
from waypost.activities.visits import record_visits
from waypost.kernel.db import Database
from waypost.kernel.sql import sql

pytestmark = pytest.mark.asyncio(loop_scope="session")


def pointers(body: Any) -> list[tuple[str, str]]:
    return [(error["code"], error["source"]["pointer"]) for error in body["errors"]]


def person(**more: Any) -> dict[str, Any]:
    sent = {
        "username": "grace", "email": "grace@navy.example", "firstName": "Grace", "lastName": "M Hopper", "group": 3,
        "password": "long enough", **more,
    }  # fmt: skip
    return {"user": sent}


async def test_users_are_made_changed_and_removed(v3: V3):
    made = (await v3.post("/users", person()))["user"]
    assert set(made) == {
        "username", "email", "firstName", "lastName", "localZoneid", "cdate", "udate", "links", "id",
    }  # fmt: skip
    path = f"/users/{made['id']}"
    assert (made["email"], made["firstName"], made["lastName"]) == ("grace@navy.example", "Grace", "M Hopper")
    status, changed = await v3.call("PUT", path, {"user": {"lastName": "Hopper", "group": "2"}})
    assert (status, changed["user"]["firstName"], changed["user"]["lastName"]) == (200, "Grace", "Hopper")
    assert (changed["userGroups"][0]["groupid"], changed["userConversationsPermissions"]) == ("2", [])
    assert (await v3.get(path + "/userGroup"))["userGroup"]["groupid"] == "2"
    assert await v3.call("DELETE", path) == (200, {})
    assert await v3.call("DELETE", path) == (404, {"message": f"No Result found for User with id {made['id']}"})


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"password": ""}, ("field_missing", "/data/attributes/password")),
        ({"password": "short"}, ("field_invalid", "/data/attributes/password")),
        ({"group": 9}, ("field_invalid", "/data/attributes/group")),
        ({"email": "nobody"}, ("field_invalid", "/data/attributes/email")),
    ],
)
async def test_wrong_users_name_what_is_wrong(v3: V3, change: dict[str, Any], problem: tuple[str, str]):
    status, body = await v3.call("POST", "/users", person(**change))
    assert (status, pointers(body)) == (422, [problem])


async def test_a_user_who_is_there_is_a_duplicate_and_the_last_owner_stays(v3: V3):
    me = (await v3.get("/users/me"))["user"]
    status, body = await v3.call("POST", "/users", person(email=me["email"]))
    assert (status, pointers(body)) == (422, [("duplicate", "/data/attributes/email")])
    status, _ = await v3.call("DELETE", f"/users/{me['id']}")
    assert status == 422
    assert (await v3.get("/users"))["meta"]["total"] == "1"


async def test_an_editor_may_not_change_users(v3: V3, db: Database):
    async with db.transaction(v3.workspace_id) as tx:
        await tx.run(sql("update identity.membership set role = 'editor' where workspace_id = {workspace}"))
    status, body = await v3.call("POST", "/users", person())
    assert (status, list(body)) == (403, ["message"])
    assert (await v3.get("/users"))["meta"]["total"] == "1"


async def test_groups_are_the_roles(v3: V3):
    answer = await v3.get("/groups")
    assert [row["title"] for row in answer["groups"]] == ["Owner", "Admin", "Editor", "Viewer"]
    assert answer["meta"] == {"total": "4"}
    viewer = (await v3.get("/groups/4"))["group"]
    assert (viewer["pgContactAdd"], viewer["p_admin"], len(viewer) > 75) == ("0", "0", True)
    assert await v3.call("GET", "/groups/10") == (403, {"message": "No Result found for Group with id 10"})


async def test_a_bulk_import_is_answered_and_asked_about(v3: V3):
    list_id, field_id = await v3.list(), await v3.field("Size", "number")
    contacts = [
        {
            "email": "Ann@example.com", "first_name": "Ann", "customer_acct_name": "Acme", "tags": ["a", "b"],
            "fields": [{"id": int(field_id), "value": "7"}], "subscribe": [{"listid": list_id}],
        },
        {"email": "not an address"},
    ]  # fmt: skip
    made = await v3.post("/import/bulk_import", {"contacts": contacts, "callback": {"url": "https://x"}}, status=200)
    assert set(made) == {"success", "queued_contacts", "batchId", "message"}
    assert (made["success"], made["queued_contacts"]) == (1, 2)
    contact = (await v3.get("/contacts?email=ann@example.com"))["contacts"][0]
    info = await v3.get(f"/import/info?batchId={made['batchId']}")
    assert info == {"status": "completed", "success": [contact["id"]], "failure": ["not an address"]}
    whole = await v3.get(f"/contacts/{contact['id']}")
    assert (whole["fieldValues"][0]["value"], whole["contactLists"][0]["list"]) == ("7", list_id)
    assert len((await v3.get(f"/contacts/{contact['id']}/contactTags"))["contactTags"]) == 2
    assert (await v3.get(f"/contacts/{contact['id']}/organization"))["organization"]["name"] == "Acme"
    days = await v3.get("/import/bulk_import")
    assert days["outstanding"] == []
    assert [(row["batches"], row["contacts"]) for row in days["recentlyCompleted"]] == [("1", "1")]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"contacts": []},
        {"contacts": [{"first_name": "Ann"}]},
        {"contacts": ["x"]},
        {"contacts": [{"email": "a@example.com", "subscribe": [{"listid": 987654}]}]},
        {"contacts": [{"email": f"a{number}@example.com"} for number in range(251)]},
    ],
)
async def test_a_wrong_bulk_import_adds_nobody(v3: V3, body: Any):
    status, answer = await v3.call("POST", "/import/bulk_import", body)
    assert (status, answer["success"], len(answer["failureReasons"])) == (400, 0, 1)
    assert (await v3.get("/contacts"))["meta"]["total"] == "0"


async def test_unknown_batches_are_named(v3: V3):
    assert (await v3.call("GET", "/import/info"))[0] == 400
    assert (await v3.call("GET", "/import/info?batchId=nonsense"))[0] == 404


async def test_activities_and_bounces_come_from_the_log(v3: V3, db: Database):
    contact_id, tag_id = await v3.contact(), await v3.tag()
    await v3.post("/contactTags", {"contactTag": {"contact": contact_id, "tag": tag_id}})
    answer = await v3.get(f"/activities?contact={contact_id}&orders[tstamp]=desc")
    assert [contact["id"] for contact in answer["contacts"]] == [contact_id]
    newest = answer["activities"][0]
    assert set(newest) == {
        "tstamp", "subscriberid", "reference_type", "reference_id", "reference_action", "jsonData", "userid",
        "permission", "referenceModelName", "notes", "recipients", "reference", "links", "id",
    }  # fmt: skip
    assert (newest["reference_type"], newest["reference_id"]) == ("SubscriberTag", tag_id)
    assert (await v3.get(f"/activities?contact={contact_id}&after=2100-01-01"))["activities"] == []
    everybodys = await v3.get("/activities?limit=1&orders[tstamp]=desc")
    assert (everybodys["activities"], everybodys["contacts"]) == ([newest], answer["contacts"])
    whole = await v3.get("/activities")
    assert (whole["activities"][-1], whole["meta"]) == (newest, {"total": str(len(whole["activities"]))})
    assert (await v3.get("/activities?after=2100-01-01"))["activities"] == []
    status, body = await v3.call("GET", "/activities?contact=ada")
    assert (status, pointers(body)) == (422, [("field_invalid", "/data/attributes/contact")])
    assert (await v3.get("/bounceLogs"))["meta"] == {"total": "0"}
    async with db.transaction(v3.workspace_id) as tx:
        await tx.run(
            sql(
                """
                insert into activities.fact (workspace_id, contact_id, at, kind, object_id, actor_kind)
                values ({workspace}, {contact_id}, {now}, {kind}, 5, 5)
                """,
                contact_id=int(contact_id),
                kind=tx.registry.facts["message_bounced"].kind,
            )
        )
    rows = (await v3.get("/bounceLogs"))["bounceLogs"]
    assert [(row["contact"], row["message"], row["email"]) for row in rows] == [(contact_id, "5", "ada@example.com")]
    assert (await v3.get(f"/contacts/{contact_id}/bounceLogs"))["bounceLogs"] == rows
    assert (await v3.get("/contactData"))["contactData"] == [{"contact": contact_id, "links": [], "id": contact_id}]
    assert await v3.get("/scoreValues") == {"scoreValues": [], "meta": {"total": "0"}}
    assert await v3.get(f"/contacts/{contact_id}/trackingLogs") == {"trackingLogs": []}
    async with db.transaction(v3.workspace_id) as tx:
        await record_visits(
            tx, [(int(contact_id), "https://example.com/a"), (int(contact_id), "https://example.com/b")]
        )
    logs = (await v3.get(f"/contacts/{contact_id}/trackingLogs"))["trackingLogs"]
    assert {row["value"] for row in logs} == {"https://example.com/a", "https://example.com/b"}
    assert {(row["type"], row["contact"], len(row["hash"])) for row in logs} == {("page", contact_id, 32)}


async def test_segments_are_listed_and_select_contacts(v3: V3):
    tag_id, contact_id = await v3.tag(), await v3.contact()
    await v3.contact("other@example.com")
    await v3.post("/contactTags", {"contactTag": {"contact": contact_id, "tag": tag_id}})
    condition = {"type": "has_tag", "params": {"tag_id": int(tag_id)}}
    made = await v3.http.post("/api/v1/segments", json={"name": "Tagged", "condition": condition})
    assert made.status_code == 201, made.text
    answer = await v3.get("/segments")
    row = answer["segments"][0]
    assert (row["name"], row["logic"], row["hidden"], answer["meta"]) == ("Tagged", "and", "0", {"total": "1"})
    assert (await v3.get(f"/segments/{row['id']}"))["segment"] == row
    found = await v3.get(f"/contacts?segmentid={row['id']}")
    assert [contact["id"] for contact in found["contacts"]] == [contact_id]


async def test_contacts_are_narrowed_by_account_and_automation(v3: V3):
    ada, grace = await v3.contact(), await v3.contact("grace@example.com")
    account = (await v3.post("/accounts", {"account": {"name": "Acme"}}))["account"]["id"]
    await v3.post("/accountContacts", {"accountContact": {"account": account, "contact": ada}})

    async def ids(query: str) -> list[str]:
        return [contact["id"] for contact in (await v3.get(f"/contacts?{query}"))["contacts"]]

    assert await ids(f"organization={account}") == [ada]
    assert await ids(f"organization={account}&email=grace@example.com") == []
    document = {
        "version": 1,
        "triggers": [{"id": "t1", "type": "contact_created", "params": {}, "runs": "once"}],
        "steps": [{"id": "s1", "type": "wait", "params": {"amount": 1, "unit": "days"}}],
    }
    made = (await v3.http.post("/api/v1/automations", json={"name": "A", "document": document})).json()
    await v3.http.post(f"/api/v1/automations/{made['id']}/activate")
    assert await ids(f"seriesid={made['id']}") == []
    run = {"contactAutomation": {"contact": grace, "automation": made["id"]}}
    await v3.post("/contactAutomations", run)
    assert await ids(f"seriesid={made['id']}") == [grace]


async def test_tags_and_notes_are_sideloaded(v3: V3):
    contact_id, tag_id = await v3.contact(), await v3.tag()
    await v3.post("/contactTags", {"contactTag": {"contact": contact_id, "tag": tag_id}})
    note = {"note": "Called", "relid": contact_id, "reltype": "Subscriber"}
    note_id = (await v3.post("/notes", {"note": note}))["note"]["id"]
    answer = await v3.get("/contacts?include=contactTags.tag,notes")
    assert [tag["id"] for tag in answer["tags"]] == [tag_id]
    assert [one["id"] for one in answer["notes"]] == answer["contacts"][0]["notes"] == [note_id]
    assert answer["contacts"][0]["contactTags"] == [one["id"] for one in answer["contactTags"]]


async def test_fields_are_shown_on_lists(v3: V3):
    field_id, list_id = await v3.field(), await v3.list()
    assert [row["relid"] for row in (await v3.get("/fields"))["fieldRels"]] == ["0"]
    made = (await v3.post("/fieldRels", {"fieldRel": {"field": field_id, "relid": int(list_id)}}))["fieldRel"]
    assert (made["relid"], made["field"]) == (list_id, field_id)
    assert (await v3.get(f"/fields/{field_id}"))["field"]["relations"] == [made["id"]]
    assert (await v3.get(f"/fieldRels/{made['id']}"))["fieldRel"] == made
    assert await v3.call("DELETE", f"/fieldRels/{made['id']}") == (200, {})
    assert (await v3.call("DELETE", f"/fieldRels/{made['id']}"))[0] == 404
    status, body = await v3.call("POST", "/fieldRels", {"fieldRel": {"field": field_id, "relid": 987654}})
    assert (status, pointers(body)) == (422, [("related_missing", "/data/attributes/relid")])


async def test_fields_stand_in_groups(v3: V3):
    field_id = int(await v3.field())
    sent = {"groupDefinition": {"label": "Body", "groupType": 1}}
    group = (await v3.post("/groupDefinitions", sent, status=200))["groupDefinition"]
    assert (group["label"], group["type_id"], isinstance(group["id"], int)) == ("Body", 1, True)
    assert await v3.get("/groupMembers") == {"groupDefinitions": [group]}
    body = {"groupMember": {"rel_id": field_id, "group_id": group["id"], "ordernum": 4}}
    made = (await v3.post("/groupMembers", body, status=200))["groupMember"]
    assert made == {"id": field_id, "group_id": group["id"], "rel_id": field_id, "ordernum": 4, "links": []}
    path = f"/groupMembers/{made['id']}"
    assert (await v3.get(path))["groupMember"] == made
    status, body = await v3.call("PUT", path, {"groupMember": {"group_id": 94}})
    assert (status, body) == (404, {"message": "No Result found for GroupDefinition with id 94"})
    status, body = await v3.call("POST", "/groupMembers", {"groupMember": {"group_id": group["id"]}})
    assert (status, pointers(body)) == (422, [("field_missing", "/data/attributes/rel_id")])
    assert await v3.call("DELETE", path) == (200, {})
    assert await v3.call("GET", path) == (404, {"errors": [{"status": 404, "title": "Not Found"}]})
