"""What a file says of companies, beside the merge of contacts.

Contacts are linked to their companies in the chunk's own transaction, with notes for undoing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from waypost.contacts.actions.companies import ensure_companies, known_companies
from waypost.contacts.actions.members import link_members
from waypost.contacts.actions.staged import Rule
from waypost.kernel.sql import FALSE, TRUE, Sql, sql
from waypost.kernel.tx import Tx

Employer = tuple[int, str, str, str]
"""Number, address, company and job title of a record."""


async def name_companies(tx: Tx, employers: Sequence[Employer]) -> dict[str, int]:
    """The companies that are named, by the names as given; made where missing."""
    return await ensure_companies(tx, [name for _, _, name, _ in employers])


async def foresee_companies(tx: Tx, employers: Sequence[Employer]) -> dict[str, int]:
    """The same without making any: those that are missing get ids nobody has."""
    names = sorted({name for _, _, name, _ in employers})
    known = await known_companies(tx, names)
    return {name: known.get(name, -1 - place) for place, name in enumerate(names)}


async def stage_employers(tx: Tx, employers: Sequence[Employer], company_ids: Mapping[str, int], rule: Rule) -> None:
    """The records with companies in a temporary table, and whom they add to one in another; both go with the chunk."""
    await tx.run(
        sql(
            """
            create temporary table import_employer (number bigint, email text collate "C", company_id bigint,
                job_title text) on commit drop
            """
        )
    )
    await tx.conn.copy_records_to_table(
        "import_employer",
        records=[(number, email, company_ids[name], job_title) for number, email, name, job_title in employers],
        schema_name="pg_temp",
    )
    for statement in (
        # Without them the merge may compare every record with every other.
        sql("create unique index on import_employer (number)"),
        sql("create index on import_employer (email)"),
        sql("analyze import_employer"),
        sql("create temporary table import_joining on commit drop as {joining}", joining=_joining(rule)),
    ):
        # lint: no-row-loops because these are a few statements
        await tx.run(statement)


JOINING = sql("select number from import_joining")
"""The numbers of the records that add somebody who is there to a company."""


def _joining(rule: Rule) -> Sql:
    """Who is there and not at the company yet."""
    return sql(
        """
        select x.number, c.id as contact_id, x.company_id, x.job_title
        from import_employer x
        cross join lateral (
            select id from contacts.contact c
            where c.workspace_id = {workspace} and c.email = x.email and c.deleted_at is null limit 1
        ) as c
        where {uses} and {is_free} and not exists (
            select 1 from contacts.company_member m where m.workspace_id = {workspace}
              and m.contact_id = c.id and m.company_id = x.company_id)
        """,
        uses=FALSE if rule == "skip" else TRUE,
        is_free=_UNEMPLOYED if rule == "only_empty" else TRUE,
    )


_UNEMPLOYED = sql(
    "not exists (select 1 from contacts.company_member m where m.workspace_id = {workspace} and m.contact_id = c.id)"
)


async def link_companies(tx: Tx, import_id: int, number: int) -> None:
    """Link everybody to their companies, after the merge of the chunk."""
    for statement in (
        sql(
            """
            insert into imports.previous as p (workspace_id, import_id, contact_id, number, is_changed, tag_ids,
                list_ids, company_ids)
            select {workspace}, {import_id}, contact_id, {number}, false, '{{}}', '{{}}', array[company_id]
            from import_joining order by contact_id
            on conflict (workspace_id, import_id, contact_id) do update set company_ids = excluded.company_ids
            """,
            import_id=import_id,
            number=number,
        ),
        sql(
            """
            insert into import_joining (contact_id, company_id, job_title)
            select made.id, x.company_id, x.job_title
            from imports.chunk k
            cross join lateral unnest(k.created_ids) as made (id)
            cross join lateral (
                select email from contacts.contact where workspace_id = {workspace} and id = made.id limit 1
            ) as c
            join import_employer x on x.email = c.email
            where k.workspace_id = {workspace} and k.import_id = {import_id} and k.number = {number}
            """,
            import_id=import_id,
            number=number,
        ),
        # Without it, linking may ask all of this anew for every contact there is.
        sql("analyze import_joining"),
    ):
        # lint: no-row-loops because these are three statements
        await tx.run(statement)
    await link_members(tx, sql("select contact_id, company_id, job_title, false as is_primary from import_joining"))
