"""Outbound HTTP that refuses private addresses: names are resolved here and the answer is pinned."""

from __future__ import annotations

import asyncio
import ipaddress
import socket

import httpx

from waypost.kernel.config import Settings
from waypost.kernel.errors import Failure, Kind


class AddressRefused(Failure):
    kind = Kind.INVALID
    code = "net.address_refused"
    template = "{host} points to a private address, which outbound requests may not reach."


def is_public(address: str) -> bool:
    """Whether an IP address is reachable on the open internet."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    return parsed.is_global and not parsed.is_multicast


class GuardedTransport(httpx.AsyncHTTPTransport):
    """Connects to the address that was checked, not to what a second lookup might say."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        found = await asyncio.get_running_loop().getaddrinfo(host, request.url.port or 0, type=socket.SOCK_STREAM)
        addresses = [str(item[4][0]) for item in found]
        if not addresses or not all(is_public(address) for address in addresses):
            raise AddressRefused(host=host)
        request.extensions = {**request.extensions, "sni_hostname": host}
        request.url = request.url.copy_with(host=addresses[0])
        return await super().handle_async_request(request)


def http_client(settings: Settings, *, timeout_seconds: float = 15.0) -> httpx.AsyncClient:
    """A client for calls to the outside; redirects are not followed, so each hop is checked."""
    transport = httpx.AsyncHTTPTransport(retries=1) if settings.allow_private_hosts else GuardedTransport(retries=1)
    return httpx.AsyncClient(transport=transport, timeout=timeout_seconds, follow_redirects=False)
