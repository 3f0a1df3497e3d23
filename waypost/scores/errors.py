"""What can go wrong with scores."""

from __future__ import annotations

from waypost.kernel.errors import Failure, Kind


class ScoreNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "scores.score_not_found"
    template = "There is no score {score_id}."


class RuleNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "scores.rule_not_found"
    template = "There is no rule {rule_id}."


class ScoreNameMissing(Failure):
    code = "scores.name_missing"
    template = "A score needs a name."


class ScoreNameTaken(Failure):
    kind = Kind.CONFLICT
    code = "scores.name_taken"
    template = "Another score is called {name}."


class PointsMissing(Failure):
    code = "scores.points_missing"
    template = "A rule gives or takes at least one point."
