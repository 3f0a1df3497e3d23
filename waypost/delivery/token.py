"""The token in a mail's addresses: which delivery it is, with a keyed hash so that none can be guessed.

21 bytes as 28 URL-safe characters: ledger id (8), workspace (4), keyed BLAKE2b (9).
"""

from __future__ import annotations

import base64
import hmac
import struct
from hashlib import blake2b

from waypost.kernel.config import Settings
from waypost.kernel.crypto import derive_key

_pack = struct.Struct(">QI")
_DIGEST = 9


class Tokens:
    """Makes and reads tokens with the installation's key."""

    def __init__(self, settings: Settings) -> None:
        self._state = blake2b(key=derive_key(settings, "mail token"), digest_size=_DIGEST)

    def make(self, workspace_id: int, ledger_id: int) -> bytes:
        packed = _pack.pack(ledger_id, workspace_id)
        state = self._state.copy()
        state.update(packed)
        return base64.urlsafe_b64encode(packed + state.digest())

    def read(self, token: str) -> tuple[int, int] | None:
        """(workspace, ledger id), or None for anything that was not made here."""
        if len(token) != 28:
            return None
        try:
            raw = base64.urlsafe_b64decode(token)
        except ValueError:
            return None
        state = self._state.copy()
        state.update(raw[:12])
        if len(raw) != 21 or not hmac.compare_digest(state.digest(), raw[12:]):
            return None
        ledger_id, workspace_id = _pack.unpack(raw[:12])
        return workspace_id, ledger_id
