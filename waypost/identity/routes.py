"""Signing in, the workspace, its users and keys."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from litestar import Request, Response, delete, get, patch, post
from litestar.datastructures import Cookie

from waypost.identity.actions.api_keys import create_api_key, delete_api_key
from waypost.identity.actions.sessions import LIFETIME, sign_in, sign_out
from waypost.identity.actions.users import create_user, remove_user, update_user
from waypost.identity.actions.workspaces import update_workspace
from waypost.identity.errors import OwnerOnly
from waypost.identity.queries import get_user, get_workspace, list_api_keys, list_users
from waypost.identity.schemas import (
    ApiKeyBody,
    ApiKeyList,
    SessionOut,
    SignInBody,
    UserBody,
    UserList,
    UserPatch,
    WorkspaceBody,
)
from waypost.identity.types import NewApiKey, RoleName, User, Workspace
from waypost.kernel.errors import invalid
from waypost.kernel.http.auth import COOKIE, Caller, Role, at_least, cookie_in
from waypost.kernel.tx import ReadTx, Tx
from waypost.kernel.work import SystemWork


@post("/api/v1/session", opt={"public": True}, status_code=200)
async def open_session(data: SignInBody, request: Request[Any, Any, Any], work: SystemWork) -> Response[SessionOut]:
    network = request.client.host if request.client else "unknown"
    opened = await sign_in(work.db, email=data.email, password=data.password, network=network)
    body = SessionOut(
        user=opened.user, workspace=opened.workspace, csrf_token=opened.csrf_token, expires_at=opened.expires_at
    )
    cookie = Cookie(
        key=COOKIE,
        value=opened.token,
        httponly=True,
        samesite="lax",
        secure=work.settings.base_url.startswith("https"),
        path="/",
        max_age=int(LIFETIME.total_seconds()),
    )
    return Response(body, cookies=[cookie])


@get("/api/v1/session")
async def read_session(caller: Caller, read: ReadTx) -> SessionOut:
    user = await get_user(read, caller.user_id)
    return SessionOut(user=user, workspace=await get_workspace(read), csrf_token=caller.csrf_token)


@delete("/api/v1/session", opt={"any_role": True})
async def close_session(request: Request[Any, Any, Any], work: SystemWork) -> Response[None]:
    token = cookie_in(request.scope["headers"])  # type: ignore[arg-type]
    if token is not None:
        await sign_out(work.db, token)
    return Response(None, status_code=204, cookies=[Cookie(key=COOKIE, value="", path="/", max_age=0)])


@get("/api/v1/workspace")
async def read_workspace(read: ReadTx) -> Workspace:
    return await get_workspace(read)


@patch("/api/v1/workspace", guards=[at_least(Role.ADMIN)])
async def change_workspace(data: WorkspaceBody, tx: Tx) -> Workspace:
    if data.time_zone is not None and data.time_zone not in available_timezones():
        raise invalid("/time_zone", f"There is no time zone called {data.time_zone}.")
    return await update_workspace(tx, name=data.name, time_zone=data.time_zone)


@get("/api/v1/users")
async def read_users(read: ReadTx) -> UserList:
    users = await list_users(read)
    return UserList(items=users, total=len(users))


@post("/api/v1/users", guards=[at_least(Role.ADMIN)])
async def add_user(data: UserBody, caller: Caller, tx: Tx) -> User:
    _owners_make_owners(caller, data.role)
    return await create_user(tx, email=data.email, name=data.name, role=data.role, password=data.password)


@patch("/api/v1/users/{user_id:int}", guards=[at_least(Role.ADMIN)])
async def change_user(user_id: int, data: UserPatch, caller: Caller, tx: Tx) -> User:
    _owners_make_owners(caller, data.role, (await get_user(tx, user_id)).role)
    return await update_user(tx, user_id, name=data.name, role=data.role, password=data.password)


@delete("/api/v1/users/{user_id:int}", guards=[at_least(Role.ADMIN)])
async def drop_user(user_id: int, caller: Caller, tx: Tx) -> None:
    _owners_make_owners(caller, (await get_user(tx, user_id)).role)
    await remove_user(tx, user_id)


def _owners_make_owners(caller: Caller, *roles: RoleName | None) -> None:
    if "owner" in roles and caller.role < Role.OWNER:
        raise OwnerOnly


@get("/api/v1/api-keys", guards=[at_least(Role.ADMIN)])
async def read_api_keys(read: ReadTx) -> ApiKeyList:
    return ApiKeyList(items=await list_api_keys(read))


@post("/api/v1/api-keys", guards=[at_least(Role.ADMIN)])
async def add_api_key(data: ApiKeyBody, caller: Caller, tx: Tx) -> NewApiKey:
    return await create_api_key(tx, name=data.name, user_id=caller.user_id)


@delete("/api/v1/api-keys/{api_key_id:int}", guards=[at_least(Role.ADMIN)])
async def drop_api_key(api_key_id: int, tx: Tx) -> None:
    await delete_api_key(tx, api_key_id)


ROUTES = (
    open_session,
    read_session,
    close_session,
    read_workspace,
    change_workspace,
    read_users,
    add_user,
    change_user,
    drop_user,
    read_api_keys,
    add_api_key,
    drop_api_key,
)
