"""Many contacts from a staged relation at once: what an import's chunk is merged with.

`rows` yields number, email, first_name, last_name, phone (empty means: leave as it is), fields
(jsonb) and tag_code (null: no tags); each address stands in it once. `tags` yields tag_code and tag_id. Ids of new
contacts are drawn while the addresses are resolved, so that links and facts need no second look-up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, LiteralString

from waypost.activities.entries import insert_facts
from waypost.contacts.consents import insert_consents
from waypost.contacts.counts import CONTACTS, LIST, TAG, insert_changes
from waypost.contacts.facts import ContactCreated, ContactUpdated, FieldChanged, ListSubscribed, TagAdded
from waypost.contacts.field_index import NOTHING, flagged, index_ctes
from waypost.contacts.places import Part
from waypost.contacts.queries.fields import list_fields
from waypost.contacts.types import Channel, Proof, Status
from waypost.kernel.sql import FALSE, TRUE, Sql, join, sql
from waypost.kernel.tx import ReadTx, Tx

FEW = 5_000
UNTAGGED = -1
NOBODY = sql("select null::bigint where false")

Detail = Literal["first_name", "last_name", "phone"] | Part
DETAILS: tuple[Detail, ...] = ("first_name", "last_name", "phone")

Rule = Literal["update", "skip", "append", "only_empty"]
"""What a row does to a contact who is there: overwrite, nothing, add choices to those there, fill gaps.

Tags and lists are added by all of them but `skip`; an empty value never erases anything.
"""


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of the rows; `known` are the numbers of rows left alone because their contact existed."""

    created: int
    updated: int
    unchanged: int
    known: Sequence[int]


async def ensure_statistics(tx: Tx) -> None:
    """Let PostgreSQL know the table of contacts where it does not yet.

    Without statistics it cannot tell the index on the address from the others, all of which begin
    with the workspace, and reads a whole workspace for each look-up.
    """
    known = await tx.value(sql("select reltuples from pg_class where oid = 'contacts.contact'::regclass"))
    if known < FEW:
        await tx.run(sql("analyze contacts.contact"))


async def refresh_statistics(tx: Tx) -> None:
    """Let PostgreSQL know what an import has added.

    Autovacuum comes up to a minute later; until then a segment over the list just filled is planned
    as if the list were empty, and took 39 s for 10,000 contacts instead of 6 ms.
    """
    await tx.run(sql("analyze contacts.contact, contacts.contact_tag, contacts.subscription"))


def _resolved(rows: Sql, *, rule: Rule, next_id: Sql, parts: Sequence[Part]) -> Sql:
    """The rows beside the contacts they mean, with the values those would have afterwards."""
    details: tuple[Detail, ...] = (*DETAILS, *parts)
    return sql(
        """
        select *, not is_new and {uses} and fields <> old_fields as is_field_changed,
               not is_new and {uses} and ({differs}) as is_detail_changed
        from (
            select r.number, r.email, coalesce(r.tag_code, {untagged}) as tag_code,
                   coalesce(c.id, {next_id}) as id, c.id is null as is_new,
                   c.fields as old_fields, c.updated_at as old_updated_at, {fields} as fields, {olds}, {news}
            from ({rows}) as r
            left join lateral (
                select * from contacts.contact c
                where c.workspace_id = {workspace} and c.email = r.email and c.deleted_at is null limit 1
            ) as c on true
            offset 0
        ) as found
        """,
        rows=rows,
        uses=_uses(rule),
        next_id=next_id,
        untagged=UNTAGGED,
        fields=_FIELDS[rule],
        differs=_each(details, " or ", "{0} <> old_{0}"),
        olds=_each(details, ", ", "c.{0} as old_{0}"),
        news=_each(details, ", ", _DETAIL.get(rule, _GIVEN) + " as {0}"),
    )


def _each(details: Sequence[Detail], between: LiteralString, form: LiteralString) -> Sql:
    """The form with each detail's name."""
    return join(between, [Sql(form.format(name)) for name in details])


def _uses(rule: Rule) -> Sql:
    """Whether contacts who are there already are touched."""
    return FALSE if rule == "skip" else TRUE


