"""Writes an export's file, part after part: append, flush to disk, note the length; then the next.

A part counts only once its length is noted. After a crash the file is cut back to the noted length and
the part written again, so that no contact is missing or there twice. An XLSX is made from the finished
rows at the end, in constant memory.
"""

from __future__ import annotations

import asyncio
import csv
import fcntl
import io
import os
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format as CellFormat
from xlsxwriter.worksheet import Worksheet

from waypost.exports.actions import begin_export, fail_export, finish_export, note_part
from waypost.exports.columns import guarded, headers_of, rows_of
from waypost.exports.queries import get_export, next_part
from waypost.exports.types import Export
from waypost.kernel.errors import Failure
from waypost.kernel.log import log
from waypost.kernel.work import Work

SHEET_ROWS = 1_048_575
"""Rows of an XLSX sheet besides the header; more go to further sheets."""


async def write_export(work: Work, export_id: int) -> None:
    """Bring the export to its end, from where an earlier run was stopped."""
    try:
        async with work.transaction() as tx:
            export = await begin_export(tx, export_id)
        if export is not None:
            await _write(work, export)
    except Failure as failure:
        async with work.transaction() as tx:
            await fail_export(tx, export_id, failure.detail)


async def _write(work: Work, export: Export) -> None:
    rows_path = work.files.path(export.file).with_suffix(".rows")
    rows_path.parent.mkdir(parents=True, exist_ok=True)
    with rows_path.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            log.info("another process writes this export", export_id=export.id)
            return
        # What the lock's last holder noted counts, not what was read before the lock.
        async with work.read() as read:
            export = await get_export(read, export.id)
            headers = await headers_of(read, export.columns)
        is_whole = await _write_parts(work, export, file, headers)
    if not is_whole:
        rows_path.unlink(missing_ok=True)
        return
    size = await asyncio.to_thread(_complete, export, rows_path, work.files.path(export.file))
    async with work.transaction() as tx:
        await finish_export(tx, export.id, size)


async def _write_parts(work: Work, export: Export, file: BinaryIO, headers: Sequence[str]) -> bool:
    """Every part that is left; False when the export was stopped."""
    length = export.bytes_done
    file.truncate(length)
    head = [guarded(header) if export.format == "csv" else header for header in headers]
    start = b"" if length else b"\xef\xbb\xbf" + _lines([head])
    async with work.read() as read:
        part = await next_part(read, export.id)
    while part is not None:
        number, contact_ids = part
        async with work.read() as read:
            # lint: no-row-loops because a turn is a part of thousands
            rows = await rows_of(read, export.columns, contact_ids, is_guarded=export.format == "csv")
        block = start + await asyncio.to_thread(_lines, rows)
        await asyncio.to_thread(_append, file, block)
        async with work.transaction() as tx:
            # lint: no-row-loops because a turn is a part of thousands
            if not await note_part(tx, export, number, rows=len(contact_ids), before=length, after=length + len(block)):
                return False
        length, start = length + len(block), b""
        async with work.read() as read:
            part = await next_part(read, export.id)  # lint: no-row-loops because a turn is a part of thousands
    if start:
        await asyncio.to_thread(_append, file, start)
    return True


def _lines(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8", "replace")


def _append(file: BinaryIO, block: bytes) -> None:
    file.write(block)
    file.flush()
    os.fsync(file.fileno())


def _complete(export: Export, rows: Path, path: Path) -> int:
    """The file a person takes, from the rows; its size. Done again it gives the same."""
    if export.format == "csv":
        if rows.exists():
            rows.replace(path)
        return path.stat().st_size
    if not rows.exists():
        return path.stat().st_size
    unfinished = path.with_suffix(".part")
    _spreadsheet(rows, unfinished)
    unfinished.replace(path)
    rows.unlink()
    return path.stat().st_size


def _spreadsheet(rows: Path, path: Path) -> None:
    with (
        rows.open(encoding="utf-8-sig", newline="") as file,
        Workbook(str(path), {"constant_memory": True, "strings_to_urls": False}) as book,
    ):
        bold = book.add_format({"bold": True})
        records = csv.reader(file)
        header = next(records, [])
        sheet, line = None, SHEET_ROWS
        for record in records:
            if sheet is None or line == SHEET_ROWS:
                sheet, line = _sheet(book, header, bold), 0
            line += 1
            for place, value in enumerate(record):
                if value:
                    sheet.write_string(line, place, value)
        if sheet is None:
            _sheet(book, header, bold)


def _sheet(book: Workbook, header: Sequence[str], bold: CellFormat) -> Worksheet:
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(0, len(header) - 1), 20)
    for place, name in enumerate(header):
        sheet.write_string(0, place, name, bold)
    return sheet
