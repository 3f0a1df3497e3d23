"""Spreadsheets and address cards as CSV, once, on upload: everything behind it reads one kind of file.

A workbook is a ZIP: what it unpacks to is asked of its table of contents and refused before anything is
unpacked. The first visible sheet that holds anything counts.
"""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from waypost.imports.cards import is_cards, read_cards
from waypost.imports.errors import FileEmpty, TooManyColumns, WorkbookProtected, WorkbookTooLarge, WorkbookUnreadable
from waypost.imports.parse import MAX_COLUMNS
from waypost.imports.types import Format

MAX_UNPACKED = 300_000_000
MAX_RATIO = 200
"""How many times larger a workbook of more than a few megabytes may be unpacked; real ones reach some 30."""
MAX_PARTS = 5_000


def to_csv(path: Path) -> Format:
    """Replace a workbook or a file of cards by CSV in UTF-8; other files are left as they are."""
    with path.open("rb") as file:
        head = file.read(4_000)
    if head.startswith(b"PK\x03\x04") and _is_workbook(path):
        _write(path, _sheet_rows(path))
        return "xlsx"
    if is_cards(head):
        _write(path, read_cards(path))
        return "vcard"
    return "csv"


def _write(path: Path, rows: Iterator[Sequence[str]]) -> None:
    made = path.with_suffix(".part")
    try:
        with made.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
        made.replace(path)
    finally:
        made.unlink(missing_ok=True)


def _is_workbook(path: Path) -> bool:
    """Whether the ZIP is a workbook; raises when it is one that would not fit."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False
    if not any(part.filename.startswith("xl/workbook") for part in parts):
        return False
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED:
        raise WorkbookTooLarge(limit_mb=MAX_UNPACKED // 1_000_000)
    if unpacked > 10_000_000 and unpacked > MAX_RATIO * max(1, path.stat().st_size):
        raise WorkbookTooLarge(limit_mb=MAX_UNPACKED // 1_000_000)
    return True


def _sheet_rows(path: Path) -> Iterator[Sequence[str]]:
    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            for place, about in enumerate(book.sheets_metadata):
                if about.typ != SheetTypeEnum.WorkSheet or about.visible != SheetVisibleEnum.Visible:
                    continue
                sheet = book.get_sheet_by_index(place)
                if sheet.height == 0 or sheet.width == 0:
                    continue
                if sheet.width > MAX_COLUMNS:
                    raise TooManyColumns(count=sheet.width, limit=MAX_COLUMNS)
                for row in sheet.iter_rows():
                    cells = [_text(cell) for cell in row]
                    yield cells if any(cells) else []
                return
    except PasswordError as error:
        raise WorkbookProtected from error
    except CalamineError as error:
        raise WorkbookUnreadable(what=str(error)[:200]) from error
    raise FileEmpty


def _text(cell: object) -> str:
    """A cell as a person would write it into a CSV file."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return "" if cell is None else str(cell)
