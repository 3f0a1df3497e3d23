"""Rows of identity."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

RoleName = Literal["owner", "admin", "editor", "viewer"]


@dataclass(frozen=True, slots=True)
class Workspace:
    id: int
    name: str
    time_zone: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class User:
    """A person with access to the workspace at hand."""

    id: int
    email: str
    name: str
    role: RoleName
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key without its secret; `prefix` is what a person recognises it by."""

    id: int
    name: str
    prefix: str
    user_id: int
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewApiKey:
    """A key just made, with the secret that is shown once."""

    id: int
    name: str
    prefix: str
    key: str


@dataclass(frozen=True, slots=True)
class SignIn:
    """A new session: the token for the cookie and the token changes must show."""

    token: str
    csrf_token: str
    expires_at: datetime
    user: User
    workspace: Workspace
