"""Whoever has records that meet tests: one by one, as a set, over time, and as a trigger of automations."""

from __future__ import annotations

from typing import Any

import pytest

from tests.make import Client, Make
from tests.questions import next_moment, problem, who
from waypost.kernel.tx import Tx
from waypost.objects.actions.records import upsert_records
from waypost.objects.actions.schemas import create_schema
from waypost.objects.facts import RecordCreated
from waypost.objects.types import FieldDefinition, RecordInput, Relationship, Schema

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def contracts(tx: Tx) -> Schema:
    return await create_schema(
        tx,
        singular="Contract",
        plural="Contracts",
        fields=[
            FieldDefinition(id="plan", name="Plan"),
            FieldDefinition(id="value", name="Value", type="currency"),
            FieldDefinition(id="ends", name="Ends", type="date"),
            FieldDefinition(id="called", name="Called", type="datetime"),
            FieldDefinition(id="parts", name="Parts", type="checkbox", options=["Mail", "Phone", "Shop"]),
        ],
        relationships=[
            Relationship(id="owner", name="Owner"),
            Relationship(id="users", name="Users", has_many=True),
            Relationship(id="company", name="Company", namespace="company"),
        ],
    )


async def sign(tx: Tx, make: Make, schema: Schema) -> tuple[int, int]:
    """Ada has two contracts, Grace one that she also uses, Linus none; NOW is 22 November 2026."""
    ada, grace = await make.contact(tx, first_name="Ada"), await make.contact(tx, first_name="Grace")
    await make.contact(tx, first_name="Linus")
    await upsert_records(
        tx,
        schema.id,
        [
            RecordInput(
                fields={"plan": "Gold", "value": 100, "ends": "2026-11-25", "parts": ["Mail", "Phone"]},
                related={"owner": [ada]},
            ),
            RecordInput(fields={"plan": "Silver", "value": 50, "ends": "2027-11-25"}, related={"owner": [ada]}),
            RecordInput(
                fields={"plan": "gold plus", "value": 70, "called": "2026-11-20T10:00:00Z", "parts": ["Shop"]},
                related={"owner": [grace], "users": [grace]},
            ),
            RecordInput(fields={"plan": "Gold", "value": 1000}),
        ],
    )
    return ada, grace


async def test_records_are_asked_about_in_every_way(tx: Tx, make: Make):
    schema = await contracts(tx)
    ada, grace = await sign(tx, make, schema)

    async def having(*where: tuple[Any, ...], **more: Any) -> set[str]:
        tests = [{"field_id": one[0], "operator": one[1], "value": one[2] if len(one) > 2 else None} for one in where]
        return await who(tx, "has_record", schema_id=schema.id, where=tests, **more)

    assert await having() == {"Ada", "Grace"}
    assert await having(relationship_id="users") == {"Grace"}
    assert await having(count=2) == {"Ada"}
    assert await having(operator="exactly", count=1) == {"Grace"}
    assert await having(operator="exactly", count=0) == {"Linus"}
    assert await having(operator="at_most", count=1) == {"Grace", "Linus"}
    assert await having(("plan", "equals", "GOLD")) == {"Ada"}
    assert await having(("plan", "contains", "gold")) == {"Ada", "Grace"}
    assert await having(("plan", "not_equals", "gold")) == {"Ada", "Grace"}
    assert await having(("plan", "contains", "gold"), ("value", "less", 80)) == {"Grace"}
    assert await having(("plan", "equals", "gold"), ("value", "less", 80)) == set(), "of one and the same record"
    assert await having(("plan", "equals", "gold"), operator="at_most", count=0) == {"Grace", "Linus"}
    assert await having(("value", "any_of", [70, 50])) == {"Ada", "Grace"}
    assert await having(("ends", "in_next_days", 3)) == {"Ada"}
    assert await having(("ends", "in_next_days", 2)) == set()
    assert await having(("ends", "is_empty")) == {"Grace"}
    assert await having(("called", "in_last_days", 3)) == {"Grace"}
    assert await having(("parts", "all_of", ["phone", "mail"])) == {"Ada"}
    assert await having(("parts", "any_of", ["shop", "phone"])) == {"Ada", "Grace"}
    assert await having(("parts", "none_of", ["mail"]), count=2) == set()
    assert await having(("parts", "is_empty")) == {"Ada"}
    soon = [{"field_id": "ends", "operator": "in_next_days", "value": 2}]
    due = await next_moment(tx, "has_record", ada, schema_id=schema.id, where=soon)
    assert due.isoformat() == "2026-11-23T00:00:00+00:00"
    assert await next_moment(tx, "has_record", grace, schema_id=schema.id, where=soon) is None


