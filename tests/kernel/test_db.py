"""Transactions: what they begin with goes with them."""

from __future__ import annotations

from waypost.kernel.db import KEPT_PLANS, Database
from waypost.kernel.sql import sql

MODE = sql("select current_setting('plan_cache_mode')")


async def test_a_transaction_begins_with_settings_of_its_own(db: Database) -> None:
    async with db.transaction(0, opening=KEPT_PLANS) as tx:
        assert await tx.value(MODE) == "force_generic_plan"
        async with tx.conn.transaction():
            assert await tx.value(MODE) == "force_generic_plan"


async def test_settings_of_a_transaction_end_with_it(db: Database) -> None:
    async with db.pool.acquire() as conn:
        before = await conn.fetchval("select current_setting('plan_cache_mode')")
        async with conn.transaction(opening=KEPT_PLANS):  # pyright: ignore[reportCallIssue]
            assert await conn.fetchval("select current_setting('plan_cache_mode')") == "force_generic_plan"
        assert await conn.fetchval("select current_setting('plan_cache_mode')") == before
        async with conn.transaction():
            assert await conn.fetchval("select current_setting('plan_cache_mode')") == before
