"""The pages behind the system's own links: the copy in the browser, one's details, sending on to a friend."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.delivery.parts import facts, ledger
from tests.delivery.sink import Sink
from tests.delivery.test_outbox import send_all
from tests.make import Client, Make
from waypost.contacts.actions.fields import create_field
from waypost.contacts.actions.subscriptions import create_list
from waypost.contacts.queries.contacts import get_contact
from waypost.contacts.queries.lists import list_subscriptions
from waypost.delivery.actions import queue_messages
from waypost.delivery.types import SourceKind
from waypost.kernel.db import Database
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx
from waypost.messages.actions import create_message, update_message

pytestmark = pytest.mark.asyncio(loop_scope="session")
MJML = (
    "<mjml><mj-body><mj-section><mj-column><mj-text>{words}, %FIRSTNAME|friend%. "
    '<a href="%WEBCOPY%">View</a> <a href="%UPDATELINK%">Update</a> <a href="%FORWARD2FRIEND%">Forward</a> '
    '<a href="https://example.com/shop">Shop</a></mj-text></mj-column></mj-section></mj-body></mjml>'
)


def source(words: str) -> dict[str, object]:
    return {"version": 1, "kind": "mjml", "mjml": MJML.format(words=words)}


async def queued(tx: Tx, person: int) -> int:
    message = await create_message(
        tx, name="Spring", subject="For %FIRSTNAME%", from_email="olga@example.com", document=source("Ahoj")
    )
    await queue_messages(tx, message.id, [person], source_kind=SourceKind.CAMPAIGN, source_id=1)
    return message.id


def html_of(raw: bytes) -> str:
    body = message_from_bytes(raw, policy=policy.default).get_body(("html",))
    assert body is not None
    return str(body.get_content())


def pages_in(raw: bytes) -> dict[str, str]:
    """The path behind each of the system's links, which are in both parts of the mail."""
    body = message_from_bytes(raw, policy=policy.default).get_body(("plain",))
    assert body is not None
    plain, html = str(body.get_content()), html_of(raw)
    found = {letter: path for path, letter in re.findall(r"https?://[^/\s\"]+(/([wdfu])/[\w-]{28})", html)}
    assert all(path in plain for path in found.values())
    return found


async def received(db: Database, client: Client, folder: Path) -> list[bytes]:
    async with Sink() as sink:
        await send_all(db, client.workspace_id, sink, folder)
        return [kept.raw for kept in sink.messages]


async def test_the_copy_in_the_browser_is_the_version_that_was_sent(
    db: Database, client: Client, make: Make, tmp_path: Path
) -> None:
    async with db.transaction(client.workspace_id) as tx:
        person = await make.contact(tx, first_name="Zoë <b>")
        message_id = await queued(tx, person)
    (raw,) = await received(db, client, tmp_path)
    pages = pages_in(raw)
    async with db.transaction(client.workspace_id) as tx:
        await update_message(tx, message_id, document=source("Something else"))
    page = await client.get(pages["w"])
    assert page.status_code == 200
    assert "Ahoj, Zoë &lt;b&gt;." in page.text
    assert "<title>For Zoë &lt;b&gt;</title>" in page.text
    assert "sandbox" in page.headers["content-security-policy"]
    token = pages["w"][3:]
    assert f"/c/{token}/1" in page.text
    assert pages["d"] in page.text
    async with db.read(client.workspace_id) as read:
        links = await read.all(sql("select url from messages.link where workspace_id = {workspace}"))
    assert [row["url"] for row in links] == ["https://example.com/shop"]
    assert (await client.get("/w/" + "A" * 28)).status_code == 404


async def test_a_contact_changes_their_own_details_and_lists(
    db: Database, client: Client, make: Make, tmp_path: Path
) -> None:
    async with db.transaction(client.workspace_id) as tx:
        news, offers = [await create_list(tx, name=name) for name in ("News", "Offers")]
        secret = await create_list(tx, name="Secret")
        size = await create_field(tx, name="Size", type="dropdown", options=["S", "M"], is_self_service=True)
        topics = await create_field(tx, name="Topics", type="checkbox", options=["Art", "Tech"], is_self_service=True)
        inner = await create_field(tx, name="Margin")
        person = await make.contact(tx, email="ada@example.com", lists=[news.id, offers.id])
        await queued(tx, person)
    (raw,) = await received(db, client, tmp_path)
    path = pages_in(raw)["d"]
    page = await client.get(path)
    assert page.status_code == 200
    for words in ("Size", "Topics", "News", "Offers"):
        assert words in page.text
    for words in ("Secret", "Margin", "ada@example.com"):
        assert words not in page.text
    form = {
        "first_name": "Augusta", "last_name": "Lovelace", "phone": "", f"field_{size.id}": "M",
        f"field_{topics.id}": ["Art", "Tech"], f"field_{inner.id}": "99", "lists": "1",
        "list": [str(news.id), str(secret.id)], "email": "other@example.com",
    }  # fmt: skip
    wrong = await client.post(path, data={**form, f"field_{size.id}": "XXL"})
    assert (wrong.status_code, 'role="alert"' in wrong.text, "Augusta" in wrong.text) == (422, True, True)
    for _ in range(2):
        assert (await client.post(path, data=form)).status_code == 200
    async with db.read(client.workspace_id) as read:
        contact = await get_contact(read, person)
        standing = {item.list_id: item.status for item in await list_subscriptions(read, [person])}
    assert (contact.first_name, contact.email) == ("Augusta", "ada@example.com")
    assert contact.fields == {str(size.id): "M", str(topics.id): ["Art", "Tech"]}
    assert standing == {news.id: 1, offers.id: 2}


async def test_a_friend_gets_one_copy_and_becomes_no_contact(
    db: Database, client: Client, make: Make, tmp_path: Path
) -> None:
    async with db.transaction(client.workspace_id) as tx:
        person = await make.contact(tx, first_name="Zoë")
        message_id = await queued(tx, person)
    (raw,) = await received(db, client, tmp_path)
    path = pages_in(raw)["f"]
    assert (await client.get(path)).status_code == 200
    assert (await client.post(path, data={"email": "nobody"})).status_code == 422
    for address in ("grace@example.com", "Grace@example.com", *(f"f{n}@example.com" for n in range(4))):
        assert (await client.post(path, data={"email": address})).status_code == 200
    assert (await client.post(path, data={"email": "sixth@example.com"})).status_code == 429
    copies = await received(db, client, tmp_path)
    assert len(copies) == 5
    copy = html_of(copies[0])
    assert "Ahoj, friend" in copy
    assert "Zo" not in copy
    kinds = [(row["contact_id"], row["kind"]) for row in await facts(db, client.workspace_id, most=399)]
    assert sorted(kinds) == [(person, 200), *[(person, 323)] * 5]
    own = pages_in(copies[0])
    assert "nothing to do here" in (await client.get(own["f"])).text
    assert "nothing to do here" in (await client.get(own["d"])).text
    assert "Zo" not in (await client.get(own["w"])).text
    assert (await client.post(own["u"])).status_code == 200
    async with db.read(client.workspace_id) as read:
        assert await read.value(sql("select count(*) from contacts.contact where workspace_id = {workspace}")) == 1
        stopped = await read.all(sql("select address from delivery.suppression where workspace_id = {workspace}"))
    assert len(stopped) == 1
    assert {row["state"] for row in await ledger(db, client.workspace_id, message_id)} == {2}
