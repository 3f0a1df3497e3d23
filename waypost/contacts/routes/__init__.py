"""Contacts, tags, lists, fields, companies, notes, files and privacy: one file a noun."""

from __future__ import annotations

from waypost.contacts.routes import (
    companies,
    company_fields,
    consents,
    contacts,
    engagement,
    fields,
    files,
    lists,
    notes,
    privacy,
    tags,
)

ROUTES = (
    *contacts.ROUTES,
    *engagement.ROUTES,
    *tags.ROUTES,
    *lists.ROUTES,
    *fields.ROUTES,
    *companies.ROUTES,
    *company_fields.ROUTES,
    *notes.ROUTES,
    *files.ROUTES,
    *privacy.ROUTES,
    *consents.ROUTES,
)
