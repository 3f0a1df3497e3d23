"""Secrets: passwords (argon2id), secrets at rest (AES-256-GCM), keys for signed tokens."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from waypost.kernel.config import Settings, secret_key

_hasher = PasswordHasher()


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def check_password(password: str, hashed: str) -> bool:
    try:
        return _hasher.verify(hashed, password)
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False


def derive_key(settings: Settings, purpose: str) -> bytes:
    """A 32-byte key for one purpose, so that no two uses share the master key (HMAC as PRF)."""
    return hmac.digest(secret_key(settings), purpose.encode(), "sha256")


def seal(settings: Settings, clear: bytes, *, purpose: str) -> str:
    """Encrypt for storage; `purpose` must be the same when opening."""
    nonce = secrets.token_bytes(12)
    box = AESGCM(derive_key(settings, "seal")).encrypt(nonce, clear, purpose.encode())
    return base64.urlsafe_b64encode(nonce + box).decode()


def unseal(settings: Settings, sealed: str, *, purpose: str) -> bytes:
    """Decrypt; raises cryptography's InvalidTag when the text or the purpose is not the right one."""
    raw = base64.urlsafe_b64decode(sealed)
    return AESGCM(derive_key(settings, "seal")).decrypt(raw[:12], raw[12:], purpose.encode())


def digest(secret: str) -> bytes:
    """What is stored of a random key: high entropy needs no slow hash."""
    return hashlib.sha256(secret.encode()).digest()
