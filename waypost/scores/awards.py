"""Giving points and taking them back: for a set of contacts, one statement for awards, totals and facts.

A rule gives to a contact once, which a unique index sees to: giving again, after a crash or because two facts came
together, changes nothing. Whoever takes points back changes the rows first, under their locks, and the totals by what
was really changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from waypost.activities.entries import insert_facts
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx
from waypost.scores.facts import ScoreChanged

BATCH = 20_000


async def give(tx: Tx, rule_id: int, score_id: int, points: int, lasts_until: datetime | None, who: Sql) -> int:
    """The rule's points to everyone `who` yields (contact_id) and who has not had them; returns how many got them."""
    return await _change(
        tx,
        sql(
            """
            insert into scores.award
                (workspace_id, contact_id, score_id, rule_id, points, actor_kind, actor_id, given_at, expires_at)
            select {workspace}, c.id, {score_id}, {rule_id}, {points}::integer, {actor_kind}, {actor_id}::bigint, {now},
                   {expires_at}::timestamptz
            from contacts.contact c
            where c.workspace_id = {workspace} and c.deleted_at is null and c.id in (select contact_id from ({who}) as who)
            order by c.id
            on conflict (workspace_id, rule_id, contact_id) where rule_id is not null do nothing
            returning contact_id, score_id, points as change
            """,
            score_id=score_id,
            rule_id=rule_id,
            points=points,
            actor_kind=tx.actor.number,
            actor_id=tx.actor.id,
            expires_at=lasts_until,
            who=who,
        ),
    )


async def adjust(
    tx: Tx, score_id: int, contact_ids: Sequence[int], points: int, *, is_target: bool = False, reason: str = ""
) -> int:
    """So many points more or less for these contacts; as a target, what is missing to it. Returns how many changed."""
    change = sql(
        """
        {points}::integer - coalesce((select t.points from scores.total t where t.workspace_id = {workspace}
            and t.contact_id = c.id and t.score_id = {score_id}), 0)::integer
        """,
        points=points,
        score_id=score_id,
    )
    return await _change(
        tx,
        sql(
            """
            insert into scores.award
                (workspace_id, contact_id, score_id, points, reason, actor_kind, actor_id, given_at)
            select {workspace}, id, {score_id}, change, {reason}, {actor_kind}, {actor_id}::bigint, {now}
            from (
                select c.id, {change} as change from contacts.contact c
                where c.workspace_id = {workspace} and c.id = any({ids}::bigint[]) and c.deleted_at is null
                order by c.id for update
            ) as given where change <> 0
            returning contact_id, score_id, points as change
            """,
            score_id=score_id,
            change=change if is_target else sql("{points}::integer", points=points),
            reason=reason,
            actor_kind=tx.actor.number,
            actor_id=tx.actor.id,
            ids=list(contact_ids),
        ),
    )


async def run_out(tx: Tx, *, limit: int = BATCH) -> int:
    """Points whose time is over count no more; returns how many awards that were."""
    return await _change(
        tx,
        sql(
            """
            update scores.award a set over_at = {now}
            from (
                select contact_id, id from scores.award
                where workspace_id = {workspace} and expires_at <= {now} and over_at is null
                order by contact_id, id limit {limit} for update skip locked
            ) as due
            where a.workspace_id = {workspace} and a.contact_id = due.contact_id and a.id = due.id
            returning a.contact_id, a.score_id, -a.points as change
            """,
            limit=limit,
        ),
    )


async def take_back(tx: Tx, which: Sql, *, limit: int = BATCH) -> int:
    """Remove awards that meet the predicate over `award`; returns how many of at most `limit` there were."""
    return await _change(
        tx,
        sql(
            """
            delete from scores.award a using (
                select contact_id, id from scores.award
                where workspace_id = {workspace} and {which} order by contact_id, id limit {limit} for update
            ) as gone
            where a.workspace_id = {workspace} and a.contact_id = gone.contact_id and a.id = gone.id
            returning a.contact_id, a.score_id, case when a.over_at is null then -a.points else 0 end as change
            """,
            which=which,
            limit=limit,
        ),
    )


async def _change(tx: Tx, awards: Sql) -> int:
    """Write awards, which yield contact_id, score_id and change, add them to the totals, and tell the contacts."""
    row = await tx.one(
        sql(
            """
            with awards as ({awards}),
            sums as (
                select contact_id, score_id, sum(change)::bigint as change from awards
                group by contact_id, score_id having sum(change) <> 0
            ),
            moved as (
                insert into scores.total as t (workspace_id, contact_id, score_id, points, changed_at)
                select {workspace}, contact_id, score_id, change, {now} from sums order by contact_id, score_id
                on conflict (workspace_id, contact_id, score_id)
                do update set points = t.points + excluded.points, changed_at = excluded.changed_at
                returning contact_id, score_id, points
            ),
            logged as ({log})
            select (select count(*) from awards) as awards, (select count(*) from moved) as moved
            """,
            awards=awards,
            log=insert_facts(
                tx,
                sql(
                    """
                    select m.contact_id, {kind}::smallint as kind, m.score_id as object_id,
                           jsonb_build_object('old', m.points - s.change, 'new', m.points) as data
                    from moved m join sums s using (contact_id, score_id)
                    """,
                    kind=ScoreChanged.kind,
                ),
            ),
        )
    )
    if row["moved"]:
        tx.wake("facts")
    return row["awards"]
