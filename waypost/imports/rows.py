"""Turns records of a file into COPY text, chunk by chunk, and accounts for every record left out.

Two passes: the first finds out which addresses stand in the file more than once (the last one
counts), with eight bytes a record; the second makes the text. Values that repeat are converted once.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise
from pathlib import Path

import orjson

from waypost.contacts.addresses import PLAIN, normalise_email
from waypost.contacts.errors import EmailInvalid, PlaceInvalid
from waypost.contacts.places import Part, normalise_part
from waypost.contacts.values import DateOrder, convert
from waypost.imports.employers import Employer
from waypost.imports.errors import TooManyOptions
from waypost.imports.mapping import FALSE_WORDS, TRUE_WORDS
from waypost.imports.parse import records
from waypost.imports.types import FieldColumn, Outcome, Plan, RowError

MAX_TEXT = 250
MAX_TAG = 250
MAX_OPTIONS = 500
MEMORY = 20_000
_BUCKETS = 64
_UNSAFE = re.compile(r"[\\\n\r\x00]").search


@dataclass(frozen=True, slots=True)
class Scan:
    """What the first pass found: how many records, and the last (number, line) of repeated addresses."""

    rows_total: int
    last: dict[int, tuple[int, int]]
    choices: dict[int, list[str]]


def scan(path: Path, encoding: str, delimiter: str, plan: Plan, choice_columns: Sequence[int] = ()) -> Scan:
    """Read the whole file once."""
    hashes, lines = array("q"), array("Q")
    choices: dict[int, dict[str, None]] = {index: {} for index in choice_columns}
    email = plan.email
    stream = records(path, encoding, delimiter)
    header = next(stream, (0, []))[1]
    for line, row in stream:
        key = row[email].strip().lower() if len(row) > email else ""
        if not key.isascii():
            key = _normalised(key)
        hashes.append(hash(key))
        lines.append(line)
        if choices:
            _collect(choices, row, header)
    last = _repeated(hashes, lines)
    last.pop(hash(""), None)
    return Scan(len(hashes), last, {index: list(found) for index, found in choices.items()})


def _normalised(key: str) -> str:
    try:
        return normalise_email(key)
    except EmailInvalid:
        return key


def _collect(choices: dict[int, dict[str, None]], row: Sequence[str], header: Sequence[str]) -> None:
    for index, found in choices.items():
        cell = row[index].strip() if len(row) > index else ""
        if cell and cell not in found:
            if len(found) >= MAX_OPTIONS:
                raise TooManyOptions(header=header[index], limit=MAX_OPTIONS)
            found[cell] = None


def _repeated(hashes: array[int], lines: array[int]) -> dict[int, tuple[int, int]]:
    """The last record of each hash that occurs twice; sorted in parts, so that memory stays small."""
    buckets = [array("q") for _ in range(_BUCKETS)]
    appends = [bucket.append for bucket in buckets]
    for value in hashes:
        appends[value & 63](value)
    twice: set[int] = set()
    for bucket in buckets:
        if len(set(bucket)) < len(bucket):
            ordered = sorted(bucket)
            twice.update(one for one, two in pairwise(ordered) if one == two)
    if not twice:
        return {}
    return {value: (number, lines[number - 1]) for number, value in enumerate(hashes, 1) if value in twice}


@dataclass(slots=True)
class Chunk:
    """Some records in a row: the COPY text of those that go in, and what is wrong with others."""

    first: int
    count: int = 0
    text: bytes = b""
    staged: int = 0
    tag_cells: list[str] = field(default_factory=list[str])
    employers: list[Employer] = field(default_factory=list[Employer])
    errors: list[RowError] = field(default_factory=list[RowError])
    lines: dict[int, int] = field(default_factory=dict[int, int])

    def outcomes(self, outcome: Outcome) -> int:
        """How many records ended so (one may have several partial errors)."""
        return len({error.number for error in self.errors if error.outcome == outcome})


class Rows:
    """The second pass."""

    def __init__(self, path: Path, encoding: str, delimiter: str, plan: Plan, found: Scan, *, keep_lines: bool) -> None:
        self._stream = records(path, encoding, delimiter)
        next(self._stream, None)
        self._plan = plan
        self._last = found.last
        self._keep_lines = keep_lines
        self._number = 0
        self._fields = [_Converter(column, plan, place) for place, column in enumerate(plan.fields, 1)]
        self._places = [
            _PlaceConverter(index, part, place) for place, (part, index) in enumerate(plan.place, len(plan.fields) + 1)
        ]

    def skip(self, count: int) -> None:
        """Pass over records that an earlier run has done."""
        for _ in zip(range(count), self._stream, strict=False):
            self._number += 1

    def next_chunk(self, size: int) -> Chunk | None:
        """The next records, at most `size` of them; None at the end."""
        chunk = Chunk(self._number + 1)
        texts: list[str] = []
        add = texts.append
        stage = _Stager(self._plan, chunk, self._fields, self._places)
        last, width, email_at = self._last, self._plan.width, self._plan.email
        number = self._number
        for line, row in islice(self._stream, size):
            number += 1
            if len(row) != width and not _fit(row, width):
                stage.fail(
                    number, line, "failed", "too_many_cells", f"The row has {len(row)} cells, the header {width}."
                )
                continue
            email = row[email_at]
            if not PLAIN(email) or len(email) > 200 or email.find("@") > 64:
                try:
                    email = normalise_email(email)
                except EmailInvalid as error:
                    stage.refuse_email(number, line, email, error)
                    continue
            if last and (found := last.get(hash(email))) is not None and found[0] != number:
                message = f"Line {found[1]} has the same address and counts instead."
                stage.fail(number, line, "skipped", "duplicate_in_file", message)
                continue
            add(stage.text(number, line, email, row))
            if self._keep_lines:
                chunk.lines[number] = line
        chunk.count = number - self._number
        self._number = number
        if not chunk.count:
            return None
        chunk.staged = len(texts)
        chunk.text = "".join(texts).encode()
        return chunk


def _fit(row: list[str], width: int) -> bool:
    """Fill a short row up; cut empty cells off a long one."""
    if len(row) < width:
        row.extend([""] * (width - len(row)))
        return True
    if any(cell.strip() for cell in row[width:]):
        return False
    del row[width:]
    return True


def _line(row: Sequence[str], index: int | None) -> str:
    return "" if index is None else " ".join(row[index].replace("\x00", "").split())[:MAX_TEXT]


class _Stager:
    """Makes the COPY text of one record; columns: number, email, first, last, phone, fields, tag code, parts of a place."""

    def __init__(
        self, plan: Plan, chunk: Chunk, fields: Sequence[_Converter], places: Sequence[_PlaceConverter]
    ) -> None:
        self._names = plan.first_name, plan.last_name, plan.phone, plan.full_name
        self._tags = plan.tags
        self._chunk = chunk
        self._fields = fields
        self._codes: dict[str, str] = {}
        self._company, self._job_title = plan.company, plan.job_title
        self._places = places

    def fail(self, number: int, line: int, outcome: Outcome, reason: str, message: str, part: int = 0) -> None:
        self._chunk.errors.append(RowError(number, part, line, outcome, reason, message))

    def refuse_email(self, number: int, line: int, email: str, error: EmailInvalid) -> None:
        if email.strip():
            self.fail(number, line, "failed", "invalid_email", error.detail)
        else:
            self.fail(number, line, "skipped", "missing_email", "The row has no e-mail address.")

    def text(self, number: int, line: int, email: str, row: Sequence[str]) -> str:
        first_at, last_at, phone_at, full_at = self._names
        first = row[first_at].strip() if first_at is not None else ""
        last = row[last_at].strip() if last_at is not None else ""
        phone = row[phone_at].strip() if phone_at is not None else ""
        if full_at is not None:
            first, _, last = row[full_at].strip().rpartition(" ")
            if not first:
                first, last = last, ""
        values = self._values(number, line, row) if self._fields else ""
        if self._company is not None and (company := _line(row, self._company)):
            self._chunk.employers.append((number, email, company, _line(row, self._job_title)))
        place = self._place(number, line, row) if self._places else ""
        code = "\\N"
        if self._tags:
            cell = row[self._tags[0]] if len(self._tags) == 1 else ",".join([row[index] for index in self._tags])
            if cell:
                code = self._codes.get(cell) or self._code(cell)
        text = f"{first}\t{last}\t{phone}"
        if len(text) > MAX_TEXT or _UNSAFE(text) or text.count("\t") != 2:
            text = "\t".join(_escape(part[:MAX_TEXT]) for part in (first, last, phone))
        if "\\" in email:
            email = _escape(email)
        return f"{number}\t{email}\t{text}\t{{{values}}}\t{code}{place}\n"

    def _place(self, number: int, line: int, row: Sequence[str]) -> str:
        """The parts of a place as further columns; empty where the cell is, or says nothing known."""
        text = ""
        for column in self._places:
            cell = row[column.index]
            known = column.memory.get(cell)
            if known is None:
                known = column.convert(cell)
            part, is_known = known
            text += "\t" + part
            if not is_known:
                message = f"{cell[:80]!r} was left out, it is no known {column.name}."
                self.fail(number, line, "partial", "invalid_value", message, column.place)
        return text

    def _values(self, number: int, line: int, row: Sequence[str]) -> str:
        """The custom fields as the inside of a JSON object."""
        parts: list[str] = []
        for column in self._fields:
            cell = row[column.index]
            if not cell:
                continue
            text, problem = column.memory.get(cell) or column.convert(cell)
            if text:
                parts.append(text)
            elif problem:
                message = f"{column.name}: {cell[:80]!r} was left out, {problem}."
                self.fail(number, line, "partial", "invalid_value", message, column.place)
        return ",".join(parts)

    def _code(self, cell: str) -> str:
        """What stands for the tags of a cell; chosen once for each."""
        code = "\\N"
        if names_in(cell):
            code = str(len(self._chunk.tag_cells))
            self._chunk.tag_cells.append(cell)
        self._codes[cell] = code
        return code


def _escape(text: str) -> str:
    """As COPY's text format wants it."""
    text = text.replace("\x00", "").replace("\\", "\\\\")
    return text.replace("\t", " ").replace("\n", "\\n").replace("\r", "\\r")


