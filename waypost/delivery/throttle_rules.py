"""Limits, quiet hours and frequency caps of a workspace: kept, changed, and applied to a claimed batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from waypost.contacts.queries.places import list_zones
from waypost.delivery.relays import get_relay
from waypost.delivery.senders import get_sender_by_id
from waypost.delivery.throttle import (
    ANY_DOMAIN,
    DOMAIN,
    HELD,
    RELAY,
    SENDER,
    WORKSPACE,
    Candidate,
    Hold,
    Judge,
    Limit,
    Quota,
    Rules,
    window_of,
)
from waypost.delivery.warmup import WarmUp
from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx, Tx

_LIMIT_COLUMNS = sql(
    "scope, key, per_second, per_hour, per_day, warm_up_from, warm_up_first, warm_up_growth, warm_up_until"
)


@dataclass(frozen=True, slots=True)
class SendingRule:
    """When and how often contacts are mailed."""

    quiet_from: time | None
    quiet_until: time | None
    cap_count: int | None
    cap_days: int | None
    cap_skips: bool


async def get_rule(tx: ReadTx) -> SendingRule:
    found = await tx.maybe(
        sql(
            """
            select quiet_from, quiet_until, cap_count, cap_days, cap_skips
            from delivery.sending_rule where workspace_id = {workspace}
            """
        ),
        SendingRule,
    )
    return found or SendingRule(None, None, None, None, cap_skips=False)


async def save_rule(tx: Tx, rule: SendingRule) -> SendingRule:
    await tx.run(
        sql(
            """
            insert into delivery.sending_rule
                (workspace_id, quiet_from, quiet_until, cap_count, cap_days, cap_skips, updated_at)
            values ({workspace}, {quiet_from}::time, {quiet_until}::time, {cap_count}::bigint, {cap_days}::bigint,
                    {cap_skips}, {now})
            on conflict (workspace_id) do update set quiet_from = excluded.quiet_from,
                quiet_until = excluded.quiet_until, cap_count = excluded.cap_count, cap_days = excluded.cap_days,
                cap_skips = excluded.cap_skips, updated_at = excluded.updated_at
            """,
            quiet_from=rule.quiet_from,
            quiet_until=rule.quiet_until,
            cap_count=rule.cap_count,
            cap_days=rule.cap_days,
            cap_skips=rule.cap_skips,
        )
    )
    return rule


def _limit(row: Any) -> Limit:
    warm_up = None
    if row["warm_up_from"] is not None:
        warm_up = WarmUp(row["warm_up_from"], row["warm_up_first"], row["warm_up_growth"], row["warm_up_until"])
    return Limit(row["scope"], row["key"], row["per_second"], row["per_hour"], row["per_day"], warm_up)


async def list_limits(tx: ReadTx) -> Sequence[Limit]:
    rows = await tx.all(
        sql(
            "select {columns} from delivery.throttle where workspace_id = {workspace} order by scope, key",
            columns=_LIMIT_COLUMNS,
        )
    )
    return [_limit(row) for row in rows]


async def save_limit(tx: Tx, limit: Limit) -> Limit:
    """Set a limit of something that is there; one without any number goes. The rule's row is what claims lock, so it is made here too."""
    await _check_key(tx, limit)
    warm = limit.warm_up
    if not limit.windows:
        await tx.run(
            sql(
                "delete from delivery.throttle where workspace_id = {workspace} and scope = {scope} and key = {key}",
                scope=limit.scope,
                key=limit.key,
            )
        )
    else:
        await tx.run(
            sql(
                """
                insert into delivery.throttle (workspace_id, scope, key, per_second, per_hour, per_day, warm_up_from,
                    warm_up_first, warm_up_growth, warm_up_until, updated_at)
                values ({workspace}, {scope}, {key}, {per_second}::bigint, {per_hour}::bigint, {per_day}::bigint,
                    {starts_on}::date, {first}::bigint, {growth}::bigint, {until}::bigint, {now})
                on conflict (workspace_id, scope, key) do update set per_second = excluded.per_second,
                    per_hour = excluded.per_hour, per_day = excluded.per_day, warm_up_from = excluded.warm_up_from,
                    warm_up_first = excluded.warm_up_first, warm_up_growth = excluded.warm_up_growth,
                    warm_up_until = excluded.warm_up_until, updated_at = excluded.updated_at
                """,
                scope=limit.scope,
                key=limit.key,
                per_second=limit.per_second,
                per_hour=limit.per_hour,
                per_day=limit.per_day,
                starts_on=warm.starts_on if warm else None,
                first=warm.first if warm else None,
                growth=warm.growth if warm else None,
                until=warm.until if warm else None,
            )
        )
    await tx.run(
        sql(
            """
            insert into delivery.sending_rule (workspace_id, cap_skips, updated_at)
            values ({workspace}, false, {now}) on conflict do nothing
            """
        )
    )
    return limit


