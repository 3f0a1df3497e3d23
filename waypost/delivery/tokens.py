"""A message's token: which ledger row of which workspace, and a proof that we made it.

21 bytes as 28 URL-safe characters: row (7), workspace (5), the first 9 bytes of a keyed BLAKE2b.
One token serves a message's pixel, links, unsubscribe address and Message-ID, so that a message
that is sent again is the same message. The key is derived from the installation's master key.
"""

from __future__ import annotations

import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import blake2b

from waypost.kernel.config import Settings
from waypost.kernel.crypto import derive_key

TOKEN_LENGTH = 28
_shape = re.compile(rb"[A-Za-z0-9_-]{28}").fullmatch


class Tokens:
    """Makes and reads tokens; the key is mixed in once and copied."""

    def __init__(self, key: bytes) -> None:
        self._keyed = blake2b(key=key, digest_size=9)

    @classmethod
    def of(cls, settings: Settings) -> Tokens:
        return cls(derive_key(settings, "message tokens"))

    def make(self, workspace_id: int, ledger_id: int) -> bytes:
        body = ledger_id.to_bytes(7, "big") + workspace_id.to_bytes(5, "big")
        mac = self._keyed.copy()
        mac.update(body)
        return urlsafe_b64encode(body + mac.digest())

    def read(self, token: bytes) -> tuple[int, int] | None:
        """(workspace, ledger row), or None when the token is not one of ours."""
        if _shape(token) is None:
            return None
        raw = urlsafe_b64decode(token)
        mac = self._keyed.copy()
        mac.update(raw[:12])
        if not hmac.compare_digest(mac.digest(), raw[12:]):
            return None
        return int.from_bytes(raw[7:12], "big"), int.from_bytes(raw[:7], "big")
