"""Private addresses are refused whatever way they are written."""

from __future__ import annotations

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


async def test_a_request_to_this_machine_is_refused(tmp_path) -> None:
    async with http_client(Settings(data_dir=tmp_path)) as client:
        with pytest.raises(AddressRefused):
            await client.get("http://127.0.0.1:9/")
