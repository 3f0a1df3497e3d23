"""Webhooks of mail providers, in the shapes they document, signed as they sign."""

from __future__ import annotations

import asyncio
import base64
import hmac
import socket
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.delivery.parts import system_work
from tests.delivery.test_inbound import sent_to
from tests.make import Make
from waypost.delivery.bounce_causes import Cause
from waypost.delivery.bounces import What
from waypost.delivery.inbound_address import return_path
from waypost.delivery.inbound_hooks import read_events
from waypost.delivery.inbound_settings import hook_key, save_inbound
from waypost.delivery.inbound_web import ProviderHooks
from waypost.delivery.tokens import Tokens
from waypost.kernel.db import Database
from waypost.kernel.sql import sql

pytestmark = pytest.mark.asyncio(loop_scope="session")
CERTIFICATE = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a1b.pem"


def ses(kind: str, *, message_id: str = "", source: str = "", **detail: Any) -> dict[str, Any]:
    headers = [{"name": "Message-ID", "value": message_id}]
    return {"notificationType": kind, "mail": {"source": source, "headers": headers}, kind.lower(): detail}


SHAPES: list[tuple[str, Any, What, Cause | None]] = [
    (
        "ses",
        ses("Bounce", bounceType="Permanent", bounceSubType="General", bouncedRecipients=[
            {"emailAddress": "who@example.org", "action": "failed", "status": "5.1.1",
             "diagnosticCode": "smtp; 550 5.1.1 user unknown"}]),
        What.BOUNCE, Cause.UNKNOWN_ADDRESS,
    ),
    (
        "ses",
        ses("Bounce", bounceType="Transient", bounceSubType="MailboxFull",
            bouncedRecipients=[{"emailAddress": "who@example.org"}]),
        What.BOUNCE, Cause.MAILBOX_FULL,
    ),
    (
        "ses",
        ses("Bounce", bounceType="Transient", bounceSubType="MessageTooLarge",
            bouncedRecipients=[{"emailAddress": "who@example.org"}]),
        What.BOUNCE, Cause.OVERSIZE,
    ),
    ("ses", ses("Complaint", complainedRecipients=[{"emailAddress": "who@example.org"}], complaintFeedbackType="abuse"),
     What.COMPLAINT, None),
    ("postmark", {"RecordType": "Bounce", "Type": "HardBounce", "Email": "who@example.org", "Details": "550 unknown"},
     What.BOUNCE, Cause.UNKNOWN_ADDRESS),
    ("postmark", {"RecordType": "Bounce", "Type": "SoftBounce", "Email": "who@example.org", "Details": "mailbox is full"},
     What.BOUNCE, Cause.MAILBOX_FULL),
    ("postmark", {"RecordType": "SpamComplaint", "Type": "SpamComplaint", "Email": "who@example.org"},
     What.COMPLAINT, None),
    ("sendgrid", [{"event": "bounce", "type": "bounce", "status": "5.0.0", "reason": "550 no such user",
                   "email": "who@example.org", "smtp-id": "<x@y>"}], What.BOUNCE, Cause.UNKNOWN_ADDRESS),
    ("sendgrid", [{"event": "bounce", "type": "blocked", "reason": "554 5.7.1 listed in a blocklist",
                   "email": "who@example.org"}], What.BOUNCE, Cause.POLICY),
    ("sendgrid", [{"event": "delivered", "email": "a@b.example"}, {"event": "spamreport", "email": "who@example.org"}],
     What.COMPLAINT, None),
    ("mailgun", {"event-data": {"event": "failed", "severity": "permanent", "recipient": "who@example.org",
                                "delivery-status": {"code": 550, "message": "5.1.1 The account does not exist"}}},
     What.BOUNCE, Cause.UNKNOWN_ADDRESS),
    ("mailgun", {"event-data": {"event": "complained", "recipient": "who@example.org"}}, What.COMPLAINT, None),
    ("sparkpost", [{"msys": {"message_event": {"type": "bounce", "bounce_class": "10", "rcpt_to": "who@example.org",
                                               "raw_reason": "550 5.1.1 user unknown"}}}],
     What.BOUNCE, Cause.UNKNOWN_ADDRESS),
    ("sparkpost", [{"msys": {"message_event": {"type": "spam_complaint", "rcpt_to": "who@example.org"}}}],
     What.COMPLAINT, None),
]  # fmt: skip


