"""Bodies of the identity routes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from waypost.identity.types import ApiKey, RoleName, User, Workspace
from waypost.kernel.model import Model, Out

Email = Annotated[str, msgspec.Meta(pattern=r"^[^@\s]+@[^@\s]+$", max_length=254)]
Password = Annotated[str, msgspec.Meta(min_length=10, max_length=200)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class SignInBody(Model):
    email: str
    password: str


class WorkspaceBody(Model):
    name: Name | None = None
    time_zone: Annotated[str, msgspec.Meta(max_length=60)] | None = None


class UserBody(Model):
    email: Email
    password: Password
    name: Annotated[str, msgspec.Meta(max_length=200)] = ""
    role: RoleName = "editor"


class UserPatch(Model):
    name: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    role: RoleName | None = None
    password: Password | None = None


class ApiKeyBody(Model):
    name: Name


class SessionOut(Out):
    user: User
    workspace: Workspace
    csrf_token: str | None
    expires_at: datetime | None = None


class UserList(Out):
    items: list[User]
    next: str | None = None
    total: int | None = None


class ApiKeyList(Out):
    items: list[ApiKey]
    next: str | None = None
    total: int | None = None
