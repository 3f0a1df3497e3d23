"""Addresses as SMTP's commands carry them."""

from __future__ import annotations

import contextlib
import re

_plain_address = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+").fullmatch


def address_bytes(address: str) -> bytes:
    """An address on the wire: the domain in its ASCII form, nothing that could end the command."""
    if _plain_address(address):
        return address.encode()
    local, _, domain = "".join(c for c in address if c.isprintable() and c not in "<> ").rpartition("@")
    if not domain.isascii():
        with contextlib.suppress(UnicodeError):
            domain = domain.encode("idna").decode()
    return f"{local}@{domain}".encode() if local else domain.encode()