async def _check_key(tx: ReadTx, limit: Limit) -> None:
    if limit.scope == RELAY:
        await get_relay(tx, int(limit.key))
    elif limit.scope == SENDER:
        await get_sender_by_id(tx, int(limit.key))


async def list_usage(tx: ReadTx) -> dict[tuple[int, str, int], int]:
    """How many have gone out in the windows that are open now, by (scope, key, seconds)."""
    zone = await _zone(tx)
    rows = await tx.all(
        sql(
            """
            select q.scope, q.key, q.seconds, q.window_number, q.used from delivery.quota q
            join delivery.throttle t on t.workspace_id = {workspace} and t.scope = q.scope and t.key = q.key
            where q.workspace_id = {workspace}
            """
        )
    )
    return {
        (row["scope"], row["key"], row["seconds"]): row["used"]
        for row in rows
        if row["window_number"] == window_of(row["seconds"], tx.now, zone)
    }


async def _zone(tx: ReadTx) -> ZoneInfo:
    return ZoneInfo(await tx.value(sql("select time_zone from identity.workspace where id = {workspace}")))


async def find_today(tx: ReadTx) -> date:
    """The date by the workspace's clock."""
    return tx.now.astimezone(await _zone(tx)).date()


async def lock_rules(tx: Tx) -> Rules | None:
    """What is laid down, with the lock under which batches are claimed one after the other; None when nothing is."""
    row = await tx.maybe(
        sql(
            """
            select r.quiet_from, r.quiet_until, r.cap_count, r.cap_days, r.cap_skips,
                   (select time_zone from identity.workspace where id = {workspace}) as time_zone
            from delivery.sending_rule r where r.workspace_id = {workspace} for no key update of r
            """
        )
    )
    if row is None:
        return None
    limits = {(limit.scope, limit.key): limit for limit in await list_limits(tx)}
    quiet = None if row["quiet_from"] is None else (row["quiet_from"], row["quiet_until"])
    cap = None if row["cap_count"] is None else (row["cap_count"], row["cap_days"])
    if not limits and quiet is None and cap is None:
        return None
    return Rules(ZoneInfo(row["time_zone"]), quiet, cap, row["cap_skips"], limits)


def limit_keys(rules: Rules, *, way: int, sender_id: int | None, email: str) -> list[tuple[int, str]]:
    """The limits that a message falls under."""
    domain = email.rpartition("@")[2].lower()
    wanted = [(WORKSPACE, ""), (RELAY, str(way)), (SENDER, str(sender_id))]
    keys = [key for key in wanted if key in rules.limits]
    if (DOMAIN, domain) in rules.limits or (DOMAIN, ANY_DOMAIN) in rules.limits:
        keys.append((DOMAIN, domain))
    return keys


async def hold_back(tx: Tx, rules: Rules, candidates: Sequence[Candidate]) -> dict[int, Hold]:
    """Those of the batch who must wait or are left out; what the others use up is counted."""
    quotas = await _load_quotas(tx, rules, {key for candidate in candidates for key in candidate.keys})
    mailed = await _list_mailed(tx, rules, candidates)
    held = Judge(rules, tx.now, quotas, mailed, await _list_own_zones(tx, rules, candidates)).decide(candidates)
    await _save_quotas(tx, quotas)
    return held


async def _list_own_zones(tx: Tx, rules: Rules, candidates: Sequence[Candidate]) -> dict[int, ZoneInfo]:
    if rules.quiet is None:
        return {}
    zones = await list_zones(tx, [item.contact_id for item in candidates if item.contact_id is not None])
    return {contact_id: zone for zone, contact_ids in zones.items() for contact_id in contact_ids}


