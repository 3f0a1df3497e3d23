"""Brings a database to this version: numbered SQL files in order, one statement at a time.

Each file is one transaction, all under one advisory lock, so that several processes may start at
once. One statement a message is what Citus needs.
"""

from __future__ import annotations

from importlib import resources
from typing import Any

import asyncpg

from waypost.kernel.db import SESSION
from waypost.kernel.jobs.queue import install

LOCK = 0x57415950


def statements(text: str) -> list[str]:
    """Split a file at semicolons that end a statement (not in quotes, dollar quotes or comments)."""
    out: list[str] = []
    start = position = 0
    while position < len(text):
        rest = text[position:]
        if rest.startswith("--"):
            position = _after(text, "\n", position + 2)
        elif rest.startswith("$$"):
            position = _after(text, "$$", position + 2)
        elif text[position] == "'":
            position = _after(text, "'", position + 1)
        elif text[position] == ";":
            out.append(text[start:position].strip())
            position += 1
            start = position
        else:
            position += 1
    tail = text[start:].strip()
    if any(line.strip() and not line.strip().startswith("--") for line in tail.splitlines()):
        out.append(tail)
    return [item for item in out if item]


def _after(text: str, mark: str, position: int) -> int:
    found = text.find(mark, position)
    return len(text) if found < 0 else found + len(mark)


def migrations() -> list[tuple[str, str]]:
    """Every migration as (name, text), in order."""
    folder = resources.files("waypost.migrations")
    files = sorted((item for item in folder.iterdir() if item.name.endswith(".sql")), key=lambda item: item.name)
    return [(item.name.removesuffix(".sql"), item.read_text(encoding="utf-8")) for item in files]


async def migrate(dsn: str) -> list[str]:
    """Apply what is missing; returns the names applied."""
    conn: asyncpg.Connection[Any] = await asyncpg.connect(dsn, server_settings=SESSION)
    try:
        await conn.execute("select pg_advisory_lock($1)", LOCK)
        await conn.execute("create schema if not exists kernel")
        await conn.execute(
            "create table if not exists kernel.migration (name text primary key, applied_at timestamptz not null)"
        )
        done = {row["name"] for row in await conn.fetch("select name from kernel.migration")}
        applied: list[str] = []
        # lint: no-row-loops because a turn is a migration
        for name, text in migrations():
            if name in done:
                continue
            async with conn.transaction():
                # lint: no-row-loops because one statement a message is what Citus needs
                for statement in statements(text):
                    await conn.execute(statement)
                await conn.execute("insert into kernel.migration values ($1, now())", name)
            applied.append(name)
        await install(conn)
        return applied
    finally:
        await conn.close()
