"""What segments add to the whole."""

from __future__ import annotations

from waypost.kernel.registry import Domain, Personal
from waypost.segments.build import BUILD
from waypost.segments.conditions import IN_SEGMENT
from waypost.segments.facts import SegmentEntered, SegmentLeft
from waypost.segments.flip import FLIP
from waypost.segments.follow import FOLLOW
from waypost.segments.jobs import SCHEDULES, RebuildSegments
from waypost.segments.personal import settle_members
from waypost.segments.routes import ROUTES
from waypost.segments.uses import NAMES, find_uses

DOMAIN = Domain(
    name="segments",
    routes=ROUTES,
    jobs=[RebuildSegments],
    schedules=SCHEDULES,
    consumers=[FOLLOW],
    engines=[BUILD, FLIP],
    facts=[SegmentEntered, SegmentLeft],
    conditions=[IN_SEGMENT],
    personal=[
        Personal("segments.membership", is_derived=True, settle=settle_members),
        Personal("segments.membership_due", is_derived=True),
        Personal("segments.settled", is_derived=True),
        Personal("segments.movement"),
    ],
    uses=find_uses,
    names=NAMES,
)
