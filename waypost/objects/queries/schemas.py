"""Schemas: one, and all."""

from __future__ import annotations

from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx
from waypost.objects.errors import SchemaNotFound
from waypost.objects.types import Schema

COLUMNS = sql(
    """
    s.id, s.slug, s.singular, s.plural, s.description, s.icon, s.visibility, s.app_id, s.parent_id, s.fields,
    s.relationships, s.created_at, s.updated_at
    """
)
_COUNT = sql(
    """
    (select count(*) from objects.record r where r.workspace_id = {workspace} and r.schema_id = s.id) as record_count
    """
)


async def list_schemas(tx: ReadTx) -> list[Schema]:
    """Every schema with how many records it has; there are few, so they come as a whole."""
    return await tx.all(
        sql(
            """
            select {columns}, {count} from objects.schema s
            where s.workspace_id = {workspace} and s.deleted_at is null order by lower(s.plural), s.id
            """,
            columns=COLUMNS,
            count=_COUNT,
        ),
        Schema,
    )


async def find_schema(tx: ReadTx, schema_id: int, *, is_counted: bool = False) -> Schema | None:
    return await tx.maybe(
        sql(
            """
            select {columns}, {count} from objects.schema s
            where s.workspace_id = {workspace} and s.id = {id} and s.deleted_at is null
            """,
            columns=COLUMNS,
            count=_COUNT if is_counted else sql("0::bigint as record_count"),
            id=schema_id,
        ),
        Schema,
    )


async def get_schema(tx: ReadTx, schema_id: int, *, is_counted: bool = False) -> Schema:
    found = await find_schema(tx, schema_id, is_counted=is_counted)
    if found is None:
        raise SchemaNotFound(schema_id=schema_id)
    return found
