"""Schemas and records: written as sets, checked as a whole, told to the contacts they belong to."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.make import Make
from waypost.contacts.actions.companies import create_company, delete_companies
from waypost.contacts.erasing import erase_contacts
from waypost.contacts.merging import merge_contacts
from waypost.contacts.person_exports import collect
from waypost.deals.actions.deals import NewDeal, create_deal, delete_deals
from waypost.kernel.db import Database
from waypost.kernel.errors import Failure, Invalid
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx
from waypost.objects.actions.records import delete_records, upsert_record, upsert_records
from waypost.objects.actions.schemas import (
    create_child,
    create_schema,
    delete_field,
    delete_relationship,
    delete_schema,
    update_schema,
)
from waypost.objects.errors import DefinitionInvalid, RecordNotFound, SchemaNotFound, SlugTaken
from waypost.objects.queries.records import get_record, list_groups_of, list_records, list_related
from waypost.objects.queries.schemas import get_schema, list_schemas
from waypost.objects.sweeping import sweep_chunk
from waypost.objects.types import FieldDefinition, RecordInput, Relationship, Schema

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def pets(tx: Tx) -> Schema:
    """Animals of one owner, with a vet at a company and other animals they get along with."""
    return await create_schema(
        tx,
        singular="Pet",
        plural="Pets",
        fields=[
            FieldDefinition(id="name", name="Name", is_required=True),
            FieldDefinition(id="kind", name="Kind", type="dropdown", options=["Cat", "Dog"]),
            FieldDefinition(id="weight", name="Weight", type="number", scale=1),
            FieldDefinition(id="born", name="Born", type="date"),
            FieldDefinition(id="likes", name="Likes", type="multiselect", options=["Fish", "Sleep"]),
        ],
        relationships=[
            Relationship(id="owner", name="Owner"),
            Relationship(id="sitters", name="Sitters", has_many=True),
            Relationship(id="vet", name="Vet", namespace="company"),
            Relationship(id="friends", name="Friends", namespace="record", has_many=True),
            Relationship(id="sale", name="Sale", namespace="deal"),
        ],
    )


async def told(tx: Tx) -> list[tuple[int, int, Any]]:
    """What the log says of records since the last look: contact, kind, data."""
    rows = await tx.all(
        sql(
            """
            select contact_id, kind, object_id, data from activities.fact
            where workspace_id = {workspace} and kind between 500 and 519 order by id
            """
        )
    )
    await tx.run(sql("delete from activities.fact where workspace_id = {workspace}"))
    return sorted((row["contact_id"], row["kind"], row["data"]) for row in rows)


async def test_a_record_is_made_changed_and_deleted_and_its_contacts_hear_of_it(tx: Tx, make: Make):
    schema = await pets(tx)
    ada, grace = await make.contact(tx), await make.contact(tx)
    made = await upsert_record(
        tx,
        schema.id,
        RecordInput(
            external_id="p1",
            fields={"name": "Mimi", "kind": "cat", "weight": "4,5", "born": "22.11.2020", "likes": "||Fish||Sleep||"},
            related={"owner": [ada], "sitters": [ada, grace]},
        ),
    )
    assert made.fields == {
        "name": "Mimi", "kind": "Cat", "weight": 4.5, "born": "2020-11-22", "likes": ["Fish", "Sleep"],
    }  # fmt: skip
    assert made.related == {"owner": [ada], "sitters": [ada, grace]}
    assert await told(tx) == [(who, 500, {"record_id": made.id}) for who in (ada, grace)]

    again = await upsert_record(
        tx, schema.id, RecordInput(external_id="p1", fields={"weight": 5, "kind": None}, related={"owner": [grace]})
    )
    assert (again.id, again.fields["weight"], "kind" in again.fields) == (made.id, 5, False)
    assert again.related == {"owner": [grace], "sitters": [ada, grace]}
    changes = {"kind": {"old": "Cat"}, "weight": {"old": 4.5, "new": 5}}
    both = {"record_id": made.id, "changes": changes}
    assert await told(tx) == sorted(
        [(ada, 501, both), (ada, 503, {"record_id": made.id}), (grace, 501, both), (grace, 502, {"record_id": made.id})]
    )
    await upsert_record(tx, schema.id, RecordInput(id=made.id, fields={"weight": 5}, related={"owner": [grace]}))
    assert await told(tx) == [], "nothing changed"

    assert await delete_records(tx, schema.id, [made.id, 987]) == 1
    assert await told(tx) == [(who, 503, {"record_id": made.id}) for who in (ada, grace)]
    assert await delete_records(tx, schema.id, [made.id]) == 0
    with pytest.raises(RecordNotFound):
        await get_record(tx, made.id)
    left = "select count(*) from objects.contact_relation where workspace_id = {workspace}"
    assert await tx.value(sql(left)) == 0


async def test_links_are_added_and_taken_away_without_naming_the_others(tx: Tx, make: Make):
    schema, people = await pets(tx), await make.contacts(tx, 130)
    made = await upsert_record(tx, schema.id, RecordInput(fields={"name": "Mimi"}, related={"sitters": people}))
    await told(tx)
    ada, acme = await make.contact(tx), await create_company(tx, name="Vets")
    more = {"sitters": [ada, people[0]], "owner": [ada], "vet": [acme.id]}
    await upsert_record(tx, schema.id, RecordInput(id=made.id, linked=more, unlinked={"sitters": [people[1], 987]}))
    assert await told(tx) == sorted(
        [(ada, 502, {"record_id": made.id}), (people[1], 503, {"record_id": made.id})], key=lambda one: one[:2]
    )
    count = (
        "select count(*) from objects.contact_relation where workspace_id = {workspace} and relationship = 'sitters'"
    )
    assert await tx.value(sql(count)) == 130
    await upsert_record(tx, schema.id, RecordInput(id=made.id, linked={"owner": [people[5]]}))
    after = await upsert_record(tx, schema.id, RecordInput(id=made.id, unlinked={"vet": [acme.id]}))
    assert (after.related["owner"], "vet" in after.related, len(after.related["sitters"])) == ([people[5]], False, 100)


async def test_a_set_is_written_in_the_same_few_statements_however_large(tx: Tx, make: Make):
    schema = await pets(tx)
    people = await make.contacts(tx, 300)
    assert await upsert_records(tx, schema.id, []) == []
    inputs = [
        RecordInput(external_id=f"p{n}", fields={"name": f"Pet {n}"}, related={"owner": [people[n]]})
        for n in range(300)
    ]
    asked: list[str] = []
    with tx.conn.query_logger(lambda query: asked.append(query.query)):
        first = await upsert_records(tx, schema.id, inputs)
    assert len(asked) <= 8
    assert [one.is_new for one in first] == [True] * 300
    for number in (0, 150, 299):
        record = await get_record(tx, first[number].id)
        assert (record.external_id, record.related) == (f"p{number}", {"owner": [people[number]]})
    mixed = [
        RecordInput(fields={"name": "Nameless"}),
        RecordInput(external_id="p7", fields={"weight": 1}),
        RecordInput(id=first[8].id, fields={"weight": 2}),
        RecordInput(external_id="p7", fields={"weight": 3}),
        RecordInput(external_id="new", fields={"name": "N"}),
        RecordInput(external_id="new", fields={"weight": 9}),
        RecordInput(fields={"name": "Another"}),
    ]
    second = await upsert_records(tx, schema.id, mixed)
    assert [one.is_new for one in second] == [True, False, False, False, True, True, True]
    assert second[1].id == second[3].id == first[7].id
    assert second[4].id == second[5].id
    assert (await get_record(tx, first[7].id)).fields == {"name": "Pet 7", "weight": 3}
    assert (await get_record(tx, second[4].id)).fields == {"name": "N", "weight": 9}
    assert [(await get_record(tx, second[n].id)).fields["name"] for n in (0, 6)] == ["Nameless", "Another"]
    assert (await list_records(tx, schema.id)).total == 303


async def test_one_wrong_record_refuses_the_call_and_every_place_is_named(tx: Tx, make: Make):
    schema = await pets(tx)
    ada = await make.contact(tx)
    with pytest.raises(Invalid) as refused:
        await upsert_records(
            tx,
            schema.id,
            [
                RecordInput(fields={"name": "Fine"}),
                RecordInput(fields={"name": "x", "weight": "heavy", "nothing": 1, "kind": "Bird"}),
                RecordInput(fields={"name": "x"}, related={"owner": [ada, ada + 1], "enemy": [1]}),
                RecordInput(fields={"name": "x"}, external_id="e" * 300),
            ],
        )
    assert [(problem.pointer, problem.code) for problem in refused.value.problems] == [
        ("/records/1/fields/weight", "objects.value_invalid"),
        ("/records/1/fields/nothing", "objects.field_not_found"),
        ("/records/1/fields/kind", "objects.value_invalid"),
        ("/records/2/related/owner", "objects.related_too_many"),
        ("/records/2/related/enemy", "objects.relationship_not_found"),
        ("/records/3/external_id", "objects.external_id_invalid"),
    ]

    async def places(*inputs: RecordInput) -> list[tuple[str, str]]:
        with pytest.raises(Failure) as refused:
            await upsert_records(tx, schema.id, inputs)
        return [(problem.pointer, problem.code) for problem in refused.value.problems]

    nameless = RecordInput(fields={"weight": 1})
    assert await places(nameless) == [("/records/0/fields/name", "objects.field_required")]
    missing = {"owner": [987654], "vet": [987654], "friends": [987654], "sale": [1]}
    assert await places(RecordInput(fields={"name": "x"}, related=missing)) == [
        (f"/records/0/related/{name}", "objects.related_not_found") for name in missing
    ]
    assert await places(RecordInput(id=987654)) == [("/records/0/id", "objects.record_not_found")]
    assert (await list_records(tx, schema.id)).total == 0
    one = await upsert_record(tx, schema.id, RecordInput(external_id="a", fields={"name": "A"}))
    assert await places(RecordInput(id=one.id, fields={"name": ""})) == [
        ("/records/0/fields/name", "objects.field_required")
    ]
    with pytest.raises(SchemaNotFound):
        await upsert_records(tx, schema.id + 1000, [RecordInput()])


async def test_records_are_found_by_what_they_belong_to_and_by_words(tx: Tx, make: Make):
    schema = await pets(tx)
    ada = await make.contact(tx, "ada@example.com")
    acme = await create_company(tx, name="Acme Vets")
    mimi = await upsert_record(
        tx, schema.id, RecordInput(fields={"name": "Mimi"}, related={"owner": [ada], "vet": [acme.id]})
    )
    rex = await upsert_record(
        tx, schema.id, RecordInput(external_id="R-1", fields={"name": "Rex the Dog"}, related={"friends": [mimi.id]})
    )
    assert [one.id for one in (await list_records(tx, schema.id)).items] == [rex.id, mimi.id]
    first = await list_records(tx, schema.id, limit=1)
    assert (first.total, [one.id for one in first.items]) == (2, [rex.id])
    assert [one.id for one in (await list_records(tx, schema.id, limit=1, after=first.next)).items] == [mimi.id]

    async def found(**asked: Any) -> list[int]:
        return [one.id for one in (await list_records(tx, schema.id, **asked)).items]

    assert await found(search="dog r-1") == [rex.id]
    assert await found(search="name") == [], "names of fields are no values"
    await upsert_record(tx, schema.id, RecordInput(id=rex.id, fields={"name": 'Rex "the \\ Dog"'}))
    assert await found(search='"the \\') == [rex.id]
    assert await found(belongs={"contact": ada}) == [mimi.id] == await found(belongs={"company": acme.id})
    assert [(one.relationship, one.name, one.detail) for one in await list_related(tx, mimi.id)] == [
        ("owner", "Ada Lovelace", "ada@example.com"), ("vet", "Acme Vets", ""),
    ]  # fmt: skip
    assert [(one.namespace, one.id) for one in await list_related(tx, rex.id)] == [("record", mimi.id)]
    groups = await list_groups_of(tx, "contact", ada)
    assert [(group.schema_id, group.count, group.records[0].id) for group in groups] == [(schema.id, 1, mimi.id)]
    assert [group.count for group in await list_groups_of(tx, "company", acme.id)] == [1]
    stranger = tx.in_workspace(tx.workspace_id + 1_000_000)
    assert await list_schemas(stranger) == await list_related(stranger, mimi.id) == []
    assert (await list_records(stranger, schema.id)).items == []
    with pytest.raises(SchemaNotFound):
        await upsert_records(stranger, schema.id, [RecordInput(id=mimi.id, fields={"name": "Stolen"})])
    with pytest.raises(RecordNotFound):
        await get_record(stranger, mimi.id)


async def test_a_record_belongs_to_a_deal_until_the_deal_is_deleted(tx: Tx, make: Make):
    schema = await pets(tx)
    ada, acme = await make.contact(tx, "ada@example.com"), await create_company(tx, name="Acme Vets")
    one = await create_deal(tx, NewDeal(title="A cat for Ada", contact_id=ada))
    other = await create_deal(tx, NewDeal(title="A cat for nobody"))
    mimi = await upsert_record(
        tx, schema.id, RecordInput(fields={"name": "Mimi"}, related={"sale": [one.id], "vet": [acme.id]})
    )
    assert [(found.namespace, found.name, found.detail) for found in await list_related(tx, mimi.id)] == [
        ("deal", "A cat for Ada", "Ada Lovelace"), ("company", "Acme Vets", ""),
    ]  # fmt: skip
    assert [group.count for group in await list_groups_of(tx, "deal", one.id)] == [1]
    assert [found.id for found in (await list_records(tx, schema.id, belongs={"deal": one.id})).items] == [mimi.id]
    moved = await upsert_record(tx, schema.id, RecordInput(id=mimi.id, linked={"sale": [other.id]}))
    assert moved.related == {"sale": [other.id], "vet": [acme.id]}, "a record has one sale"
    assert await list_groups_of(tx, "deal", one.id) == []
    assert await list_groups_of(tx.in_workspace(tx.workspace_id + 1_000_000), "deal", other.id) == []

    await delete_deals(tx, [other.id])
    await delete_companies(tx, [acme.id])
    assert (await get_record(tx, mimi.id)).related == {}
    assert await list_related(tx, mimi.id) == []


async def test_definitions_grow_but_keep_their_ids_and_types(tx: Tx):
    schema = await pets(tx)
    record = await upsert_record(tx, schema.id, RecordInput(fields={"name": "Mimi", "weight": 4}))
    changed = await update_schema(
        tx, schema.id, {"plural": "Animals", "fields": [FieldDefinition(id="", name="Chip number")]}
    )
    assert (changed.plural, changed.slug, changed.record_count) == ("Animals", "pets", 1)
    assert [field.id for field in changed.fields] == ["chip-number", "name", "kind", "weight", "born", "likes"]
    for wrong in (
        {"fields": [FieldDefinition(id="weight", name="Weight", type="text")]},
        {"fields": [FieldDefinition(id="a", name="A"), FieldDefinition(id="a", name="B")]},
        {"fields": [FieldDefinition(id="a b", name="A")]},
        {"fields": [FieldDefinition(id="a", name="A", type="radio")]},
        {"relationships": [Relationship(id="owner", name="Owner", has_many=True)]},
    ):
        with pytest.raises(DefinitionInvalid):
            await update_schema(tx, schema.id, wrong)
    with pytest.raises(SlugTaken):
        await create_schema(tx, singular="Pet", plural="Pets")
    child = await create_child(tx, schema.id)
    assert (child.parent_id, child.slug, child.fields) == (schema.id, "pets-child", changed.fields)
    assert (await create_child(tx, schema.id)).slug == "pets-child-2"
    less = await delete_field(tx, schema.id, "weight")
    assert less.field("weight") is None
    assert (await get_record(tx, record.id)).fields == {"name": "Mimi"}
    assert (await delete_relationship(tx, schema.id, "owner")).relationship("owner") is None


async def test_a_deleted_schema_is_gone_at_once_and_swept_in_chunks(tx: Tx, make: Make, monkeypatch: Any):
    monkeypatch.setattr("waypost.objects.sweeping.CHUNK", 2)
    schema, ada = await pets(tx), await make.contact(tx)
    written = await upsert_records(
        tx, schema.id, [RecordInput(fields={"name": "x"}, related={"owner": [ada]}) for _ in range(5)]
    )
    await delete_schema(tx, schema.id)
    with pytest.raises(SchemaNotFound):
        await get_schema(tx, schema.id)
    with pytest.raises(RecordNotFound):
        await get_record(tx, written[0].id)
    assert await list_groups_of(tx, "contact", ada) == []
    assert (await pets(tx)).slug == "pets"
    chunks = 0
    while await sweep_chunk(tx):
        chunks += 1
    assert chunks == 4
    assert await tx.value(sql("select count(*) from objects.record where workspace_id = {workspace}")) == 0
    assert await tx.value(sql("select count(*) from objects.contact_relation where workspace_id = {workspace}")) == 0


async def test_merging_moves_records_and_erasing_takes_what_is_about_the_person(tx: Tx, make: Make):
    schema = await pets(tx)
    ada, old, grace = await make.contact(tx), await make.contact(tx), await make.contact(tx)
    both = await upsert_record(
        tx, schema.id, RecordInput(fields={"name": "Both"}, related={"owner": [old], "sitters": [ada, old]})
    )
    course = await upsert_record(
        tx, schema.id, RecordInput(fields={"name": "Shared"}, related={"sitters": [old, grace]})
    )
    await merge_contacts(tx, ada, [old])
    assert (await get_record(tx, both.id)).related == {"owner": [ada], "sitters": [ada]}
    assert (await get_record(tx, course.id)).related == {"sitters": sorted([ada, grace])}
    handed_out = (await collect(tx, ada))["tables"]["objects.contact_relation"]
    assert [(row["schema"], row["fields"]["name"]) for row in handed_out] == [
        ("pets", "Both"), ("pets", "Both"), ("pets", "Shared"),
    ]  # fmt: skip
    await erase_contacts(tx, [ada])
    with pytest.raises(RecordNotFound):
        await get_record(tx, both.id)
    assert (await get_record(tx, course.id)).related == {"sitters": [grace]}


async def test_two_at_once_with_one_external_id_make_one_record(db: Database, workspace_id: int):
    async with db.transaction(workspace_id) as tx:
        schema = await pets(tx)

    async def write(name: str, value: Any) -> bool:
        async with db.transaction(workspace_id) as tx:
            fields = {"name": "x", name: value}
            return (await upsert_records(tx, schema.id, [RecordInput(external_id="same", fields=fields)]))[0].is_new

    made = await asyncio.gather(write("weight", 1), write("kind", "Cat"), write("born", "2020-01-01"))
    async with db.read(workspace_id) as read:
        page = await list_records(read, schema.id)
    assert [one.fields for one in page.items] == [{"name": "x", "weight": 1, "kind": "Cat", "born": "2020-01-01"}]
    assert sum(made) == 1
