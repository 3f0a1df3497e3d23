"""Time that passes at once, by moving the times kept in the database."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import asyncpg

from tests.browser.conftest import Site


def let_time_pass(site: Site, automation_id: int) -> None:
    """Whatever contacts wait for by time is over."""
    move_clocks(
        site,
        "update automations.enrollment set due_at = now(), deadline = case when deadline is not null then now() end "
        "where automation_id = $1 and state in (0, 1) and due_at is not null",
        automation_id,
    )


def let_mail_lie(site: Site, email: str) -> None:
    """Mail has been with its recipient for an hour: who reads it now is in no scanner's haste."""
    move_clocks(site, "update delivery.ledger set sent_at = now() - interval '1 hour' where email = $1", email)


def move_clocks(site: Site, statement: str, value: object) -> None:
    """In a thread of its own, because Playwright's loop runs in this one."""

    async def move() -> None:
        conn = await asyncpg.connect(site.dsn)
        await conn.execute(statement, value)
        await conn.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, move()).result()
