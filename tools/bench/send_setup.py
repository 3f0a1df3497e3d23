"""What a workspace of the sending benchmark may have besides: a signing domain, limits and caps, a certificate."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from waypost.delivery.sender_domains import create_domain, update_domain
from waypost.delivery.throttle import Limit
from waypost.delivery.throttle_rules import SendingRule, save_limit, save_rule
from waypost.kernel.tx import Tx


async def set_up(tx: Tx, *, signed: bool, limited: bool) -> None:
    """Limits far beyond what is sent, so that each message is judged by all of them and none waits."""
    if signed:
        await create_domain(tx, "example.com")
        await update_domain(
            tx, "example.com", is_signing=True, is_signing_twice=False, return_path="", tracking_host=""
        )
    if limited:
        await save_rule(tx, SendingRule(None, None, 50, 30, cap_skips=True))
        await save_limit(tx, Limit(1, "", 10**8, 10**8, 10**8, None))
        await save_limit(tx, Limit(4, "*", None, 10**8, None, None))


def write_certificate(path: Path) -> None:
    """A certificate for 127.0.0.1 with its key, which the sender is told to trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sink")])
    now = datetime.now(UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
