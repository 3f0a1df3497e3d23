"""Where bounces come in: the workspace's return path, and what providers' webhooks are known by."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from waypost.delivery.inbound_address import LONGEST_LOCAL
from waypost.delivery.sender_domains import SendingDomain
from waypost.kernel.config import Settings
from waypost.kernel.crypto import derive_key, seal, unseal
from waypost.kernel.errors import invalid
from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx, Tx

PROVIDERS = ("ses", "postmark", "sendgrid", "mailgun", "sparkpost")
_PURPOSE = "inbound key"


@dataclass(frozen=True, slots=True)
class Inbound:
    """A workspace's settings; the keys are sealed."""

    bounce_address: str = ""
    sendgrid_key: str = ""
    mailgun_key: str = ""


async def get_inbound(tx: ReadTx) -> Inbound:
    statement = sql(
        "select bounce_address, sendgrid_key, mailgun_key from delivery.inbound where workspace_id = {workspace}"
    )
    return await tx.maybe(statement, Inbound) or Inbound()


async def save_inbound(
    tx: Tx, *, bounce_address: str, sendgrid_key: str | None = None, mailgun_key: str | None = None
) -> Inbound:
    """A key that is None stays, an empty one goes."""
    address = bounce_address.strip().lower()
    local, _, domain = address.rpartition("@")
    if address and (not local or "." not in domain or not address.isascii() or any(c in address for c in " <>+,;\"'")):
        raise invalid("/bounce_address", "Enter an address such as bounces@bounces.example.com, without a plus sign.")
    if len(local) > LONGEST_LOCAL:
        raise invalid("/bounce_address", f"At most {LONGEST_LOCAL} characters may stand before the @.")
    kept = await get_inbound(tx)
    await tx.run(
        sql(
            """
            insert into delivery.inbound (workspace_id, bounce_address, sendgrid_key, mailgun_key, updated_at)
            values ({workspace}, {address}, {sendgrid}, {mailgun}, {now})
            on conflict (workspace_id) do update set bounce_address = excluded.bounce_address,
                sendgrid_key = excluded.sendgrid_key, mailgun_key = excluded.mailgun_key, updated_at = excluded.updated_at
            """,
            address=address,
            sendgrid=_sealed(tx.settings, sendgrid_key, kept.sendgrid_key),
            mailgun=_sealed(tx.settings, mailgun_key, kept.mailgun_key),
        )
    )
    return await get_inbound(tx)


def _sealed(settings: Settings, given: str | None, kept: str) -> str:
    if given is None:
        return kept
    return seal(settings, given.strip().encode(), purpose=_PURPOSE) if given.strip() else ""


def opened(settings: Settings, sealed: str) -> str:
    return unseal(settings, sealed, purpose=_PURPOSE).decode() if sealed else ""


def return_base(settings: Settings, domain: SendingDomain | None, inbound: Inbound) -> str:
    """What tokens are added to: the sending domain's own name once its record has been seen to lead here."""
    if domain is not None and domain.return_path and settings.inbound_port:
        checks = {item.get("id"): item.get("status") for item in domain.checks}
        if checks.get("return_path") == "ok":
            return f"b@{domain.return_path}"
    return inbound.bounce_address


def hook_key(settings: Settings, workspace_id: int, provider: str) -> str:
    """What stands in the address that a provider calls: the workspace, and a proof that we made it."""
    mac = hmac.digest(derive_key(settings, "inbound hooks"), f"{provider}:{workspace_id}".encode(), "sha256")
    return f"{workspace_id}-{mac.hex()[:40]}"


def read_hook_key(settings: Settings, provider: str, key: str) -> int | None:
    """The workspace, or None where the key is not ours."""
    number = key.partition("-")[0]
    if provider not in PROVIDERS or not number.isdecimal() or not number.isascii() or len(number) > 15:
        return None
    return int(number) if hmac.compare_digest(hook_key(settings, int(number), provider), key) else None
