"""What can go wrong with bulk edits."""

from __future__ import annotations

from waypost.kernel.errors import Failure, Kind


class EditNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "bulk.edit_not_found"
    template = "There is no bulk edit {edit_id}."


class StateWrong(Failure):
    kind = Kind.CONFLICT
    code = "bulk.state_wrong"
    template = "A bulk edit that is {state} cannot be {action}."
