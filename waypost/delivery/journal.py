"""What a worker has claimed and how far each message got, in a memory-mapped file.

A page of the file stands for one batch: the ledger rows claimed, and a state for each.

    0 unsent --(content goes on the wire)--> 1 handed over --(final reply)--> 2 answered, with its code

The page cache outlives the process: after kill -9 the next worker on the same data directory reads
what was known. 2 is settled with its code, 0 goes back to the queue, 1 is sent again with the same
Message-ID (there are never more of them than open connections, or eight times that by BDAT).
"""

from __future__ import annotations

import contextlib
import fcntl
import mmap
import os
import secrets
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

CAPACITY = 1_000
PAGES = 3
"""One on the wire, one being settled, one claimed ahead."""
UNSENT, HANDED, ANSWERED = 0, 1, 2
_HEADER = struct.Struct("<8sq")
_MAGIC = b"WAYPOST1"
_PAGE_HEAD = struct.Struct("<qq")
_PAGE_SIZE = _PAGE_HEAD.size + CAPACITY * (8 + 2 + 1)
_SIZE = _HEADER.size + PAGES * _PAGE_SIZE


@dataclass(frozen=True, slots=True)
class Entry:
    """What was known of one message when the worker died."""

    ledger_id: int
    state: int
    code: int


class JournalPage:
    """One batch."""

    def __init__(self, memory: mmap.mmap, start: int) -> None:
        self._memory = memory
        self._start = start
        self._ids = start + _PAGE_HEAD.size
        self._codes = self._ids + CAPACITY * 8
        self._states = self._codes + CAPACITY * 2

    def begin(self, workspace_id: int, ledger_ids: Sequence[int]) -> None:
        """Claimed, nothing sent. The count is written last, so that a half-written page is empty."""
        count = len(ledger_ids)
        memory = self._memory
        self.clear()
        memory[self._states : self._states + count] = bytes(count)
        struct.pack_into(f"<{count}q", memory, self._ids, *ledger_ids)
        struct.pack_into("<q", memory, self._start + 8, workspace_id)
        struct.pack_into("<q", memory, self._start, count)

    def handed(self, item: int) -> None:
        self._memory[self._states + item] = HANDED

    def answered(self, item: int, code: int) -> None:
        struct.pack_into("<h", self._memory, self._codes + item * 2, code)
        self._memory[self._states + item] = ANSWERED

    def clear(self) -> None:
        """Settled."""
        struct.pack_into("<q", self._memory, self._start, 0)

    def read(self) -> tuple[int, list[Entry]]:
        """(workspace, entries); no entries when the page is empty."""
        count, workspace_id = _PAGE_HEAD.unpack_from(self._memory, self._start)
        if not 0 < count <= CAPACITY:
            return workspace_id, []
        ids = struct.unpack_from(f"<{count}q", self._memory, self._ids)
        codes = struct.unpack_from(f"<{count}h", self._memory, self._codes)
        states = self._memory[self._states : self._states + count]
        return workspace_id, [Entry(*values) for values in zip(ids, states, codes, strict=True)]


class Journal:
    """A worker's file, locked while the worker lives; `id` marks the rows it claims."""

    def __init__(self, path: Path) -> None:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.fstat(descriptor).st_size != _SIZE:
                os.ftruncate(descriptor, 0)
                os.ftruncate(descriptor, _SIZE)
            self._memory = mmap.mmap(descriptor, _SIZE)
        except BaseException:
            os.close(descriptor)
            raise
        self._descriptor = descriptor
        magic, self.id = _HEADER.unpack_from(self._memory, 0)
        if magic != _MAGIC:
            self.id = secrets.randbits(62)
            _HEADER.pack_into(self._memory, 0, _MAGIC, self.id)
        self.pages = [JournalPage(self._memory, _HEADER.size + number * _PAGE_SIZE) for number in range(PAGES)]

    def close(self) -> None:
        self._memory.close()
        os.close(self._descriptor)


def open_journal(folder: Path, number: int) -> Journal:
    """The worker's own file, or the first free one after it."""
    folder.mkdir(parents=True, exist_ok=True)
    for candidate in range(number, number + 1_000):
        with contextlib.suppress(BlockingIOError):
            return Journal(folder / f"outbox-{candidate}.journal")
    raise RuntimeError(f"every journal in {folder} is in use")


def orphans(folder: Path, own: Journal) -> Iterator[Journal]:
    """Files that dead workers left behind, each closed again after its turn."""
    for path in sorted(folder.glob("outbox-*.journal")):
        with contextlib.suppress(BlockingIOError):
            found = Journal(path)
            try:
                if found.id != own.id:
                    yield found
            finally:
                found.close()
