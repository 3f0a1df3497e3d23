"""Transfer encoding: quoted-printable bodies (RFC 2045) and header values (RFC 2047), as bytes.

Constants are encoded once per message; a slot begins at column 0 after a soft break and ends with
one, so pieces can be joined without looking at each other. No line is longer than 76 characters,
none begins with a dot, and none ends in blank: what is built is what SMTP's DATA carries.
"""

from __future__ import annotations

import re
from functools import lru_cache

TOKEN_LENGTH = 28
LINE = 76
WORD = 60
REMEMBERED = 200
SOFT_BREAK = b"=\r\n"
_QP = [(b"%c" % i if (33 <= i <= 126 and i != 61) or i in (32, 9) else b"=%02X" % i) for i in range(256)]
_BREAKS = re.compile(r"\r\n|\r|\n")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
HTML_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;"})
_needs_escape = re.compile(r"[&<>\"']").search


class Encoder:
    """Encodes running text and keeps the column."""

    def __init__(self) -> None:
        self.column = 0
        self._out: list[bytes] = []

    def text(self, text: str) -> None:
        lines = _BREAKS.split(_CONTROLS.sub("", text))
        for index, line in enumerate(lines):
            last = index == len(lines) - 1
            raw = line.encode("utf-8", "replace")
            for position, byte in enumerate(raw):
                piece = _QP[byte]
                if byte in (32, 9) and position == len(raw) - 1:
                    piece = b"=%02X" % byte
                self._unit(piece)
            if not last:
                self._out.append(b"\r\n")
                self.column = 0

    def _unit(self, piece: bytes) -> None:
        if self.column + len(piece) > LINE - 1:
            self._out.append(SOFT_BREAK)
            self.column = 0
        if self.column == 0 and piece == b".":
            piece = b"=2E"
        self._out.append(piece)
        self.column += len(piece)

    def token(self) -> None:
        """Room for a token, which is one unbreakable word."""
        if self.column + TOKEN_LENGTH > LINE - 1:
            self._out.append(SOFT_BREAK)
            self.column = 0
        self.column += TOKEN_LENGTH

    def soft_break(self) -> None:
        if self.column:
            self._out.append(SOFT_BREAK)
            self.column = 0

    def take(self) -> bytes:
        taken = b"".join(self._out)
        self._out = []
        return taken


def _slow(value: str) -> bytes:
    encoder = Encoder()
    encoder.text(value)
    return encoder.take()


def encode_text(value: str) -> bytes:
    """A slot in the text part; ends with a soft break, so that the next piece begins at column 0."""
    return _remembered_text(value) if len(value) < REMEMBERED else _encode_text(value)


def encode_html(value: str) -> bytes:
    """A slot in the HTML part: escaped, then encoded."""
    return _remembered_html(value) if len(value) < REMEMBERED else _encode_html(value)


def _encode_text(value: str) -> bytes:
    if value.isascii() and value.isprintable() and "=" not in value and len(value) < 74 and value[:1] != ".":
        return value.encode() + SOFT_BREAK if value else b""
    body = _slow(value)
    return body if body.endswith(b"\r\n") else body + SOFT_BREAK


def _encode_html(value: str) -> bytes:
    return encode_text(value.translate(HTML_ESCAPES) if _needs_escape(value) else value)


# A message says the same few words in many places, and many people have the same names.
_remembered_text = lru_cache(maxsize=4096)(_encode_text)
_remembered_html = lru_cache(maxsize=4096)(_encode_html)


_unfit_for_address = re.compile(r"[\x00-\x20\x7f<>,;]").sub
_Q = [
    (
        b"%c" % i
        if (48 <= i <= 57 or 65 <= i <= 90 or 97 <= i <= 122 or i in b"!*+-/")
        else (b"_" if i == 32 else b"=%02X" % i)
    )
    for i in range(256)
]
_plain_words = re.compile(r"[A-Za-z0-9 !#$%&'*+\-/=?^_`{|}~,.;:()\[\]@\"<>]*").fullmatch
_plain_phrase = re.compile(r"[A-Za-z0-9 !#$%&'*+\-/=?^_`{|}~]*").fullmatch


def one_line(text: str) -> str:
    """A header's text: no controls, no runs of blanks, which would also break relaxed DKIM forms."""
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(text.split())


@lru_cache(maxsize=8192)
def encoded_words(text: str) -> bytes:
    """RFC 2047 Q words of at most 75 characters, split between characters and folded."""
    whole = b"".join([_Q[byte] for byte in text.encode("utf-8", "replace")])
    if len(whole) <= WORD:
        return b"=?utf-8?q?" + whole + b"?="
    words: list[bytes] = []
    current = b""
    for character in text:
        piece = b"".join(_Q[byte] for byte in character.encode("utf-8", "replace"))
        if len(current) + len(piece) > WORD:
            words.append(current)
            current = b""
        current += piece
    words.append(current)
    return b"\r\n ".join(b"=?utf-8?q?" + word + b"?=" for word in words)


def header_text(text: str) -> bytes:
    """An unstructured header value (Subject)."""
    line = one_line(text)
    if _plain_words(line) and "=?" not in line and len(line) <= 60:
        return line.encode()
    return encoded_words(line) if line else b""


def display_name(text: str) -> bytes:
    """A name before an address: atoms, a quoted string, or encoded words."""
    line = one_line(text)
    if line.isascii() and len(line) <= 60:
        if _plain_phrase(line) and "=?" not in line:
            return line.encode()
        return b'"' + line.replace("\\", "\\\\").replace('"', '\\"').encode() + b'"'
    return encoded_words(line)


def mailbox(name: str, address: str) -> bytes:
    """`Name <address>`, or the bare address; controls and spaces in the address are dropped."""
    plain = _unfit_for_address("", address).encode("utf-8", "replace")
    shown = display_name(name)
    return shown + b" <" + plain + b">" if shown else plain
