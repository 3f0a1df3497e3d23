"""Builds what a test needs, with defaults for everything."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx

_numbers = itertools.count(1)


class Client(httpx.AsyncClient):
    """An HTTP client that knows whose key it holds."""

    workspace_id: int
    user_id: int
    key: str


class Make:
    """Rows, written directly where the action under test must not be used to prepare its own test."""

    async def contact(
        self,
        tx: Tx,
        email: str | None = "",
        *,
        first_name: str = "Ada",
        last_name: str = "Lovelace",
        fields: Mapping[str, Any] | None = None,
        tags: Sequence[int] = (),
        lists: Sequence[int] = (),
    ) -> int:
        """A contact's id; the address is made up unless given (None for phone-only)."""
        number = next(_numbers)
        contact_id = await tx.value(
            sql(
                """
                insert into contacts.contact
                    (workspace_id, email, first_name, last_name, phone, fields, created_at, updated_at)
                values ({workspace}, {email}::text, {first_name}, {last_name}, '', {fields}::jsonb, {now}, {now})
                returning id
                """,
                email=f"contact{number}@example.com" if email == "" else email,
                first_name=first_name,
                last_name=last_name,
                fields=dict(fields or {}),
            )
        )
        for tag_id in tags:
            await tx.run(
                sql(
                    """
                    insert into contacts.contact_tag (workspace_id, contact_id, tag_id, created_at)
                    values ({workspace}, {contact_id}, {tag_id}, {now})
                    """,
                    contact_id=contact_id,
                    tag_id=tag_id,
                )
            )
        for list_id in lists:
            await tx.run(
                sql(
                    """
                    insert into contacts.subscription
                        (workspace_id, contact_id, list_id, status, subscribed_at, created_at, updated_at)
                    values ({workspace}, {contact_id}, {list_id}, 1, {now}, {now}, {now})
                    """,
                    contact_id=contact_id,
                    list_id=list_id,
                )
            )
        return contact_id

    async def contacts(self, tx: Tx, count: int) -> list[int]:
        """Many contacts at once."""
        first = next(_numbers)
        rows = await tx.all(
            sql(
                """
                insert into contacts.contact
                    (workspace_id, email, first_name, last_name, phone, fields, created_at, updated_at)
                select {workspace}, 'many' || {first} || '-' || n || '@example.com', 'First' || n, 'Last' || n, '',
                       '{{}}', {now}, {now}
                from generate_series(1, {count}::int) n order by n
                returning id
                """,
                first=first,
                count=count,
            )
        )
        return [row["id"] for row in rows]

    async def tag(self, tx: Tx, name: str = "") -> int:
        return await tx.value(
            sql(
                """
                insert into contacts.tag (workspace_id, name, description, created_at)
                values ({workspace}, {name}, '', {now}) returning id
                """,
                name=name or f"Tag {next(_numbers)}",
            )
        )
