"""Rows of accounts (our companies), who belongs to them, their fields and values, and of notes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast
from zoneinfo import ZoneInfo

import orjson

from waypost.contacts.types import Company, Member, Note, RowField
from waypost.dialects.activecampaign.coerce import field_value, iso, pair_id, stamp, text
from waypost.dialects.activecampaign.envelope import Links, Row

ACCOUNT_LINKS = Links(
    "accounts", ("notes", "accountCustomFieldData", "accountContacts", "emailActivities", "contactEmails", "owner")
)
ACCOUNT_CONTACT_LINKS = Links("accountContacts", ("account", "contact"))
METUM_LINKS = Links("accountCustomFieldMeta", ("accountCustomFieldData",))
DATUM_LINKS = Links("accountCustomFieldData", ("customerAccount", "accountCustomFieldMetum"))
NOTE_LINKS = Links("notes", ("activities", "user", "mentions", "notes", "owner"))
MINOR_UNITS = 100


def account_row(company: Company, base: str, zone: ZoneInfo) -> Row:
    return {
        "name": company.name,
        "accountUrl": company.website or None,
        "createdTimestamp": iso(company.created_at, zone),
        "updatedTimestamp": iso(company.updated_at, zone),
        "links": ACCOUNT_LINKS.of(base, company.id),
        "id": str(company.id),
        "owner": str(company.owner_id or 0),
    }


def listed_account_row(company: Company, base: str, zone: ZoneInfo, *, is_counted: bool, deals: int) -> Row:
    """In the collection accounts carry their numbers, which are only right when asked for."""
    count = str(company.contact_count) if is_counted else "0"
    return {**account_row(company, base, zone), "contactCount": count, "dealCount": str(deals)}


def account_contact_row(member: Member, base: str, zone: ZoneInfo) -> Row:
    return {
        "account": str(member.company_id),
        "contact": str(member.contact_id),
        "jobTitle": member.job_title,
        "createdTimestamp": iso(member.created_at, zone),
        "updatedTimestamp": iso(member.updated_at, zone),
        "links": ACCOUNT_CONTACT_LINKS.of(base, member.id),
        "id": str(member.id),
    }


def metum_row(field: RowField, base: str, zone: ZoneInfo, *, links: Links, prefix: str) -> Row:
    """The definition of a field; its numbers are numbers here."""
    return {
        "id": str(field.id),
        "fieldLabel": field.name,
        "fieldType": field.type,
        "fieldOptions": field.options or None,
        "fieldDefault": shown_value(field, field.default_value),
        "fieldDefaultCurrency": None,
        "isFormVisible": int(field.is_visible),
        "isRequired": int(field.is_required),
        "displayOrder": field.position,
        "personalization": f"{prefix}_{field.key}",
        "knownFieldId": None,
        "hideFieldFlag": 0,
        "createdTimestamp": stamp(field.created_at, zone),
        "updatedTimestamp": stamp(field.updated_at, zone),
        "links": links.of(base, field.id),
    }


def datum_row(company: Company, field: RowField, base: str, zone: ZoneInfo) -> Row:
    """A company's value of a field; values have no dates of their own, the company's stand in."""
    number = pair_id(company.id, field.id)
    return {
        "id": str(number),
        "accountCustomFieldMetumId": field.id,
        "accountId": company.id,
        "customFieldId": field.id,
        "createdTimestamp": stamp(company.created_at, zone),
        "updatedTimestamp": stamp(company.updated_at, zone),
        "fieldValue": shown_value(field, company.fields.get(str(field.id))),
        "links": DATUM_LINKS.of(base, number),
    }


def shown_value(field: RowField, stored: object) -> object:
    """Several choices are a JSON array here, money is in minor units, all else is text."""
    if stored is None:
        return None
    if isinstance(stored, list):
        return [text(item) for item in cast("Sequence[object]", stored)]
    if field.type == "currency" and isinstance(stored, int | float):
        return round(stored * MINOR_UNITS)
    return field_value(stored)


def stored_value(field: RowField, sent: object) -> object:
    """The other way round; an array may also come as its JSON text or between double bars."""
    if field.type == "currency" and text(sent).strip().lstrip("-").isdigit():
        whole = int(text(sent)) / MINOR_UNITS
        return int(whole) if whole.is_integer() else whole
    if isinstance(sent, str) and sent.startswith("[") and field.options:
        try:
            return orjson.loads(sent)
        except orjson.JSONDecodeError:
            return sent
    return sent


RELATED_TYPES = {"Subscriber": "contact", "CustomerAccount": "account"}


def note_row(note: Note, base: str, zone: ZoneInfo) -> Row:
    reltype, relid = (
        ("Subscriber", note.contact_id) if note.company_id is None else ("CustomerAccount", note.company_id)
    )
    author = str(note.author_id or 0)
    return {
        "relid": str(relid),
        "reltype": reltype,
        "userid": author,
        "is_draft": "0",
        "cdate": iso(note.created_at, zone),
        "mdate": iso(note.updated_at, zone),
        "note": note.body,
        "links": NOTE_LINKS.of(base, note.id),
        "id": str(note.id),
        "user": author,
        "owner": {"type": RELATED_TYPES[reltype], "id": str(relid)},
    }
