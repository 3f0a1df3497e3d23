"""Users and groups. A group is a role here: 1 owner, 2 admin, 3 editor, 4 viewer; roles cannot be made or changed.

People sign in with their address, so it is their user name too.
"""

from __future__ import annotations

from waypost.dialects.activecampaign.calls import Read, Sent, Write
from waypost.dialects.activecampaign.coerce import Unreadable
from waypost.dialects.activecampaign.envelope import Answer, Links, Row, meta
from waypost.dialects.activecampaign.errors import Forbidden, NoResult
from waypost.dialects.activecampaign.paging import cut
from waypost.dialects.activecampaign.routing import Routes
from waypost.dialects.activecampaign.rows import user_row, zero_one
from waypost.identity.actions.users import create_user, remove_user, update_user
from waypost.identity.errors import OwnerOnly
from waypost.identity.queries import get_user, list_users
from waypost.identity.types import RoleName, User
from waypost.kernel.errors import NotAllowed
from waypost.kernel.http.auth import Role

routes = Routes({"name": "firstName"})

ROLES: tuple[RoleName, ...] = ("owner", "admin", "editor", "viewer")
SHORTEST_PASSWORD = 8
FIXED = "Groups are the four roles here: they cannot be made, changed or deleted."
GROUP_LINKS = Links(
    "groups", ("userGroups", "groupLimit", "dealGroupGroups", "listGroups", "addressGroups", "automationGroups")
)
LIMIT_LINKS = Links("groupLimits", ("group",))
_EDITING = (
    "pgListAdd", "pgListEdit", "pgListDelete", "pgListHeaders", "pgListEmailaccount", "pgListBounce", "pgMessageAdd",
    "pgMessageEdit", "pgMessageDelete", "pgMessageSend", "pgContactAdd", "pgContactEdit", "pgContactDelete",
    "pgContactMerge", "pgContactImport", "pgContactApprove", "pgContactExport", "pgContactSync", "pgContactFilters",
    "pgContactActions", "pgContactFields", "pgTemplateAdd", "pgTemplateEdit", "pgTemplateDelete",
    "pgPersonalizationAdd", "pgPersonalizationEdit", "pgPersonalizationDelete", "pgAutomationManage", "pgFormEdit",
    "pgAccountAdd", "pgAccountEdit", "pgAccountDelete", "pgAccountManageCustomField", "pgAccountNoteAdd",
    "pgAccountNoteEdit", "pgAccountNoteDelete", "pgAccountImport", "pgAccountExport", "pgTagManage",
    "pgContactResubscribe",
)  # fmt: skip
_ADMINISTERING = ("pg_user_add", "pg_user_edit", "pg_user_delete", "pgMfaAdmin")
_READING = (
    "pgReportsCampaign", "pgReportsList", "pgReportsUser", "pgReportsTrend", "pgReportsDeal", "pgStartupReports",
    "pgStartupGettingstarted",
)  # fmt: skip
_NEVER = (
    "pgGroupAdd", "pgGroupEdit", "pgGroupDelete", "pgDeal", "pgDealDelete", "pgDealReassign", "pgDealFields",
    "pgDealGroupAdd", "pgDealGroupEdit", "pgDealGroupDelete", "pgDealExport", "pgDealManageRoles", "pgDealNoteAdd",
    "pgDealNoteEdit", "pgDealNoteDelete", "pgDealListAll", "pgDealImport", "pgSavedResponsesManage",
    "pgLandingPagesAccess", "pgWebPersonalizationManage", "unsubscribelink", "optinconfirm", "reqApproval",
    "reqApproval1st", "socialdata",
)  # fmt: skip


def _row(call: Read, user: User) -> Row:
    return user_row(user, call.zone.key, call.base, call.zone)


@routes.get("/users")
async def list_all_users(call: Read) -> Answer:
    users = await list_users(call.tx)
    return Answer({"users": [_row(call, user) for user in cut(users, call.query)], "meta": meta(len(users))})


def _role(sent: Sent) -> RoleName:
    number = sent.integer("group")
    if not 1 <= number <= len(ROLES):
        raise Unreadable("group", "group must be 1 (owner), 2 (admin), 3 (editor) or 4 (viewer).")
    return ROLES[number - 1]


def _may(call: Write, *roles: RoleName) -> None:
    """Admins change users, and only owners make or change owners."""
    if call.caller.role < Role.ADMIN:
        raise NotAllowed
    if "owner" in roles and call.caller.role < Role.OWNER:
        raise OwnerOnly


def _name(sent: Sent, first: str = "", last: str = "") -> str:
    given = sent.text("firstName", "first_name"), sent.text("lastName", "last_name")
    return f"{first if given[0] is None else given[0]} {last if given[1] is None else given[1]}".strip()


def _password(sent: Sent) -> str | None:
    password = sent.text("password")
    if password is not None and len(password) < SHORTEST_PASSWORD:
        raise Unreadable("password", f"password must have at least {SHORTEST_PASSWORD} characters.")
    return password


