"""Outbound HTTP that refuses private addresses: names are resolved here and the answers are pinned."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Sequence

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
    """Connects to the addresses that were checked, not to what a second lookup might say."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        found = await _resolve(request)
        allowed = [address for address in found if is_public(address)]
        if not allowed:
            raise AddressRefused(host=request.url.host)
        for address in allowed[:-1]:
            try:
                return await super().handle_async_request(_pinned(request, address))
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue  # nothing was sent yet, so the next address may have the request
        return await super().handle_async_request(_pinned(request, allowed[-1]))


async def _resolve(request: httpx.Request) -> Sequence[str]:
    """The host's addresses, each once, in the resolver's order; an unknown host fails as a refused connection does."""
    host, port = request.url.host, request.url.port or 0
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:  # UnicodeError: a name that cannot be one, such as an endless label
        raise httpx.ConnectError(f"The address of {host} was not found.", request=request) from error
    return list(dict.fromkeys(str(item[4][0]) for item in found))


def _pinned(request: httpx.Request, address: str) -> httpx.Request:
    """The same request to this address; certificate and Host header stay those of the name."""
    extensions = {**request.extensions, "sni_hostname": request.url.host}
    url = request.url.copy_with(host=address)
    return httpx.Request(request.method, url, headers=request.headers, stream=request.stream, extensions=extensions)


def http_client(settings: Settings, *, timeout_seconds: float = 15.0) -> httpx.AsyncClient:
    """A client for calls to the outside; redirects are not followed, so each hop is checked."""
    transport = httpx.AsyncHTTPTransport(retries=1) if settings.allow_private_hosts else GuardedTransport(retries=1)
    return httpx.AsyncClient(transport=transport, timeout=timeout_seconds, follow_redirects=False)
