"""What can go wrong with custom objects."""

from __future__ import annotations

from waypost.kernel.errors import Failure, Kind


class SchemaNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "objects.schema_not_found"
    template = "There is no schema {schema_id}."


class RecordNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "objects.record_not_found"
    template = "There is no record {record_id}."


class DefinitionNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "objects.definition_not_found"
    template = "The schema {schema} has no {noun} {id}."


class SlugInvalid(Failure):
    code = "objects.slug_invalid"
    template = "{slug!r} does not do as the name in addresses: use lower-case letters, digits and dashes."


class SlugTaken(Failure):
    kind = Kind.CONFLICT
    code = "objects.slug_taken"
    template = "Another schema has the slug {slug}."


class LabelMissing(Failure):
    code = "objects.label_missing"
    template = "{noun} needs a name."


class DefinitionInvalid(Failure):
    code = "objects.definition_invalid"
    template = "{noun} {id!r} {reason}."
