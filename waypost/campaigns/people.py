"""Whom a campaign means, as a test on a contact's id, and how many that is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from waypost.campaigns.types import CampaignAudience
from waypost.contacts.dates import DATE_TYPES
from waypost.delivery.engaged import OPENED
from waypost.delivery.refusal import refusal
from waypost.delivery.types import SourceKind
from waypost.kernel.errors import Invalid, Problem, invalid
from waypost.kernel.sql import FALSE, TRUE, Sql, and_, not_, or_, sql
from waypost.kernel.tx import ReadTx
from waypost.segments.queries import build_predicate, in_time

NOUNS = {"list": sql("contacts.list"), "segment": sql("segments.segment")}


async def check_audience(tx: ReadTx, audience: CampaignAudience) -> None:
    """Everything it names is there."""
    problems: list[Problem] = []
    for name, noun in (
        ("list_ids", "list"),
        ("exclude_list_ids", "list"),
        ("segment_ids", "segment"),
        ("exclude_segment_ids", "segment"),
    ):
        given: Sequence[int] = getattr(audience, name)
        if not given:
            continue
        # lint: no-row-loops because there are four kinds
        found = await tx.value(
            sql(
                "select coalesce(array_agg(id), '{{}}') from {table} where workspace_id = {workspace} and id = any({ids})",
                table=NOUNS[noun],
                ids=list(given),
            )
        )
        lost = sorted(set(given) - set(found))
        problems += [Problem(f"/audience/{name}", f"There is no {noun} {item}.", "missing") for item in lost]
    if problems:
        raise Invalid(problems)


async def check_date_field(tx: ReadTx, field_id: int) -> None:
    """A field of contacts that holds a date."""
    kind = await tx.value(
        sql("select type from contacts.field where workspace_id = {workspace} and id = {id}", id=field_id)
    )
    if kind is None:
        raise invalid("/timing/field_id", f"There is no field {field_id}.", "missing")
    if kind not in DATE_TYPES:
        raise invalid("/timing/field_id", "Choose a field that holds a date.")


def _on_list(ids: Sequence[int]) -> Sql:
    if not ids:
        return FALSE
    return sql(
        """
        exists (select 1 from contacts.subscription s where s.workspace_id = {workspace} and s.contact_id = c.id
                  and s.status = 1 and s.list_id = any({ids}::bigint[]))
        """,
        ids=list(ids),
    )


async def _in_segment(tx: ReadTx, ids: Sequence[int]) -> Sql:
    if not ids:
        return FALSE
    leaves: list[dict[str, Any]] = [{"type": "in_segment", "params": {"segment_id": number}} for number in ids]
    return await build_predicate(tx, {"match": "any", "conditions": leaves}, sql("c.id"))


def _left_unopened(campaign_id: int | None) -> Sql:
    if campaign_id is None:
        return FALSE
    return sql(
        """
        exists (select 1 from campaigns.variant v join delivery.ledger l
                  on l.workspace_id = v.workspace_id and l.message_id = v.sent_message_id and l.contact_id = c.id
                where v.workspace_id = {workspace} and v.campaign_id = {campaign_id} and l.source_kind = {kind}
                  and l.source_id = v.campaign_id and l.state = 2 and not {opened})
        """,
        campaign_id=campaign_id,
        kind=int(SourceKind.CAMPAIGN),
        opened=OPENED,
    )


async def belongs(tx: ReadTx, audience: CampaignAudience) -> Sql:
    """Whether contact `c` is meant."""
    wanted = TRUE
    if not audience.everyone:
        wanted = or_(
            _on_list(audience.list_ids),
            await _in_segment(tx, audience.segment_ids),
            _left_unopened(audience.unopened_campaign_id),
        )
    unwanted = or_(_on_list(audience.exclude_list_ids), await _in_segment(tx, audience.exclude_segment_ids))
    return and_(sql("c.deleted_at is null"), wanted, not_(unwanted))


async def count_audience(tx: ReadTx, audience: CampaignAudience) -> dict[str, int]:
    """How many are meant now, and how many of them may be mailed."""
    await check_audience(tx, audience)
    if audience.is_empty:
        return {"count": 0, "reachable": 0}
    where = await belongs(tx, audience)
    async with in_time():
        row = await tx.one(
            sql(
                """
                select count(*) as count, count(*) filter (where {reason} is null) as reachable
                from contacts.contact c where c.workspace_id = {workspace} and {where}
                """,
                where=where,
                reason=refusal(contact_id=sql("c.id"), email=sql("c.email")),
            )
        )
    return {"count": row["count"], "reachable": row["reachable"]}