async def _load_quotas(tx: Tx, rules: Rules, keys: set[tuple[int, str]]) -> dict[tuple[int, str, int], Quota]:
    quotas: dict[tuple[int, str, int], Quota] = {}
    for scope, key in sorted(keys):
        limit = rules.limits.get((scope, key)) or rules.limits[(DOMAIN, ANY_DOMAIN)]
        for seconds in limit.windows:
            quotas[(scope, key, seconds)] = Quota(limit, seconds, window_of(seconds, tx.now, rules.zone))
    if not quotas:
        return quotas
    scopes, names, _ = zip(*quotas, strict=True)
    rows = await tx.all(
        sql(
            """
            select q.scope, q.key, q.seconds, q.window_number, q.used, q.planned_window, q.planned
            from (select distinct * from unnest({scopes}::smallint[], {keys}::text[]) as u (scope, key)) as given
            join delivery.quota q on q.workspace_id = {workspace} and q.scope = given.scope and q.key = given.key
            """,
            scopes=list(scopes),
            keys=list(names),
        )
    )
    for row in rows:
        quota = quotas.get((row["scope"], row["key"], row["seconds"]))
        if quota is not None:
            quota.used = row["used"] if row["window_number"] == quota.window else 0
            quota.planned_window, quota.planned = row["planned_window"], row["planned"]
    return quotas


async def _save_quotas(tx: Tx, quotas: dict[tuple[int, str, int], Quota]) -> None:
    if not quotas:
        return
    ordered = sorted(quotas.items())
    await tx.run(
        sql(
            """
            insert into delivery.quota
                (workspace_id, scope, key, seconds, window_number, used, planned_window, planned)
            select {workspace}, * from unnest({scopes}::smallint[], {keys}::text[], {seconds}::bigint[],
                {windows}::bigint[], {used}::bigint[], {planned_windows}::bigint[], {planned}::bigint[])
            on conflict (workspace_id, scope, key, seconds) do update set window_number = excluded.window_number,
                used = excluded.used, planned_window = excluded.planned_window, planned = excluded.planned
            """,
            scopes=[key[0] for key, _ in ordered],
            keys=[key[1] for key, _ in ordered],
            seconds=[key[2] for key, _ in ordered],
            windows=[quota.window for _, quota in ordered],
            used=[quota.used for _, quota in ordered],
            planned_windows=[quota.planned_window for _, quota in ordered],
            planned=[quota.planned for _, quota in ordered],
        )
    )


async def _list_mailed(tx: Tx, rules: Rules, candidates: Sequence[Candidate]) -> dict[int, list[datetime]]:
    """When each contact was mailed within the cap's days; what other workers have under way counts as now."""
    if rules.cap is None:
        return {}
    contact_ids = {item.contact_id for item in candidates if item.contact_id is not None and not item.is_exempt}
    mailed: dict[int, list[datetime]] = {contact_id: [] for contact_id in contact_ids}
    rows = await tx.all(
        sql(
            """
            select l.contact_id, l.id, coalesce(l.sent_at, {now}) as at
            from unnest({contact_ids}::bigint[]) as given (contact_id)
            join delivery.ledger l on l.workspace_id = {workspace} and l.contact_id = given.contact_id
            where l.source_kind in (1, 2)
              and (l.state = 1 or (l.state = 2 and l.sent_at > {since}))
            order by at
            """,
            contact_ids=sorted(contact_ids),
            since=tx.now - timedelta(days=rules.cap[1]),
        )
    )
    own = {item.id for item in candidates}
    for row in rows:
        if row["id"] not in own:
            mailed[row["contact_id"]].append(row["at"])
    return mailed


async def release_held(tx: Tx, limit: int = 10_000) -> int:
    """Let messages that a rule holds back be judged anew, so many at a time; how many those were."""
    await tx.run(sql("update delivery.quota set planned_window = 0, planned = 0 where workspace_id = {workspace}"))
    count = await tx.run(
        sql(
            """
            update delivery.ledger l set due_at = {now}
            from (
                select h.id from delivery.ledger h
                where h.workspace_id = {workspace} and h.state = 0 and h.due_at > {now} and h.due_at < {far}
                  and h.smtp_code is null
                  and h.smtp_reply like {held}
                order by h.id limit {limit} for update skip locked
            ) as held
            where l.workspace_id = {workspace} and l.id = held.id
            """,
            held=HELD + "%",
            far=tx.now + timedelta(days=10_000),
            limit=limit,
        )
    )
    if count:
        tx.wake("delivery")
    return count