# What the file says, or what is there, whichever comes first and says anything.
_GIVEN: LiteralString = "coalesce(nullif(r.{0}, ''), c.{0}, '')"
_DETAIL: dict[Rule, LiteralString] = {"only_empty": "coalesce(nullif(c.{0}, ''), r.{0})"}

_OVERWRITTEN = sql("coalesce(c.fields || r.fields, r.fields)")
_FIELDS: dict[Rule, Sql] = {
    "update": _OVERWRITTEN,
    "skip": _OVERWRITTEN,
    "only_empty": sql("r.fields || coalesce(c.fields, '{{}}')"),
    # Where both have several choices, those of the file come behind those that are there.
    "append": sql(
        """
        {overwritten} || coalesce((
            select jsonb_object_agg(given.key, c.fields -> given.key || coalesce((
                select jsonb_agg(choice) from jsonb_array_elements(given.value) as choice
                where not c.fields -> given.key @> choice), '[]'))
            from jsonb_each(r.fields) as given
            where jsonb_typeof(given.value) = 'array' and jsonb_typeof(c.fields -> given.key) = 'array'), '{{}}')
        """,
        overwritten=_OVERWRITTEN,
    ),
}


def _wanted(tags: Sql, tag_ids: Sequence[int], listed_ids: Sequence[int]) -> Sql:
    """For each tag code what its contacts get: tags, and the facts of a new contact in their order."""
    return sql(
        """
        select tag_code, tag_ids,
               array[{created}] || array_fill({listed}, array[{lists}::int])
                   || array_fill({tagged}, array[cardinality(tag_ids)]) as kinds,
               array[null::bigint] || {list_ids}::bigint[] || tag_ids as objects
        from (
            select tag_code, coalesce(array_agg(distinct tag_id order by tag_id) filter (where tag_id is not null),
                                      '{{}}') as tag_ids
            from (
                select tag_code, tag_id from ({tags}) as t
                union all
                select tag_code, tag_id from (select distinct tag_code from resolved) as codes
                left join unnest({tag_ids}::bigint[]) as tag_id on true
            ) as links group by tag_code
        ) as sets
        """,
        tags=tags,
        tag_ids=list(tag_ids),
        list_ids=list(listed_ids),
        lists=len(listed_ids),
        created=ContactCreated.kind,
        listed=ListSubscribed.kind,
        tagged=TagAdded.kind,
    )


