"""What can go wrong with exports."""

from __future__ import annotations

from waypost.kernel.errors import Failure, Kind


class ExportNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "exports.export_not_found"
    template = "There is no export {export_id}."


class ScheduleNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "exports.schedule_not_found"
    template = "There is no export schedule {schedule_id}."


class ExportNotReady(Failure):
    kind = Kind.CONFLICT
    code = "exports.not_ready"
    template = "The export is {state}; there is no file to take."


class ColumnUnknown(Failure):
    kind = Kind.INVALID
    code = "exports.column_unknown"
    template = "There is no column called {column}."


class ColumnsMissing(Failure):
    kind = Kind.INVALID
    code = "exports.columns_missing"
    template = "Choose at least one column."


class NameMissing(Failure):
    kind = Kind.INVALID
    code = "exports.name_missing"
    template = "Give the schedule a name."


class StateWrong(Failure):
    kind = Kind.CONFLICT
    code = "exports.state_wrong"
    template = "An export that is {state} cannot be cancelled."
