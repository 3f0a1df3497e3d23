"""Every mail of the corpus is understood; its file name says how: kind.cause.shape."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from waypost.delivery.bounce_causes import Cause, Severity, judge_failure
from waypost.delivery.bounces import What, read_notice

CORPUS = sorted((Path(__file__).parent.parent / "data" / "bounces").glob("*.eml"))


def test_the_corpus_is_there() -> None:
    assert len(CORPUS) >= 60


@pytest.mark.parametrize("file", CORPUS, ids=lambda file: file.stem)
def test_a_mail_is_what_it_is(file: Path) -> None:
    kind, cause, _ = file.stem.split(".")
    notice = read_notice(file.read_bytes())
    assert notice.what is What[kind.upper()]
    assert (notice.cause.value if notice.cause else "-") == cause
    if notice.what is What.BOUNCE:
        assert notice.diagnostic
        assert notice.recipient.startswith("jane@")


def test_what_is_ours_is_found_in_what_came_back() -> None:
    ours = "<AAAAAAAAKQAAAAAAAVh0c2lnbmF0dXJl@news.example.com>"
    for name in ("bounce.unknown_address.exim", "complaint.-.yahoo", "reply.-.plain", "bounce.expired.qmail"):
        notice = read_notice((CORPUS[0].parent / f"{name}.eml").read_bytes())
        assert ours in notice.about


def test_a_reply_is_told_without_its_quotation() -> None:
    notice = read_notice((CORPUS[0].parent / "reply.-.plain.eml").read_bytes())
    assert notice.text == "Do you have it in blue?"


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe\x00", b"\r\n\r\n", b"Content-Type: multipart/mixed\r\n\r\nx", b"a: b"])
def test_rubbish_is_no_bounce(raw: bytes) -> None:
    assert read_notice(raw).what in (What.REPLY, What.AUTO_REPLY)


@pytest.mark.parametrize(
    ("code", "text", "cause"),
    [
        (550, "5.1.1 unknown", Cause.UNKNOWN_ADDRESS),
        (550, "No such user here", Cause.UNKNOWN_ADDRESS),
        (550, "5.7.1 Mail from 198.51.100.4 refused, listed in a blocklist", Cause.POLICY),
        (552, "5.3.4 Message too big", Cause.OVERSIZE),
        (452, "4.2.2 Mailbox full", Cause.MAILBOX_FULL),
        (451, "4.7.1 Greylisted, come back", Cause.GREYLISTED),
        (421, "4.7.0 Too many connections", Cause.TRANSIENT),
        (554, "Transaction failed", Cause.UNDELIVERABLE),
        (535, "5.7.8 Authentication credentials invalid", Cause.POLICY),
    ],
)
def test_a_refusal_in_the_session_is_judged_alike(code: int, text: str, cause: Cause) -> None:
    assert judge_failure(None, code, text) is cause


def test_only_the_address_itself_is_hard() -> None:
    hard = {cause for cause in Cause if cause.severity is Severity.HARD}
    assert hard == {Cause.UNKNOWN_ADDRESS, Cause.UNKNOWN_DOMAIN, Cause.INACTIVE}


def test_a_damaged_mail_stops_nothing() -> None:
    random = Random(7)
    for file in CORPUS:
        raw = bytearray(file.read_bytes())
        for _ in range(12):
            at = random.randrange(len(raw))
            raw[at : at + random.randrange(3)] = random.randbytes(random.randrange(4))
        read_notice(bytes(raw))
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(1_200))
    assert read_notice(nested).what is not What.BOUNCE