async def merge_rows(
    tx: Tx,
    rows: Sql,
    *,
    tags: Sql,
    tag_ids: Sequence[int],
    list_ids: Sequence[int],
    rule: Rule = "update",
    status: Status = Status.ACTIVE,
    source: str,
    consent: str = "",
    keep: Sql = NOTHING,
    parts: Sequence[Part] = (),
    changing: Sql = NOBODY,
) -> Merged:
    """Create, change, tag and subscribe everyone in the rows, with facts and counts, in one statement.

    Tags and lists must be locked by the caller. Standing subscriptions are never touched. What is new
    cannot be in anybody's way, so its links are written without looking for conflicts. `keep` is CTEs,
    each after a comma, that note what happens (from `resolved`, `tagged` and `listed`). `parts` are the
    parts of a place that the rows have as well; `changing` the numbers of rows that are an update for other reasons.
    """
    indexed = flagged(await list_fields(tx))
    active_ids = list_ids if status is Status.ACTIVE else []
    row = await tx.one(
        sql(
            """
            with resolved as materialized ({resolved}),
            wanted as materialized ({wanted}),
            usable as not materialized (
                select r.id, w.tag_ids from resolved r join wanted w using (tag_code) where not r.is_new and {uses}
            ),
            inserted as (
                insert into contacts.contact
                    (workspace_id, id, email, fields, created_at, updated_at, {details})
                select {workspace}, id, email, fields, {now}, {now}, {details} from resolved where is_new
            ),
            changed as (
                update contacts.contact c
                set fields = r.fields, updated_at = {now}, {sets}
                from (select * from resolved where is_detail_changed or is_field_changed order by id) as r
                where c.workspace_id = {workspace} and c.id = r.id
                returning c.id
            ),
            new_tags as (
                insert into contacts.contact_tag (workspace_id, contact_id, tag_id, created_at)
                select {workspace}, r.id, unnest(w.tag_ids), {now}
                from resolved r join wanted w using (tag_code) where r.is_new
            ),
            tagged as (
                insert into contacts.contact_tag (workspace_id, contact_id, tag_id, created_at)
                select {workspace}, id, tag_id, {now} from (select id, unnest(tag_ids) as tag_id from usable) as w
                order by id, tag_id
                on conflict do nothing
                returning contact_id, tag_id
            ),
            new_subscriptions as (
                insert into contacts.subscription
                    (workspace_id, contact_id, list_id, status, source, subscribed_at, unsubscribed_at,
                     created_at, updated_at)
                select {workspace}, r.id, list_id, {status}, {source}, {subscribed_at}, {unsubscribed_at}, {now}, {now}
                from resolved r cross join unnest({list_ids}::bigint[]) as list_id where r.is_new
            ),
            listed as (
                insert into contacts.subscription
                    (workspace_id, contact_id, list_id, status, source, subscribed_at, unsubscribed_at,
                     created_at, updated_at)
                select {workspace}, u.id, list_id, {status}, {source}, {subscribed_at}, {unsubscribed_at}, {now}, {now}
                from usable u cross join unnest({list_ids}::bigint[]) as list_id order by u.id, list_id
                on conflict do nothing
                returning contact_id, list_id
            ),
            new_logged as ({new_log}), logged as ({log}), counted as ({count}) {consented} {keep} {index}
            select count(*) filter (where is_new) as created,
                   count(*) filter (where not is_new and (is_detail_changed or is_field_changed
                       or id in (select contact_id from tagged) or id in (select contact_id from listed)
                       or number in ({changing}))) as updated,
                   count(*) as rows,
                   array_agg(number) filter (where not is_new and not {uses}) as known
            from resolved
            """,
            resolved=_resolved(rows, rule=rule, next_id=sql("nextval('contacts.contact_id_seq')"), parts=parts),
            details=_each((*DETAILS, *parts), ", ", "{0}"),
            sets=_each((*DETAILS, *parts), ", ", "{0} = r.{0}"),
            wanted=_wanted(tags, tag_ids, active_ids),
            uses=_uses(rule),
            list_ids=list(list_ids),
            changing=changing,
            status=sql("{status}::smallint", status=int(status)),
            subscribed_at=sql("{now}") if status is Status.ACTIVE else _NULL_TIME,
            unsubscribed_at=sql("{now}") if status is Status.UNSUBSCRIBED else _NULL_TIME,
            source=source,
            new_log=insert_facts(tx, _NEW_FACTS),
            log=insert_facts(tx, _facts(is_active=status is Status.ACTIVE)),
            count=insert_changes(_counts(active_ids)),
            consented=_consented(tx, list_ids, status, source=source, reason=consent),
            keep=keep,
            index=index_ctes(indexed, _VALUED),
        )
    )
    tx.wake("facts")
    return _merged(row["created"], row["updated"], row["rows"], row["known"])


_VALUED = sql("select id as contact_id, fields from resolved where is_new or is_field_changed")
_NULL_TIME = sql("null::timestamptz")


def _consented(tx: Tx, list_ids: Sequence[int], status: Status, *, source: str, reason: str) -> Sql:
    """A CTE that notes in the ledger what everyone newly on the lists agreed to, where the file's owner says so."""
    if not reason or not list_ids or status not in (Status.ACTIVE, Status.UNSUBSCRIBED):
        return NOTHING
    rows = sql(
        """
        select id as contact_id, list_id, null::bigint as text_id
        from resolved cross join unnest({list_ids}::bigint[]) as list_id where is_new
        union all
        select contact_id, list_id, null from listed
        """,
        list_ids=list(list_ids),
    )
    proof = Proof(source=source, reason=reason)
    is_given = status is Status.ACTIVE
    return sql(", consented as ({insert})", insert=insert_consents(tx, rows, Channel.EMAIL, proof, is_given=is_given))


# Created, subscribed, tagged: two arrays side by side keep the order without sorting it.
_NEW_FACTS = sql(
    """
    select r.id as contact_id, unnest(w.kinds) as kind, unnest(w.objects) as object_id, null::jsonb as data
    from resolved r join wanted w using (tag_code) where r.is_new
    """
)


