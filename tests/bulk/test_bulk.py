"""Bulk edits: done for exactly the set meant when they began, and taken back but for what changed since."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.automations.flow import activate, document, step
from tests.make import Make
from waypost.bulk.actions import PART, begin_edit, make_part
from waypost.bulk.jobs import MakeEdit, UndoEdit
from waypost.contacts.actions import add_tag, remove_tag
from waypost.contacts.actions.fields import create_field, set_field
from waypost.contacts.actions.subscriptions import create_list, subscribe, unsubscribe
from waypost.contacts.audience import these
from waypost.kernel.db import Database
from waypost.kernel.files import Files
from waypost.kernel.sql import sql
from waypost.kernel.work import Work

STATE = """
    select 'contact', c.id, concat_ws('|', c.deleted_at is null, c.owner_id, c.fields::text) from contacts.contact c
    where c.workspace_id = {workspace}
    union all select 'tag', contact_id, tag_id::text from contacts.contact_tag where workspace_id = {workspace}
    union all select 'list', contact_id, concat_ws('|', list_id, status) from contacts.subscription
    where workspace_id = {workspace}
    union all select 'run', contact_id, automation_id::text from automations.enrollment
    where workspace_id = {workspace} and state in (0, 1, 3)
    order by 1, 2, 3
"""


@pytest.fixture
def work(db: Database, client: httpx.AsyncClient) -> Work:
    return Work(db, db.settings, db.registry, Files(db.settings), workspace_id=client.workspace_id)  # type: ignore[attr-defined]


async def begin(client: httpx.AsyncClient, work: Work, **body: Any) -> dict[str, Any]:
    answer = await client.post("/api/v1/bulk-edits", json=body)
    assert answer.status_code == 202, answer.text
    await MakeEdit(edit_id=answer.json()["id"]).run(work)
    return await read(client, answer.json()["id"])


async def read(client: httpx.AsyncClient, edit_id: int) -> dict[str, Any]:
    return (await client.get(f"/api/v1/bulk-edits/{edit_id}")).json()


async def undo(client: httpx.AsyncClient, work: Work, edit_id: int) -> dict[str, Any]:
    assert (await client.post(f"/api/v1/bulk-edits/{edit_id}/undo")).status_code == 202
    await UndoEdit(edit_id=edit_id).run(work)
    return await read(client, edit_id)


async def state(work: Work) -> list[tuple[Any, ...]]:
    async with work.read() as tx:
        return [tuple(row) for row in await tx.all(sql(STATE))]


async def people(work: Work, make: Make) -> dict[str, int]:
    """Five contacts who stand differently: tagged or not, on the list with each status or not at all."""
    async with work.transaction() as tx:
        vip = await make.tag(tx)
        news = (await create_list(tx, name="News")).id
        colour = (await create_field(tx, name="Colour", type="text")).id
        ada, grace, joan, mary, _ = await make.contacts(tx, 5)
        await add_tag(tx, vip, these([ada, grace]))
        await subscribe(tx, news, these([ada, grace, joan]), source="test")
        await unsubscribe(tx, news, these([joan]), source="test")
        await set_field(tx, colour, "red", these([ada]))
        await set_field(tx, colour, "blue", these([mary]))
        user = await tx.value(sql("select user_id from identity.membership where workspace_id = {workspace} limit 1"))
        automation = await activate(tx, document(step("hold", "wait", amount=1, unit="weeks")))
    return {"tag": vip, "list": news, "field": colour, "owner": user, "automation": automation.id, "ada": ada}


EDITS: list[tuple[str, Any, int]] = [
    ("add_tag", lambda has: {"tag_id": has["tag"]}, 3),
    ("remove_tag", lambda has: {"tag_id": has["tag"]}, 2),
    ("subscribe", lambda has: {"list_id": has["list"]}, 3),
    ("unsubscribe", lambda has: {"list_id": has["list"]}, 2),
    ("unsubscribe", lambda _: {}, 2),
    ("set_field", lambda has: {"field_id": has["field"], "value": "red"}, 4),
    ("set_field", lambda has: {"field_id": has["field"], "value": None}, 2),
    ("set_owner", lambda has: {"owner_id": has["owner"]}, 5),
    ("enroll", lambda has: {"automation_id": has["automation"]}, 5),
    ("delete", lambda _: {}, 5),
]


@pytest.mark.parametrize(("action", "params", "expected"), EDITS)
async def test_every_change_can_be_taken_back(
    client: httpx.AsyncClient, work: Work, make: Make, action: str, params: Any, expected: int
) -> None:
    has = await people(work, make)
    before = await state(work)
    edit = await begin(client, work, action=action, params=params(has), selection={})
    assert (edit["state"], edit["total"], edit["done"], edit["changed"]) == ("completed", 5, 5, expected)
    assert await state(work) != before
    undone = await undo(client, work, edit["id"])
    assert (undone["state"], undone["undone"], undone["kept"]) == ("undone", expected, 0)
    assert await state(work) == before


async def test_what_somebody_changed_since_is_left_alone(client: httpx.AsyncClient, work: Work, make: Make) -> None:
    has = await people(work, make)
    tagged = await begin(client, work, action="add_tag", params={"tag_id": has["tag"]}, selection={})
    painted = await begin(
        client, work, action="set_field", params={"field_id": has["field"], "value": "green"}, selection={}
    )
    async with work.transaction() as tx:
        late = await tx.value(sql("select max(contact_id) from contacts.contact_tag where workspace_id = {workspace}"))
        await remove_tag(tx, has["tag"], these([late]))
        await set_field(tx, has["field"], "white", these([late]))
    async with work.transaction() as tx:
        await add_tag(tx, has["tag"], these([late]))
    undone = await undo(client, work, tagged["id"])
    assert (undone["undone"], undone["kept"]) == (2, 1)
    assert (await undo(client, work, painted["id"]))["kept"] == 1


async def test_a_change_does_not_take_people_out_of_its_own_set(
    client: httpx.AsyncClient, work: Work, make: Make
) -> None:
    async with work.transaction() as tx:
        vip = await make.tag(tx)
        who = await make.contacts(tx, PART + 10)
        await add_tag(tx, vip, these(who))
    condition = {"type": "has_tag", "params": {"tag_id": vip}}
    edit = await begin(client, work, action="remove_tag", params={"tag_id": vip}, selection={"condition": condition})
    assert (edit["total"], edit["changed"]) == (PART + 10, PART + 10)


async def make_and_die(work: Work, edit_id: int) -> None:
    async with work.transaction() as tx:
        await make_part(tx, edit_id)
        raise RuntimeError("killed before the commit")


async def test_a_crash_between_parts_goes_on_where_it_stopped(
    client: httpx.AsyncClient, work: Work, make: Make
) -> None:
    async with work.transaction() as tx:
        vip = await make.tag(tx)
        await make.contacts(tx, PART + 10)
    begun = (
        await client.post("/api/v1/bulk-edits", json={"action": "add_tag", "params": {"tag_id": vip}, "selection": {}})
    ).json()
    async with work.transaction() as tx:
        await begin_edit(tx, begun["id"])
    async with work.transaction() as tx:
        await make_part(tx, begun["id"])
    with pytest.raises(RuntimeError, match="killed"):
        await make_and_die(work, begun["id"])
    await MakeEdit(edit_id=begun["id"]).run(work)
    edit = await read(client, begun["id"])
    assert (edit["state"], edit["done"], edit["changed"]) == ("completed", PART + 10, PART + 10)


async def test_a_cancelled_edit_keeps_what_is_done_and_can_be_undone(
    client: httpx.AsyncClient, work: Work, make: Make
) -> None:
    async with work.transaction() as tx:
        vip = await make.tag(tx)
        await make.contacts(tx, PART + 10)
    body = {"action": "add_tag", "params": {"tag_id": vip}, "selection": {}}
    begun = (await client.post("/api/v1/bulk-edits", json=body)).json()
    async with work.transaction() as tx:
        await begin_edit(tx, begun["id"])
    async with work.transaction() as tx:
        await make_part(tx, begun["id"])
    assert (await client.post(f"/api/v1/bulk-edits/{begun['id']}/cancel")).json()["state"] == "cancelled"
    await MakeEdit(edit_id=begun["id"]).run(work)
    assert (await read(client, begun["id"]))["changed"] == PART
    assert (await undo(client, work, begun["id"]))["undone"] == PART


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        ({"action": "add_tag", "params": {}, "selection": {}}, 422, "/params/tag_id"),
        ({"action": "add_tag", "params": {"tag_id": 999_999}, "selection": {}}, 404, None),
        ({"action": "paint", "params": {}, "selection": {}}, 422, "/action"),
        ({"action": "delete", "params": {"tag_id": 1}, "selection": {}}, 422, "/params"),
        ({"action": "delete", "selection": {"segment_id": 999_999}}, 404, None),
        ({"action": "delete", "selection": {"condition": {"type": "nonsense", "params": {}}}}, 422, "/selection"),
    ],
)
async def test_what_cannot_be_done_is_refused_before_it_begins(
    client: httpx.AsyncClient, body: dict[str, Any], status: int, pointer: str | None
) -> None:
    answer = await client.post("/api/v1/bulk-edits", json=body)
    assert answer.status_code == status, answer.text
    if pointer:
        assert answer.json()["errors"][0]["pointer"].startswith(pointer)
    assert (await client.get("/api/v1/bulk-edits")).json()["items"] == []
