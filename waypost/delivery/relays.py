"""Relays: mail servers with their credentials (sealed), and the breaker that leaves a failing one alone.

closed --the way is blocked--> open (15 s, doubled each time, at most 15 min) --time is up--> tried again
   ^                                                                                |
   +---------------------------------- a message goes through ----------------------+
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from waypost.delivery.channels.relay import Relay
from waypost.delivery.errors import RelayNotFound
from waypost.delivery.types import RelayServer
from waypost.kernel.config import Settings
from waypost.kernel.crypto import seal, unseal
from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx, Tx

FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(minutes=15)
_PURPOSE = "relay password"
_COLUMNS = sql(
    """
    id, name, host, port, security, username, sealed_password, weight, domains, connections, signs, is_enabled,
    failures, open_until, problem, problem_at, created_at, updated_at
    """
)


async def list_relays(tx: ReadTx) -> Sequence[RelayServer]:
    return await tx.all(
        sql("select {columns} from delivery.relay where workspace_id = {workspace} order by id", columns=_COLUMNS),
        RelayServer,
    )


async def get_relay(tx: ReadTx, relay_id: int) -> RelayServer:
    statement = sql(
        "select {columns} from delivery.relay where workspace_id = {workspace} and id = {id}",
        columns=_COLUMNS,
        id=relay_id,
    )
    found = await tx.maybe(statement, RelayServer)
    if found is None:
        raise RelayNotFound(relay_id=relay_id)
    return found


def connection_of(settings: Settings, relay: RelayServer) -> Relay:
    """Where to and how, with the password opened."""
    password = unseal(settings, relay.sealed_password, purpose=_PURPOSE).decode() if relay.sealed_password else ""
    return Relay(relay.host, relay.port, relay.security, relay.username, password)


async def save_relay(tx: Tx, relay_id: int | None, values: dict[str, Any]) -> RelayServer:
    """A new relay, or one changed; a password is sealed, and kept where none is given."""
    before = None if relay_id is None else await get_relay(tx, relay_id)
    after: dict[str, Any] = {name: getattr(before, name) for name in _CHANGEABLE} if before else {}
    after |= {name: value for name, value in values.items() if name != "password"}
    after["domains"] = sorted({domain.strip().lower() for domain in after["domains"] if domain.strip()})
    if values.get("password") is not None:
        password = values["password"]
        after["sealed_password"] = seal(tx.settings, password.encode(), purpose=_PURPOSE) if password else ""
    after.setdefault("sealed_password", "")
    if before is None:
        return await tx.one(
            sql(
                """
                insert into delivery.relay (workspace_id, name, host, port, security, username, sealed_password,
                    weight, domains, connections, signs, is_enabled, created_at, updated_at)
                values ({workspace}, {name}, {host}, {port}, {security}, {username}, {sealed_password},
                    {weight}, {domains}::text[], {connections}, {signs}, {is_enabled}, {now}, {now})
                returning {columns}
                """,
                columns=_COLUMNS,
                **after,
            ),
            RelayServer,
        )
    return await tx.one(
        sql(
            """
            update delivery.relay
            set name = {name}, host = {host}, port = {port}, security = {security}, username = {username},
                sealed_password = {sealed_password}, weight = {weight}, domains = {domains}::text[],
                connections = {connections}, signs = {signs}, is_enabled = {is_enabled},
                failures = 0, open_until = null, updated_at = {now}
            where workspace_id = {workspace} and id = {id} returning {columns}
            """,
            columns=_COLUMNS,
            id=relay_id,
            **after,
        ),
        RelayServer,
    )


_CHANGEABLE = (
    "name", "host", "port", "security", "username", "sealed_password", "weight", "domains", "connections", "signs",
    "is_enabled",
)  # fmt: skip


async def delete_relay(tx: Tx, relay_id: int) -> None:
    """Senders that used it go by any other."""
    await get_relay(tx, relay_id)
    await tx.run(
        sql(
            "update delivery.sender set relay_id = null where workspace_id = {workspace} and relay_id = {id}",
            id=relay_id,
        )
    )
    await tx.run(sql("delete from delivery.relay where workspace_id = {workspace} and id = {id}", id=relay_id))
    await tx.run(
        sql(
            "delete from delivery.throttle where workspace_id = {workspace} and scope = 2 and key = {key}",
            key=str(relay_id),
        )
    )


async def note_blocked(tx: Tx, relay_id: int, reason: str) -> None:
    """Open the breaker; several workers that see the same failure open it once."""
    await tx.run(
        sql(
            """
            update delivery.relay
            set failures = failures + 1, problem = {reason}, problem_at = {now},
                open_until = {now} + least({longest}, {first} * power(2, least(failures, 10)))
            where workspace_id = {workspace} and id = {id} and (open_until is null or open_until <= {now})
            """,
            id=relay_id,
            reason=reason[:500],
            first=FIRST_PAUSE,
            longest=LONGEST_PAUSE,
        )
    )


async def note_working(tx: Tx, relay_id: int) -> None:
    await tx.run(
        sql(
            """
            update delivery.relay set failures = 0, open_until = null
            where workspace_id = {workspace} and id = {id} and failures > 0
            """,
            id=relay_id,
        )
    )


def is_open(relay: RelayServer, now: datetime) -> bool:
    """Whether the breaker keeps mail away from it."""
    return relay.open_until is not None and relay.open_until > now
