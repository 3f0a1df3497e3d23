"""The schema keeps what distribution by workspace asks for, and every personal table is known."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from waypost.kernel.migrate import migrations
from waypost.kernel.registry import Registry
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx

GLOBAL_SCHEMAS = {"identity", "kernel", "public"}
"""These tables answer "which workspace?" or belong to the machinery; on Citus they are reference or local tables."""
RULES = {
    "no triggers": r"\bcreate\s+(constraint\s+)?trigger\b",
    "no set null or set default": r"\bon\s+delete\s+set\s+(null|default)\b",
    "ids are bigint": r"\bid\s+(int|integer|smallint|serial|bigserial|uuid)\b",
    "no volatile defaults": r"\bdefault\s+(now|clock_timestamp|gen_random_uuid|random|uuidv7)\s*\(",
    "no merge": r"^\s*merge\s+into\b",
    "no constraint beside an added column": r"\badd\s+column\b[^;]*\b(check|unique|references|primary\s+key)\b",
    "one change per alter table": r"\balter\s+table\b[^;]*\badd\s+(constraint|column)\b[^;]*,\s*add\b",
}
ADDED = [name for name, _ in migrations()]


def _statements(text: str) -> list[str]:
    return [part.strip() for part in re.sub(r"--[^\n]*", "", text).split(";") if part.strip()]


@pytest.mark.parametrize("rule", RULES)
def test_migrations_follow_the_rules_of_distribution(rule: str) -> None:
    broken = [
        f"{name}: {statement[:90]}"
        for name, text in migrations()
        for statement in _statements(text)
        if re.search(RULES[rule], statement, re.IGNORECASE)
    ]
    assert broken == []


def test_migrations_are_numbered_without_a_number_twice() -> None:
    numbers = [name.split("_")[0] for name in ADDED]
    assert numbers == sorted(set(numbers))
    assert len(list(files("waypost.migrations").iterdir())) > len(ADDED) - 1


async def test_unique_keys_begin_with_the_workspace(tx: Tx) -> None:
    rows = await tx.all(
        sql(
            """
            select n.nspname || '.' || i.relname as name, n.nspname as schema, a.attname as first
            from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
            join pg_namespace n on n.oid = t.relnamespace
            left join pg_attribute a on a.attrelid = t.oid and a.attnum = x.indkey[0]
            where x.indisunique and n.nspname not like 'pg_%' and n.nspname <> 'information_schema'
            """
        )
    )
    wrong = [r["name"] for r in rows if r["schema"] not in GLOBAL_SCHEMAS and r["first"] != "workspace_id"]
    assert wrong == []


async def test_foreign_keys_hold_the_workspace(tx: Tx) -> None:
    rows = await tx.all(
        sql(
            """
            select n.nspname || '.' || c.conname as name, a.attname as first
            from pg_constraint c join pg_namespace n on n.oid = c.connamespace
            join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
            where c.contype = 'f' and c.conparentid = 0 and not n.nspname = any({global})
            """,
            **{"global": sorted(GLOBAL_SCHEMAS)},
        )
    )
    assert rows
    assert [row["name"] for row in rows if row["first"] != "workspace_id"] == []


async def test_every_table_with_a_contact_is_listed_as_personal(tx: Tx, registry: Registry) -> None:
    rows = await tx.all(
        sql(
            """
            select n.nspname || '.' || t.relname as name from pg_attribute a
            join pg_class t on t.oid = a.attrelid join pg_namespace n on n.oid = t.relnamespace
            where a.attname = 'contact_id' and a.attnum > 0 and not t.relispartition and t.relkind in ('r', 'p')
              and n.nspname not like 'pg_%'
            order by 1
            """
        )
    )
    known = {item.table for item in registry.personal}
    assert [row["name"] for row in rows if row["name"] not in known] == []
