"""Custom objects as documented: schemas of every kind, records by id and by external id."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dialects.activecampaign.conftest import V3

pytestmark = pytest.mark.asyncio(loop_scope="session")

NOT_FOUND = (404, {"message": "Not Found"})
PETS: dict[str, Any] = {
    "slug": "pets",
    "labels": {"singular": "Pet", "plural": "Pets"},
    "description": "Animals of our customers",
    "fields": [
        {"id": "name", "labels": {"singular": "Name", "plural": "Names"}, "type": "text", "isRequired": True},
        {"id": "weight", "labels": {"singular": "Weight", "plural": "Weights"}, "type": "number", "scale": 2},
        {
            "id": "likes",
            "labels": {"singular": "Likes", "plural": "Likes"},
            "type": "multiselect",
            "options": [{"id": "1", "value": "Fish"}, {"id": "2", "value": "Sleep"}],
        },
    ],
    "relationships": [
        {
            "id": "primary-contact",
            "labels": {"singular": "Primary contact", "plural": "Primary contacts"},
            "description": "Whose pet it is",
            "namespace": "contacts",
            "hasMany": False,
        },
        {"id": "vet", "labels": {"singular": "Vet", "plural": "Vets"}, "namespace": "accounts", "hasMany": True},
    ],
}


def pointers(body: Any) -> list[tuple[str, str]]:
    assert all({"title", "detail", "source"} <= set(error) for error in body["errors"])
    return [(error["code"], error["source"]["pointer"]) for error in body["errors"]]


async def pets(v3: V3) -> str:
    return (await v3.post("/customObjects/schemas", {"schema": PETS}))["schema"]["id"]


async def test_schemas_round_trip(v3: V3):
    made = (await v3.post("/customObjects/schemas", {"schema": PETS}))["schema"]
    assert set(made) == {
        "id", "slug", "visibility", "labels", "description", "createdTimestamp", "updatedTimestamp", "fields", "icons",
        "relationships",
    }  # fmt: skip
    assert isinstance(made["id"], str)
    assert (made["slug"], made["visibility"], made["labels"]) == ("pets", "private", PETS["labels"])
    assert made["fields"][0] == {
        "id": "name", "slug": "name", "labels": {"singular": "Name", "plural": "Names"}, "type": "text",
        "isRequired": True, "scale": 0,
    }  # fmt: skip
    assert [option["value"] for option in made["fields"][2]["options"]] == ["Fish", "Sleep"]
    assert made["relationships"][0] == PETS["relationships"][0]
    path = f"/customObjects/schemas/{made['id']}"
    assert await v3.get(path + "?showFields=all") == {"schema": made}
    assert await v3.get("/customObjects/schemas") == {
        "schemas": [made], "meta": {"total": 1, "count": 1, "limit": 20, "offset": 0},
    }  # fmt: skip
    found = "/customObjects/schemas?filters[relationships.id][eq]={}&filters[relationships.namespace][eq]={}"
    for name, namespace, total in (("vet", "accounts", 1), ("vet", "contacts", 0), ("deal", "deals", 0)):
        assert (await v3.get(found.format(name, namespace)))["meta"]["total"] == total, (name, namespace)
    assert (await v3.get("/customObjects/schemas?filters[slug]=cats"))["schemas"] == []
    change = {
        "labels": {"singular": "Animal", "plural": "Animals"},
        "fields": [
            {"id": "weight", "isRequired": True},
            {"id": "born", "labels": {"singular": "Born"}, "type": "date"},
        ],
    }
    for method in ("PUT", "PATCH"):
        status, body = await v3.call(method, path, {"schema": change})
        assert (status, body["schema"]["labels"]) == (200, change["labels"])
        assert [(field["id"], field["isRequired"]) for field in body["schema"]["fields"]] == [
            ("weight", True), ("born", False), ("name", True), ("likes", False),
        ]  # fmt: skip
    status, body = await v3.call("DELETE", path + "/fields/born")
    assert (status, [field["id"] for field in body["schema"]["fields"]]) == (202, ["weight", "name", "likes"])
    assert await v3.call("DELETE", path + "/fields/17") == NOT_FOUND
    assert await v3.call("DELETE", path) == (200, {})
    assert await v3.call("GET", path) == await v3.call("DELETE", path) == NOT_FOUND
    assert await v3.call("GET", "/customObjects/schemas/0b1c-uuid") == (
        404, {"message": "No Result found for this path"},
    )  # fmt: skip


async def test_schemas_are_refused_where_they_are_wrong(v3: V3):
    await pets(v3)

    async def refused(**change: Any) -> list[tuple[str, str]]:
        status, body = await v3.call("POST", "/customObjects/schemas", {"schema": {**PETS, "slug": "more", **change}})
        assert status == 422, body
        return pointers(body)

    labels = {"singular": "X", "plural": "X"}
    assert await refused(slug="pets") == [("duplicate", "/data/attributes/schema/slug")]
    assert await refused(slug=None) == [("field_missing", "/data/attributes/schema/slug")]
    assert await refused(slug="No Good") == [("field_invalid", "/data/attributes/schema/slug")]
    assert await refused(labels={}) == [("field_missing", "/data/attributes/schema/labels")]
    assert await refused(fields=[{"id": "x", "type": "text"}]) == [
        ("field_missing", "/data/attributes/schema/fields/labels")
    ]
    assert await refused(fields=[{"id": "x", "labels": labels, "type": "blob"}]) == [
        ("field_invalid", "/data/attributes/schema/fields/type")
    ]
    assert await refused(relationships=[{"id": "x", "labels": labels, "namespace": "moons"}]) == [
        ("field_invalid", "/data/attributes/schema/relationships/namespace")
    ]


async def test_public_and_child_schemas(v3: V3):
    made = (await v3.post("/customObjects/schemas/public", {"schema": {**PETS, "appId": "app-1"}}, status=200))[
        "schema"
    ]
    assert (made["visibility"], made["appId"]) == ("public", "app-1")
    path = f"/customObjects/schemas/{made['id']}/child"
    child = (await v3.post(path, {"schema": {"parentId": made["id"]}}, status=200))["schema"]
    assert (child["visibility"], child["parentId"], child["fields"]) == ("private", made["id"], made["fields"])
    assert await v3.call("POST", "/customObjects/schemas/987654/child", {}) == NOT_FOUND


async def test_records_are_upserted_listed_and_deleted(v3: V3):
    schema_id, contact_id = await pets(v3), int(await v3.contact())
    account_id = int((await v3.post("/accounts", {"account": {"name": "Vets"}}))["account"]["id"])
    path = f"/customObjects/records/{schema_id}"
    body = {
        "record": {
            "externalId": "12345",
            "fields": [
                {"id": "name", "value": "Mimi"},
                {"id": "weight", "value": "4.25"},
                {"id": "likes", "value": ["Fish"]},
            ],
            "relationships": {"primary-contact": [contact_id], "vet": [account_id]},
        }
    }
    made = (await v3.post(path, body))["record"]
    assert set(made) == {
        "id", "externalId", "schemaId", "fields", "relationships", "createdTimestamp", "updatedTimestamp",
    }  # fmt: skip
    assert (made["externalId"], made["schemaId"], type(made["id"])) == ("12345", schema_id, str)
    assert made["fields"] == body["record"]["fields"]
    assert made["relationships"] == body["record"]["relationships"]
    one = f"{path}/{made['id']}"
    assert await v3.get(one) == {"record": made}
    assert await v3.get(f"{path}/external/12345") == await v3.get(f"/records/{schema_id}/external/12345")

    by_external = {"record": {"externalId": "12345", "fields": [{"id": "weight", "value": 5}]}}
    by_id = {"record": {"id": made["id"], "relationships": [{"vet": []}]}}
    assert (await v3.post(path, by_external))["record"]["fields"][1] == {"id": "weight", "value": "5"}
    changed = (await v3.post(path, by_id))["record"]
    assert (changed["id"], changed["relationships"]) == (made["id"], {"primary-contact": [contact_id], "vet": []})

    other = (await v3.post(path, {"record": {"fields": [{"id": "name", "value": "Rex"}]}}))["record"]
    assert (other["externalId"], other["relationships"]) == (None, {"primary-contact": [], "vet": []})
    listed = await v3.get(path + "?limit=1&offset=1")
    assert listed == {"records": [other], "meta": {"total": 2, "count": 1, "limit": 1, "offset": 1}}
    mine = await v3.get(f"{path}?filters[relationships.primary-contact][eq]={contact_id}")
    assert [record["id"] for record in mine["records"]] == [made["id"]]
    assert (await v3.get(f"{path}?filters[relationships.primary-contact][eq]=987654"))["meta"]["total"] == 0
    status, refused = await v3.call("GET", f"{path}?filters[relationships.primary-contact][eq]=x")
    assert (status, "title" in refused["errors"][0]) == (400, True)

    assert await v3.call("DELETE", f"{path}/external/12345") == (202, {})
    assert await v3.call("DELETE", f"{path}/{other['id']}") == (202, {})
    for gone in (one, f"{path}/external/12345", f"{path}/987654"):
        assert await v3.call("GET", gone) == await v3.call("DELETE", gone) == NOT_FOUND
    assert await v3.call("GET", "/customObjects/records/987654") == NOT_FOUND
    assert await v3.call("POST", path, {"record": {"id": made["id"], "fields": []}}) == NOT_FOUND


async def test_records_are_refused_by_the_name_of_the_field(v3: V3):
    path = f"/customObjects/records/{await pets(v3)}"

    async def refused(*fields: tuple[str, Any], **more: Any) -> list[tuple[str, str]]:
        given = [{"id": name, "value": value} for name, value in fields]
        status, body = await v3.call("POST", path, {"record": {"fields": given, **more}})
        assert status == 422, body
        return pointers(body)

    name = ("name", "Mimi")
    assert await refused(("weight", 1)) == [("field_missing", "/data/attributes/name")]
    assert await refused(name, ("weight", "heavy")) == [("field_invalid", "/data/attributes/weight")]
    assert await refused(name, ("nope", 1)) == [("related_missing", "/data/attributes/nope")]
    assert await refused(name, relationships={"primary-contact": [987654]}) == [
        ("related_missing", "/data/attributes/primary-contact")
    ]
    assert await refused(name, relationships={"primary-contact": ["x"]}) == [
        ("field_invalid", "/data/attributes/primary-contact")
    ]
    assert await refused(name, id="not-a-number") == [("field_invalid", "/data/attributes/id")]
    assert (await v3.get(path))["records"] == []
