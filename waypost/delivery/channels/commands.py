"""What both ways of sending over a connection share: reading replies, writing envelopes, rendering."""

from __future__ import annotations

from collections.abc import Mapping

from waypost.delivery.channels.address import address_bytes
from waypost.delivery.channels.base import Envelope, Reply, Run
from waypost.kernel.log import log

ABSENT = Reply(0, "")
NO_UTF8 = Reply(553, "5.6.7 The server does not take addresses beyond ASCII")
NOT_RENDERED = Reply(554, "5.6.0 The message could not be rendered")


def parse_reply(line: bytes) -> Reply:
    code = int(line[:3]) if line[:3].isdigit() else 500
    return Reply(code, line[4:].strip().decode("utf-8", "replace"))


def mail_and_rcpt(envelope: Envelope, features: Mapping[str, str]) -> bytes | None:
    """The envelope's commands, or None where this server cannot take its addresses."""
    sender, recipient = (address_bytes(address) for address in envelope)
    utf8 = b""
    if not (sender.isascii() and recipient.isascii()):
        if "SMTPUTF8" not in features:
            return None
        utf8 = b" SMTPUTF8"
    return b"MAIL FROM:<%s>%s\r\nRCPT TO:<%s>\r\n" % (sender, utf8, recipient)


def render(run: Run, item: int) -> bytes:
    """The content, or nothing where rendering fails: one message's fault is not the connection's."""
    try:
        return run.content(item)
    except Exception as error:  # noqa: BLE001 - a template may fail in any way
        log.error("message not rendered", exc_info=error)
        return b""
