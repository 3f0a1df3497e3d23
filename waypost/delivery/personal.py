"""What becomes of sent messages and suppressed addresses when contacts are merged or erased.

Totals count ledger rows, so these stay and name nobody. An address that must not be mailed is kept as a
hash, so that it is not mailed either when the same person is brought in again.
"""

from __future__ import annotations

from waypost.delivery.refusal import hashed
from waypost.delivery.types import Reason
from waypost.kernel.registry import Personal
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx


async def settle_addresses(tx: Tx, pairs: Sql) -> None:
    """Forget the addresses of the erased, but not that they must not be mailed."""
    gone = sql(
        """
        select c.id, c.email, t.lists from contacts.contact c
        join ({pairs}) as pairs on pairs.contact_id = c.id and pairs.survivor_id is null
        left join contacts.trash t on t.workspace_id = {workspace} and t.contact_id = c.id
        where c.workspace_id = {workspace} and c.email is not null
        """,
        pairs=pairs,
    )
    await tx.run(
        sql(
            """
            with gone as materialized ({gone}),
            known as (
                delete from delivery.suppression s using gone
                where s.workspace_id = {workspace} and s.address = gone.email and not exists (
                    select 1 from contacts.contact o where o.workspace_id = {workspace}
                      and o.email = gone.email and o.deleted_at is null)
                returning s.address, s.reason, s.created_at
            )
            insert into delivery.suppression (workspace_id, address, reason, created_at)
            select {workspace}, {hash}, reason, created_at from (
                select address, reason, created_at from known
                union all
                select email, {unsubscribed}::smallint, {now} from gone
                where exists (select 1 from jsonb_to_recordset(gone.lists) as l (status smallint) where l.status in (2, 3))
                  and email not in (select address from known)
            ) as kept order by address
            on conflict do nothing
            """,
            gone=gone,
            hash=hashed(sql("kept.address")),
            unsubscribed=int(Reason.UNSUBSCRIBED),
        )
    )
    await tx.run(
        sql(
            """
            delete from delivery.mailbox m
            where m.workspace_id = {workspace} and m.rcpt_to && (select array_agg(email) from ({gone}) as gone)::text[]
            """,
            gone=gone,
        )
    )


PERSONAL = (
    Personal(
        "delivery.ledger",
        blank=sql(
            """
            contact_id = null, email = '', smtp_reply = null, state = case when state = 0 then 4 else state end
            """
        ),
        settle=settle_addresses,
    ),
    Personal("delivery.notice"),
)
