"""The condition `in_segment`: replaced by the segment's own tree before compiling (queries.py)."""

from __future__ import annotations

from waypost.kernel.registry import Condition
from waypost.kernel.sql import Sql
from waypost.segments.types import InSegment


def _predicate(params: InSegment, contact_id: Sql) -> Sql:
    raise RuntimeError(f"segment {params.segment_id} was not expanded for {contact_id.text}")


# Time-bound, because the segment itself may be changed at any time.
IN_SEGMENT = Condition(
    type="in_segment",
    label="Is in segment",
    group="segments",
    params=InSegment,
    predicate=_predicate,
    time_bound=True,
)
