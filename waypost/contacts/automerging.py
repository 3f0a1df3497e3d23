"""Duplicates that are merged without asking, by the workspace's rules; each can be undone.

The older contact stays, with the newest value of everything. Two who share a phone number are merged only
where their names do not contradict each other, since families and offices share numbers too.
"""

from __future__ import annotations

from dataclasses import dataclass

from waypost.contacts.duplicates import Reason
from waypost.contacts.merging import merge_contacts
from waypost.kernel.sql import FALSE, Sql, or_, sql
from waypost.kernel.tx import ReadTx, Tx

CHUNK = 50


@dataclass(frozen=True, slots=True)
class MergeRules:
    """Which duplicates become one by themselves: the same mailbox written in two ways, the same phone number."""

    merges_same_mailbox: bool = False
    merges_same_phone: bool = False


async def get_rules(tx: ReadTx) -> MergeRules:
    found = await tx.maybe(
        sql("select merges_same_mailbox, merges_same_phone from contacts.merge_rules where workspace_id = {workspace}"),
        MergeRules,
    )
    return found or MergeRules()


async def set_rules(tx: Tx, rules: MergeRules) -> MergeRules:
    await tx.run(
        sql(
            """
            insert into contacts.merge_rules (workspace_id, merges_same_mailbox, merges_same_phone, updated_at)
            values ({workspace}, {mailbox}, {phone}, {now})
            on conflict (workspace_id) do update set merges_same_mailbox = excluded.merges_same_mailbox,
                merges_same_phone = excluded.merges_same_phone, updated_at = excluded.updated_at
            """,
            mailbox=rules.merges_same_mailbox,
            phone=rules.merges_same_phone,
        )
    )
    return rules


def meant(rules: MergeRules) -> Sql:
    """Whether the rules speak of the pair `d` of the contacts `a` and `b`."""
    mailbox = (
        sql("d.reasons @> array[{kind}::smallint]", kind=int(Reason.EMAIL)) if rules.merges_same_mailbox else FALSE
    )
    phone = (
        sql(
            """
            d.reasons @> array[{kind}::smallint]
            and (lower(a.first_name) = lower(b.first_name) or a.first_name = '' or b.first_name = '')
            and (lower(a.last_name) = lower(b.last_name) or a.last_name = '' or b.last_name = '')
            """,
            kind=int(Reason.PHONE),
        )
        if rules.merges_same_phone
        else FALSE
    )
    return or_(mailbox, phone)


async def merge_meant(tx: Tx) -> int:
    """Merge some of the pairs the rules speak of, each contact once; returns how many (0: there are no more)."""
    rules = await get_rules(tx)
    rows = await tx.all(
        sql(
            """
            select d.contact_id, d.other_id from contacts.duplicate_pair d
            join contacts.contact a on a.workspace_id = d.workspace_id and a.id = d.contact_id and a.deleted_at is null
            join contacts.contact b on b.workspace_id = d.workspace_id and b.id = d.other_id and b.deleted_at is null
            where d.workspace_id = {workspace} and not d.is_dismissed and ({meant})
            order by d.contact_id, d.other_id limit {chunk}
            """,
            meant=meant(rules),
            chunk=CHUNK,
        )
    )
    touched: set[int] = set()
    count = 0
    for kept, gone in map(tuple, rows):
        if kept not in touched and gone not in touched:
            # lint: no-row-loops because what clashes in a merge depends on the one before
            await merge_contacts(tx, kept, [gone], is_automatic=True)
            count += 1
        touched |= {kept, gone}
    return count
