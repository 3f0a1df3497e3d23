"""Bases for everything that is stored as JSON or sent: strict on the way in, plain on the way out."""

from __future__ import annotations

from typing import TypeVar, dataclass_transform

import msgspec

from waypost.kernel.errors import Invalid, Problem

M = TypeVar("M", bound=msgspec.Struct)


@dataclass_transform(frozen_default=True)
class Model(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A body, a document or the parameters of a step or condition."""


@dataclass_transform(frozen_default=True)
class Out(msgspec.Struct, frozen=True, kw_only=True):
    """An answer."""


def parse(value: object, into: type[M], *, pointer: str = "") -> M:
    """Convert decoded JSON; a mismatch becomes one `Invalid` that names the place."""
    try:
        return msgspec.convert(value, into)
    except msgspec.ValidationError as error:
        raise Invalid([problem_of(error, pointer)]) from error


def problem_of(error: msgspec.ValidationError, pointer: str = "") -> Problem:
    """msgspec says "… - at `$.a[0].b`"; we say it as a JSON pointer."""
    text, _, path = str(error).partition(" - at `")
    trail = path.rstrip("`").removeprefix("$").replace("[", ".").replace("]", "")
    where = pointer + trail.replace(".", "/")
    if text.startswith("Object missing required field `"):
        name = text.split("`")[1]
        return Problem(f"{where}/{name}", f"{name} is required.", "missing")
    return Problem(where or "/", text + ".", "invalid")
