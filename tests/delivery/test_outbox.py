"""From the ledger over SMTP and back into the ledger."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.delivery.parts import facts, ledger, message_to, outbox_with
from tests.delivery.sink import Sink
from tests.make import Make
from waypost.contacts.actions import delete_contacts
from waypost.delivery.actions import queue_messages, queue_test
from waypost.delivery.channels.relay import SmtpChannel, parse_relay
from waypost.delivery.claims import BACK_OFF, Claimed
from waypost.delivery.journal import open_journal
from waypost.delivery.outbox import judge
from waypost.delivery.tokens import Tokens
from waypost.delivery.types import SourceKind, State
from waypost.kernel.db import Database
from waypost.kernel.sql import sql

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def send_all(db: Database, workspace_id: int, sink: Sink, folder: Path) -> None:
    journal = open_journal(folder, 0)
    channel = SmtpChannel(parse_relay(sink.url), connections=4, timeout=5)
    outbox = outbox_with(db, channel, journal)
    while await outbox.tick(workspace_id):
        pass
    await channel.close()
    journal.close()


async def test_every_row_ends_as_the_server_said(db: Database, workspace_id: int, make: Make, tmp_path: Path) -> None:
    async with db.transaction(workspace_id) as tx:
        people = await make.contacts(tx, 2_300)
        message_id = await message_to(tx, people)
        emails = [row["email"] for row in await tx.all(
            sql("select email from contacts.contact where workspace_id = {workspace} order by id")
        )]  # fmt: skip
    async with Sink() as sink:
        sink.answers = dict.fromkeys(emails[:5], "550 5.1.1 unknown")
        sink.data_answers = dict.fromkeys(emails[5:9], "451 later")
        await send_all(db, workspace_id, sink, tmp_path)
        assert set(sink.counts.values()) == {1}
        assert len(sink.messages) == 2_291
    rows = {row["email"]: row for row in await ledger(db, workspace_id, message_id)}
    assert [rows[email]["state"] for email in emails[:9]] == [3] * 5 + [0] * 4
    assert {rows[email]["state"] for email in emails[9:]} == {2}
    assert {row["attempts"] for row in rows.values()} == {1}
    assert rows[emails[0]]["smtp_reply"] == "5.1.1 unknown"
    assert all(rows[email]["due_at"] > datetime.now(UTC) for email in emails[5:9])
    found = await facts(db, workspace_id)
    assert sorted(row["contact_id"] for row in found if row["kind"] == 200) == sorted(
        rows[email]["contact_id"] for email in emails[9:]
    )
    assert sum(row["kind"] == 203 for row in found) == 5


async def test_the_message_is_what_a_mail_program_reads(
    db: Database, workspace_id: int, make: Make, tmp_path: Path
) -> None:
    async with db.transaction(workspace_id) as tx:
        person = await make.contact(tx, "zoë@example.com", first_name="Zoë", last_name="Ångström")
        message_id = await message_to(tx, [person], subject="Grüße an %FIRSTNAME% 🎉")
    async with Sink() as sink:
        await send_all(db, workspace_id, sink, tmp_path)
        (kept,) = sink.messages
    mail = message_from_bytes(kept.raw, policy=policy.default)
    assert mail["subject"] == "Grüße an Zoë 🎉"
    assert "Grüße, Zoë!" in mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert "Grüße, Zoë!" in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert mail["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    (row,) = await ledger(db, workspace_id, message_id)
    token = Tokens.of(db.settings).make(workspace_id, row["id"]).decode()
    assert kept.message_id == f"<{token}@example.com>"
    assert f"/u/{token}" in mail["list-unsubscribe"]


async def test_who_must_not_be_mailed_is_noted_with_the_reason(
    db: Database, workspace_id: int, make: Make, tmp_path: Path
) -> None:
    async with db.transaction(workspace_id) as tx:
        nobody, gone, late = await make.contact(tx, None), await make.contact(tx), await make.contact(tx)
        await tx.run(
            sql(
                """
                insert into delivery.suppression (workspace_id, address, reason, created_at)
                select {workspace}, email, 1, {now} from contacts.contact
                where workspace_id = {workspace} and id = {gone}
                """,
                gone=gone,
            )
        )
        message_id = await message_to(tx, [nobody, gone, late])
    async with db.transaction(workspace_id) as tx:
        await delete_contacts(tx, sql("select {late} as contact_id", late=late))
    async with Sink() as sink:
        await send_all(db, workspace_id, sink, tmp_path)
        assert sink.messages == []
    rows = {row["contact_id"]: row for row in await ledger(db, workspace_id, message_id)}
    assert {row["state"] for row in rows.values()} == {4}
    assert "no e-mail" in rows[nobody]["smtp_reply"]
    assert "suppression" in rows[gone]["smtp_reply"]
    assert "deleted" in rows[late]["smtp_reply"]


async def test_a_test_mail_is_sent_and_leaves_no_facts(db: Database, workspace_id: int, tmp_path: Path) -> None:
    async with db.transaction(workspace_id) as tx:
        message_id = await message_to(tx, [])
        await queue_test(tx, message_id, email="me@example.com", contact_id=None)
    async with Sink() as sink:
        await send_all(db, workspace_id, sink, tmp_path)
        assert sink.counts == {"me@example.com": 1}
    assert await facts(db, workspace_id) == []


async def test_queueing_again_for_the_same_source_adds_nothing(db: Database, workspace_id: int, make: Make) -> None:
    async with db.transaction(workspace_id) as tx:
        person = await make.contact(tx)
        message_id = await message_to(tx, [person])
        again = await queue_messages(tx, message_id, [person], source_kind=SourceKind.CAMPAIGN, source_id=1)
        other = await queue_messages(tx, message_id, [person], source_kind=SourceKind.CAMPAIGN, source_id=2)
    assert (again, other) == (0, 1)


async def test_attempts_come_to_an_end() -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    row = Claimed(1, 1, 1, "ada@example.com", 0, is_test=False)
    states: list[State] = []
    waited = timedelta(0)
    for attempts in range(len(BACK_OFF) + 1):
        result = judge(Claimed(1, 1, 1, row.email, attempts, is_test=False), 451, "later", now)
        states.append(result.state)
        waited += result.due_at - now
    assert states == [State.QUEUED] * len(BACK_OFF) + [State.FAILED]
    assert timedelta(days=1) < waited < timedelta(days=4)
