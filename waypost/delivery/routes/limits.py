"""Limits, warm-up plans, quiet hours and frequency caps over HTTP."""

from __future__ import annotations

from litestar import get, put

from waypost.delivery.schemas.limits import LimitBody, LimitList, LimitOut, RuleBody, RuleOut
from waypost.delivery.throttle_jobs import ReleaseHeld
from waypost.delivery.throttle_rules import find_today, get_rule, list_limits, list_usage, save_limit, save_rule
from waypost.kernel.http.auth import Role, at_least
from waypost.kernel.tx import ReadTx, Tx

ADMIN = [at_least(Role.ADMIN)]


@get("/api/v1/sending-limits")
async def read_limits(read: ReadTx) -> LimitList:
    used, day = await list_usage(read), await find_today(read)
    return LimitList(items=[LimitOut.of(limit, used, day) for limit in await list_limits(read)])


@put("/api/v1/sending-limits", guards=ADMIN)
async def change_limit(data: LimitBody, tx: Tx) -> LimitOut:
    limit = await save_limit(tx, data.limit())
    await tx.enqueue(ReleaseHeld())
    return LimitOut.of(limit, await list_usage(tx), await find_today(tx))


@get("/api/v1/sending-rules")
async def read_rules(read: ReadTx) -> RuleOut:
    return RuleOut.of(await get_rule(read))


@put("/api/v1/sending-rules", guards=ADMIN)
async def change_rules(data: RuleBody, tx: Tx) -> RuleOut:
    rule = await save_rule(tx, data.rule())
    await tx.enqueue(ReleaseHeld())
    return RuleOut.of(rule)


ROUTES = (read_limits, change_limit, read_rules, change_rules)
