"""Whether a webhook is from whom it says: SNS, SendGrid and Mailgun sign; the others know a secret address."""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

MAILGUN_SECONDS = 900
_sns_host = re.compile(r"https://sns\.[a-z0-9-]{3,30}\.amazonaws\.com(\.cn)?/[^?#@\\]*").fullmatch
_sns_visit = re.compile(r"https://sns\.[a-z0-9-]{3,30}\.amazonaws\.com(\.cn)?/[^#@\\]*").fullmatch
_NOTIFICATION = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
_CONFIRMATION = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
Fetch = Callable[[str], Awaitable[bytes]]


def is_sns_address(url: str) -> bool:
    return _sns_visit(url) is not None


async def is_from_sns(body: Mapping[str, Any], fetch: Fetch) -> bool:
    """The certificate must come from Amazon's own host, and must have signed the fields it says it did."""
    url = body.get("SigningCertURL")
    if not isinstance(url, str) or _sns_host(url) is None or not url.endswith(".pem"):
        return False
    names = _NOTIFICATION if body.get("Type") == "Notification" else _CONFIRMATION
    text = "".join(f"{name}\n{body[name]}\n" for name in names if isinstance(body.get(name), str))
    algorithm = hashes.SHA256() if body.get("SignatureVersion") == "2" else hashes.SHA1()  # noqa: S303
    try:
        key = x509.load_pem_x509_certificate(await fetch(url)).public_key()
        signature = base64.b64decode(str(body.get("Signature", "")), validate=True)
        if not isinstance(key, rsa.RSAPublicKey):
            return False
        key.verify(signature, text.encode(), padding.PKCS1v15(), algorithm)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, binascii.Error):
        return False
    return True


def is_from_sendgrid(public_key: str, headers: Mapping[str, str], raw: bytes) -> bool:
    """ECDSA over the time and the body, as they came."""
    try:
        key = load_der_public_key(base64.b64decode(public_key, validate=True))
        signature = base64.b64decode(headers.get("x-twilio-email-event-webhook-signature", ""), validate=True)
        if not isinstance(key, ec.EllipticCurvePublicKey):
            return False
        time = headers.get("x-twilio-email-event-webhook-timestamp", "").encode()
        key.verify(signature, time + raw, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, binascii.Error):
        return False
    return True


def is_from_mailgun(key: str, body: Mapping[str, Any], now: float) -> bool:
    """HMAC over time and token, not older than a quarter of an hour."""
    signature = body.get("signature")
    if not isinstance(signature, dict):
        return False
    parts: dict[str, Any] = signature
    time, token, given = (str(parts.get(name, "")) for name in ("timestamp", "token", "signature"))
    if not time.isdecimal() or abs(now - int(time[:15])) > MAILGUN_SECONDS:
        return False
    made = hmac.new(key.encode(), (time + token).encode(), "sha256").hexdigest()
    return hmac.compare_digest(made.encode(), given.encode("utf-8", "replace"))
