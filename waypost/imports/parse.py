"""Reads delimited files: finds out encoding and delimiter, refuses what is no such file, streams records.

The whole file is decoded once on upload, so that a wrong byte on the last line is found before
anything is written. Memory stays flat whatever the file's size.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from pathlib import Path

from waypost.imports.errors import (
    FileEmpty,
    FileEncodingUnknown,
    FileMalformed,
    FileNotText,
    TooManyColumns,
)

MAX_COLUMNS = 1_000
MAX_CELL = 1_000_000
BLOCK = 1 << 20

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "a ZIP or Excel file"),
    (b"PK\x05\x06", "a ZIP file"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file"),
    (b"\x1f\x8b", "a gzip file"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ", "an xz file"),
    (b"7z\xbc\xaf", "a 7z file"),
    (b"Rar!", "a RAR file"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x28\xb5\x2f\xfd", "a zstd file"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"SQLite format 3", "a database"),
)
_HTML = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype|html|head|body|table|script|\?xml|svg|meta|div)\b", re.IGNORECASE | re.DOTALL
)
_JSON = re.compile(rb'\s*[\[{]\s*["{\[]')
_HIGH = re.compile(rb"[\x80-\xff]")
_HIGH_RUN = re.compile(rb"[\xc0-\xff]{4,}")
_NOT_LETTER = re.compile(rb"[\x81\x83-\x89\x8b\x8d\x8f\x90\x95\x98\x9b\x9d\xa4-\xa6\xac\xaf\xd7\xf7]")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")


def find_encoding(path: Path) -> str:
    """The file's encoding, proved on every byte of it; refuses what is not text."""
    with path.open("rb") as file:
        head = file.read(BLOCK)
    if not head.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        raise FileEmpty
    for magic, what in _MAGIC:
        if head.startswith(magic):
            raise FileNotText(what=what)
    encoding = _by_mark(head) or _utf_16(head)
    text_head = head if encoding is None else head.decode(encoding, "ignore").encode()
    if _HTML.match(text_head[:20_000]):
        raise FileNotText(what="a web page or XML")
    if _JSON.match(text_head[:1_000]):
        raise FileNotText(what="JSON")
    if encoding is None and _CONTROL.search(head):
        raise FileNotText(what="binary data")
    if encoding is not None:
        if not _decodes(path, encoding):
            raise FileEncodingUnknown(what=f"it begins as {encoding.upper()} but is not")
        return encoding
    if _decodes(path, "utf-8"):
        return "utf-8"
    _check_windows(path)
    return "cp1252"


def _by_mark(head: bytes) -> str | None:
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return None


def _utf_16(head: bytes) -> str | None:
    """Without a mark: every other byte of Western text is zero."""
    sample = head[:4_000]
    if sample[1::2].count(0) > len(sample) * 0.35:
        return "utf-16-le"
    if sample[0::2].count(0) > len(sample) * 0.35:
        return "utf-16-be"
    return None


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                text = decoder.decode(block)
                if "\x00" in text:
                    raise FileNotText(what="binary data")
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _check_windows(path: Path) -> None:
    """Nearly any bytes pass for Windows-1252; so ask whether they make sense as Western text."""
    high = odd = in_runs = doubles = 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            if _CONTROL.search(block):
                raise FileNotText(what="binary data")
            high += len(_HIGH.findall(block))
            odd += len(_NOT_LETTER.findall(block))
            in_runs += sum(len(run) for run in _HIGH_RUN.findall(block))
            doubles += len(_UTF8_PAIR.findall(block))
    if doubles * 2 > high * 0.2:
        raise FileEncodingUnknown(what="it is UTF-8 in some places and something else in others")
    if odd > high * 0.2 or in_runs > high * 0.2:
        raise FileEncodingUnknown(what="it is neither UTF-8, UTF-16 nor Windows-1252")


_UTF8_PAIR = re.compile(rb"[\xc3\xc5][\x80-\xbf]")


def find_delimiter(path: Path, encoding: str) -> str:
    """The separator that cuts the first records into the same number of cells, the more the better."""
    with path.open(encoding=encoding, newline="", errors="strict") as file:
        sample = file.read(64_000)
    if len(sample) == 64_000:
        sample = sample[: sample.rfind("\n") + 1] or sample
    best, score = ",", 0.0
    for candidate in (",", ";", "\t", "|"):
        try:
            widths = [len(row) for row in csv.reader(sample.splitlines(keepends=True), delimiter=candidate) if row]
        except csv.Error:
            continue
        if not widths or widths[0] < 2:
            continue
        same = sum(width == widths[0] for width in widths) / len(widths)
        if same * widths[0] > score and (same > 0.5 or score == 0):
            best, score = candidate, same * widths[0]
    return best


def records(path: Path, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """(line where it begins, cells) of every record that is not blank, the header first."""
    csv.field_size_limit(MAX_CELL)
    line = 1
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=delimiter)
        try:
            for row in reader:
                if row and (len(row) > 1 or row[0]):
                    yield line, row
                line = reader.line_num + 1
        except csv.Error as error:
            what = "a quotation mark is opened and never closed" if "field larger" in str(error) else str(error)
            raise FileMalformed(line=line, what=what) from error
        except UnicodeDecodeError as error:
            raise FileEncodingUnknown(what=f"a byte near line {line} is not {encoding.upper()}") from error


def read_head(path: Path, encoding: str, delimiter: str, *, rows: int = 500) -> tuple[list[str], list[list[str]]]:
    """The header and the first records."""
    stream = records(path, encoding, delimiter)
    first = next(stream, None)
    if first is None:
        raise FileEmpty
    header = [cell.strip() for cell in first[1]]
    if len(header) > MAX_COLUMNS:
        raise TooManyColumns(count=len(header), limit=MAX_COLUMNS)
    body = [row for (_, row), _ in zip(stream, range(rows), strict=False)]
    return header, body
