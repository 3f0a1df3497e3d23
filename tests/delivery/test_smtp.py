"""The SMTP client against a server that behaves, and one that does not."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.delivery.certificate import make_contexts
from tests.delivery.sink import Sink
from waypost.delivery.channels.base import Envelope, Reply
from waypost.delivery.channels.relay import Relay, SmtpChannel, parse_relay

pytestmark = pytest.mark.asyncio(loop_scope="session")


class Letters:
    """A run of messages that notes what happened to each."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses
        self.waiting = list(range(len(addresses)))
        self.replies: dict[str, Reply] = {}
        self.handed_over: list[str] = []
        self.lost_ones: list[str] = []
        self.broken: set[str] = set()

    @property
    def is_left(self) -> bool:
        return bool(self.waiting)

    def pull(self) -> int | None:
        return self.waiting.pop(0) if self.waiting else None

    def envelope(self, item: int) -> Envelope:
        return Envelope("olga@example.com", self.addresses[item])

    def content(self, item: int) -> bytes:
        if self.addresses[item] in self.broken:
            raise ValueError("cannot be rendered")
        return f"Message-ID: <{item}@example.com>\r\n\r\n{'x' * 70}\r\n".encode()

    def handed(self, item: int) -> None:
        self.handed_over.append(self.addresses[item])

    def answered(self, item: int, reply: Reply) -> None:
        assert self.addresses[item] not in self.replies, "settled once"
        self.replies[self.addresses[item]] = reply

    def lost(self, item: int) -> None:
        self.lost_ones.append(self.addresses[item])

    def put_back(self, item: int) -> None:
        self.waiting.append(item)

    @property
    def codes(self) -> Counter[int]:
        return Counter(reply.code for reply in self.replies.values())


def people(count: int) -> list[str]:
    return [f"user{number}@example.com" for number in range(count)]


async def send(sink: Sink, run: Letters, *, connections: int = 3, patience: float = 5) -> str | None:
    channel = SmtpChannel(parse_relay(sink.url), connections=connections, timeout=patience)
    try:
        return await channel.send(run)
    finally:
        await channel.close()


@pytest.mark.parametrize("is_pipelining", [True, False])
async def test_everyone_gets_one_message(is_pipelining: bool) -> None:
    async with Sink(is_pipelining=is_pipelining) as sink:
        run = Letters(*people(200))
        assert await send(sink, run) is None
        assert run.codes == {250: 200}
        assert sink.counts == Counter(people(200))
        assert sink.connections == 3
        assert sink.commands["RSET"] == 0


@pytest.mark.parametrize("is_pipelining", [True, False])
async def test_a_refused_recipient_does_not_touch_its_neighbours(is_pipelining: bool) -> None:
    async with Sink(is_pipelining=is_pipelining) as sink:
        sink.answers = dict.fromkeys(people(60)[::3], "550 5.1.1 no such user")
        sink.data_answers = {"user1@example.com": "451 4.7.1 later", "user2@example.com": "554 spam"}
        run = Letters(*people(60))
        assert await send(sink, run, connections=2) is None
        assert run.codes == {250: 38, 550: 20, 451: 1, 554: 1}
        assert run.replies["user0@example.com"].text == "5.1.1 no such user"
        assert sum(sink.counts.values()) == 38


@pytest.mark.parametrize("is_pipelining", [True, False])
async def test_a_connection_dropped_in_the_content_loses_one_message(is_pipelining: bool) -> None:
    async with Sink(is_pipelining=is_pipelining, drop_in_data={"user5@example.com"}) as sink:
        run = Letters(*people(40))
        assert await send(sink, run) is None
        assert run.lost_ones == ["user5@example.com"]
        assert run.codes == {250: 39}
        assert "user5@example.com" not in sink.counts


async def test_421_ends_the_connection_and_is_the_answer_of_one_message() -> None:
    async with Sink(close_at={"user3@example.com"}) as sink:
        run = Letters(*people(30))
        assert await send(sink, run, connections=1) is None
        assert run.codes == {250: 29, 421: 1}
        assert sink.connections == 2


async def test_a_server_that_falls_silent_is_given_up() -> None:
    async with Sink(hang_at={"user2@example.com"}) as sink:
        run = Letters(*people(6))
        assert await send(sink, run, connections=1, patience=0.4) is None
        assert run.lost_ones == ["user2@example.com"]
        assert run.codes == {250: 5}


async def test_a_message_that_cannot_be_rendered_is_never_sent() -> None:
    async with Sink() as sink:
        run = Letters(*people(10))
        run.broken = {"user0@example.com", "user4@example.com"}
        assert await send(sink, run, connections=1) is None
        assert run.codes == {250: 8, 554: 2}
        assert run.lost_ones == []
        assert set(sink.counts.values()) == {1}


async def test_nobody_there_leaves_everything_with_a_reason() -> None:
    async with Sink() as sink:
        port = sink.port
    run = Letters(*people(3))
    channel = SmtpChannel(Relay("127.0.0.1", port, "none"), timeout=1)
    assert await channel.send(run)
    assert run.replies == {}
    assert len(run.waiting) == 3


async def test_connections_live_on_between_runs() -> None:
    async with Sink() as sink:
        channel = SmtpChannel(parse_relay(sink.url), connections=2, timeout=5)
        for _ in range(3):
            run = Letters(*people(20))
            await channel.send(run)
            assert run.codes == {250: 20}
        await channel.close()
        assert sink.connections == 2
        assert sink.commands["QUIT"] == 2


