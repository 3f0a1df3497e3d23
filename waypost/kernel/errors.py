"""What can go wrong, as types: a failure has a kind, a code and words; only HTTP knows status numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar


class Kind(Enum):
    """The ways a call can fail, as the caller must react to them."""

    INVALID = "invalid"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    TOO_LARGE = "too_large"
    LIMITED = "limited"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a payload: where (JSON pointer, RFC 6901), what, and a code to match on."""

    pointer: str
    message: str
    code: str = "invalid"


class Failure(Exception):
    """Base of every expected error. Fields passed by keyword fill the template and stay readable."""

    kind: ClassVar[Kind] = Kind.INVALID
    code: ClassVar[str] = "failure"
    template: ClassVar[str] = "Something went wrong."

    def __init__(self, *, pointer: str | None = None, **fields: object) -> None:
        self.pointer = pointer
        self.fields = fields
        self.detail = self.template.format(**fields)
        super().__init__(self.detail)

    @property
    def problems(self) -> Sequence[Problem]:
        """The single problems behind the failure, where a payload was at fault."""
        return () if self.pointer is None else (Problem(self.pointer, self.detail, self.code),)


class Invalid(Failure):
    """A payload that does not fit, with every problem found."""

    kind = Kind.INVALID
    code = "invalid"
    template = "{message}"

    def __init__(self, problems: Sequence[Problem], message: str | None = None) -> None:
        self._problems = tuple(problems)
        first = problems[0].message if problems else "The request is not valid."
        super().__init__(message=message or first)

    @property
    def problems(self) -> Sequence[Problem]:
        return self._problems


def invalid(pointer: str, message: str, code: str = "invalid") -> Invalid:
    """The common case of one problem."""
    return Invalid([Problem(pointer, message, code)])


class NotSignedIn(Failure):
    kind = Kind.UNAUTHENTICATED
    code = "identity.not_signed_in"
    template = "Sign in or send a valid API key."


class NotAllowed(Failure):
    kind = Kind.FORBIDDEN
    code = "identity.not_allowed"
    template = "Your role does not allow this."
