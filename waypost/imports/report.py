"""The error file: every row that was left out or lost a value, with the reason and the row as it was."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from waypost.imports.parse import records
from waypost.imports.queries import each_row_error, get_import
from waypost.kernel.tx import ReadTx

HEADER = ("line", "outcome", "reason", "message")
BLOCK_CHARACTERS = 60_000


async def write_report(tx: ReadTx, import_id: int, path: Path) -> AsyncIterator[bytes]:
    """The CSV in blocks; the file is read again beside the errors, both in the same order."""
    item = await get_import(tx, import_id)
    originals = records(path, item.encoding, item.delimiter)
    header = next(originals, (0, []))[1]
    buffer = io.StringIO()
    out = csv.writer(buffer)
    buffer.write("\ufeff")
    out.writerow([*HEADER, *header])
    number, line = 0, 0
    row: Sequence[str] = ()
    async for error in each_row_error(tx, import_id):
        while number < error.number:
            line, row = next(originals, (0, []))
            number += 1
        out.writerow([line, error.outcome, error.reason, error.message, *(_safe(cell) for cell in row)])
        if buffer.tell() > BLOCK_CHARACTERS:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def _safe(cell: str) -> str:
    """A spreadsheet must not take a cell for a formula."""
    return "'" + cell if cell[:1] in ("=", "@", "\t", "\r") else cell
