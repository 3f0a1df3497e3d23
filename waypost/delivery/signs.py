"""What a request alone says of who asks: the lists in scanners.json against its agent and network.

Gmail's and Yahoo's image proxies fetch when a person looks, so they say nothing; Apple's fetches all it can.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import IntEnum
from functools import lru_cache
from importlib.resources import files
from ipaddress import ip_address, ip_network
from typing import Any, NamedTuple

AGENT_LENGTH = 160


class Verdict(IntEnum):
    """Who was it; UNKNOWN until the window has closed."""

    UNKNOWN = 0
    HUMAN = 1
    PROXY = 2
    SCANNER = 3


class Asked(IntEnum):
    """For what; the honeypot is the link that nobody can see."""

    OPEN = 1
    CLICK = 2
    HONEYPOT = 3
    HEAD = 4


class Hit(NamedTuple):
    """One request. Who makes one from a ledger id and a link alone vouches for a human."""

    ledger_id: int
    link: int
    asked: Asked | None = None
    """What the lot is about, when None."""
    sign: Verdict = Verdict.HUMAN
    network: str | None = None
    agent: str | None = None


_LISTS: dict[str, list[str]] = json.loads(files("waypost.delivery").joinpath("scanners.json").read_text())
_SCANNER_NETWORKS = [ip_network(item) for item in _LISTS["scanner_networks"]]
_PROXY_NETWORKS = [ip_network(item) for item in _LISTS["proxy_networks"]]


@lru_cache(maxsize=8_192)
def read_agent(raw: bytes) -> tuple[str, Verdict]:
    """The agent as kept, and its sign. A NUL is no text for the database."""
    agent = raw[:AGENT_LENGTH].decode("latin-1").replace("\0", "")
    lower = agent.lower().strip()
    if any(name in lower for name in _LISTS["scanner_agents"]):
        return agent, Verdict.SCANNER
    return agent, Verdict.PROXY if lower in _LISTS["proxy_agents_exact"] else Verdict.UNKNOWN


@lru_cache(maxsize=8_192)
def read_network(address: str) -> tuple[str | None, Verdict]:
    """The network, never the address, and its sign."""
    try:
        found = ip_address(address)
    except ValueError:
        return None, Verdict.UNKNOWN
    if found.version == 6 and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    sign = Verdict.UNKNOWN
    if any(found in network for network in _SCANNER_NETWORKS):
        sign = Verdict.SCANNER
    elif any(found in network for network in _PROXY_NETWORKS):
        sign = Verdict.PROXY
    size = 24 if found.version == 4 else 48
    return str(ip_network((found, size), strict=False)), sign


def read_hit(scope: Any, ledger_id: int, link: int, asked: Asked) -> Hit:
    """A request as it is judged and kept."""
    client: Sequence[Any] | None = scope.get("client")
    network, network_sign = read_network(client[0] if client else "")
    raw = b""
    for name, value in scope["headers"]:
        if name == b"user-agent":
            raw = value
            break
    agent, agent_sign = read_agent(raw)
    sign = max(network_sign, agent_sign)
    if asked in (Asked.HONEYPOT, Asked.HEAD):
        sign = Verdict.SCANNER
    elif asked is Asked.CLICK and sign is Verdict.PROXY:
        sign = Verdict.UNKNOWN
    return Hit(ledger_id, link, asked, sign, network, agent or None)
