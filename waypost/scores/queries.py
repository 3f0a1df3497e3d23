"""Scores, their rules, how contacts are spread over points, and what a contact's points are made of."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from waypost.kernel.page import Page, decode_cursor, page_of
from waypost.kernel.sql import TRUE, Sql, sql
from waypost.kernel.tx import ReadTx
from waypost.scores.errors import RuleNotFound, ScoreNotFound
from waypost.scores.types import Award, Bar, ContactScore, Rule, Score
from waypost.segments.words import describe_all

BARS = 12

_SCORE = sql(
    """
    s.id, s.name, s.description, s.is_active,
    (select count(*) from scores.rule r where r.workspace_id = s.workspace_id and r.score_id = s.id
       and r.deleted_at is null) as rule_count,
    coalesce(t.contact_count, 0) as contact_count, t.average_points,
    not exists (select 1 from scores.rule r where r.workspace_id = s.workspace_id and r.score_id = s.id
       and r.place is not null) as is_ready,
    s.created_at, s.updated_at
    """
)


async def list_scores(tx: ReadTx, *, only: Sql = TRUE) -> list[Score]:
    """All of them by name; there are few."""
    return await tx.all(
        sql(
            """
            select {columns} from scores.score s left join lateral (
                select count(*) as contact_count, avg(points)::float8 as average_points from scores.total t
                where t.workspace_id = s.workspace_id and t.score_id = s.id and t.points <> 0
            ) as t on true
            where s.workspace_id = {workspace} and s.deleted_at is null and {only} order by lower(s.name), s.id
            """,
            columns=_SCORE,
            only=only,
        ),
        Score,
    )


async def get_score(tx: ReadTx, score_id: int, *, pointer: str | None = None) -> Score:
    found = await list_scores(tx, only=sql("s.id = {id}", id=score_id))
    if not found:
        raise ScoreNotFound(score_id=score_id, pointer=pointer)
    return found[0]


_RULE = sql(
    """
    r.id, r.score_id, r.condition, r.points, r.lasts_days, r.place is null as is_ready, '' as sentence,
    (select count(*) from scores.award a where a.workspace_id = r.workspace_id and a.rule_id = r.id) as contact_count,
    r.created_at, r.updated_at
    """
)


async def list_rules(tx: ReadTx, score_id: int) -> list[Rule]:
    """In the order in which they were made, each with its condition in words."""
    return await _rules(tx, sql("r.score_id = {id} and r.deleted_at is null", id=score_id))


async def get_rule(tx: ReadTx, rule_id: int) -> Rule:
    found = await _rules(tx, sql("r.id = {id} and r.deleted_at is null", id=rule_id))
    if not found:
        raise RuleNotFound(rule_id=rule_id)
    return found[0]


async def _rules(tx: ReadTx, only: Sql) -> list[Rule]:
    rules = await tx.all(
        sql(
            "select {columns} from scores.rule r where r.workspace_id = {workspace} and {only} order by r.id",
            columns=_RULE,
            only=only,
        ),
        Rule,
    )
    words = await describe_all(tx, [rule.condition for rule in rules])
    return [replace(rule, sentence=text) for rule, text in zip(rules, words, strict=True)]


async def list_bars(tx: ReadTx, score_id: int) -> list[Bar]:
    """How contacts with points are spread, in bars of equal width."""
    rows = await tx.all(
        sql(
            """
            with spread as (
                select min(points) as low, greatest(1, ceil((max(points) - min(points) + 1) / {bars}::numeric))::bigint as step
                from scores.total where workspace_id = {workspace} and score_id = {score_id} and points <> 0
            )
            select low + (points - low) / step * step as low, low + (points - low) / step * step + step - 1 as high,
                   count(*) as count
            from scores.total, spread where workspace_id = {workspace} and score_id = {score_id} and points <> 0
            group by 1, 2 order by 1
            """,
            bars=BARS,
            score_id=score_id,
        )
    )
    return [Bar(**row) for row in rows]


async def list_contact_scores(tx: ReadTx, contact_id: int) -> list[ContactScore]:
    """Every score that counts, with the contact's points: none are zero."""
    return await tx.all(
        sql(
            """
            select s.id as score_id, s.name, coalesce(t.points, 0) as points, coalesce(t.changed_at, s.created_at) as changed_at
            from scores.score s left join scores.total t
              on t.workspace_id = s.workspace_id and t.score_id = s.id and t.contact_id = {contact_id}
            where s.workspace_id = {workspace} and s.deleted_at is null and s.is_active order by lower(s.name), s.id
            """,
            contact_id=contact_id,
        ),
        ContactScore,
    )


async def list_awards(
    tx: ReadTx, contact_id: int, *, score_id: int | None = None, limit: int = 50, after: str | None = None
) -> Page[Award]:
    """What a contact's points are made of, the newest first."""
    before = TRUE
    if after is not None:
        (last_id,) = decode_cursor(after, int)
        before = sql("a.id < {last_id}", last_id=last_id)
    rows = await tx.all(
        sql(
            """
            select a.id, a.score_id, a.rule_id, a.points, a.reason, a.given_at, a.expires_at, a.over_at, r.condition
            from scores.award a left join scores.rule r on r.workspace_id = a.workspace_id and r.id = a.rule_id
            where a.workspace_id = {workspace} and a.contact_id = {contact_id} and {which} and {before}
            order by a.id desc limit {limit}
            """,
            contact_id=contact_id,
            which=TRUE if score_id is None else sql("a.score_id = {score_id}", score_id=score_id),
            before=before,
            limit=limit + 1,
        )
    )
    page = page_of(rows, limit, lambda row: row["id"])
    conditions = [row["condition"] or {"match": "all", "conditions": []} for row in page.items]
    words = await describe_all(tx, conditions)
    awards = [
        msgspec.convert(
            {**{name: row[name] for name in Award.__dataclass_fields__ if name != "sentence"}, "sentence": text}, Award
        )
        for row, text in zip(
            page.items, [w if row["rule_id"] else "" for w, row in zip(words, page.items, strict=True)], strict=True
        )
    ]
    return Page(awards, page.next)
