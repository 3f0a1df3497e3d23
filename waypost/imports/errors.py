"""What can go wrong with an import."""

from __future__ import annotations

from waypost.kernel.errors import Failure, Kind


class ImportNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "imports.import_not_found"
    template = "There is no import {import_id}."


class FileMissing(Failure):
    code = "imports.file_missing"
    template = "Send the file as multipart/form-data, in a part called file."


class FileEmpty(Failure):
    code = "imports.file_empty"
    template = "The file is empty."


class FileNotText(Failure):
    code = "imports.file_not_text"
    template = "The file is {what}, not a CSV, Excel or vCard file. Save it as CSV or XLSX and upload that."


class WorkbookTooLarge(Failure):
    kind = Kind.TOO_LARGE
    code = "imports.workbook_too_large"
    template = "The Excel file unpacks to more than {limit_mb} MB. Save the sheet as CSV and upload that."


class WorkbookProtected(Failure):
    code = "imports.workbook_protected"
    template = "The Excel file is protected by a password. Save it without one and upload it again."


class WorkbookUnreadable(Failure):
    code = "imports.workbook_unreadable"
    template = "The Excel file cannot be read: {what}. Save the sheet as CSV and upload that."


class FileEncodingUnknown(Failure):
    code = "imports.encoding_unknown"
    template = (
        "The file's letters cannot be read: {what}. Save it as CSV UTF-8 and upload it again. Nothing was imported."
    )


class TooManyColumns(Failure):
    code = "imports.too_many_columns"
    template = "The file has {count} columns; at most {limit} can be read."


class FileMalformed(Failure):
    code = "imports.file_malformed"
    template = "The file cannot be read as CSV near line {line}: {what}."


class EmailColumnMissing(Failure):
    code = "imports.email_column_missing"
    template = "No column holds e-mail addresses. Contacts are told apart by their address."


class TooManyOptions(Failure):
    code = "imports.too_many_options"
    template = "The column {header} has more than {limit} different values; choose the type text for it."


class StateWrong(Failure):
    kind = Kind.CONFLICT
    code = "imports.state_wrong"
    template = "The import is {state}; it cannot be {action} now."
