"""DKIM signatures (RFC 6376) with RSA-2048 and Ed25519 (RFC 8463), over messages as they are built.

Headers are signed in relaxed form, the body in simple form: our bodies are quoted-printable and end with one CRLF,
so their simple form is the bytes themselves, and hashing those is all that a body costs. Headers that must not be
added later are named once more than they occur.
"""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

SIGNED = (
    b"from", b"to", b"subject", b"date", b"message-id", b"reply-to", b"mime-version", b"content-type", b"list-id",
    b"list-unsubscribe", b"list-unsubscribe-post", b"feedback-id",
)  # fmt: skip
NOT_TO_BE_ADDED = (b"from", b"to", b"subject", b"date", b"message-id", b"content-type")
_GUARDED = b":".join(NOT_TO_BE_ADDED)
_fields = re.compile(rb"\r\n(?![ \t])").split
_padding = padding.PKCS1v15()
_hashed = Prehashed(hashes.SHA256())


@dataclass(frozen=True, slots=True)
class Key:
    """A private key and the selector under which its public half stands in DNS."""

    selector: str
    private: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey

    @property
    def algorithm(self) -> bytes:
        return b"rsa-sha256" if isinstance(self.private, rsa.RSAPrivateKey) else b"ed25519-sha256"

    def sign(self, digest: bytes) -> bytes:
        if isinstance(self.private, rsa.RSAPrivateKey):
            return self.private.sign(digest, _padding, _hashed)
        return self.private.sign(digest)


class Signer:
    """Signs for one domain with each of its keys."""

    def __init__(self, domain: str, keys: Sequence[Key]) -> None:
        name = domain.encode("idna")
        self._keys = [
            (b"v=1; a=%s; c=relaxed/simple; d=%s; s=%s" % (key.algorithm, name, key.selector.encode()), key)
            for key in keys
        ]

    def sign(self, message: bytes) -> bytes:
        """The signature headers for a finished message, to be put before it."""
        end = message.find(b"\r\n\r\n")
        canonical: dict[bytes, bytes] = {}
        for line in _fields(message[:end]):
            name, _, value = line.partition(b":")
            canonical[name.lower()] = b" ".join(value.split())
        names = [name for name in SIGNED if name in canonical]
        hashed = sha256(b"".join([b"%s:%s\r\n" % (name, canonical[name]) for name in names]))
        body = base64.b64encode(sha256(memoryview(message)[end + 4 :]).digest())
        rest = b"; t=%d; h=%s: %s; bh=%s; b=" % (int(time.time()), b":".join(names), _GUARDED, body)
        out: list[bytes] = []
        for start, key in self._keys:
            digest = hashed.copy()
            digest.update(b"dkim-signature:" + start + rest)
            signature = base64.b64encode(key.sign(digest.digest()))
            out.append(_folded(start, rest, signature))
        return b"".join(out)


def _folded(start: bytes, rest: bytes, signature: bytes) -> bytes:
    """Lines of a readable length; relaxed form undoes the folds, which stand where a blank was, or in b= itself."""
    lines = [signature[place : place + 70] for place in range(0, len(signature), 70)]
    value = start + rest.replace(b"; ", b";\r\n ").replace(b": ", b":\r\n ")
    return b"DKIM-Signature: " + value + b"\r\n ".join(lines) + b"\r\n"


def make_rsa_key() -> bytes:
    """A new RSA-2048 key, as PKCS 8."""
    return _private_bytes(rsa.generate_private_key(65537, 2048))


def make_ed25519_key() -> bytes:
    return _private_bytes(ed25519.Ed25519PrivateKey.generate())


def _private_bytes(key: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def load_key(private: bytes) -> rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey:
    key = serialization.load_der_private_key(private, None)
    if not isinstance(key, rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey):
        raise TypeError("a DKIM key is RSA or Ed25519")
    return key


def dns_record(private: bytes) -> str:
    """The TXT record of the public half."""
    key = load_key(private)
    if isinstance(key, ed25519.Ed25519PrivateKey):
        public = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return f"v=DKIM1; k=ed25519; p={base64.b64encode(public).decode()}"
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"
