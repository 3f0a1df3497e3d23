"""Where contacts are: one place for a set, or one each."""

from __future__ import annotations

from collections.abc import Mapping

from waypost.activities.entries import insert_facts
from waypost.activities.types import Audience
from waypost.contacts.facts import ContactCreated, ContactUpdated
from waypost.contacts.places import PARTS, Part, normalise_place
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx


async def set_place(tx: Tx, given: Mapping[Part, str], who: Audience) -> int:
    """Give everyone in the set what is given of a place; returns for how many that was a change."""
    if not given:
        return 0
    place = normalise_place(given)
    rows = sql(
        """
        select contact_id, {time_zone}::text as time_zone, {language}::text as language, {country}::text as country,
               {region}::text as region, {city}::text as city, {postal_code}::text as postal_code
        from ({who}) as who
        """,
        who=who,
        **{part: place.get(part) for part in PARTS},
    )
    return await write_places(tx, rows)


async def write_places(tx: Tx, rows: Sql) -> int:
    """Write checked places: contact_id and every part (null leaves what is there); returns how many changed.

    A change of other details in the same transaction has told of it already.
    """
    count = await tx.value(
        sql(
            """
            with given as materialized ({rows}),
            wanted as materialized (
                select c.id, coalesce(g.time_zone, c.time_zone) as time_zone, coalesce(g.language, c.language) as language,
                       coalesce(g.country, c.country) as country, coalesce(g.region, c.region) as region,
                       coalesce(g.city, c.city) as city, coalesce(g.postal_code, c.postal_code) as postal_code
                from contacts.contact c join given g on g.contact_id = c.id
                where c.workspace_id = {workspace} and c.deleted_at is null
                order by c.id for update of c
            ),
            written as (
                update contacts.contact c set time_zone = w.time_zone, language = w.language, country = w.country,
                    region = w.region, city = w.city, postal_code = w.postal_code, updated_at = {now}
                from wanted w
                where c.workspace_id = {workspace} and c.id = w.id
                  and (c.time_zone, c.language, c.country, c.region, c.city, c.postal_code)
                      <> (w.time_zone, w.language, w.country, w.region, w.city, w.postal_code)
                returning c.id
            ),
            logged as ({log})
            select count(*) from written
            """,
            rows=rows,
            log=insert_facts(
                tx,
                sql(
                    """
                    select id as contact_id, {kind} as kind, null::bigint as object_id, null::jsonb as data from written
                    where not exists (select 1 from activities.fact f where f.workspace_id = {workspace}
                                        and f.contact_id = written.id and f.at = {now} and f.kind = any({told}::int[]))
                    """,
                    kind=ContactUpdated.kind,
                    told=[ContactCreated.kind, ContactUpdated.kind],
                ),
            ),
        )
    )
    if count:
        tx.wake("facts")
    return count
