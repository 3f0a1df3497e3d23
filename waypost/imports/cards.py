"""Address cards (vCard 2.1, 3.0 and 4.0) as rows: one card a person, its preferred address and number.

Cards come in long files without an end mark but END:VCARD; they are read line by line.
"""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from waypost.imports.errors import FileMalformed
from waypost.imports.parse import find_encoding

HEADER = (
    "email", "first name", "last name", "phone", "company", "job title", "street", "city", "region", "postal code",
    "country", "birthday", "website", "note", "tags",
)  # fmt: skip
MAX_VALUE = 20_000
_BEGIN = re.compile(rb"\s*BEGIN:VCARD\s", re.IGNORECASE)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_DAY = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)")


@dataclass(frozen=True, slots=True)
class _Line:
    """NAME;PARAMETER=VALUE:text"""

    name: str
    parameters: str
    text: str

    @property
    def rank(self) -> int:
        """1 is the most preferred."""
        found = re.search(r"PREF=(\d{1,3})", self.parameters)
        if found:
            return int(found.group(1))
        return 1 if re.search(r"\bPREF\b", self.parameters) else 101


def is_cards(head: bytes) -> bool:
    return _BEGIN.match(head.removeprefix(b"\xef\xbb\xbf").replace(b"\x00", b"").removeprefix(b"\xff\xfe")) is not None


def read_cards(path: Path) -> Iterator[Sequence[str]]:
    """The header and a row for each card."""
    yield HEADER
    card: list[_Line] | None = None
    number = 0
    for number, line in _lines(path, find_encoding(path)):
        word = line.strip().upper()
        if word == "BEGIN:VCARD":
            card = []
        elif word == "END:VCARD" and card is not None:
            yield _row(card)
            card = None
        elif card is not None and line.strip():
            found = _parse(line)
            if found is None:
                raise FileMalformed(line=number, what="an address card has a line without a name")
            card.append(found)
    if card is not None:
        raise FileMalformed(line=number, what="an address card has no end")


def _lines(path: Path, encoding: str) -> Iterator[tuple[int, str]]:
    """Lines with those folded behind them put back, and soft breaks of version 2.1 too."""
    held, start, is_soft = "", 0, False
    with path.open(encoding=encoding, newline=None) as file:
        for number, raw in enumerate(file, 1):
            line = raw.rstrip("\r\n")
            if is_soft:
                held = held[:-1] + line
            elif line[:1] in (" ", "\t") and held:
                held = (held + line[1:])[:MAX_VALUE]
            else:
                if held:
                    yield start, held
                held, start = line, number
            is_soft = held.endswith("=") and "QUOTED-PRINTABLE" in held.partition(":")[0].upper()
    if held:
        yield start, held


def _parse(line: str) -> _Line | None:
    head, colon, text = _split_head(line)
    if not colon:
        return None
    name, _, parameters = head.partition(";")
    parameters = parameters.upper()
    if "QUOTED-PRINTABLE" in parameters:
        text = quopri.decodestring(text.encode()).decode("utf-8", "replace")
    return _Line(name.rpartition(".")[2].strip().upper(), parameters, text)


def _split_head(line: str) -> tuple[str, str, str]:
    """At the first colon that is not within quotation marks."""
    is_quoted = False
    for place, letter in enumerate(line):
        if letter == '"':
            is_quoted = not is_quoted
        elif letter == ":" and not is_quoted:
            return line[:place], ":", line[place + 1 :]
    return line, "", ""


def _plain(text: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found.group(1) in "nN" else found.group(1), text).strip()


def _parts(text: str, separator: str) -> list[str]:
    """The parts of a structured value; separators behind a backslash do not count."""
    parts, held = [], ""
    escaped = False
    for letter in text:
        if escaped:
            held, escaped = held + "\\" + letter, False
        elif letter == "\\":
            escaped = True
        elif letter == separator:
            parts.append(_plain(held))
            held = ""
        else:
            held += letter
    return [*parts, _plain(held)]


def _row(card: Sequence[_Line]) -> list[str]:
    def best(name: str) -> str:
        found = sorted((line for line in card if line.name == name and line.text.strip()), key=lambda line: line.rank)
        return found[0].text if found else ""

    last, first, *_ = [*_parts(best("N"), ";"), "", ""]
    if not first and not last:
        first, _, last = _plain(best("FN")).rpartition(" ")
        if not first:
            first, last = last, ""
    address = [part.replace(",", " ") for part in _parts(best("ADR"), ";")] + [""] * 7
    day = _DAY.match(_plain(best("BDAY")))
    phone = _plain(best("TEL"))
    return [
        _plain(best("EMAIL")).removeprefix("mailto:"),
        first,
        last,
        phone.removeprefix("tel:"),
        _parts(best("ORG"), ";")[0],
        _plain(best("TITLE")),
        address[2],
        address[3],
        address[4],
        address[5],
        address[6],
        "-".join(day.groups()) if day else "",
        _plain(best("URL")),
        _plain(best("NOTE"))[:MAX_VALUE],
        ",".join(_parts(best("CATEGORIES"), ",")),
    ]
