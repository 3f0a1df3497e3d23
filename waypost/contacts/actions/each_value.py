"""Writing one field with a value for each contact, by one statement."""

from __future__ import annotations

from collections.abc import Mapping

import orjson

from waypost.activities.entries import insert_facts
from waypost.contacts.facts import FieldChanged
from waypost.contacts.field_index import flagged, index_ctes
from waypost.contacts.queries.fields import list_fields
from waypost.contacts.types import Value
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx


async def write_each(tx: Tx, field_id: int, values: Mapping[int, Value]) -> int:
    """Write stored values of one field by contact (None clears); returns how many changed."""
    if not values:
        return 0
    key = str(field_id)
    count = await tx.value(
        sql(
            """
            with given as materialized (
                select * from unnest({ids}::bigint[], {values}::jsonb[]) as given (contact_id, value)
            ),
            prior as materialized (
                select c.id, c.fields,
                       jsonb_strip_nulls(c.fields || jsonb_build_object({key}::text, given.value)) as wanted
                from contacts.contact as c join given on given.contact_id = c.id
                where c.workspace_id = {workspace} and c.deleted_at is null
                order by c.id for update of c
            ),
            written as (
                update contacts.contact c set fields = prior.wanted, updated_at = {now}
                from prior
                where c.workspace_id = {workspace} and c.id = prior.id and prior.wanted <> prior.fields
                returning c.id, prior.fields as old, c.fields as new
            ),
            logged as ({log}) {index}
            select count(*) from written
            """,
            ids=list(values),
            values=[None if value is None else orjson.dumps(value).decode() for value in values.values()],
            key=key,
            log=insert_facts(
                tx,
                sql(
                    """
                    select id as contact_id, {kind} as kind, {field_id}::bigint as object_id,
                           jsonb_strip_nulls(jsonb_build_object('old', old -> {key}, 'new', new -> {key})) as data
                    from written
                    """,
                    kind=FieldChanged.kind,
                    field_id=field_id,
                    key=key,
                ),
            ),
            index=index_ctes(
                flagged(await list_fields(tx), [key]), sql("select id as contact_id, new as fields from written")
            ),
        )
    )
    if count:
        tx.wake("facts")
    return int(count)
