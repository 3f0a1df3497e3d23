"""What a call to another server is made of."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from waypost.kernel.model import Model

MAX_HEADERS = 20
MAX_MAPPED = 50
ANSWERED, GIVEN_UP = 1, 2
FORBIDDEN_HEADERS = frozenset({"host", "content-length", "transfer-encoding", "connection", "waypost-signature"})
Text = Annotated[str, msgspec.Meta(max_length=2_000)]


class Header(Model):
    name: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$")]
    value: Annotated[str, msgspec.Meta(max_length=2_000, pattern=r"^[^\r\n\x00]*$")]


class Mapped(Model):
    """A part of the answer (`data.score`, `items.0.name`) and the field that takes it."""

    path: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    field_id: Annotated[int, msgspec.Meta(ge=1)]


class WebhookParams(Model):
    """With a secret the call is signed; without waiting the run goes on at once, whatever comes of the call."""

    url: Annotated[str, msgspec.Meta(pattern=r"^https?://[^\s/]+", max_length=2_000)]
    method: Literal["POST", "PUT", "PATCH", "GET", "DELETE"] = "POST"
    headers: list[Header] = msgspec.field(default_factory=list[Header])
    secret: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    mapping: list[Mapped] = msgspec.field(default_factory=list[Mapped])
    waits_for_answer: bool = True

    def __post_init__(self) -> None:
        if len(self.headers) > MAX_HEADERS or len(self.mapping) > MAX_MAPPED:
            raise ValueError(f"at most {MAX_HEADERS} headers and {MAX_MAPPED} fields")
        if any(header.name.lower() in FORBIDDEN_HEADERS for header in self.headers):
            raise ValueError("one of the headers is not yours to set")
        if self.mapping and not self.waits_for_answer:
            raise ValueError("fields can only take an answer that is waited for")
