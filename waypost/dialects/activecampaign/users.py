"""Users: only read here, since who may sign in is decided in the workspace's settings."""

from __future__ import annotations

from waypost.dialects.activecampaign.calls import Read
from waypost.dialects.activecampaign.envelope import Answer, Row, meta
from waypost.dialects.activecampaign.errors import NoResult
from waypost.dialects.activecampaign.paging import cut
from waypost.dialects.activecampaign.routing import Routes
from waypost.dialects.activecampaign.rows import user_row
from waypost.identity.queries import get_user, list_users
from waypost.identity.types import User

routes = Routes()


def _row(call: Read, user: User) -> Row:
    return user_row(user, call.zone.key, call.base, call.zone)


@routes.get("/users")
async def list_all_users(call: Read) -> Answer:
    users = await list_users(call.tx)
    return Answer({"users": [_row(call, user) for user in cut(users, call.query)], "meta": meta(len(users))})


@routes.get("/users/me")
async def read_me(call: Read) -> Answer:
    return Answer({"user": _row(call, await get_user(call.tx, call.caller.user_id))})


@routes.get("/users/{id}")
async def read_user(call: Read) -> Answer:
    return Answer({"user": _row(call, await get_user(call.tx, call.id))})


@routes.get("/users/email/{text}")
async def read_user_by_email(call: Read) -> Answer:
    return await _by_email(call)


@routes.get("/users/username/{text}")
async def read_user_by_name(call: Read) -> Answer:
    return await _by_email(call)


async def _by_email(call: Read) -> Answer:
    """People sign in with their address, so it is their user name too."""
    wanted = call.path[0].lower()
    for user in await list_users(call.tx):
        if user.email.lower() == wanted:
            return Answer({"user": _row(call, user)})
    raise NoResult(model="User", id=call.path[0])
