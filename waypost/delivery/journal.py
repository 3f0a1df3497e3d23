"""What was handed over, on disk, so that a kill between sending and settling doubles nothing.

    claimed ──begin──> 0 unsent ──before the body is written──> 1 handed over ──on 250──> 2 accepted
    settled in PostgreSQL ──clear──> empty

The file is mapped memory: a byte written is kept by the operating system even when the process is
killed at the next instruction. After a restart 2 is settled as sent, 0 and 1 are queued again; only
what was 1, at most one message an open connection, can arrive twice, with the same Message-ID.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Sequence
from pathlib import Path

UNSENT, HANDED_OVER, ACCEPTED = 0, 1, 2
_ENTRY = struct.Struct("<QQB")
_HEAD = 16
_COUNT = struct.Struct("<Q")


class Journal:
    """One worker's journal; holds the batch it has claimed."""

    def __init__(self, path: Path, *, capacity: int = 4_096) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        size = _HEAD + capacity * _ENTRY.size
        with path.open("a+b") as file:
            file.truncate(size)
            self._map = mmap.mmap(file.fileno(), size)
        self.capacity = capacity

    def left_behind(self) -> list[tuple[int, int, int]]:
        """(workspace, ledger id, state) of a batch that was never settled."""
        (count,) = _COUNT.unpack_from(self._map, 0)
        count = min(count, self.capacity)
        return [_ENTRY.unpack_from(self._map, _HEAD + index * _ENTRY.size) for index in range(count)]

    def begin(self, workspace_id: int, ledger_ids: Sequence[int]) -> None:
        """Note a claimed batch; the count comes last, so that a half-written batch does not exist."""
        if len(ledger_ids) > self.capacity:
            raise ValueError("the batch is larger than the journal")
        for index, ledger_id in enumerate(ledger_ids):
            _ENTRY.pack_into(self._map, _HEAD + index * _ENTRY.size, workspace_id, ledger_id, UNSENT)
        _COUNT.pack_into(self._map, 0, len(ledger_ids))

    def mark(self, index: int, state: int) -> None:
        self._map[_HEAD + index * _ENTRY.size + 16] = state

    def clear(self) -> None:
        _COUNT.pack_into(self._map, 0, 0)

    def close(self) -> None:
        self._map.close()
