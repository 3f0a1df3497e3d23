"""What is sent is signed so that another implementation agrees, whatever its slots hold."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import dkim
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.delivery.parts import ledger, message_to, outbox_with
from tests.delivery.sink import Sink
from tests.make import Client, Make
from waypost.delivery.channels.relay import SmtpChannel, parse_relay
from waypost.delivery.dkim import SIGNED, Key, Signer, dns_record, load_key, make_ed25519_key, make_rsa_key
from waypost.delivery.journal import open_journal
from waypost.delivery.letters import Letter, list_head
from waypost.delivery.relays import save_relay
from waypost.delivery.sender_domains import get_domain, update_domain
from waypost.kernel.db import Database
from waypost.kernel.sql import TRUE, sql
from waypost.messages.compile import compile_message
from waypost.messages.document import parse_document
from waypost.messages.links import urls_in
from waypost.messages.render import render
from waypost.messages.types import Column, Link, Message

RSA, ED25519 = make_rsa_key(), make_ed25519_key()
RECORDS = {
    b"waypost._domainkey.example.com.": dns_record(RSA),
    b"waypost-ed._domainkey.example.com.": dns_record(ED25519),
}
SIGNER = Signer("example.com", [Key("waypost", load_key(RSA)), Key("waypost-ed", load_key(ED25519))])
TOKEN = b"A" * 28
COLUMNS = [Column(name, name.upper().replace("_", "")) for name in ("first_name", "last_name", "plan", "tags")]


def lookup(name: bytes, timeout: int = 5) -> bytes:
    del timeout
    return RECORDS[name].encode()


def verified(raw: bytes, index: int) -> bool:
    try:
        return dkim.DKIM(raw).verify(idx=index, dnsfunc=lookup)
    except dkim.ValidationError:
        return False


def letter(message: Message) -> Letter:
    rendered = render(parse_document(message.document))
    links = [Link(number, url) for number, url in enumerate(urls_in(rendered.html, rendered.text), 1)]
    compiled = compile_message(
        message, links, COLUMNS, public_url="https://way.example", domain="example.com",
        extra_head=list_head(3, message, "example.com"),
    )  # fmt: skip
    return Letter(compiled, message.from_email, TRUE, SIGNER, 1, None, "")


def nasty(size: int) -> st.SearchStrategy[str]:
    special = list("\r\n\x00.= \t<>&\"'%{}é€😀\u2028ü")
    return st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from(special)), max_size=size)


@settings(max_examples=120, deadline=None)
@given(
    first=nasty(120), last=nasty(40), plan=nasty(1_500), sender=nasty(80), subject=nasty(160),
    words=nasty(1_200), path=st.text("abcäöü./?=&%é", max_size=80),
)  # fmt: skip
def test_whatever_the_slots_hold_parses_strictly_and_verifies(
    first: str, last: str, plan: str, sender: str, subject: str, words: str, path: str
) -> None:
    plain = words.translate(str.maketrans("", "", "<>&%{}\x00"))
    html = f"<html><body>.{plain} %FIRSTNAME%\n.%PLAN%<a href='https://example.com/{path}'>Grüße</a></body></html>"
    now = datetime(2026, 11, 22, tzinfo=UTC)
    document = {"version": 1, "kind": "html", "html": html, "text": f".{plain}\n%PLAN%\n."}
    heading = subject.translate(str.maketrans("", "", "%{}")) + " %FIRSTNAME%"
    message = Message(1, "m", heading, "", sender, "ann@example.com", "help@example.com", document, 1, now, now)
    found = letter(message)
    values = {"first_name": first, "last_name": last, "plan": plan, "tags": ""}
    raw = found.build(("to@example.net", *(values[name] for name in found.compiled.columns)), TOKEN)
    parsed: EmailMessage = email.message_from_bytes(raw, policy=email.policy.strict)  # type: ignore[assignment]
    assert not parsed.defects
    assert parsed["message-id"] == f"<{TOKEN.decode()}@example.com>"
    assert verified(raw, 0)
    assert verified(raw, 1)
    lines = raw.split(b"\r\n")
    assert all(len(line) <= 998 for line in lines)
    assert not any(line.startswith(b".") for line in lines)
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert not verified(raw.replace(b"to@example.net", b"it@example.net"), 0), "a changed header is noticed"
    assert not verified(raw[:-3] + b"!\r\n", 0), "a changed body is noticed"
    assert not verified(b"From: mallory@example.org\r\n" + raw, 0), "so is a header put before"


def test_the_list_headers_are_there_and_signed() -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    document = {"version": 1, "kind": "html", "html": "<html><body>Hi</body></html>", "text": ""}
    message = Message(7, "m", "Hi", "", "Ann", "ann@example.com", "", document, 1, now, now)
    raw = letter(message).build(("to@example.net", "", ""), TOKEN)
    parsed: EmailMessage = email.message_from_bytes(raw, policy=email.policy.strict)  # type: ignore[assignment]
    assert parsed["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    assert parsed["list-unsubscribe"].startswith(f"<https://way.example/u/{TOKEN.decode()}>")
    assert parsed["list-id"] == "<w3.lists.example.com>"
    assert parsed["feedback-id"] == "m7:w3:marketing:waypost"
    tags = dict(part.strip().split("=", 1) for part in parsed["dkim-signature"].replace("\n", "").split(";"))
    signed = [name.strip() for name in tags["h"].split(":")]
    present = {name.decode() for name in SIGNED} & {name.lower() for name in parsed}
    assert present <= set(signed)
    assert {"list-unsubscribe", "list-unsubscribe-post", "list-id", "feedback-id", "message-id"} <= present
    assert {len(parsed.get_all(name)) for name in present} == {1}


@pytest.mark.asyncio(loop_scope="session")
async def test_a_domain_signs_what_it_sends_but_not_through_a_server_that_signs(
    db: Database, client: Client, make: Make, tmp_path: Path
) -> None:
    workspace_id = client.workspace_id
    made = (await client.post("/api/v1/sending-domains", json={"name": "Example.COM"})).json()
    assert "private" not in str(made).lower()
    async with db.transaction(workspace_id) as tx:
        await update_domain(tx, "example.com", is_signing=True, is_signing_twice=True, return_path="", tracking_host="")
        domain = await get_domain(tx, "example.com")
        people = await make.contacts(tx, 3)
    assert "PRIVATE" not in domain.rsa_key
    records = {
        f"{domain.selector}._domainkey.example.com.": made["rsa_record"],
        f"{domain.second_selector}._domainkey.example.com.": made["ed25519_record"],
    }
    async with Sink() as sink:
        for signs in (False, True):
            async with db.transaction(workspace_id) as tx:
                await tx.run(sql("delete from delivery.relay where workspace_id = {workspace}"))
                await save_relay(
                    tx, None,
                    {"name": "R", "host": "127.0.0.1", "port": sink.port, "security": "none", "username": "",
                     "weight": 1, "domains": [], "connections": 1, "signs": signs, "is_enabled": True},
                )  # fmt: skip
                message_id = await message_to(tx, people)
            await send_all(db, workspace_id, tmp_path)
            assert {row["state"] for row in await ledger(db, workspace_id, message_id)} == {2}
    signed, unsigned = sink.messages[:3], sink.messages[3:]
    for kept in signed:
        for index in (0, 1):
            assert dkim.DKIM(kept.raw).verify(
                idx=index, dnsfunc=lambda name, timeout=5: records[name.decode()].encode()
            )
    assert len(unsigned) == 3
    assert not any(b"DKIM-Signature" in kept.raw for kept in unsigned)


async def send_all(db: Database, workspace_id: int, folder: Path) -> None:
    journal = open_journal(folder, 0)
    outbox = outbox_with(db, SmtpChannel(parse_relay("smtp://127.0.0.1:1")), journal)
    while await outbox.tick(workspace_id):
        pass
    await outbox.close()
    journal.close()


@pytest.mark.asyncio(loop_scope="session")
async def test_domains_over_http(db: Database, client: Client) -> None:
    assert (await client.post("/api/v1/sending-domains", json={"name": "nodots"})).status_code == 422
    made = (await client.post("/api/v1/sending-domains", json={"name": "example.org"})).json()
    assert made["rsa_record"].startswith("v=DKIM1; k=rsa; p=")
    assert made["is_signing"] is False
    again = await client.post("/api/v1/sending-domains", json={"name": "EXAMPLE.org"})
    assert (again.status_code, again.json()["code"]) == (409, "delivery.domain_exists")
    body = {"is_signing": True, "tracking_host": "link.example.org", "return_path": "bounce.example.org"}
    changed = (await client.put("/api/v1/sending-domains/example.org", json=body)).json()
    assert (changed["is_signing"], changed["tracking_host"]) == (True, "link.example.org")
    assert changed["is_tracking_ready"] is False
    wrong = await client.put("/api/v1/sending-domains/example.org", json=body | {"tracking_host": "not a host"})
    assert wrong.status_code == 422
    assert (await client.delete("/api/v1/sending-domains/example.org")).status_code == 204
    assert (await client.get("/api/v1/sending-domains/example.org")).status_code == 404
