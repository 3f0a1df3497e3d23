"""Secrets at rest open only with the same key and purpose."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidTag

from waypost.kernel.config import Settings
from waypost.kernel.crypto import check_password, hash_password, seal, unseal


def test_a_sealed_secret_opens_for_its_purpose_only(tmp_path) -> None:
    settings = Settings(data_dir=tmp_path)
    sealed = seal(settings, b"hunter2", purpose="smtp")
    assert b"hunter2" not in sealed.encode()
    assert unseal(settings, sealed, purpose="smtp") == b"hunter2"
    with pytest.raises(InvalidTag):
        unseal(settings, sealed, purpose="other")


def test_the_key_file_is_private(tmp_path) -> None:
    seal(Settings(data_dir=tmp_path), b"x", purpose="p")
    assert (tmp_path / "secret.key").stat().st_mode & 0o077 == 0


def test_passwords() -> None:
    hashed = hash_password("correct horse")
    assert check_password("correct horse", hashed)
    assert not check_password("wrong", hashed)
    assert not check_password("wrong", "not a hash")
