"""What can go wrong with contacts."""

from __future__ import annotations

from waypost.kernel.errors import Failure, Kind


class ContactNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "contacts.contact_not_found"
    template = "There is no contact {contact_id}."


class TagNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "contacts.tag_not_found"
    template = "There is no tag {tag_id}."


class ListNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "contacts.list_not_found"
    template = "There is no list {list_id}."


class FieldNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "contacts.field_not_found"
    template = "There is no field {field_id}."


class EmailInvalid(Failure):
    code = "contacts.email_invalid"
    template = "{email!r} is not an e-mail address: {reason}."


class PlaceInvalid(Failure):
    code = "contacts.place_invalid"
    template = "{value!r} is not a {part} Waypost knows."


class MergeGone(Failure):
    kind = Kind.NOT_FOUND
    code = "contacts.merge_gone"
    template = "There is no merge {merge_id} to undo."


class EmailTaken(Failure):
    kind = Kind.CONFLICT
    code = "contacts.email_taken"
    template = "Another contact has the address {email}."


class NameTaken(Failure):
    kind = Kind.CONFLICT
    code = "contacts.name_taken"
    template = "Another {noun} is called {name}."


class NameMissing(Failure):
    code = "contacts.name_missing"
    template = "A {noun} needs a name."


class ValueInvalid(Failure):
    code = "contacts.value_invalid"
    template = "{value!r} does not fit the field {field}: {reason}."


class FieldRequired(Failure):
    code = "contacts.field_required"
    template = "The field {field} needs a value."


class KeyInvalid(Failure):
    code = "contacts.key_invalid"
    template = "{key!r} is no key: use capital letters, digits and underscores, beginning with a letter."


class OptionsMissing(Failure):
    code = "contacts.options_missing"
    template = "A field of type {type} needs at least one option."


class BulkIncomplete(Failure):
    code = "contacts.bulk_incomplete"
    template = "The action {action} needs {name}."


class CompanyNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "contacts.company_not_found"
    template = "There is no company {company_id}."


class MemberNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "contacts.member_not_found"
    template = "The contact {contact_id} does not belong to the company {company_id}."


class DomainInvalid(Failure):
    code = "contacts.domain_invalid"
    template = "{domain!r} is not a domain."


class NoteNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "contacts.note_not_found"
    template = "There is no note {note_id}."


class NoteInvalid(Failure):
    code = "contacts.note_invalid"
    template = "A note needs some text, of at most {limit} characters."


class FileNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "contacts.file_not_found"
    template = "There is no file {file_id}."


class FileEmpty(Failure):
    code = "contacts.file_empty"
    template = "The file {name} is empty."


class MergeInvalid(Failure):
    code = "contacts.merge_invalid"
    template = "These contacts cannot be merged: {reason}."


class ExportNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "contacts.export_not_found"
    template = "There is no export {export_id} of this contact."


class PairNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "contacts.pair_not_found"
    template = "The contacts {contact_id} and {other_id} are no pair of duplicates."


class ConsentTextNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "contacts.consent_text_not_found"
    template = "There is no consent text {text_id}."


class TextMissing(Failure):
    code = "contacts.text_missing"
    template = "A consent text needs words that people agree to."


class NothingToConfirm(Failure):
    kind = Kind.CONFLICT
    code = "contacts.nothing_to_confirm"
    template = "The contact {contact_id} has no unconfirmed subscription to the list {list_id}."


class FieldGroupNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "contacts.field_group_not_found"
    template = "There is no field group {group_id}."


class TagMergeInvalid(Failure):
    code = "contacts.tag_merge_invalid"
    template = "A tag cannot be merged into itself."
