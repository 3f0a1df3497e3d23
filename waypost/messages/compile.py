"""A message is compiled once per revision into a function from a recipient's row to finished bytes.

The generated function appends constants (already encoded) and slots to a list, which is joined
once. The generator writes every name in it; values come from the row by position. Encoding, not
templating, is what sending costs, and this does it once for everyone.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.utils import formatdate
from hashlib import blake2b
from typing import Any

from waypost.messages.constants import Constants
from waypost.messages.document import parse_document
from waypost.messages.errors import TemplateBroken
from waypost.messages.expression import FUNCTIONS
from waypost.messages.filters import FILTER_FUNCTIONS
from waypost.messages.links import mark_html_links, mark_text_links
from waypost.messages.render import render
from waypost.messages.template import Address, Assign, Branch, Columns, Part, Text, Value, parse_template
from waypost.messages.types import Column, Link, Message
from waypost.messages.wire import Encoder, encode_html, encode_text, header_text, mailbox

Row = Sequence[Any]
STANDARD_COLUMNS = ("first_name", "last_name")


@dataclass(frozen=True, slots=True)
class CompiledMessage:
    """What sending needs. A row is (email, *columns as text or None, *condition answers)."""

    message_id: int
    revision: int
    columns: tuple[str, ...]
    conditions: tuple[dict[str, Any], ...]
    unknown_tags: tuple[str, ...]
    _write: Callable[[Row, bytes, list[bytes]], None]
    _subject: Callable[[Row], str]
    _fixed_head: bytes
    _to_name: Callable[[Row], str]
    _public_url: bytes
    _domain: bytes

    def build(self, row: Row, token: bytes) -> bytes:
        """The complete message, RFC 5322 with CRLF, ready for DATA (nothing needs dot-stuffing)."""
        out: list[bytes] = [b""]
        self._write(row, token, out)
        out[0] = b"".join(
            (
                self._fixed_head,
                b"Date: ",
                _date(),
                b"\r\nTo: ",
                mailbox(self._to_name(row), row[0]),
                b"\r\nSubject: ",
                header_text(self._subject(row)),
                b"\r\nMessage-ID: <",
                token,
                b"@",
                self._domain,
                b">\r\nList-Unsubscribe: <",
                self._public_url,
                b"/u/",
                token,
                b">\r\n\r\n",
            )
        )
        return b"".join(out)

    def subject(self, row: Row) -> str:
        return self._subject(row)


_now: tuple[int, bytes] = (0, b"")


def _date() -> bytes:
    global _now  # noqa: PLW0603 - one formatted second, shared by all messages built in it
    second = int(time.time())
    if second != _now[0]:
        _now = (second, formatdate(second, usegmt=False, localtime=False).encode())
    return _now[1]


def compile_message(
    message: Message,
    links: Sequence[Link],
    columns: Sequence[Column],
    *,
    public_url: str,
    domain: str,
    extra_head: bytes = b"",
    constants: Constants | None = None,
) -> CompiledMessage:
    """Compile; raises `TemplateBroken` where tags do not pair up. `extra_head` is further headers, alike for all."""
    rendered = render(parse_document(message.document), preheader=message.preheader)
    numbers = {link.url: link.number for link in links}
    found = Columns(columns, condition_count=len(rendered.conditions), constants=constants)
    for name in STANDARD_COLUMNS:
        found.find(name)
    html = parse_template(mark_html_links(rendered.html, numbers.__getitem__), found, is_html=True)
    text = parse_template(mark_text_links(rendered.text, numbers.__getitem__), found, is_html=False)
    subject = parse_template(message.subject, found, is_html=False)
    boundary = (
        b"=_"
        + blake2b(f"{message.id}.{message.revision}.{rendered.html}".encode(), digest_size=12).hexdigest().encode()
    )
    writer = _Writer(found, len(rendered.conditions), public_url)
    head, middle, tail = _mime(boundary)
    writer.constant(head)
    writer.parts(text, "encode_text")
    writer.constant(middle)
    writer.parts(html, "encode_html")
    writer.constant(tail)
    return CompiledMessage(
        message_id=message.id,
        revision=message.revision,
        columns=tuple(found.used),
        conditions=tuple(rendered.conditions),
        unknown_tags=tuple(found.unknown),
        _write=writer.function(),
        _subject=text_function(subject, found, len(rendered.conditions)),
        _fixed_head=extra_head + _fixed_head(message, boundary),
        _to_name=_to_name(found),
        _public_url=public_url.encode(),
        _domain=domain.encode("idna" if not domain.isascii() else "ascii"),
    )


def _to_name(columns: Columns) -> Callable[[Row], str]:
    first, last = (1 + columns.used.index(name) if name in columns.used else None for name in STANDARD_COLUMNS)

    def name(row: Row) -> str:
        parts = (row[first] if first else "", row[last] if last else "")
        return " ".join(part for part in parts if part)

    return name


def _fixed_head(message: Message, boundary: bytes) -> bytes:
    lines = [
        b"From: " + mailbox(message.from_name, message.from_email),
        b"MIME-Version: 1.0",
        b'Content-Type: multipart/alternative;\r\n boundary="' + boundary + b'"',
        b"List-Unsubscribe-Post: List-Unsubscribe=One-Click",
    ]
    if message.reply_to:
        lines.insert(1, b"Reply-To: " + mailbox("", message.reply_to))
    return b"".join(line + b"\r\n" for line in lines)


def _mime(boundary: bytes) -> tuple[bytes, bytes, bytes]:
    part = b"; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    return (
        b"--" + boundary + b"\r\nContent-Type: text/plain" + part,
        b"\r\n--" + boundary + b"\r\nContent-Type: text/html" + part,
        b"\r\n--" + boundary + b"--\r\n",
    )


class _Writer:
    """Generates the function that writes the body."""

    def __init__(self, columns: Columns, condition_count: int, public_url: str) -> None:
        self._columns = columns
        self._condition_count = condition_count
        self._base = public_url
        self._constants: list[bytes] = []
        self._lines: list[str] = []
        self._slots: set[tuple[str, str]] = set()
        self._pending: list[str] = []
        self._depth = 1

    def constant(self, value: bytes) -> None:
        if value:
            self._constants.append(value)
            self._pending.append(f"K{len(self._constants) - 1}")

    def parts(self, parts: Sequence[Part], encode: str) -> None:
        encoder = Encoder()
        for part in parts:
            if isinstance(part, Text):
                encoder.text(part.text)
            elif isinstance(part, Address):
                encoder.text(self._base + part.prefix)
                encoder.token()
                self.constant(encoder.take())
                self._pending.append("token")
                encoder.text(part.suffix)
            else:
                encoder.soft_break()
                self.constant(encoder.take())
                if isinstance(part, Value):
                    self._slot(part, encode)
                elif isinstance(part, Assign):
                    self._emit()
                    self._lines.append("    " * self._depth + assignment(part, self._columns))
                else:
                    self._branch(part)
        encoder.soft_break()
        self.constant(encoder.take())
        self._emit()

    def _slot(self, part: Value, encode: str) -> None:
        self._pending.append(f"{encode}({value_source(part, self._columns)})")

    def _branch(self, part: Branch) -> None:
        self._emit()
        if part.word not in ("if", "for"):
            self._depth -= 1
        if part.word == "end":
            return
        self._lines.append("    " * self._depth + branch_head(part))
        self._depth += 1
        self._lines.append("    " * self._depth + "pass")

    def _emit(self) -> None:
        if self._pending:
            self._lines.append("    " * self._depth + f"out += ({', '.join(self._pending)},)")
            self._pending = []

    def function(self) -> Callable[[Row, bytes, list[bytes]], None]:
        self._emit()
        constants = {f"K{number}": value for number, value in enumerate(self._constants)}
        body = "\n".join(self._lines)
        offered = {**FUNCTIONS, **FILTER_FUNCTIONS, "encode_text": encode_text, "encode_html": encode_html}
        # Every default is copied at every call: only those that are called.
        names = {name: function for name, function in offered.items() if f"{name}(" in body}
        defaults = "".join(f", {name}={name}" for name in (*constants, *names))
        source = [
            f"def write(row, token, out{defaults}):",
            *_unpack(self._columns, self._condition_count),
            *self._lines,
        ]
        return _define("\n".join(source), {**constants, **names}, "write")


def value_source(part: Value, columns: Columns) -> str:
    """Python source of a value: the column, or its default when empty, through its filters."""
    source = part.source or f"c_{columns.used.index(part.column)}"
    source = f"({source} or {part.default!r})"
    for name, arguments in part.filters:
        source = f"f_{name}({', '.join([source, *map(repr, arguments)])})"
    return source


def assignment(part: Assign, columns: Columns) -> str:
    return f"{part.variable} = {value_source(part.value, columns)}"


def branch_head(part: Branch) -> str:
    """The line that begins a branch or a loop."""
    if part.word == "for":
        return part.source
    return f"{part.word} {part.source}:" if part.source else f"{part.word}:"


def _unpack(columns: Columns, condition_count: int) -> list[str]:
    names = [f"c_{number}" for number in range(len(columns.used))] + [f"s_{n}" for n in range(condition_count)]
    lines = [f"    _, {', '.join(names)}, = row"] if names else ["    pass"]
    # A value may be asked for where nothing has been assigned yet.
    return [*lines, *(f"    {variable} = ''" for variable in columns.scope.assigned.values())]


def text_function(
    parts: Sequence[Part],
    columns: Columns,
    condition_count: int,
    *,
    escape: Callable[[str], str] | None = None,
    address: Callable[[Address], str] | None = None,
) -> Callable[[Row], str]:
    """A function from a row to text, for subjects and previews; addresses become `#` where nothing makes them."""
    lines = ["def write(row):", *_unpack(columns, condition_count), "    out = []"]
    depth = 1
    for part in parts:
        if isinstance(part, Branch):
            depth -= part.word not in ("if", "for")
            if part.word != "end":
                lines.append("    " * depth + branch_head(part))
                depth += 1
                lines.append("    " * depth + "pass")
            continue
        if isinstance(part, Assign):
            lines.append("    " * depth + assignment(part, columns))
            continue
        if isinstance(part, Text):
            source = repr(part.text)
        elif isinstance(part, Address):
            source = repr("#" if address is None else address(part))
        else:
            source = value_source(part, columns) if escape is None else f"escape({value_source(part, columns)})"
        lines.append("    " * depth + f"out.append({source})")
    lines.append("    return ''.join(out)")
    return _define("\n".join(lines), {**FUNCTIONS, **FILTER_FUNCTIONS, "escape": escape}, "write")


def _define(source: str, names: dict[str, object], function: str) -> Any:
    # The source holds only names made above, literals written by repr and positions in the row.
    scope: dict[str, Any] = dict(names)
    try:
        exec(compile(source, "<message>", "exec"), scope)  # noqa: S102
    except SyntaxError as error:
        words = "Conditions in the text do not pair up, or are nested too deep."
        raise TemplateBroken(message=words) from error
    return scope[function]
