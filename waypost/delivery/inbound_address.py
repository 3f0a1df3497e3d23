"""The return path of each message (VERP): whoever sends something back names the message by the address.

The token is the message's own (see tokens.py) in hexadecimal, because mail servers along the way may
change the case of an address.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable

from waypost.delivery.tokens import Tokens

_verp = re.compile(r"^[^@]*[+=]([0-9a-f]{42})@", re.IGNORECASE).match
_message_id = re.compile(r"^<?([A-Za-z0-9_-]{28})@").match
LONGEST_LOCAL = 20
"""Of the address that tokens are added to, as a local part has 64 characters."""


def return_path(base: str, token: bytes) -> str:
    """`b@bounces.example.com` with the token: `b+…@bounces.example.com`."""
    local, _, domain = base.rpartition("@")
    return f"{local}+{urlsafe_b64decode(token).hex()}@{domain}"


def read_return_path(tokens: Tokens, address: str) -> tuple[int, int] | None:
    """(workspace, ledger row) of an address that we made, else None."""
    found = _verp(address.strip().strip("<>"))
    return tokens.read(urlsafe_b64encode(bytes.fromhex(found[1]))) if found else None


def read_message_ids(tokens: Tokens, ids: Iterable[str]) -> tuple[int, int] | None:
    """(workspace, ledger row) of the first Message-ID that is one of ours."""
    for item in ids:
        found = _message_id(item.strip())
        read = tokens.read(found[1].encode()) if found else None
        if read is not None:
            return read
    return None
