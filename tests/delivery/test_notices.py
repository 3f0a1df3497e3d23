"""The step that tells the team: who is told, once, and that none of it counts as the contact's."""

from __future__ import annotations

from email import message_from_bytes
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.automations.flow import activate, document, enter, settle, step
from tests.automations.test_step_conformance import a_user
from tests.delivery.parts import DOCUMENT, facts, ledger
from tests.delivery.sink import Sink
from tests.delivery.test_outbox import send_all
from tests.make import Make
from waypost.contacts.actions.owners import assign_owner
from waypost.contacts.audience import these
from waypost.delivery.actions import Notice, queue_notices
from waypost.delivery.queries import list_contact_messages
from waypost.delivery.steps import NotifyTeam
from waypost.kernel.db import Database
from waypost.kernel.sql import sql
from waypost.messages.actions import create_message


async def test_owner_team_and_addresses_are_told_of_the_contact_and_nothing_counts_as_theirs(
    db: Database, workspace_id: int, make: Make, tmp_path: Path
) -> None:
    async with db.transaction(workspace_id) as tx:
        olga, ops = await a_user(tx, "olga"), await a_user(tx, "ops")
        ada, grace = [await make.contact(tx, first_name=name) for name in ("Ada", "Grace")]
        await assign_owner(tx, olga, these([ada]))
        message_id = (
            await create_message(
                tx, name="Lead", subject="%FIRSTNAME% is hot", from_name="Olga", from_email="olga@example.com",
                document=DOCUMENT,
            )
        ).id  # fmt: skip
        params: dict[str, Any] = {
            "message_id": message_id,
            "to_owner": True,
            "user_ids": [ops],
            "emails": ["Desk@example.com"],
        }
        automation = await activate(tx, document(step("tell", "notify_team", **params)))
        await enter(tx, automation.id, [ada, grace])
    await settle(db, workspace_id)
    async with Sink() as sink:
        sink.answers = {"desk@example.com": "550 5.1.1 unknown"}
        await send_all(db, workspace_id, sink, tmp_path)
    told = sorted((row["email"], row["contact_id"], row["state"]) for row in await ledger(db, workspace_id, message_id))
    olgas, opss = f"olga{workspace_id}@example.com", f"ops{workspace_id}@example.com"
    assert told == [
        ("desk@example.com", ada, 3),
        ("desk@example.com", grace, 3),
        (olgas, ada, 2),
        (opss, ada, 2),
        (opss, grace, 2),
    ]
    assert sorted(message_from_bytes(mail.raw)["subject"] for mail in sink.messages) == [
        "Ada is hot",
        "Ada is hot",
        "Grace is hot",
    ]
    assert await facts(db, workspace_id) == []
    async with db.read(workspace_id) as read:
        assert (await list_contact_messages(read, ada)).items == []
        bounced = "select count(*) from delivery.suppression where workspace_id = {workspace}"
        assert await read.value(sql(bounced)) == 0


async def test_a_second_telling_of_the_same_pass_changes_nothing(db: Database, workspace_id: int, make: Make) -> None:
    async with db.transaction(workspace_id) as tx:
        ada = await make.contact(tx)
        message_id = (await create_message(tx, name="Lead", subject="Hot")).id
        notice = Notice(message_id, [ada], [7], 1, "tell", emails=["a@example.com", "b@example.com"])
        assert [await queue_notices(tx, notice) for _ in range(2)] == [2, 0]


def test_somebody_must_be_told() -> None:
    with pytest.raises(msgspec.ValidationError, match="Choose who is told"):
        msgspec.convert({"message_id": 1}, NotifyTeam)
