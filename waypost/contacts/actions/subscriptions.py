"""Lists and who is subscribed to them.

A contact who has unsubscribed or bounced is brought back only where the caller says so
(`is_forced`): a person or an API call may, imports and automation steps may not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import asyncpg

from waypost.activities.entries import insert_facts
from waypost.activities.types import Audience
from waypost.contacts.consents import list_consents
from waypost.contacts.counts import LIST, forget_counts, insert_changes
from waypost.contacts.errors import ListNotFound, NameMissing, NameTaken
from waypost.contacts.facts import ConfirmationRequested, ListSubscribed, ListUnsubscribed
from waypost.contacts.queries.consents import get_text
from waypost.contacts.queries.lists import get_list
from waypost.contacts.types import List, Proof, Status
from waypost.kernel.sql import TRUE, Sql, sql
from waypost.kernel.tx import Tx
from waypost.kernel.uses import refuse_while_used


def slug_of(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "list"


async def create_list(
    tx: Tx, *, name: str, slug: str | None = None, sender_url: str = "", sender_reminder: str = ""
) -> List:
    """A new list; a slug that is taken gets a number, unless it was asked for."""
    name = name.strip()
    if not name:
        raise NameMissing(noun="list", pointer="/name")
    base = slug_of(slug or name)
    made = await tx.value(
        sql(
            """
            insert into contacts.list (workspace_id, name, slug, sender_url, sender_reminder, created_at, updated_at)
            select {workspace}, {name}, candidate, {sender_url}, {sender_reminder}, {now}, {now}
            from (select case when number = 1 then {base} else {base} || '-' || number end as candidate, number
                  from generate_series(1, {tries}::int) as number) as candidates
            where not exists (select 1 from contacts.list
                              where workspace_id = {workspace} and slug = candidate)
            order by number limit 1
            on conflict do nothing
            returning id
            """,
            name=name,
            base=base,
            tries=1 if slug else 1_000,
            sender_url=sender_url,
            sender_reminder=sender_reminder,
        )
    )
    if made is None:
        raise NameTaken(noun="list", name=slug or name, pointer="/slug" if slug else "/name")
    return await get_list(tx, made)


async def update_list(
    tx: Tx,
    list_id: int,
    *,
    name: str | None = None,
    slug: str | None = None,
    sender_url: str | None = None,
    sender_reminder: str | None = None,
    requires_confirmation: bool | None = None,
    confirmation_message_id: int | None = None,
    consent_text_id: int | None = None,
) -> List:
    """Change what was given; None leaves it, and 0 takes a message or a text away."""
    if name is not None and not name.strip():
        raise NameMissing(noun="list", pointer="/name")
    if consent_text_id:
        await get_text(tx, consent_text_id)
    try:
        await tx.run(
            sql(
                """
                update contacts.list
                set name = coalesce({name}::text, name), slug = coalesce({slug}::text, slug),
                    sender_url = coalesce({sender_url}::text, sender_url),
                    sender_reminder = coalesce({sender_reminder}::text, sender_reminder), updated_at = {now},
                    requires_confirmation = coalesce({requires_confirmation}::boolean, requires_confirmation),
                    confirmation_message_id = nullif(coalesce({message_id}::bigint, confirmation_message_id), 0),
                    consent_text_id = nullif(coalesce({text_id}::bigint, consent_text_id), 0)
                where workspace_id = {workspace} and id = {id}
                """,
                name=name and name.strip(),
                slug=slug and slug_of(slug),
                sender_url=sender_url,
                sender_reminder=sender_reminder,
                requires_confirmation=requires_confirmation,
                message_id=confirmation_message_id,
                text_id=consent_text_id,
                id=list_id,
            )
        )
    except asyncpg.UniqueViolationError as error:
        raise NameTaken(noun="list", name=slug, pointer="/slug") from error
    return await get_list(tx, list_id)


async def delete_list(tx: Tx, list_id: int) -> None:
    """Take the list away with its subscriptions; its facts stay in the log."""
    found = await tx.value(
        sql("select id from contacts.list where workspace_id = {workspace} and id = {id} for update", id=list_id)
    )
    if found is None:
        raise ListNotFound(list_id=list_id)
    await refuse_while_used(tx, "list", list_id)
    await tx.run(
        sql("delete from contacts.subscription where workspace_id = {workspace} and list_id = {id}", id=list_id)
    )
    await tx.run(
        sql(
            """
            update contacts.field set list_ids = array_remove(list_ids, {id})
            where workspace_id = {workspace} and list_ids @> array[{id}]
            """,
            id=list_id,
        )
    )
    await tx.run(sql("delete from contacts.list where workspace_id = {workspace} and id = {id}", id=list_id))
    await forget_counts(tx, LIST, list_id)


async def lock_lists(tx: Tx, list_ids: Sequence[int]) -> None:
    """Nobody deletes these lists before this transaction ends; stands in for foreign keys, once per set."""
    rows = await tx.all(
        sql(
            """
            select id from contacts.list where workspace_id = {workspace} and id = any({ids}::bigint[])
            order by id for key share
            """,
            ids=list(list_ids),
        )
    )
    missing = set(list_ids) - {row["id"] for row in rows}
    if missing:
        raise ListNotFound(list_id=min(missing))


async def subscribe(
    tx: Tx,
    list_id: int,
    who: Audience,
    *,
    status: Status = Status.ACTIVE,
    source: str = "",
    is_forced: bool = True,
    proof: Proof | None = None,
) -> int:
    """Put everyone in the set on the list with this status; returns for how many that was a change."""
    await lock_lists(tx, [list_id])
    pairs = sql(
        """
        select c.id as contact_id, {list_id} as list_id from contacts.contact c
        where c.workspace_id = {workspace} and c.deleted_at is null
          and c.id in (select contact_id from ({who}) as who)
        """,
        list_id=list_id,
        who=who,
    )
    return await link_lists(tx, pairs, status=status, source=source, is_forced=is_forced, proof=proof)


async def link_lists(
    tx: Tx, pairs: Sql, *, status: Status, source: str, is_forced: bool, proof: Proof | None = None
) -> int:
    """Set the status of the (contact_id, list_id) pairs, of known contacts and locked lists.

    With a proof, and whenever a person or a key does it, the ledger of consents gets a row for each change.
    """
    allowed = TRUE if is_forced else sql("(prior.status is null or prior.status in (0, 1))")
    count = await tx.value(
        sql(
            """
            with wanted as materialized (select distinct contact_id, list_id from ({pairs}) as pairs),
            prior as materialized (
                select s.contact_id, s.list_id, s.status from contacts.subscription s
                join wanted on wanted.contact_id = s.contact_id and wanted.list_id = s.list_id
                where s.workspace_id = {workspace} order by s.contact_id, s.list_id for update of s
            ),
            changes as materialized (
                select wanted.contact_id, wanted.list_id, prior.status
                from wanted left join prior using (contact_id, list_id)
                where prior.status is distinct from {status} and {allowed}
            ),
            written as (
                insert into contacts.subscription as s (workspace_id, contact_id, list_id, status, source,
                    subscribed_at, unsubscribed_at, created_at, updated_at)
                select {workspace}, contact_id, list_id, {status}::smallint, {source},
                       case when {status} = 1 then {now} end, case when {status} = 2 then {now} end, {now}, {now}
                from changes order by contact_id, list_id
                on conflict (workspace_id, contact_id, list_id) do update
                set status = excluded.status, updated_at = excluded.updated_at,
                    source = case when excluded.source = '' then s.source else excluded.source end,
                    subscribed_at = coalesce(excluded.subscribed_at, s.subscribed_at),
                    unsubscribed_at = case when excluded.status = 1 then null
                                           else coalesce(excluded.unsubscribed_at, s.unsubscribed_at) end
                returning contact_id, list_id
            ),
            logged as ({log}), counted as ({count}) {consents}
            select count(*) from written
            """,
            consents=list_consents(tx, status, proof, source=source),
            pairs=pairs,
            allowed=allowed,
            status=int(status),
            source=source,
            log=insert_facts(tx, _facts(status)),
            count=insert_changes(_change(status)),
        )
    )
    if count:
        tx.wake("facts")
    return count


def _facts(status: Status) -> Sql:
    """Becoming active is a fact, and so is ceasing to be, and having to confirm."""
    if status is Status.UNCONFIRMED:
        return sql(
            """
            select contact_id, {kind} as kind, list_id as object_id, null::jsonb as data from changes
            where list_id in (select id from contacts.list where workspace_id = {workspace} and requires_confirmation)
            """,
            kind=ConfirmationRequested.kind,
        )
    if status is Status.ACTIVE:
        return sql(
            "select contact_id, {kind} as kind, list_id as object_id, null::jsonb as data from changes",
            kind=ListSubscribed.kind,
        )
    return sql(
        """
        select contact_id, {kind} as kind, list_id as object_id, null::jsonb as data from changes
        where status = 1 and {is_refusal}
        """,
        kind=ListUnsubscribed.kind,
        is_refusal=status in (Status.UNSUBSCRIBED, Status.BOUNCED),
    )


def _change(status: Status) -> Sql:
    return sql(
        """
        select {kind} as kind, list_id as object_id,
               sum({now_active} - case when status = 1 then 1 else 0 end)::bigint as change
        from changes group by list_id
        """,
        kind=LIST,
        now_active=1 if status is Status.ACTIVE else 0,
    )


async def unlink_lists(tx: Tx, given: Sql, *, status: Status, source: str) -> int:
    """End the live ones among the (contact_id, list_id) pairs."""
    pairs = sql(
        """
        select s.contact_id, s.list_id from contacts.subscription s join ({given}) as given
          on given.contact_id = s.contact_id and given.list_id = s.list_id
        where s.workspace_id = {workspace} and s.status in (0, 1)
        """,
        given=given,
    )
    return await link_lists(tx, pairs, status=status, source=source, is_forced=True)


async def unsubscribe(
    tx: Tx,
    list_id: int | None,
    who: Audience,
    *,
    status: Status = Status.UNSUBSCRIBED,
    source: str = "",
    proof: Proof | None = None,
) -> int:
    """End the live subscriptions of the set to the list, or to every list; returns how many ended."""
    on = TRUE if list_id is None else sql("s.list_id = {id}", id=list_id)
    pairs = sql(
        """
        select s.contact_id, s.list_id from contacts.subscription s
        where s.workspace_id = {workspace} and s.status in (0, 1) and {on}
          and s.contact_id in (select contact_id from ({who}) as who)
        """,
        on=on,
        who=who,
    )
    return await link_lists(tx, pairs, status=status, source=source, is_forced=True, proof=proof)


async def remove_subscriptions(tx: Tx, pairs: Sql) -> int:
    """Forget that these (contact_id, list_id) pairs ever were; returns how many there were."""
    count = await tx.value(
        sql(
            """
            with changes as (
                delete from contacts.subscription s using ({pairs}) as pairs
                where s.workspace_id = {workspace} and s.contact_id = pairs.contact_id and s.list_id = pairs.list_id
                returning s.contact_id, s.list_id, s.status
            ),
            logged as ({log}), counted as ({count})
            select count(*) from changes
            """,
            pairs=pairs,
            log=insert_facts(tx, _facts(Status.UNSUBSCRIBED)),
            count=insert_changes(_change(Status.UNSUBSCRIBED)),
        )
    )
    if count:
        tx.wake("facts")
    return count
