"""Who of the users looks after a contact."""

from __future__ import annotations

from waypost.activities.entries import insert_facts
from waypost.activities.types import Audience
from waypost.contacts.facts import OwnerChanged
from waypost.identity.queries import get_user
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx


async def assign_owner(tx: Tx, owner_id: int | None, who: Audience) -> int:
    """Give everyone in the set this owner (None takes it away); returns for how many that was a change."""
    if owner_id is not None:
        await get_user(tx, owner_id)
    count = await tx.value(
        sql(
            """
            with prior as materialized (
                select id, owner_id from contacts.contact
                where workspace_id = {workspace} and deleted_at is null
                  and owner_id is distinct from {owner_id}::bigint
                  and id in (select contact_id from ({who}) as who)
                order by id for update
            ),
            written as (
                update contacts.contact c set owner_id = {owner_id}::bigint, updated_at = {now}
                from prior where c.workspace_id = {workspace} and c.id = prior.id
                returning c.id, prior.owner_id as old
            ),
            logged as ({log})
            select count(*) from written
            """,
            who=who,
            owner_id=owner_id,
            log=insert_facts(
                tx,
                sql(
                    """
                    select id as contact_id, {kind} as kind, {owner_id}::bigint as object_id,
                           case when old is not null then jsonb_build_object('old', old) end as data
                    from written
                    """,
                    kind=OwnerChanged.kind,
                    owner_id=owner_id,
                ),
            ),
        )
    )
    if count:
        tx.wake("facts")
    return count
