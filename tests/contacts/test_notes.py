"""Notes and files on contacts and companies, and who looks after a contact."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta

import pytest

from tests.make import Client, Make
from waypost.contacts.actions.companies import create_company, delete_companies
from waypost.contacts.actions.files import clean_mime, clean_name
from waypost.contacts.actions.notes import add_company_note, add_note, add_notes, delete_note, restore_note, update_note
from waypost.contacts.actions.owners import assign_owner
from waypost.contacts.actions.trash import delete_contacts
from waypost.contacts.audience import these
from waypost.contacts.errors import ContactNotFound, NoteInvalid, NoteNotFound
from waypost.contacts.jobs import SweepFiles
from waypost.contacts.queries.notes import get_note, list_notes
from waypost.identity.actions.users import create_user
from waypost.identity.errors import UserNotFound
from waypost.kernel.db import Database
from waypost.kernel.files import Files
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx
from waypost.kernel.work import SystemWork, Work

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def log_of(tx: Tx, kind: str) -> list[tuple[int, int | None, object]]:
    rows = await tx.all(
        sql(
            """
            select contact_id, object_id, data from activities.fact
            where workspace_id = {workspace} and kind = {kind} order by id
            """,
            kind=tx.registry.facts[kind].kind,
        )
    )
    return [tuple(row) for row in rows]


async def test_a_note_is_kept_as_text_and_the_log_does_not_repeat_it(tx: Tx, make: Make):
    ada = await make.contact(tx)
    note = await add_note(tx, ada, " <b>Called</b>\r\nnext\u202e week\x07 ")
    assert note.body == "<b>Called</b>\nnext week"
    assert note.author_id == 1
    assert await log_of(tx, "note_added") == [(ada, note.id, None)]
    changed = await update_note(tx, note.id, "Done")
    assert (changed.body, changed.created_at) == ("Done", note.created_at)
    for text in (" \x00 ", "x" * 20_001):
        with pytest.raises(NoteInvalid):
            await add_note(tx, ada, text)
    with pytest.raises(ContactNotFound):
        await add_note(tx, ada + 1000, "x")


async def test_one_note_goes_to_a_whole_set(tx: Tx, make: Make):
    ids = await make.contacts(tx, 5)
    await delete_contacts(tx, these(ids[:1]))
    made = await add_notes(tx, ids, "Met at the fair")
    assert sorted(note.contact_id or 0 for note in made) == ids[1:]
    assert await add_notes(tx, [], "Nobody") == []


async def test_a_deleted_note_can_be_brought_back(tx: Tx, make: Make):
    ada = await make.contact(tx)
    note = await add_note(tx, ada, "Called")
    await delete_note(tx, note.id)
    assert (await list_notes(tx, contact_id=ada)).items == []
    with pytest.raises(NoteNotFound):
        await update_note(tx, note.id, "Still there?")
    assert await restore_note(tx, note.id) == note
    with pytest.raises(NoteNotFound):
        await restore_note(tx, note.id + 1)


async def test_notes_follow_their_contact_and_their_company(tx: Tx, make: Make):
    ada = await make.contact(tx)
    company = await create_company(tx, name="Acme")
    on_ada, on_acme = await add_note(tx, ada, "On Ada"), await add_company_note(tx, company.id, "On Acme")
    assert [note.id for note in (await list_notes(tx, company_id=company.id)).items] == [on_acme.id]
    await delete_contacts(tx, these([ada]))
    await delete_companies(tx, [company.id])
    for note in (on_ada, on_acme):
        with pytest.raises(NoteNotFound):
            await get_note(tx, note.id)


async def test_owners_are_given_to_sets_and_said_once(tx: Tx, make: Make):
    user = await create_user(tx, email="sales@example.com", name="Sal", role="editor", password="correct horse")
    ada, grace = await make.contact(tx), await make.contact(tx)
    assert await assign_owner(tx, user.id, these([])) == 0
    assert await assign_owner(tx, user.id, these([ada])) == 1
    assert await assign_owner(tx, user.id, these([ada, grace])) == 1
    assert await assign_owner(tx, None, these([ada])) == 1
    assert await log_of(tx, "owner_changed") == [
        (ada, user.id, None),
        (grace, user.id, None),
        (ada, None, {"old": user.id}),
    ]
    with pytest.raises(UserNotFound):
        await assign_owner(tx, user.id + 1000, these([ada]))


async def test_owners_through_the_api(client: Client):
    contact = (await client.post("/api/v1/contacts", json={"email": "owned@example.com"})).json()
    path = f"/api/v1/contacts/{contact['id']}"
    assert contact["owner_id"] is None
    assert (await client.patch(path, json={"owner_id": client.user_id})).json()["owner_id"] == client.user_id
    assert (await client.patch(path, json={"first_name": "Ada"})).json()["owner_id"] == client.user_id
    assert (await client.patch(path, json={"owner_id": 999_999})).status_code == 404
    found = await client.get(f"/api/v1/contacts?owner_id={client.user_id}")
    assert [one["id"] for one in found.json()["items"]] == [contact["id"]]
    bulk = {"action": "set_owner", "filter": {"owner_id": client.user_id}, "owner_id": None}
    assert (await client.post("/api/v1/contacts/bulk", json=bulk)).json() == {"changed": 1}
    assert (await client.get(path)).json()["owner_id"] is None


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("..\\..\\etc/passwd", "passwd"),
        ("a\x00b\u202egpj.exe", "a_b_gpj.exe"),
        ("Ärger \N{SNOWMAN}.pdf", "Ärger \N{SNOWMAN}.pdf"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
        (" . ", "file"),
    ],
)
async def test_names_of_files_are_made_harmless(given: str, kept: str):
    assert clean_name(given) == kept


async def test_kinds_of_files_are_kept_when_they_are_some():
    assert clean_mime("Text/HTML; charset=utf-8") == "text/html"
    assert clean_mime("nonsense\r\nX-Evil: 1") == clean_mime("") == "application/octet-stream"


async def test_files_go_in_and_out_as_downloads_only(client: Client):
    contact = (await client.post("/api/v1/contacts", json={"email": "filed@example.com"})).json()
    path = f"/api/v1/contacts/{contact['id']}/files"
    evil = b"<script>alert(1)</script>"
    made = await client.post(
        path, params={"name": "../ev\u00efl.html"}, content=evil, headers={"Content-Type": "text/html"}
    )
    assert made.status_code == 201, made.text
    assert {**made.json(), "id": 0, "created_at": ""} == {
        "id": 0, "contact_id": contact["id"], "name": "evïl.html", "mime": "text/html", "size_bytes": len(evil),
        "author_id": client.user_id, "created_at": "",
    }  # fmt: skip
    got = await client.get(f"{path}/{made.json()['id']}")
    assert got.content == evil
    assert got.headers["content-disposition"].startswith("attachment;")
    assert got.headers["content-type"].startswith("application/octet-stream")
    assert got.headers["x-content-type-options"] == "nosniff"
    listed = (await client.get(path)).json()
    assert listed["items"] == [made.json()]
    one = f"{path}/{made.json()['id']}"
    assert (await client.delete(one)).status_code == 204
    assert (await client.get(one)).status_code == 404
    assert (await client.post(one + "/restore")).json() == made.json()
    assert (await client.post(path, params={"name": "x"}, content=b"")).status_code == 422
    assert (await client.post(path, content=b"x")).status_code == 422
    assert (
        await client.post(path.replace(str(contact["id"]), "987654"), params={"name": "x"}, content=b"x")
    ).status_code == 404
    assert (await client.post(path, params={"name": "x"}, content=b"x" * 25_200_000)).status_code == 413
    await client.delete(f"/api/v1/contacts/{contact['id']}")
    assert (await client.get(one)).status_code == 404


async def test_the_sweep_removes_what_nothing_holds_and_nothing_else(client: Client, db: Database):
    contact = (await client.post("/api/v1/contacts", json={"email": "swept@example.com"})).json()
    path = f"/api/v1/contacts/{contact['id']}/files"
    kept, gone, erased = [
        (await client.post(path, params={"name": name}, content=name.encode())).json()
        for name in ("kept", "gone", "erased")
    ]
    files = Files(db.settings)
    await client.delete(f"{path}/{gone['id']}")
    async with db.transaction(client.workspace_id) as tx:
        blobs = {
            row["name"]: row["blob"]
            for row in await tx.all(sql("select name, blob from contacts.file where workspace_id = {workspace}"))
        }
        await tx.run(sql("delete from contacts.file where workspace_id = {workspace} and id = {id}", id=erased["id"]))
        await tx.run(
            sql(
                "update contacts.file set deleted_at = {at} where workspace_id = {workspace} and id = {id}",
                at=tx.now - timedelta(days=31),
                id=gone["id"],
            )
        )
        await tx.run(
            sql(
                "update contacts.blob set created_at = {at} where workspace_id = {workspace}",
                at=tx.now - timedelta(days=32),
            )
        )
    system = SystemWork(db=db, settings=db.settings, registry=db.registry, files=files)
    await SweepFiles().run(Work(**{item.name: getattr(system, item.name) for item in fields(SystemWork)}))
    assert [files.path(blobs[name]).exists() for name in ("kept", "gone", "erased")] == [True, False, False]
    assert (await client.get(f"{path}/{kept['id']}")).content == b"kept"
    async with db.read(client.workspace_id) as read:
        left = await read.all(sql("select name from contacts.blob where workspace_id = {workspace}"))
    assert [row["name"] for row in left] == [blobs["kept"]]


async def test_notes_through_the_api(client: Client):
    contact = (await client.post("/api/v1/contacts", json={"email": "noted@example.com"})).json()
    path = f"/api/v1/contacts/{contact['id']}/notes"
    ids = [(await client.post(path, json={"body": f"Note {number}"})).json()["id"] for number in range(3)]
    page = (await client.get(path, params={"limit": 2})).json()
    rest = (await client.get(path, params={"limit": 2, "after": page["next"]})).json()
    assert [one["id"] for one in page["items"] + rest["items"]] == ids[::-1]
    assert (await client.patch(f"/api/v1/notes/{ids[0]}", json={"body": "Changed"})).json()["body"] == "Changed"
    assert (await client.delete(f"/api/v1/notes/{ids[0]}")).status_code == 204
    assert (await client.get(f"/api/v1/notes/{ids[0]}")).status_code == 404
    assert (await client.post(f"/api/v1/notes/{ids[0]}/restore")).json()["body"] == "Changed"
    timeline = (await client.get(f"/api/v1/contacts/{contact['id']}/timeline")).json()["items"]
    assert [one["object_id"] for one in timeline if one["kind"] == "note_added"] == ids[::-1]
