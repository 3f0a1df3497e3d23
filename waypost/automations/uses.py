"""Which automations name a row of another domain, and whether contacts depend on it now."""

from __future__ import annotations

from collections.abc import Sequence

from waypost.automations.counters import WHOLE
from waypost.kernel.registry import Usage
from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx
from waypost.kernel.uses import names_in


async def find_uses(tx: ReadTx, noun: str, object_id: int) -> Sequence[Usage]:
    """Live is what is published and runs, and any version that still has contacts in it."""
    return await tx.all(
        sql(
            """
            with judged as (
                select a.id, a.name, {in_draft} as in_draft,
                       (a.status = 1 or coalesce(c.here, 0) > 0) and exists (
                           select 1 from automations.automation_version as v
                           where v.workspace_id = {workspace} and v.automation_id = a.id and {in_version}
                             and ((a.status = 1 and v.id = a.version_id) or exists (
                                 select 1 from automations.enrollment as e
                                 where e.workspace_id = {workspace} and e.automation_id = a.id
                                   and e.version_id = v.id and e.state in (0, 1, 3)))
                       ) as is_live
                from automations.automation as a
                left join automations.step_count as c
                  on c.workspace_id = {workspace} and c.automation_id = a.id and c.step_id = {whole}
                where a.workspace_id = {workspace} and a.deleted_at is null
            )
            select 'automation' as kind, id, name, is_live from judged where in_draft or is_live order by id
            """,
            in_draft=names_in(tx, sql("a.document"), noun, object_id),
            in_version=names_in(tx, sql("v.document"), noun, object_id),
            whole=WHOLE,
        ),
        Usage,
    )


NAMES = {
    "automation": sql(
        "select id, name as name from automations.automation where workspace_id = {workspace} and deleted_at is null"
    ),
}
"""What people call the rows that other documents name, by noun."""
