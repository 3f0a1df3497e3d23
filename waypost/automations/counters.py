"""Exact counters: gathered while a transaction works, written as its last statement.

Written last and in the order of their keys, so that two workers hold each other up only for the
length of a commit and never in a ring.
"""

from __future__ import annotations

from waypost.kernel.sql import TRUE, Sql, sql
from waypost.kernel.tx import Tx

WHOLE = ""
"""The step_id under which an automation itself is counted: `passed` is who entered, `here` who is inside."""


class Counters:
    """Changes to the counters of one transaction."""

    def __init__(self) -> None:
        self._changes: dict[tuple[int, str], list[int]] = {}

    def add(
        self,
        automation_id: int,
        step_id: str,
        *,
        here: int = 0,
        passed: int = 0,
        completed: int = 0,
        exited: int = 0,
        parked: int = 0,
    ) -> None:
        change = self._changes.setdefault((automation_id, step_id), [0, 0, 0, 0, 0])
        for place, amount in enumerate((here, passed, completed, exited, parked)):
            change[place] += amount

    async def write(self, tx: Tx) -> None:
        """One upsert for all."""
        upsert = self.upsert(TRUE)
        if upsert is not None:
            await tx.run(upsert)

    def upsert(self, when: Sql) -> Sql | None:
        """Hand over what was gathered, to be written by itself or by a larger statement: then it waits for `when`."""
        changes = sorted((key, change) for key, change in self._changes.items() if any(change))
        self._changes.clear()
        if not changes:
            return None
        return sql(
            """
            insert into automations.step_count as c
                (workspace_id, automation_id, step_id, here, passed, completed, exited, parked)
            select {workspace}, new.* from unnest(
                {automation_ids}::bigint[], {step_ids}::text[], {here}::bigint[], {passed}::bigint[],
                {completed}::bigint[], {exited}::bigint[], {parked}::bigint[]
            ) as new (automation_id, step_id, here, passed, completed, exited, parked)
            where {when}
            order by new.automation_id, new.step_id collate "C"
            on conflict (workspace_id, automation_id, step_id) do update set
                here = c.here + excluded.here, passed = c.passed + excluded.passed,
                completed = c.completed + excluded.completed, exited = c.exited + excluded.exited,
                parked = c.parked + excluded.parked
            """,
            when=when,
            automation_ids=[key[0] for key, _ in changes],
            step_ids=[key[1] for key, _ in changes],
            here=[change[0] for _, change in changes],
            passed=[change[1] for _, change in changes],
            completed=[change[2] for _, change in changes],
            exited=[change[3] for _, change in changes],
            parked=[change[4] for _, change in changes],
        )
