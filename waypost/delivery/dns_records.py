"""Asking DNS, by the system's resolver or by the servers that the settings name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import dns.asyncresolver
import dns.exception
import dns.nameserver
import dns.resolver

from waypost.kernel.config import Settings

PATIENCE_SECONDS = 5.0


class Unanswered(Exception):
    """No server answered, which says nothing about what the records are."""


class Records(Protocol):
    """What the checks need of DNS."""

    async def find(self, name: str, kind: str) -> Sequence[str]:
        """The records as text, none where there are none; `Unanswered` where nobody can tell."""
        ...


class Resolver:
    """DNS through dnspython."""

    def __init__(self, settings: Settings) -> None:
        servers = [part.strip() for part in settings.dns_servers.split(",") if part.strip()]
        try:
            self._resolver = dns.asyncresolver.Resolver(configure=not servers)
        except dns.resolver.NoResolverConfiguration:
            self._resolver = dns.asyncresolver.Resolver(configure=False)
        if servers:
            self._resolver.nameservers = [_server(text) for text in servers]
        self._resolver.lifetime = PATIENCE_SECONDS

    async def find(self, name: str, kind: str) -> Sequence[str]:
        try:
            answer = await self._resolver.resolve(name, kind, raise_on_no_answer=False)
        except dns.resolver.NXDOMAIN:
            return []
        except (dns.exception.DNSException, OSError) as error:
            raise Unanswered(str(error)) from error
        if answer.rrset is None:
            return []
        if kind == "TXT":
            return [b"".join(record.strings).decode("utf-8", "replace") for record in answer.rrset]
        return [record.to_text().rstrip(".") for record in answer.rrset]


def _server(text: str) -> dns.nameserver.Nameserver:
    """`192.0.2.1`, `192.0.2.1:5353` or `[2001:db8::1]:53`."""
    host, separator, port = text.rpartition(":")
    if not separator or (text.count(":") > 1 and not host.endswith("]")):
        host, port = text, "53"
    return dns.nameserver.Do53Nameserver(host.strip("[]"), int(port))
