"""What segments add to the whole."""

from __future__ import annotations

from waypost.kernel.registry import Domain
from waypost.segments import routes
from waypost.segments.conditions import IN_SEGMENT

DOMAIN = Domain(
    name="segments",
    routes=[
        routes.list_segments,
        routes.create_segment,
        routes.count_segment,
        routes.filter_contacts,
        routes.read_plan,
        routes.get_segment,
        routes.update_segment,
        routes.delete_segment,
    ],
    conditions=[IN_SEGMENT],
)
