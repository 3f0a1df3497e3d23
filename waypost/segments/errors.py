"""What can go wrong with segments."""

from __future__ import annotations

from waypost.kernel.errors import Failure, Kind


class SegmentNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "segments.segment_not_found"
    template = "There is no segment {segment_id}."


class SegmentNameTaken(Failure):
    kind = Kind.CONFLICT
    code = "segments.name_taken"
    template = "There is already a segment called {name}."


class SegmentNameMissing(Failure):
    kind = Kind.INVALID
    code = "segments.name_missing"
    template = "A segment needs a name."


class SegmentLoop(Failure):
    kind = Kind.INVALID
    code = "segments.loop"
    template = "Segment {segment_id} would contain itself."


class SegmentsTooMany(Failure):
    kind = Kind.INVALID
    code = "segments.too_many_segments"
    template = "The condition comes to more than {limit} {noun}."


class SegmentsTooDeep(Failure):
    kind = Kind.INVALID
    code = "segments.too_deep"
    template = "The condition, with the segments in it, is nested more than {limit} deep."


class ConditionTooSlow(Failure):
    kind = Kind.INVALID
    code = "segments.too_slow"
    template = (
        "Looking at everyone for this condition takes more than {seconds:g} seconds. "
        "Save it as a segment: its members are then kept in the background."
    )


class SegmentInUse(Failure):
    kind = Kind.CONFLICT
    code = "segments.in_use"
    template = "The segment {name} is used by the segment {other}."


class ViewNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "segments.view_not_found"
    template = "There is no view {view_id}."


class ViewNameMissing(Failure):
    kind = Kind.INVALID
    code = "segments.view_name_missing"
    template = "A view needs a name."


class ViewNotYours(Failure):
    kind = Kind.FORBIDDEN
    code = "segments.view_not_yours"
    template = "The view {name} belongs to somebody else. Save one of your own."


class QuestionUnclear(Failure):
    kind = Kind.INVALID
    code = "segments.question_unclear"
    template = "Ask about either a segment or a condition."
