"""Fills a row in every table that holds something of a contact, as the registry lists them."""

from __future__ import annotations

import itertools
from typing import Any

from waypost.kernel.registry import Personal
from waypost.kernel.sql import Sql, join, sql
from waypost.kernel.tx import Tx

_numbers = itertools.count(1000)
BY_TYPE = {
    "bigint": "7",
    "integer": "7",
    "smallint": "1",
    "numeric": "7",
    "double precision": "7",
    "text": "'zzmark'",
    "boolean": "false",
    "timestamp with time zone": "'2026-11-01T00:00:00Z'",
    "date": "'2026-11-01'",
    "jsonb": "'{{}}'",
    "bytea": "'x'",
    "ARRAY": "'{{}}'",
}
SPECIAL: dict[tuple[str, str], str] = {
    ("automations.enrollment", "state"): "2",
    ("delivery.ledger", "state"): "2",
    ("delivery.ledger", "email"): "'zzmark@example.com'",
    ("contacts.duplicate_pair", "contact_id"): "-1",
    ("contacts.duplicate_pair", "other_id"): "9007199254740991",
    ("contacts.subscription", "status"): "1",
}


async def columns_of(tx: Tx, table: str) -> list[Any]:
    schema, _, name = table.partition(".")
    return await tx.all(
        sql(
            """
            select column_name, data_type, is_nullable = 'YES' as may_be_null, column_default is not null
                   or is_identity = 'YES' as has_default
            from information_schema.columns where table_schema = {schema} and table_name = {name}
            """,
            schema=schema,
            name=name,
        )
    )


async def fill(tx: Tx, item: Personal, contact_id: int) -> None:
    """One row of the table for the contact; foreign keys to other things are not looked at."""
    await tx.conn.execute("set local session_replication_role = replica")
    names: list[Sql] = []
    values: list[Sql] = []
    for column in await columns_of(tx, item.table):
        name = column["column_name"]
        if name == "workspace_id":
            value = sql("{workspace}")
        elif name == item.column:
            value = sql("{id}", id=contact_id)
        elif (column["may_be_null"] and name not in (item.key or ())) or (
            column["has_default"] and (item.table, name) not in SPECIAL
        ):
            continue
        else:
            value = Sql(SPECIAL.get((item.table, name)) or _value(column, is_key=name in (item.key or ())))
        names.append(Sql(name))
        values.append(value)
    await tx.run(
        sql(
            "insert into {table} ({names}) values ({values}) -- of one workspace_id",
            table=Sql(item.table),
            names=join(", ", names),
            values=join(", ", values),
        )
    )


def _value(column: Any, *, is_key: bool) -> str:
    """Keys clash with those of other contacts, other numbers are new ones."""
    return str(next(_numbers)) if column["data_type"] == "bigint" and not is_key else BY_TYPE[column["data_type"]]


async def rows_of(tx: Tx, item: Personal, contact_id: int) -> int:
    return await tx.value(
        sql(
            "select count(*) from {table} where workspace_id = {workspace} and {column} = {id}",
            table=Sql(item.table),
            column=Sql(item.column),
            id=contact_id,
        )
    )


async def tables_with(tx: Tx, word: str) -> list[str]:
    """Every table of any domain where the word stands in any column of the workspace."""
    tables = await tx.all(
        sql(
            """
            select distinct table_schema || '.' || table_name as name from information_schema.columns
            where column_name = 'workspace_id' and table_schema not in ('pg_catalog', 'information_schema')
              and table_name not in (select c.relname from pg_class c where c.relispartition)
            order by 1
            """
        )
    )
    found: list[str] = []
    for row in tables:
        count = await tx.value(
            sql(
                """
                select count(*) from {table} as t where t.workspace_id = {workspace} and strpos(t::text, {word}) > 0
                """,
                table=Sql(row["name"]),
                word=word,
            )
        )
        if count:
            found.append(row["name"])
    return found
