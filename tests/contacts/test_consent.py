"""The ledger of consents, and subscriptions that have to be confirmed by mail."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.delivery.parts import message_to
from tests.delivery.sink import Sink
from tests.delivery.test_outbox import send_all
from tests.make import Client, Make
from waypost.activities.consumers import advance
from waypost.contacts.actions import create_contact, create_list, subscribe, unsubscribe
from waypost.contacts.actions.consents import add_text, change_consent, join_list, request_confirmation
from waypost.contacts.actions.subscriptions import update_list
from waypost.contacts.audience import these
from waypost.contacts.errors import ConsentTextNotFound, ContactNotFound, NothingToConfirm
from waypost.contacts.queries.consents import list_consents_of, list_standing
from waypost.contacts.queries.lists import list_subscriptions
from waypost.contacts.types import Channel, Proof, Status
from waypost.delivery.confirming import ASK, FOLLOW
from waypost.delivery.types import State
from waypost.kernel.db import Database
from waypost.kernel.sql import sql
from waypost.kernel.tx import Actor, Tx

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def rows(tx: Tx, contact_id: int) -> list[tuple[bool, int | None, str, int | None]]:
    """given, list, source, text; the oldest first."""
    found = (await list_consents_of(tx, contact_id)).items
    return [(row.is_given, row.list_id, row.source, row.text_id) for row in reversed(found)]


async def test_every_change_of_a_subscription_leaves_a_row(tx: Tx, make: Make) -> None:
    weekly = (await create_list(tx, name="Weekly")).id
    first = (await add_text(tx, name="Newsletter", body="I agree.")).id
    text = await add_text(tx, name="Newsletter", body="I really agree.")
    assert text.version == 2
    await update_list(tx, weekly, consent_text_id=text.id)
    people = await make.contacts(tx, 3)
    await subscribe(tx, weekly, these(people[:1]), source="form", proof=Proof(source="form", text_id=first, ip="::1"))
    assert await subscribe(tx, weekly, these(people), source="bulk") == 2
    await unsubscribe(tx, None, these(people[:2]), source="message")
    assert await rows(tx, people[0]) == [(True, weekly, "form", first), (False, weekly, "message", None)]
    assert await rows(tx, people[1]) == [(True, weekly, "bulk", text.id), (False, weekly, "message", None)]
    assert await rows(tx, people[2]) == [(True, weekly, "bulk", text.id)]
    newest = (await list_standing(tx, people[0]))[0]
    assert (newest.is_given, newest.list_name, newest.actor_kind) == (False, "Weekly", 0)


async def test_machines_need_a_proof(tx: Tx, make: Make) -> None:
    weekly = (await create_list(tx, name="Weekly")).id
    people = await make.contacts(tx, 2)
    robot = tx.acting_as(Actor("import", 1))
    await subscribe(robot, weekly, these(people[:1]), source="file")
    await subscribe(robot, weekly, these(people[1:]), source="file", proof=Proof(source="paper", details={"box": "7"}))
    assert await rows(tx, people[0]) == []
    assert await rows(tx, people[1]) == [(True, weekly, "paper", None)]


async def test_withdrawing_from_mail_ends_subscriptions_and_mail(db: Database, workspace_id: int) -> None:
    async with db.transaction(workspace_id, actor=Actor("user", 1)) as tx:
        weekly = (await create_list(tx, name="Weekly")).id
        ada = (await create_contact(tx, email="ada@example.com", phone="+49 151 2345678")).id
        await subscribe(tx, weekly, these([ada]))
        await change_consent(
            tx, ada, channel=Channel.EMAIL, list_id=None, is_given=False, proof=Proof(reason="by letter")
        )
        assert [item.status for item in await list_subscriptions(tx, [ada])] == [Status.UNSUBSCRIBED]
        await change_consent(tx, ada, channel=Channel.SMS, list_id=None, is_given=True, proof=Proof())
    while await advance(db, workspace_id, FOLLOW):
        pass
    async with db.transaction(workspace_id, actor=Actor("user", 1)) as tx:
        await message_to(tx, [ada])
        states = await tx.all(sql("select state from delivery.ledger where workspace_id = {workspace}"))
        assert [row["state"] for row in states] == [State.SUPPRESSED]
        standing = {(row.channel, row.list_id): row.is_given for row in await list_standing(tx, ada)}
        assert standing == {(1, None): False, (1, weekly): False, (2, None): True}
        await change_consent(tx, ada, channel=Channel.EMAIL, list_id=None, is_given=True, proof=Proof())
    while await advance(db, workspace_id, FOLLOW):
        pass
    async with db.read(workspace_id) as read:
        assert await read.value(sql("select count(*) from delivery.suppression where workspace_id = {workspace}")) == 0


async def test_a_click_on_the_confirmation_page_makes_it_so_with_proof(
    client: Client, db: Database, tmp_path: Path
) -> None:
    weekly = (await client.post("/api/v1/lists", json={"name": "Weekly"})).json()["id"]
    changed = await client.patch(f"/api/v1/lists/{weekly}", json={"requires_confirmation": True})
    assert changed.json()["requires_confirmation"] is True
    ada = (await client.post("/api/v1/contacts", json={"email": "ada@example.com"})).json()["id"]
    body = {"list_id": weekly, "source": "footer form", "ip": "203.0.113.7"}
    answer = await client.post(f"/api/v1/contacts/{ada}/subscriptions", json=body)
    assert (answer.status_code, answer.json()["status"]) == (200, "unconfirmed")
    while await advance(db, client.workspace_id, ASK):
        pass
    async with Sink() as sink:
        await send_all(db, client.workspace_id, sink, tmp_path)
        (kept,) = sink.messages
    mail = message_from_bytes(kept.raw, policy=policy.default)
    found = re.search(r"/k/[A-Za-z0-9_-]{28}", mail.get_body(("html",)).get_content())  # type: ignore[union-attr]
    assert found
    assert found[0] in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    page = await client.get(found[0])
    assert (page.status_code, "Weekly" in page.text) == (200, True)
    profile = (await client.get(f"/api/v1/contacts/{ada}")).json()
    assert profile["lists"][0]["status"] == "unconfirmed", "a look at the page is no consent"
    assert (await client.post(found[0], headers={"User-Agent": "Firefox"})).status_code == 200
    assert (await client.post(found[0])).status_code == 200, "twice is once"
    assert (await client.get(f"/api/v1/contacts/{ada}")).json()["lists"][0]["status"] == "active"
    (consent,) = (await client.get(f"/api/v1/contacts/{ada}/consents")).json()["items"]
    assert (consent["source"], consent["actor"], consent["is_given"]) == ("confirmation", "contact", True)
    assert consent["proof"]["user_agent"] == "Firefox"
    gone = await client.post(
        f"/api/v1/contacts/{ada}/consents", json={"list_id": weekly, "is_given": False, "reason": "asked by phone"}
    )
    assert gone.json()["standing"][0]["reason"] == "asked by phone"
    assert (await client.post(found[0])).status_code == 404, "an old mail does not bring back who left"
    assert (await client.get("/k/" + "A" * 28)).status_code == 404


async def test_asking_again_is_only_for_the_unconfirmed(tx: Tx) -> None:
    weekly = (await create_list(tx, name="Weekly")).id
    await update_list(tx, weekly, requires_confirmation=True)
    ada = (await create_contact(tx, email="ada@example.com")).id
    with pytest.raises(NothingToConfirm):
        await request_confirmation(tx, ada, weekly)
    assert await join_list(tx, ada, weekly, status=None, proof=Proof()) is Status.UNCONFIRMED
    await request_confirmation(tx, ada, weekly)
    asked = sql("select count(*) from activities.fact where workspace_id = {workspace} and kind = 122")
    assert await tx.value(asked) == 2
    assert await join_list(tx, ada, weekly, status=Status.ACTIVE, proof=Proof()) is Status.ACTIVE
    assert await join_list(tx, ada, weekly, status=None, proof=Proof()) is Status.ACTIVE
    with pytest.raises(ConsentTextNotFound):
        await join_list(tx, ada, weekly, status=None, proof=Proof(text_id=10**12))
    stranger = tx.in_workspace(tx.workspace_id + 1_000_000)
    with pytest.raises(ContactNotFound):
        await change_consent(stranger, ada, channel=Channel.SMS, list_id=None, is_given=True, proof=Proof())
