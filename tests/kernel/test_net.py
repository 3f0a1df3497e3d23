"""Private addresses are refused whatever way they are written; of public ones the first that answers is taken."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path
from typing import Any

import httpx
import pytest

from waypost.kernel.config import Settings
from waypost.kernel.net import AddressRefused, http_client, is_public


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "::1", "fd00::1", "::ffff:10.0.0.1", "0.0.0.0"],  # noqa: S104
)
def test_private_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


def test_an_ordinary_address_is_public() -> None:
    assert is_public("93.184.216.34")


async def test_a_request_to_this_machine_is_refused(tmp_path: Path) -> None:
    async with http_client(Settings(data_dir=tmp_path)) as client:
        with pytest.raises(AddressRefused):
            await client.get("http://127.0.0.1:9/")


class Names:
    """A resolver of our own: what the names point to, and whom the connections went to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, addresses: list[str], answering: str = "") -> None:
        self.addresses, self.answering = addresses, answering
        self.tried: list[tuple[str, str, str]] = []
        monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", self._look_up)
        monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", self._connect)

    async def _look_up(self, host: str, port: int, **_: Any) -> list[Any]:
        if not self.addresses:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in self.addresses]
        self.addresses = ["127.0.0.1"]  # what a second lookup would be told
        return found

    async def _connect(self, request: httpx.Request) -> httpx.Response:
        self.tried.append((request.url.host, request.headers["host"], request.extensions["sni_hostname"]))
        if request.url.host != self.answering:
            raise httpx.ConnectError("refused", request=request)
        return httpx.Response(200, content=await request.aread())


async def test_an_unknown_host_fails_as_a_refused_connection_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Names(monkeypatch, [])
    async with http_client(Settings(data_dir=tmp_path)) as client:
        with pytest.raises(httpx.ConnectError, match=r"shop\.example was not found"):
            await client.get("http://shop.example/")


async def test_a_name_that_cannot_be_one_fails_the_same_way(tmp_path: Path) -> None:
    async with http_client(Settings(data_dir=tmp_path)) as client:
        with pytest.raises(httpx.ConnectError):
            await client.get(f"http://{'a' * 64}.example/")


async def test_public_addresses_are_tried_in_order_each_pinned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = Names(monkeypatch, ["93.184.216.34", "10.0.0.1", "93.184.216.34", "1.1.1.1", "8.8.8.8"], "1.1.1.1")
    async with http_client(Settings(data_dir=tmp_path)) as client:
        answer = await client.post("https://shop.example/orders", content=b"one")
    assert answer.content == b"one"
    assert str(answer.request.url) == "https://shop.example/orders"
    assert names.tried == [(address, "shop.example", "shop.example") for address in ("93.184.216.34", "1.1.1.1")]


async def test_when_no_address_answers_the_last_refusal_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = Names(monkeypatch, ["93.184.216.34", "1.1.1.1"])
    async with http_client(Settings(data_dir=tmp_path)) as client:
        with pytest.raises(httpx.ConnectError):
            await client.get("http://shop.example/")
    assert [address for address, _, _ in names.tried] == ["93.184.216.34", "1.1.1.1"]
