"""The condition `in_segment`: a look into the members that are kept, or replaced by the tree (expand.py)."""

from __future__ import annotations

from waypost.kernel.registry import Condition
from waypost.kernel.sql import Sql, sql
from waypost.segments.types import InSegment


def _predicate(params: InSegment, contact_id: Sql) -> Sql:
    return sql(
        """
        exists (select 1 from segments.membership sm where sm.workspace_id = {workspace}
                  and sm.segment_id = {segment_id} and sm.contact_id = {contact_id})
        """,
        segment_id=params.segment_id,
        contact_id=contact_id,
    )


def _members(params: InSegment) -> Sql:
    return sql(
        """
        select sm.contact_id from segments.membership sm
        where sm.workspace_id = {workspace} and sm.segment_id = {segment_id}
        """,
        segment_id=params.segment_id,
    )


# Time-bound, because the segment itself may be changed at any time.
IN_SEGMENT = Condition(
    type="in_segment",
    label="Is in segment",
    group="segments",
    params=InSegment,
    predicate=_predicate,
    members=_members,
    time_bound=True,
    sentence="is in segment {segment_id}",
)