async def test_wrong_questions_are_refused_where_they_are_wrong(tx: Tx):
    schema = await contracts(tx)

    async def refused(*where: dict[str, Any], **more: Any) -> tuple[str, str]:
        return await problem(tx, "has_record", **{"schema_id": schema.id, "where": list(where), **more})

    fine = {"field_id": "plan", "operator": "equals", "value": "x"}
    assert await refused(schema_id=987654) == ("/schema_id", "objects.schema_not_found")
    assert await refused(relationship_id="company") == ("/relationship_id", "objects.relationship_not_found")
    assert await refused(fine, {**fine, "field_id": "nope"}) == ("/where/1/field_id", "objects.field_not_found")
    assert await refused({**fine, "operator": "greater"}) == ("/where/0/operator", "contacts.operator_unfit")
    heavy = {"field_id": "value", "operator": "less", "value": "heavy"}
    assert await refused(heavy) == ("/where/0/value", "contacts.value_unfit")
    stranger = tx.in_workspace(tx.workspace_id + 1_000_000)
    assert await problem(stranger, "has_record", schema_id=schema.id) == ("/schema_id", "objects.schema_not_found")


async def test_segments_and_automations_speak_of_records(client: Client):
    body = {"singular": "Visit", "plural": "Visits", "fields": [{"name": "Room"}], "relationships": [{"name": "Guest"}]}
    schema = (await client.post("/api/v1/objects/schemas", json=body)).json()
    assert [field["id"] for field in schema["fields"]] == ["room"]
    contact = (await client.post("/api/v1/contacts", json={"email": "ada@example.com"})).json()
    record = {"fields": {"room": "12"}, "related": {"guest": [contact["id"]]}}
    made = await client.post(f"/api/v1/objects/schemas/{schema['id']}/records", json=record)
    assert made.status_code == 201, made.text
    where = [{"field_id": "room", "operator": "equals", "value": "12"}]
    condition = {"type": "has_record", "params": {"schema_id": schema["id"], "where": where}}
    found = await client.post("/api/v1/segments/contacts", json={"condition": condition})
    assert [item["id"] for item in found.json()["items"]] == [contact["id"]]
    document = {
        "version": 1,
        "triggers": [{"id": "t", "type": "record_created", "params": {"schema_id": schema["id"]}, "runs": "once"}],
        "steps": [{"id": "s", "type": "wait", "params": {"amount": 1, "unit": "days"}}],
    }
    made = await client.post("/api/v1/automations", json={"name": "Guests", "document": document})
    assert made.status_code == 201, made.text
    active = await client.post(f"/api/v1/automations/{made.json()['id']}/activate", json={})
    assert active.status_code in (200, 201), active.text
    refused = await client.delete(f"/api/v1/objects/schemas/{schema['id']}")
    assert (refused.status_code, refused.json()["code"]) == (409, "still_used")
    entries = (await client.get(f"/api/v1/contacts/{contact['id']}/timeline")).json()["items"]
    assert RecordCreated.name in [entry["kind"] for entry in entries]


async def test_records_over_the_api(client: Client):
    schemas = "/api/v1/objects/schemas"
    body = {"singular": "Course", "plural": "Courses", "fields": [{"name": "Title", "is_required": True}]}
    schema = (await client.post(schemas, json=body)).json()
    own = f"{schemas}/{schema['id']}"
    taken = await client.post(schemas, json=body)
    assert (taken.status_code, taken.json()["code"]) == (409, "objects.slug_taken")
    batch = {"records": [{"external_id": "a", "fields": {"title": "Tea"}}, {"fields": {"title": "Coffee"}}]}
    assert (await client.post(f"{own}/records/batch", json=batch)).json()["created"] == 2
    refused = await client.post(f"{own}/records", json={"fields": {}})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/fields/title")
    listed = (await client.get(f"{own}/records", params={"search": "tea"})).json()
    assert (listed["total"], [item["external_id"] for item in listed["items"]]) == (None, ["a"])
    record_id = listed["items"][0]["id"]
    path = f"/api/v1/objects/records/{record_id}"
    assert (await client.patch(path, json={"fields": {"title": "Green tea"}})).json()["fields"]["title"] == "Green tea"
    assert (await client.get(path)).json()["fields"] == {"title": "Green tea"}
    assert (await client.get(path + "/related")).json() == {"items": []}
    changed = await client.patch(own, json={"fields": [{"id": "title", "name": "Name", "is_required": True}]})
    assert changed.json()["fields"][0]["name"] == "Name"
    assert (await client.delete(own + "/fields/nope")).status_code == 404
    assert (await client.delete(own + "/fields/title")).json()["fields"] == []
    assert (await client.delete(path)).status_code == 204
    assert (await client.get(path)).status_code == 404
    gone = await client.post(f"{own}/records/delete", json={"record_ids": [record_id, 1]})
    assert gone.json() == {"changed": 0}
    assert (await client.delete(own)).status_code == 204
    assert (await client.get(schemas)).json()["items"] == []
