"""Domains of companies: how people write them, and how they are kept and compared."""

from __future__ import annotations

import re

from waypost.contacts.addresses import normalise_email
from waypost.contacts.errors import DomainInvalid, EmailInvalid

_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def domain_of(text: str | None) -> str | None:
    """`https://www.Acme.example/about`, `@acme.example` and `acme.example` all give `acme.example`; nothing gives None."""
    host = _SCHEME.sub("", (text or "").strip()).lstrip("@")
    host = re.split(r"[/?#]", host, maxsplit=1)[0].rpartition("@")[2].partition(":")[0].strip().lower()
    host = host.removeprefix("www.").rstrip(".")
    if not host:
        return None
    try:
        return normalise_email(f"info@{host}").rpartition("@")[2]
    except EmailInvalid as error:
        raise DomainInvalid(domain=(text or "").strip()[:80], pointer="/domain") from error


def find_domain(text: str | None) -> str | None:
    """Like `domain_of`, where something that is no domain is simply none."""
    try:
        return domain_of(text)
    except DomainInvalid:
        return None
