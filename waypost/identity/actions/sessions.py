"""Signing in and out, with failures counted per address and per network."""

from __future__ import annotations

import secrets
from datetime import timedelta

from waypost.identity.errors import SignInRefused, TooManySignIns
from waypost.identity.queries import get_user, get_workspace
from waypost.identity.types import SignIn
from waypost.kernel.crypto import check_password, digest
from waypost.kernel.db import Database
from waypost.kernel.sql import sql
from waypost.kernel.tx import SYSTEM, ReadTx

LIFETIME = timedelta(days=14)
WINDOW = timedelta(minutes=15)
MOST_FAILURES = 10
# Many people share a network, so it takes more to close it.
MOST_NETWORK_FAILURES = 100
# Verified when the address is unknown, so that the answer takes as long as for a known one.
NO_ONE = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$5oFRtdeyYTUkJ2ZQ1n3qTBMcyIm3ZlCSzSCW7zZv6T4"


async def sign_in(db: Database, *, email: str, password: str, network: str) -> SignIn:
    """Open a session in the user's first workspace. Failures are counted even though the call fails."""
    address = email.strip().lower()
    subjects = [f"address:{address}", f"network:{network}"]
    async with db.read(0) as read:
        await _refuse_if_throttled(read, subjects)
        account = await read.maybe(
            sql(
                """
                select u.id, u.password_hash, m.workspace_id
                from identity.user_account u join identity.membership m on m.user_id = u.id
                where u.email = {email} order by m.workspace_id limit 1
                """,
                email=address,
            )
        )
    if not check_password(password, NO_ONE if account is None else account["password_hash"]) or account is None:
        await _count_failure(db, subjects)
        raise SignInRefused
    return await _open_session(db, account["id"], account["workspace_id"], subjects)


async def _open_session(db: Database, user_id: int, workspace_id: int, subjects: list[str]) -> SignIn:
    token, csrf_token = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
    async with db.transaction(workspace_id, actor=SYSTEM) as tx:
        expires_at = tx.now + LIFETIME
        await tx.run(
            sql(
                """
                insert into identity.session (digest, user_id, workspace_id, csrf_token, created_at, expires_at)
                values ({digest}, {user_id}, {workspace}, {csrf_token}, {now}, {expires_at})
                """,
                digest=digest(token),
                user_id=user_id,
                csrf_token=csrf_token,
                expires_at=expires_at,
            )
        )
        await tx.run(
            sql("delete from identity.sign_in_failure where subject = any({subjects}::text[])", subjects=subjects[:1])
        )
        return SignIn(token, csrf_token, expires_at, await get_user(tx, user_id), await get_workspace(tx))


async def _refuse_if_throttled(read: ReadTx, subjects: list[str]) -> None:
    oldest = await read.value(
        sql(
            """
            select max(window_started_at) from identity.sign_in_failure
            where subject = any({subjects}::text[])
              and failure_count >= case when subject like 'network:%' then {most_network} else {most} end
              and window_started_at > {since}
            """,
            subjects=subjects,
            most=MOST_FAILURES,
            most_network=MOST_NETWORK_FAILURES,
            since=read.now - WINDOW,
        )
    )
    if oldest is not None:
        raise TooManySignIns(retry_seconds=int((oldest + WINDOW - read.now).total_seconds()) + 1)


async def _count_failure(db: Database, subjects: list[str]) -> None:
    async with db.transaction(0) as tx:
        await tx.run(
            sql(
                """
                insert into identity.sign_in_failure as f (subject, failure_count, window_started_at)
                select subject, 1, {now} from unnest({subjects}::text[]) as subject
                on conflict (subject) do update set
                    failure_count = case when f.window_started_at > {since} then f.failure_count + 1 else 1 end,
                    window_started_at = case when f.window_started_at > {since}
                                             then f.window_started_at else excluded.window_started_at end
                """,
                subjects=sorted(subjects),
                since=tx.now - WINDOW,
            )
        )


async def sign_out(db: Database, token: str) -> None:
    async with db.transaction(0) as tx:
        await tx.run(sql("delete from identity.session where digest = {digest}", digest=digest(token)))


async def delete_expired_sessions(db: Database) -> int:
    """Housekeeping: sessions past their time and failures outside the window."""
    async with db.transaction(0) as tx:
        await tx.run(
            sql("delete from identity.sign_in_failure where window_started_at < {since}", since=tx.now - WINDOW)
        )
        return await tx.run(sql("delete from identity.session where expires_at < {now}"))
