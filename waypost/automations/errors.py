"""What can go wrong with automations."""

from __future__ import annotations

from waypost.kernel.errors import Failure, Kind


class AutomationNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "automations.automation_not_found"
    template = "There is no automation {automation_id}."


class EnrollmentNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "automations.enrollment_not_found"
    template = "There is no enrollment {enrollment_id}."


class RevisionStale(Failure):
    kind = Kind.CONFLICT
    code = "automations.revision_stale"
    template = "The automation was changed meanwhile (it is at revision {revision}). Load it again."


class AutomationNotActive(Failure):
    kind = Kind.CONFLICT
    code = "automations.not_active"
    template = "The automation {name} is not active, so nobody can enter it."


class AutomationNeverActive(Failure):
    kind = Kind.CONFLICT
    code = "automations.never_active"
    template = "The automation {name} has not been activated yet."


class AutomationNameMissing(Failure):
    kind = Kind.INVALID
    code = "automations.name_missing"
    template = "An automation needs a name."


class RecipeNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "automations.recipe_not_found"
    template = "There is no recipe {recipe_id}."


class VersionNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "automations.version_not_found"
    template = "The automation has no version {number}."


class NothingToPublish(Failure):
    kind = Kind.CONFLICT
    code = "automations.nothing_to_publish"
    template = "Nothing has changed since the last publication."


class MoveInvalid(Failure):
    kind = Kind.INVALID
    code = "automations.move_invalid"
    template = "{reason}"


class SimulationImpossible(Failure):
    kind = Kind.INVALID
    code = "automations.simulation_impossible"
    template = "{reason}"


class SimulationTooLong(Failure):
    kind = Kind.LIMITED
    code = "automations.simulation_too_long"
    template = "The test run does too much: shorten it, or look for a loop without a wait."


class FileInvalid(Failure):
    kind = Kind.INVALID
    code = "automations.file_invalid"
    template = "{reason}"
