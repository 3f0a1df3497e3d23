"""What can go wrong with messages."""

from __future__ import annotations

from waypost.kernel.errors import Failure, Kind


class MessageNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "messages.message_not_found"
    template = "There is no message {message_id}."


class MessageChanged(Failure):
    kind = Kind.CONFLICT
    code = "messages.message_changed"
    template = "The message was changed elsewhere since it was opened (revision {revision} is the newest)."


class TemplateBroken(Failure):
    kind = Kind.INVALID
    code = "messages.template_broken"
    template = "{message}"


class VersionNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "messages.version_not_found"
    template = "There is no version {revision} of message {message_id}."


class SavedRowNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "messages.saved_row_not_found"
    template = "There is no saved row {row_id}."


class SavedRowNameTaken(Failure):
    kind = Kind.CONFLICT
    code = "messages.saved_row_name_taken"
    template = "There is already a saved row called {name}."


class VariableNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "messages.variable_not_found"
    template = "There is no variable {variable_id}."


class VariableTagTaken(Failure):
    kind = Kind.CONFLICT
    code = "messages.variable_tag_taken"
    template = "The tag %{tag}% stands for something else already."


class VariableLocked(Failure):
    kind = Kind.CONFLICT
    code = "messages.variable_locked"
    template = "The variable “{name}” is locked."


class TemplateNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "messages.template_not_found"
    template = "There is no saved template {template_id}."
