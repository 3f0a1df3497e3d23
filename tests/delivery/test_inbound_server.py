"""Bounces by SMTP: addresses that only we can make, and what comes to them."""

from __future__ import annotations

import asyncio
import smtplib
from pathlib import Path

import pytest

from tests.delivery.parts import ledger, message_to
from tests.delivery.sink import Sink
from tests.delivery.test_outbox import send_all
from tests.make import Make
from waypost.delivery.inbound_address import read_message_ids, read_return_path, return_path
from waypost.delivery.inbound_server import InboundStore
from waypost.delivery.inbound_settings import save_inbound
from waypost.delivery.receiver import SmtpReceiver
from waypost.delivery.tokens import Tokens
from waypost.kernel.db import Database
from waypost.kernel.errors import Invalid
from waypost.kernel.tx import Tx

pytestmark = pytest.mark.asyncio(loop_scope="session")
CORPUS = Path(__file__).parent.parent / "data" / "bounces"


async def test_a_return_path_cannot_be_made_up() -> None:
    tokens = Tokens(b"k" * 32)
    address = return_path("b@bounces.example.com", tokens.make(7, 12_345))
    assert len(address.partition("@")[0]) <= 64
    assert read_return_path(tokens, address) == (7, 12_345)
    assert read_return_path(tokens, address.upper()) == (7, 12_345)
    assert read_return_path(Tokens(b"x" * 32), address) is None
    forged = address.replace(address[-30], "0" if address[-30] != "0" else "1")
    assert read_return_path(tokens, forged) is None
    assert read_return_path(tokens, "b+@bounces.example.com") is None
    assert read_message_ids(tokens, ["<x@y>", f"<{tokens.make(7, 9).decode()}@news.example.com>"]) == (7, 9)


async def test_a_message_goes_out_comes_back_and_is_known(
    db: Database, workspace_id: int, make: Make, tmp_path: Path
) -> None:
    async with db.transaction(workspace_id) as tx:
        await save_inbound(tx, bounce_address="B@bounces.example.com")
        people = [await make.contact(tx, f"verp{n}@example.org") for n in range(2)]
        message_id = await message_to(tx, people)
    async with Sink() as sink:
        await send_all(db, workspace_id, sink, tmp_path)
        paths = {kept.rcpt_to: kept.mail_from for kept in sink.messages}
        ids = {kept.rcpt_to: kept.message_id for kept in sink.messages}
    assert all(path.startswith("b+") and path.endswith("@bounces.example.com") for path in paths.values())
    assert len(set(paths.values())) == 2

    store = InboundStore(db.settings, db)
    server = await asyncio.get_running_loop().create_server(
        lambda: SmtpReceiver(store.keep, accepts=store.accepts), "127.0.0.1", 0
    )
    port = server.sockets[0].getsockname()[1]
    dsn = (CORPUS / "bounce.unknown_address.postfix.eml").read_bytes()
    arf = (CORPUS / "complaint.-.yahoo.eml").read_bytes()
    sent = b"<AAAAAAAAKQAAAAAAAVh0c2lnbmF0dXJl@news.example.com>"
    complaint = arf.replace(sent, ids["verp1@example.org"].encode())

    def deliver() -> list[object]:
        with smtplib.SMTP("127.0.0.1", port, timeout=10) as smtp:
            for _ in range(2):
                smtp.sendmail("", [paths["verp0@example.org"]], dsn)
                smtp.sendmail("", ["complaints@bounces.example.com"], complaint)
            refused: list[object] = []
            for address in ("someone@bounces.example.com", f"b+{'0' * 42}@bounces.example.com"):
                with pytest.raises(smtplib.SMTPRecipientsRefused) as failure:
                    smtp.sendmail("", [address], dsn)
                refused.append(failure.value.recipients[address][0])
            return refused

    async with server:
        assert await asyncio.to_thread(deliver) == [550, 550]
    rows = {row["email"]: row for row in await ledger(db, workspace_id, message_id)}
    assert rows["verp0@example.org"]["bounce"] == 1
    assert rows["verp1@example.org"]["bounce"] is None
    assert rows["verp1@example.org"]["complained_at"] is not None


@pytest.mark.parametrize(
    "address", ["bounces", "a b@example.com", "x+y@example.com", "b@local", "b" * 21 + "@example.com"]
)
async def test_a_return_path_must_be_an_address_to_which_a_token_can_be_added(tx: Tx, address: str) -> None:
    with pytest.raises(Invalid) as failure:
        await save_inbound(tx, bounce_address=address)
    assert failure.value.problems[0].pointer == "/bounce_address"
