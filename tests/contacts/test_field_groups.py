"""Fields in groups and of lists, in the order people gave them; tags that become one."""

from __future__ import annotations

import pytest

from tests.make import Client, Make
from waypost.contacts.actions import add_tag, create_contact, create_field, create_list, delete_list, update_field
from waypost.contacts.actions.field_groups import create_group, delete_group, order_fields, rename_group
from waypost.contacts.actions.tags import merge_tags
from waypost.contacts.audience import these
from waypost.contacts.counts import TAG, count_of
from waypost.contacts.errors import (
    FieldGroupNotFound,
    FieldNotFound,
    FieldRequired,
    ListNotFound,
    NameTaken,
    TagMergeInvalid,
    TagNotFound,
)
from waypost.contacts.queries.fields import count_values, get_field, list_fields, list_groups
from waypost.contacts.queries.tags import list_contact_tags
from waypost.kernel.tx import Tx

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_fields_and_groups_keep_the_order_they_are_given(tx: Tx) -> None:
    home, work = (await create_group(tx, name="Home")).id, (await create_group(tx, name="Work")).id
    ids = [(await create_field(tx, name=name)).id for name in ("City", "Street", "Job")]
    await order_fields(tx, [work, home], [(ids[2], work), (ids[1], home), (ids[0], None)])
    assert [(field.id, field.group_id) for field in await list_fields(tx)] == [
        (ids[2], work), (ids[1], home), (ids[0], None),
    ]  # fmt: skip
    assert [group.name for group in await list_groups(tx)] == ["Work", "Home"]
    with pytest.raises(NameTaken):
        await rename_group(tx, home, name="work")
    await delete_group(tx, work)
    assert (await get_field(tx, ids[2])).group_id is None
    with pytest.raises(FieldGroupNotFound):
        await order_fields(tx, [], [(ids[0], work)])
    with pytest.raises(FieldNotFound):
        await order_fields(tx.in_workspace(tx.workspace_id + 1_000_000), [], [(ids[0], None)])


async def test_two_fields_of_one_name_are_refused(tx: Tx) -> None:
    city = await create_field(tx, name="City")
    with pytest.raises(NameTaken) as caught:
        await create_field(tx, name=" CITY ")
    assert caught.value.pointer == "/name"
    size = await create_field(tx, name="Size")
    with pytest.raises(NameTaken):
        await update_field(tx, size.id, {"name": "city"})
    assert (await update_field(tx, city.id, {"name": "CITY"})).name == "CITY"


async def test_a_field_of_a_list_is_not_asked_of_everyone(tx: Tx) -> None:
    weekly = (await create_list(tx, name="Weekly")).id
    field = await create_field(tx, name="Shoe", is_required=True, list_ids=[weekly])
    assert field.list_ids == [weekly]
    ada = await create_contact(tx, email="ada@example.com")
    assert ada.fields == {}
    with pytest.raises(FieldRequired):
        await create_contact(tx, email="grace@example.com", fields={field.id: ""})
    with pytest.raises(ListNotFound):
        await update_field(tx, field.id, {"list_ids": [weekly, 10**12]})
    await delete_list(tx, weekly)
    assert (await get_field(tx, field.id)).list_ids == []


async def test_usage_counts_living_contacts_with_a_value(tx: Tx, make: Make) -> None:
    city, size = (await create_field(tx, name="City")).id, (await create_field(tx, name="Size")).id
    for number in range(3):
        await create_contact(tx, email=f"p{number}@example.com", fields={city: "Rome"})
    await create_contact(tx, email="q@example.com", fields={city: "Oslo", size: "S"})
    await make.contact(tx)
    assert await count_values(tx) == {city: 4, size: 1}


async def test_merging_tags_gives_the_one_to_all_and_keeps_the_totals(tx: Tx, make: Make) -> None:
    kept, first, second = await make.tag(tx, "VIP"), await make.tag(tx, "Vip!"), await make.tag(tx, "V.I.P.")
    people = await make.contacts(tx, 4)
    await add_tag(tx, kept, these(people[:1]))
    await add_tag(tx, first, these(people[:3]))
    await add_tag(tx, second, these(people[2:]))
    assert await merge_tags(tx, kept, [first, second, kept]) == 3
    assert await count_of(tx, TAG, kept) == 4
    assert {link.tag_id for link in await list_contact_tags(tx, people)} == {kept}
    with pytest.raises(TagMergeInvalid):
        await merge_tags(tx, kept, [kept])
    with pytest.raises(TagNotFound):
        await merge_tags(tx, kept, [first])


async def test_the_routes_speak_the_same(client: Client) -> None:
    group = (await client.post("/api/v1/field-groups", json={"name": "Home"})).json()["id"]
    city = (await client.post("/api/v1/fields", json={"name": "City", "group_id": group})).json()
    assert city["group_id"] == group
    again = await client.post("/api/v1/fields", json={"name": "city"})
    assert (again.status_code, again.json()["code"]) == (409, "contacts.name_taken")
    await client.post("/api/v1/contacts", json={"email": "a@example.com", "fields": {str(city["id"]): "Rome"}})
    usage = (await client.get("/api/v1/fields/usage")).json()
    assert usage["items"] == [{"field_id": city["id"], "contact_count": 1}]
    body = {"group_ids": [group], "fields": [{"id": city["id"], "group_id": None}]}
    assert (await client.put("/api/v1/fields/order", json=body)).json()["items"][0]["group_id"] is None
    assert (await client.patch(f"/api/v1/field-groups/{group}", json={"name": "House"})).json()["name"] == "House"
    assert (await client.delete(f"/api/v1/field-groups/{group}")).status_code == 204
    tags = [(await client.post("/api/v1/tags", json={"name": name})).json()["id"] for name in ("A", "B")]
    assert (await client.post(f"/api/v1/tags/{tags[0]}/merge", json={"tag_ids": tags[1:]})).status_code == 200
    assert (await client.get(f"/api/v1/tags/{tags[1]}")).status_code == 404
