"""What became of batches of contacts that came in through the API."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx


@dataclass(frozen=True, slots=True)
class Batch:
    """Who was taken, by id, and who was not, by the address that was sent."""

    token: UUID
    contact_ids: list[int]
    failures: list[str]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Day:
    """How many batches, with how many contacts, came on a day."""

    day: date
    batch_count: int
    contact_count: int


async def find_batch(tx: ReadTx, token: UUID) -> Batch | None:
    return await tx.maybe(
        sql(
            """
            select token, contact_ids, failures, created_at from contacts.batch
            where workspace_id = {workspace} and token = {token}
            """,
            token=token,
        ),
        Batch,
    )


async def list_batch_days(tx: ReadTx) -> list[Day]:
    """The days with batches, the latest first."""
    return await tx.all(
        sql(
            """
            select (created_at at time zone 'UTC')::date as day, count(*) as batch_count,
                   sum(cardinality(contact_ids))::bigint as contact_count
            from contacts.batch where workspace_id = {workspace}
            group by 1 order by 1 desc limit 30
            """
        ),
        Day,
    )
