"""Whatever a message holds, what arrives is what was rendered, by every way of sending, and reads strictly."""

from __future__ import annotations

import asyncio
import email
import email.policy
from collections.abc import Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.delivery.sink import Sink
from tests.delivery.test_dkim import TOKEN, letter, nasty, verified
from waypost.delivery.channels.base import Envelope, Reply
from waypost.delivery.channels.relay import SmtpChannel, parse_relay
from waypost.messages.types import Message

BASIC = ("8BITMIME", "SMTPUTF8", "SIZE 50000000")
NOW = datetime(2026, 11, 22, tzinfo=UTC)
WORDS = str.maketrans("", "", "<>&%{}\x00")
"""What would begin markup or a tag is for other tests; here everything may stand in every slot."""
LOOP = "{% for tag in tags %}.{{ tag }}\r{% endfor %}"


class Fixed:
    """A run of finished messages."""

    def __init__(self, contents: Sequence[bytes]) -> None:
        self._contents = contents
        self._waiting = list(range(len(contents)))
        self.codes: list[int] = []

    @property
    def is_left(self) -> bool:
        return bool(self._waiting)

    def pull(self) -> int | None:
        return self._waiting.pop(0) if self._waiting else None

    def envelope(self, item: int) -> Envelope:
        return Envelope("ann@example.com", f"to{item}@example.net")

    def content(self, item: int) -> bytes:
        return self._contents[item]

    def handed(self, item: int) -> None:
        del item

    def answered(self, item: int, reply: Reply) -> None:
        del item
        self.codes.append(reply.code)

    def lost(self, item: int) -> None:
        raise AssertionError(item)

    def put_back(self, item: int) -> None:
        raise AssertionError(item)


def document(kind: str, words: str) -> dict[str, Any]:
    """The words and the recipient's values, at the beginning of lines and after dots."""
    if kind == "email":
        text = {"id": "a", "type": "text", "props": {"html": f"<p>.{words}<br>.%PLAN%</p>"}}
        head = {"id": "b", "type": "heading", "props": {"text": f".{words}"[:300] + "%FIRSTNAME%"}}
        return {"version": 1, "kind": kind, "settings": {}, "blocks": [text, head]}
    if kind == "mjml":
        inner = f"<mj-section><mj-column><mj-text>.{words} %PLAN% {LOOP}</mj-text></mj-column></mj-section>"
        return {"version": 1, "kind": kind, "mjml": f"<mjml><mj-body>{inner}</mj-body></mjml>"}
    source = f".{words}\r\n.\r\n%PLAN%\n.\n{LOOP}"
    return {"version": 1, "kind": kind, kind: source}


KINDS = ("email", "html", "mjml", "markdown", "text")
MESSAGES = st.fixed_dictionaries({
    "kind": st.sampled_from(KINDS), "words": st.one_of(st.just(""), nasty(900), st.text("x", min_size=2_000, max_size=3_000)),
    "subject": nasty(200), "sender": nasty(60), "first_name": nasty(80), "last_name": nasty(40), "plan": nasty(1_200),
    "tags": st.lists(nasty(20), max_size=3).map("\x1f".join),
})  # fmt: skip


def built(given_: dict[str, str]) -> bytes:
    message = Message(
        1, "m", given_["subject"].translate(WORDS) + " %FIRSTNAME%", "", given_["sender"], "ann@example.com", "",
        document(given_["kind"], given_["words"].translate(WORDS)), 1, NOW, NOW,
    )  # fmt: skip
    found = letter(message)
    return found.build(("to@example.net", *(given_[name] for name in found.compiled.columns)), TOKEN)


async def sent(contents: Sequence[bytes], features: tuple[str, ...], *, is_pipelining: bool) -> list[bytes]:
    async with Sink(features=features, is_pipelining=is_pipelining) as sink:
        channel = SmtpChannel(parse_relay(sink.url), connections=1, timeout=10)
        run = Fixed(contents)
        assert await channel.send(run) is None
        await channel.close()
        assert run.codes == [250] * len(contents)
        assert sink.commands["BDAT" if "CHUNKING" in features else "DATA"] == len(contents)
        return [kept.raw for kept in sorted(sink.messages, key=lambda kept: int(kept.rcpt_to[2:].partition("@")[0]))]


async def by_every_way(contents: Sequence[bytes]) -> None:
    assert await sent(contents, BASIC, is_pipelining=False) == contents
    assert await sent(contents, BASIC, is_pipelining=True) == contents
    assert await sent(contents, (*BASIC, "CHUNKING"), is_pipelining=True) == contents


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(MESSAGES, min_size=1, max_size=4))
def test_what_arrives_is_what_was_rendered(messages: list[dict[str, str]]) -> None:
    contents = [built(item) for item in messages]
    for raw in contents:
        parsed: EmailMessage = email.message_from_bytes(raw, policy=email.policy.strict)  # type: ignore[assignment]
        assert not parsed.defects
        for part in parsed.walk():
            assert not part.defects
        assert [part.get_content_type() for part in parsed.iter_parts()] == ["text/plain", "text/html"]
        assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
        assert raw.isascii()
        assert verified(raw, 0)
        assert verified(raw, 1)
    asyncio.run(by_every_way(contents))