@pytest.mark.parametrize(("provider", "body", "what", "cause"), SHAPES)
async def test_a_report_is_read(provider: str, body: Any, what: What, cause: Cause | None) -> None:
    (event,) = read_events(provider, body)
    assert (event.what, event.cause, event.recipient) == (what, cause, "who@example.org")


@pytest.mark.parametrize("provider", ["ses", "postmark", "sendgrid", "mailgun", "sparkpost"])
@pytest.mark.parametrize("body", [None, 7, "x", [], {}, [1], {"event-data": 3}, [{"msys": None}], {"mail": []}])
async def test_what_is_no_report_is_nothing(provider: str, body: Any) -> None:
    assert read_events(provider, body) == []


async def test_replies_and_passing_troubles_are_no_bounces() -> None:
    assert read_events("postmark", {"RecordType": "Bounce", "Type": "AutoResponder", "Email": "a@b.example"}) == []
    assert read_events("sparkpost", [{"msys": {"message_event": {"type": "bounce", "bounce_class": "60"}}}]) == []
    assert read_events("mailgun", {"event-data": {"event": "failed", "severity": "temporary"}}) == []
    assert read_events("sendgrid", [{"event": "deferred", "email": "a@b.example"}]) == []


async def call(hooks: ProviderHooks, path: str, raw: bytes, headers: dict[str, str] | None = None) -> int:
    status: list[int] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": raw, "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            status.append(message["status"])

    given = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    await hooks({"type": "http", "method": "POST", "path": path, "headers": given}, receive, send)
    return status[0]


async def bounces_of(db: Database, workspace_id: int) -> list[tuple[int, int]]:
    async with db.read(workspace_id) as read:
        rows = await read.all(
            sql("select ledger_id, what from delivery.notice where workspace_id = {workspace} order by ledger_id, key")
        )
    return [(row["ledger_id"], row["what"]) for row in rows]


async def test_the_message_is_found_by_return_path_by_message_id_and_by_address(
    db: Database, workspace_id: int, make: Make
) -> None:
    async with db.transaction(workspace_id) as tx:
        rows = [await sent_to(tx, await make.contact(tx, f"hook{n}@example.org")) for n in range(3)]
        tokens = [Tokens.of(tx.settings).make(workspace_id, row) for row in rows]
    hooks = ProviderHooks(system_work(db))
    path = f"/in/sparkpost/{hook_key(db.settings, workspace_id, 'sparkpost')}"
    reason = {"type": "bounce", "bounce_class": "10", "raw_reason": "550 5.1.1 unknown"}
    first = {**reason, "msg_from": return_path("b@x.example", tokens[0]), "rcpt_to": "other@example.org"}
    third = {**reason, "rcpt_to": "hook2@example.org"}
    body = orjson.dumps([{"msys": {"message_event": event}} for event in (first, third)])
    assert [await call(hooks, path, body) for _ in range(2)] == [200, 200]
    path = f"/in/sendgrid/{hook_key(db.settings, workspace_id, 'sendgrid')}"
    event = {"event": "bounce", "email": "x@example.org", "smtp-id": f"<{tokens[1].decode()}@news.example.com>"}
    assert await call(hooks, path, orjson.dumps([event])) == 200
    assert await bounces_of(db, workspace_id) == [(row, 1) for row in rows]


async def test_strangers_are_turned_away(db: Database, workspace_id: int) -> None:
    hooks = ProviderHooks(system_work(db))
    good = hook_key(db.settings, workspace_id, "mailgun")
    assert await call(hooks, f"/in/postmark/{good}", b"{}") == 404
    assert await call(hooks, f"/in/mailgun/{good[:-1]}x", b"{}") == 404
    assert await call(hooks, "/in/nobody/1-x", b"{}") == 404
    assert await call(hooks, f"/in/mailgun/{good}", b"no json") == 400
    assert await call(hooks, f"/in/mailgun/{good}", b" " * 5_000_001) == 413


