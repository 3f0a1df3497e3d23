"""Blobs on disk below the data directory; names are made here, never taken from a user."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterable
from pathlib import Path

from waypost.kernel.config import Settings
from waypost.kernel.errors import Failure, Kind


class FileTooLarge(Failure):
    kind = Kind.TOO_LARGE
    code = "files.too_large"
    template = "The file is larger than {limit_mb} MB."


class Files:
    """Writes a stream to a new file and hands out its path."""

    def __init__(self, settings: Settings) -> None:
        self._root = settings.files_dir

    def new_name(self, suffix: str = "") -> str:
        return secrets.token_hex(16) + suffix

    def path(self, name: str) -> Path:
        if "/" in name or name.startswith("."):
            raise ValueError("a file's name holds no path")
        return self._root / name[:2] / name

    async def write(self, name: str, chunks: AsyncIterable[bytes], *, limit_bytes: int) -> int:
        """Store the stream; a stream over the limit leaves nothing behind."""
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        size = 0
        try:
            with path.open("wb") as file:
                async for chunk in chunks:
                    size += len(chunk)
                    if size > limit_bytes:
                        raise FileTooLarge(limit_mb=limit_bytes // 1_000_000)  # noqa: TRY301
                    await asyncio.to_thread(file.write, chunk)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return size

    def delete(self, name: str) -> None:
        self.path(name).unlink(missing_ok=True)
