"""Whether bounces would come in: asks our own receiver as another mail server would, and sends nothing."""

from __future__ import annotations

import asyncio
import smtplib

from waypost.delivery.inbound_address import return_path
from waypost.delivery.inbound_settings import get_inbound
from waypost.delivery.tokens import Tokens
from waypost.kernel.tx import ReadTx

PATIENCE_SECONDS = 10


async def try_receiver(read: ReadTx) -> tuple[bool, str]:
    """Whether the receiver takes an address of ours and refuses a made-up one, with words for a person."""
    port = read.settings.inbound_port
    base = (await get_inbound(read)).bounce_address or "b@localhost.localdomain"
    if not port:
        return False, "The built-in receiver is off. Set WAYPOST_INBOUND_PORT and start Waypost again."
    ours = return_path(base, Tokens.of(read.settings).make(read.workspace_id, 0))
    forged = return_path(base, b"A" * 28)
    try:
        codes = await asyncio.to_thread(_ask, port, ours, forged)
    except (OSError, smtplib.SMTPException) as error:
        return False, f"The receiver on port {port} does not answer: {error}"
    if codes == (250, 550):
        return True, f"The receiver on port {port} takes mail to our addresses and refuses others."
    return False, f"The server on port {port} is not our receiver: it answered {codes[0]} and {codes[1]}."


def _ask(port: int, ours: str, forged: str) -> tuple[int, int]:
    with smtplib.SMTP("127.0.0.1", port, timeout=PATIENCE_SECONDS) as smtp:
        smtp.ehlo()
        smtp.mail("")
        return smtp.rcpt(ours)[0], smtp.rcpt(forged)[0]