async def test_mailgun_and_sendgrid_must_sign_once_their_key_is_set(db: Database, workspace_id: int) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    public = base64.b64encode(
        private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    ).decode()
    async with db.transaction(workspace_id) as tx:
        await save_inbound(tx, bounce_address="", sendgrid_key=public, mailgun_key="secret")
    hooks = ProviderHooks(system_work(db))
    path = f"/in/mailgun/{hook_key(db.settings, workspace_id, 'mailgun')}"

    def signed(key: str, moment: int) -> bytes:
        mac = hmac.new(key.encode(), f"{moment}tok".encode(), "sha256").hexdigest()
        return orjson.dumps({"signature": {"timestamp": str(moment), "token": "tok", "signature": mac}})

    now = int(time.time())
    assert await call(hooks, path, signed("secret", now)) == 200
    assert await call(hooks, path, signed("wrong", now)) == 403
    assert await call(hooks, path, signed("secret", now - 86_400)) == 403
    assert await call(hooks, path, b"{}") == 403
    path = f"/in/sendgrid/{hook_key(db.settings, workspace_id, 'sendgrid')}"
    signature = base64.b64encode(private.sign(b"1700[]", ec.ECDSA(hashes.SHA256()))).decode()
    names = ("X-Twilio-Email-Event-Webhook-Signature", "X-Twilio-Email-Event-Webhook-Timestamp")
    assert await call(hooks, path, b"[]", dict(zip(names, (signature, "1700"), strict=True))) == 200
    assert await call(hooks, path, b"[1]", dict(zip(names, (signature, "1700"), strict=True))) == 403
    assert await call(hooks, path, b"[]") == 403


def sns(private: rsa.RSAPrivateKey, message: Any, **changes: str) -> bytes:
    body = {
        "Type": "Notification",
        "MessageId": "m",
        "TopicArn": "arn:aws:sns:eu-west-1:1:bounces",
        "Message": orjson.dumps(message).decode(),
        "Timestamp": "2026-11-02T09:00:00.000Z",
        "SignatureVersion": "2",
        "SigningCertURL": CERTIFICATE,
    }
    text = "".join(f"{name}\n{body[name]}\n" for name in ("Message", "MessageId", "Timestamp", "TopicArn", "Type"))
    signature = private.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
    return orjson.dumps({**body, "Signature": base64.b64encode(signature).decode(), **changes})


async def no_names(*_: Any, **__: Any) -> Any:
    raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")


async def test_sns_is_believed_by_its_certificate_only(
    db: Database, workspace_id: int, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sns.amazonaws.com")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(private, hashes.SHA256())
    )
    async with db.transaction(workspace_id) as tx:
        row = await sent_to(tx, await make.contact(tx, "ses@example.org"))
        path_of = return_path("b@x.example", Tokens.of(tx.settings).make(workspace_id, row))
    message = ses(
        "Bounce", source=path_of, bounceType="Permanent", bouncedRecipients=[{"emailAddress": "ses@example.org"}]
    )
    hooks = ProviderHooks(system_work(db))
    hooks._certificates[CERTIFICATE] = made.public_bytes(Encoding.PEM)  # pyright: ignore[reportPrivateUsage]
    path = f"/in/ses/{hook_key(db.settings, workspace_id, 'ses')}"
    assert await call(hooks, path, sns(private, message, Message="{}")) == 403
    assert await call(hooks, path, sns(private, message, SigningCertURL="https://evil.example/x.pem")) == 403
    assert (
        await call(hooks, path, sns(private, message, SigningCertURL="https://sns.eu.amazonaws.com.evil.example/x.pem"))
        == 403
    )
    assert await call(hooks, path, b"[]") == 403
    assert await bounces_of(db, workspace_id) == []
    with monkeypatch.context() as offline:
        # A certificate that cannot be fetched now puts the report off; after a 5xx it comes again.
        offline.setattr(asyncio.BaseEventLoop, "getaddrinfo", no_names)
        elsewhere = CERTIFICATE.replace("eu-west-1", "eu-west-2")
        assert await call(hooks, path, sns(private, message, SigningCertURL=elsewhere)) == 503
    assert await bounces_of(db, workspace_id) == []
    assert await call(hooks, path, sns(private, message)) == 200
    assert await bounces_of(db, workspace_id) == [(row, 1)]