def _facts(*, is_active: bool) -> Sql:
    """What happened to those who were there before."""
    return sql(
        """
        select contact_id, kind, object_id, data from (
            select id as contact_id, {updated} as kind, null::bigint as object_id, null::jsonb as data
            from resolved where is_detail_changed
            union all
            select id, {changed}, key::bigint,
                   jsonb_strip_nulls(jsonb_build_object('old', old_fields -> key, 'new', fields -> key))
            from resolved cross join lateral jsonb_object_keys(fields) as key
            where is_field_changed and old_fields -> key is distinct from fields -> key
            union all
            select contact_id, {listed}, list_id, null from listed where {is_active}
            union all
            select contact_id, {tagged}, tag_id, null from tagged
        ) as changes
        order by contact_id, array_position(array[{updated}, {changed}, {listed}, {tagged}], kind), object_id
        """,
        is_active=TRUE if is_active else FALSE,
        updated=ContactUpdated.kind,
        changed=FieldChanged.kind,
        tagged=TagAdded.kind,
        listed=ListSubscribed.kind,
    )


def _counts(list_ids: Sequence[int]) -> Sql:
    return sql(
        """
        select {contacts} as kind, 0::bigint as object_id, count(*) as change from resolved where is_new
        union all
        select {tag}, tag_id, sum(change)::bigint from (
            select unnest(w.tag_ids) as tag_id, change
            from (select tag_code, count(*) as change from resolved where is_new group by tag_code) as r
            join wanted w using (tag_code)
            union all
            select tag_id, count(*) from tagged group by tag_id
        ) as tags group by tag_id
        union all
        select {list}, list_id, sum(change)::bigint from (
            select list_id, (select count(*) from resolved where is_new) as change
            from unnest({list_ids}::bigint[]) as list_id
            union all
            select list_id, count(*) from listed where list_id = any({list_ids}::bigint[]) group by list_id
        ) as lists group by list_id
        """,
        contacts=CONTACTS,
        tag=TAG,
        list=LIST,
        list_ids=list(list_ids),
    )


async def foresee_rows(
    tx: ReadTx,
    rows: Sql,
    *,
    tags: Sql,
    tag_ids: Sequence[int],
    list_ids: Sequence[int],
    rule: Rule,
    parts: Sequence[Part] = (),
    changing: Sql = NOBODY,
) -> Merged:
    """What `merge_rows` would do. Tags that would be made have negative ids, new contacts none."""
    row = await tx.one(
        sql(
            """
            with resolved as materialized ({resolved}),
            wanted as materialized ({wanted}),
            usable as not materialized (
                select r.id, w.tag_ids from resolved r join wanted w using (tag_code) where not r.is_new and {uses}
            ),
            gaining as (
                select w.id from (select id, unnest(tag_ids) as tag_id from usable) as w
                where not exists (select 1 from contacts.contact_tag t where t.workspace_id = {workspace}
                                    and t.contact_id = w.id and t.tag_id = w.tag_id offset 0)
                union
                select u.id from usable u cross join unnest({list_ids}::bigint[]) as list_id
                where not exists (select 1 from contacts.subscription s where s.workspace_id = {workspace}
                                    and s.contact_id = u.id and s.list_id = list_id.list_id offset 0)
            )
            select count(*) filter (where is_new) as created,
                   count(*) filter (where not is_new and (is_detail_changed or is_field_changed
                       or id in (select id from gaining) or number in ({changing}))) as updated,
                   count(*) as rows,
                   array_agg(number) filter (where not is_new and not {uses}) as known
            from resolved
            """,
            resolved=_resolved(rows, rule=rule, next_id=sql("null::bigint"), parts=parts),
            uses=_uses(rule),
            changing=changing,
            wanted=_wanted(tags, tag_ids, list_ids),
            list_ids=list(list_ids),
        )
    )
    return _merged(row["created"], row["updated"], row["rows"], row["known"])


def _merged(created: int, updated: int, rows: int, known: Sequence[int] | None) -> Merged:
    numbers = sorted(known or ())
    return Merged(created, updated, rows - created - updated - len(numbers), numbers)