class _Converter:
    """A column's values as `"key":value` in JSON, escaped for COPY; what repeats is remembered."""

    def __init__(self, column: FieldColumn, plan: Plan, place: int) -> None:
        self.index = column.index
        self.place = place
        self.name = column.name
        self.memory: dict[str, tuple[str, str]] = {}
        self._column = column
        self._order: DateOrder = plan.date_order
        self._key = orjson.dumps(column.key).decode()
        self._words: Callable[[str], str] = _yes_no if set(column.options) == {"Yes", "No"} else str

    def convert(self, cell: str) -> tuple[str, str]:
        """The text, or the reason why there is none; both empty for a blank cell."""
        try:
            value = convert(self._column.type, self._column.options, self._words(cell.strip()), date_order=self._order)
        except ValueError as error:
            found = ("", str(error))
        else:
            text = "" if value is None else f"{self._key}:{orjson.dumps(value).decode()}"
            found = (text.replace("\\", "\\\\") if "\\" in text else text, "")
        if len(self.memory) < MEMORY:
            self.memory[cell] = found
        return found


class _PlaceConverter:
    """A column's parts of a place, escaped for COPY, each with whether it was understood; what repeats is remembered."""

    def __init__(self, index: int, part: Part, place: int) -> None:
        self.index = index
        self.name = part.replace("_", " ")
        self.place = place
        self.memory: dict[str, tuple[str, bool]] = {}
        self._part: Part = part

    def convert(self, cell: str) -> tuple[str, bool]:
        try:
            found = (_escape(normalise_part(self._part, cell)), True)
        except PlaceInvalid:
            found = ("", False)
        if len(self.memory) < MEMORY:
            self.memory[cell] = found
        return found


def _yes_no(text: str) -> str:
    word = text.casefold()
    return "Yes" if word in TRUE_WORDS else "No" if word in FALSE_WORDS else text


def names_in(cell: str) -> list[str]:
    """The tags of a cell: separated by commas, semicolons or bars, each once whatever its case."""
    names = (name.strip()[:MAX_TAG] for name in cell.replace(";", ",").replace("|", ",").replace("\x00", "").split(","))
    return list({name.lower(): name for name in names if name}.values())