@routes.post("/users")
async def post_user(call: Write) -> Answer:
    sent = call.inner("user")
    sent.require("email", "firstName", "lastName", "group", "password")
    role = _role(sent)
    _may(call, role)
    email = (sent.text("email") or "").strip()
    if "@" not in email:
        raise Unreadable("email", "email is not an e-mail address.")
    made = await create_user(call.tx, email=email, name=_name(sent), role=role, password=_password(sent) or "")
    row = _row(call, made)
    kept = ("username", "firstName", "lastName", "email", "localZoneid", "cdate", "udate", "links", "id")
    return Answer({"user": {name: row[name] for name in kept}}, 201)


@routes.get("/users/me")
async def read_me(call: Read) -> Answer:
    return Answer({"user": _row(call, await get_user(call.tx, call.caller.user_id))})


@routes.get("/users/{id}")
async def read_user(call: Read) -> Answer:
    return Answer({"user": _row(call, await get_user(call.tx, call.id))})


@routes.put("/users/{id}")
async def put_user(call: Write) -> Answer:
    """Name, group and password; the address is what the person signs in with and stays."""
    user = await get_user(call.tx, call.id)
    sent = call.inner("user")
    role = _role(sent) if sent.get("group") not in (None, "") else None
    _may(call, user.role, *(() if role is None else (role,)))
    first, _, last = user.name.partition(" ")
    changed = await update_user(call.tx, user.id, name=_name(sent, first, last), role=role, password=_password(sent))
    group = {"userid": str(user.id), "groupid": str(ROLES.index(changed.role) + 1), "links": [], "id": str(user.id)}
    return Answer({"userGroups": [group], "userConversationsPermissions": [], "user": _row(call, changed)})


@routes.delete("/users/{id}")
async def delete_user(call: Write) -> Answer:
    _may(call, (await get_user(call.tx, call.id)).role)
    await remove_user(call.tx, call.id)
    return Answer({})


@routes.get("/users/email/{text}")
async def read_user_by_email(call: Read) -> Answer:
    return await _by_email(call)


@routes.get("/users/username/{text}")
async def read_user_by_name(call: Read) -> Answer:
    return await _by_email(call)


async def _by_email(call: Read) -> Answer:
    wanted = call.path[0].lower()
    for user in await list_users(call.tx):
        if user.email.lower() == wanted:
            return Answer({"user": _row(call, user)})
    raise NoResult(model="User", id=call.path[0])


@routes.get("/users/{id}/userGroup")
async def read_group_of(call: Read) -> Answer:
    user = await get_user(call.tx, call.id)
    number = str(ROLES.index(user.role) + 1)
    return Answer({"userGroup": {"userid": str(user.id), "groupid": number, "links": [], "id": str(user.id)}})


def _group_row(call: Read, number: int) -> Row:
    role = ROLES[number - 1]
    return {
        "title": role.capitalize(),
        "descript": "",
        "p_admin": zero_one(role in ("owner", "admin")),
        **dict.fromkeys(_EDITING, zero_one(role != "viewer")),
        **dict.fromkeys(_ADMINISTERING, zero_one(role in ("owner", "admin"))),
        **dict.fromkeys(_READING, "1"),
        **dict.fromkeys(_NEVER, "0"),
        "sdate": None,
        "reqApprovalNotify": "",
        "links": GROUP_LINKS.of(call.base, number),
        "id": str(number),
    }


@routes.get("/groups")
async def list_groups(call: Read) -> Answer:
    numbers = range(1, len(ROLES) + 1)
    return Answer({"groups": [_group_row(call, one) for one in cut(numbers, call.query)], "meta": meta(len(ROLES))})


@routes.get("/groups/{id}")
async def read_group(call: Read) -> Answer:
    return Answer({"group": _group_row(call, _known_group(call))})


@routes.post("/groups")
async def post_group(call: Write) -> Answer:
    call.inner("group").require("title")
    raise Forbidden(message=FIXED)


@routes.put("/groups/{id}")
async def put_group(call: Write) -> Answer:
    """What already is as it is sent may be sent; anything else would have to change a role."""
    row = _group_row(call, _known_group(call))
    sent = call.inner("group")
    if any(sent.has(name) and _as_column(sent.get(name)) != value for name, value in row.items()):
        raise Forbidden(message=FIXED)
    return Answer({"group": row})


@routes.delete("/groups/{id}")
async def delete_group(call: Write) -> Answer:
    _known_group(call)
    raise Forbidden(message=FIXED)


def _known_group(call: Read) -> int:
    if not 1 <= call.id <= len(ROLES):
        # Documented so, where other resources say 404.
        raise Forbidden(message=NoResult(model="Group", id=call.id).detail)
    return call.id


def _as_column(value: object) -> object:
    """As rows carry it: true and false as 1 and 0, all as text."""
    return str(int(value)) if isinstance(value, bool | int) else value


@routes.get("/groupLimits")
async def list_group_limits(call: Read) -> Answer:
    """There are none: zeros stand for no limit."""
    numbers = range(1, len(ROLES) + 1)
    limits = ("limitMail", "limitContact", "limitList", "limitCampaign", "limitAttachment", "limitUser", "abuseRatio")
    rows = [
        {
            "groupid": str(number),
            **dict.fromkeys(limits, "0"),
            "limitMailType": "month",
            "limitCampaignType": "month",
            "forceSenderInfo": "0",
            "links": LIMIT_LINKS.of(call.base, number),
            "id": str(number),
            "group": str(number),
        }
        for number in cut(numbers, call.query)
    ]
    return Answer({"groupLimits": rows, "meta": meta(len(ROLES))})
