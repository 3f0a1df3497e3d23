"""Sending domains: their DKIM keys (sealed), the hosts that serve them, what DNS said about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from waypost.delivery.dkim import Key, Signer, dns_record, load_key, make_ed25519_key, make_rsa_key
from waypost.delivery.errors import DomainExists, DomainNotFound
from waypost.kernel.config import Settings
from waypost.kernel.crypto import seal, unseal
from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx, Tx

SELECTOR = "waypost"
SECOND = "-ed"
"""What the Ed25519 key's selector has after the RSA key's."""
_PURPOSE = "dkim key"
_COLUMNS = sql(
    """
    name, selector, rsa_key, rsa_record, ed25519_key, ed25519_record, is_signing, is_signing_twice, return_path,
    tracking_host, is_tracking_ready, checks, checked_at, created_at, updated_at
    """
)


@dataclass(frozen=True, slots=True)
class SendingDomain:
    """A domain that mail comes from."""

    name: str
    selector: str
    rsa_key: str
    rsa_record: str
    ed25519_key: str
    ed25519_record: str
    is_signing: bool
    is_signing_twice: bool
    return_path: str
    tracking_host: str
    is_tracking_ready: bool
    checks: list[dict[str, Any]]
    checked_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @property
    def second_selector(self) -> str:
        return self.selector + SECOND


async def list_domains(tx: ReadTx) -> Sequence[SendingDomain]:
    return await tx.all(
        sql(
            "select {columns} from delivery.sending_domain where workspace_id = {workspace} order by name",
            columns=_COLUMNS,
        ),
        SendingDomain,
    )


async def find_domain(tx: ReadTx, name: str) -> SendingDomain | None:
    return await tx.maybe(
        sql(
            "select {columns} from delivery.sending_domain where workspace_id = {workspace} and name = {name}",
            columns=_COLUMNS,
            name=name.lower(),
        ),
        SendingDomain,
    )


async def get_domain(tx: ReadTx, name: str) -> SendingDomain:
    found = await find_domain(tx, name)
    if found is None:
        raise DomainNotFound(name=name)
    return found


async def create_domain(tx: Tx, name: str) -> SendingDomain:
    """A domain with fresh keys. It signs once its record has been seen in DNS, or when told to."""
    name = name.strip().lower().rstrip(".")
    if await find_domain(tx, name) is not None:
        raise DomainExists(name=name, pointer="/name")
    first, second = make_rsa_key(), make_ed25519_key()
    return await tx.one(
        sql(
            """
            insert into delivery.sending_domain (workspace_id, name, selector, rsa_key, rsa_record, ed25519_key,
                ed25519_record, is_signing, is_signing_twice, return_path, tracking_host, is_tracking_ready, checks,
                created_at, updated_at)
            values ({workspace}, {name}, {selector}, {rsa_key}, {rsa_record}, {ed25519_key}, {ed25519_record},
                false, false, '', '', false, '[]', {now}, {now})
            returning {columns}
            """,
            columns=_COLUMNS,
            name=name,
            selector=SELECTOR,
            rsa_key=seal(tx.settings, first, purpose=_PURPOSE),
            rsa_record=dns_record(first),
            ed25519_key=seal(tx.settings, second, purpose=_PURPOSE),
            ed25519_record=dns_record(second),
        ),
        SendingDomain,
    )


async def update_domain(
    tx: Tx, name: str, *, is_signing: bool, is_signing_twice: bool, return_path: str, tracking_host: str
) -> SendingDomain:
    """A tracking host serves links only after DNS has been seen to lead here, so a new one begins unready."""
    await get_domain(tx, name)
    return await tx.one(
        sql(
            """
            update delivery.sending_domain
            set is_signing = {is_signing}, is_signing_twice = {is_signing_twice}, return_path = {return_path},
                is_tracking_ready = is_tracking_ready and tracking_host = {tracking_host},
                tracking_host = {tracking_host}, updated_at = {now}
            where workspace_id = {workspace} and name = {name} returning {columns}
            """,
            columns=_COLUMNS,
            name=name.lower(),
            is_signing=is_signing,
            is_signing_twice=is_signing_twice,
            return_path=return_path.strip().lower(),
            tracking_host=tracking_host.strip().lower(),
        ),
        SendingDomain,
    )


async def note_checks(
    tx: Tx, name: str, checks: list[dict[str, Any]], *, is_tracking_ready: bool, is_key_seen: bool
) -> SendingDomain:
    """Keep what DNS said; the first sight of our key turns signing on."""
    return await tx.one(
        sql(
            """
            update delivery.sending_domain
            set checks = {checks}::jsonb, is_tracking_ready = {is_tracking_ready},
                is_signing = is_signing or ({is_key_seen} and checked_at is null),
                checked_at = {now},
                updated_at = case when is_tracking_ready <> {is_tracking_ready}
                                    or (not is_signing and {is_key_seen} and checked_at is null)
                                  then {now} else updated_at end
            where workspace_id = {workspace} and name = {name} returning {columns}
            """,
            columns=_COLUMNS,
            name=name.lower(),
            checks=checks,
            is_tracking_ready=is_tracking_ready,
            is_key_seen=is_key_seen,
        ),
        SendingDomain,
    )


async def delete_domain(tx: Tx, name: str) -> None:
    await get_domain(tx, name)
    await tx.run(
        sql(
            "delete from delivery.sending_domain where workspace_id = {workspace} and name = {name}",
            name=name.lower(),
        )
    )


def signer_of(settings: Settings, domain: SendingDomain) -> Signer | None:
    """What signs the domain's mail, with its keys opened; None where it does not sign."""
    if not domain.is_signing:
        return None
    keys = [Key(domain.selector, load_key(unseal(settings, domain.rsa_key, purpose=_PURPOSE)))]
    if domain.is_signing_twice:
        private = load_key(unseal(settings, domain.ed25519_key, purpose=_PURPOSE))
        keys.append(Key(domain.second_selector, private))
    return Signer(domain.name, keys)