async def test_addresses_beyond_ascii() -> None:
    addresses = ("jörg@example.com", "ada@müller.example")
    async with Sink() as sink:
        run = Letters(*addresses)
        await send(sink, run, connections=1)
        assert {message.rcpt_to for message in sink.messages} == {"jörg@example.com", "ada@xn--mller-kva.example"}
    async with Sink(features=("8BITMIME",)) as sink:
        run = Letters(*addresses)
        await send(sink, run, connections=1)
        assert {address: reply.code for address, reply in run.replies.items()} == {
            "jörg@example.com": 553,
            "ada@müller.example": 250,
        }


async def test_starttls_is_insisted_on() -> None:
    async with Sink() as sink:
        run = Letters(*people(1))
        channel = SmtpChannel(parse_relay(f"smtp+starttls://127.0.0.1:{sink.port}"), timeout=2)
        assert "STARTTLS" in (await channel.send(run) or "")
        assert sink.messages == []


@pytest.mark.parametrize("method", ["PLAIN", "LOGIN"])
@pytest.mark.parametrize("scheme", ["smtp+starttls", "smtps"])
async def test_signing_in_over_an_encrypted_line(tmp_path: Path, scheme: str, method: str) -> None:
    server, client = make_contexts(tmp_path)
    users = {"olga@example.com": "pass: word@"}
    async with Sink(tls=server, is_wrapped=scheme == "smtps", users=users, methods=(method,)) as sink:
        relay = parse_relay(f"{scheme}://olga%40example.com:pass%3A%20word%40@127.0.0.1:{sink.port}")
        channel = SmtpChannel(relay, connections=2, timeout=5, tls=client)
        run = Letters(*people(30))
        assert await channel.send(run) is None
        await channel.close()
        assert run.codes == {250: 30}
        assert sink.counts == dict.fromkeys(people(30), 1)


async def test_a_wrong_password_leaves_everything_with_the_servers_words(tmp_path: Path) -> None:
    server, client = make_contexts(tmp_path)
    async with Sink(tls=server, users={"olga": "right"}) as sink:
        channel = SmtpChannel(
            parse_relay(f"smtp+starttls://olga:wrong@127.0.0.1:{sink.port}"), connections=1, timeout=5, tls=client
        )
        run = Letters(*people(2))
        reason = await channel.send(run)
        await channel.close()
        assert reason == "535 5.7.8 wrong credentials"
        assert (run.handed_over, sink.messages) == ([], [])


@pytest.mark.parametrize("scheme", ["smtp+starttls", "smtps"])
async def test_a_certificate_nobody_vouches_for_is_refused(tmp_path: Path, scheme: str) -> None:
    server, _ = make_contexts(tmp_path)
    async with Sink(tls=server, is_wrapped=scheme == "smtps") as sink:
        channel = SmtpChannel(parse_relay(f"{scheme}://127.0.0.1:{sink.port}"), connections=1, timeout=5)
        run = Letters(*people(1))
        assert "certificate" in (await channel.send(run) or "").lower()
        await channel.close()
        assert sink.messages == []


CHUNKING = ("8BITMIME", "SMTPUTF8", "SIZE 50000000", "CHUNKING")


async def test_with_chunking_several_messages_are_in_flight() -> None:
    async with Sink(features=CHUNKING) as sink:
        run = Letters(*people(200))
        assert await send(sink, run) is None
        assert run.codes == {250: 200}
        assert sink.counts == Counter(people(200))
        assert sink.commands["BDAT"] == 200
        assert sink.commands["DATA"] == 0
        assert all(message.raw.endswith(b"x\r\n") for message in sink.messages)


async def test_with_chunking_a_refusal_does_not_touch_its_neighbours() -> None:
    async with Sink(features=CHUNKING) as sink:
        sink.answers = dict.fromkeys(people(60)[::3], "550 5.1.1 no such user")
        sink.data_answers = {"user1@example.com": "451 4.7.1 later", "user2@example.com": "554 spam"}
        run = Letters(*people(60))
        run.broken = {"user4@example.com"}
        assert await send(sink, run, connections=2) is None
        assert run.codes == {250: 37, 550: 20, 451: 1, 554: 2}
        assert run.replies["user0@example.com"].text == "5.1.1 no such user"
        assert sum(sink.counts.values()) == 37


async def test_with_chunking_a_lost_connection_loses_no_more_than_the_window() -> None:
    async with Sink(features=CHUNKING, drop_in_data={"user5@example.com"}) as sink:
        run = Letters(*people(40))
        assert await send(sink, run) is None
        assert "user5@example.com" in run.lost_ones
        assert len(run.lost_ones) <= 8
        assert len(run.replies) + len(run.lost_ones) == 40
        assert set(sink.counts.values()) == {1}
    async with Sink(features=CHUNKING, hang_at={"user2@example.com"}) as sink:
        run = Letters(*people(20))
        assert await send(sink, run, connections=1, patience=0.4) is None
        assert "user2@example.com" in run.lost_ones
        assert len(run.replies) + len(run.lost_ones) == 20


async def test_with_chunking_421_gives_back_those_behind() -> None:
    async with Sink(features=CHUNKING, close_at={"user3@example.com"}) as sink:
        run = Letters(*people(30))
        assert await send(sink, run, connections=1) is None
        assert run.codes == {250: 29, 421: 1}
        assert run.lost_ones == []
        assert set(sink.counts.values()) == {1}
