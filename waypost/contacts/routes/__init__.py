"""Contacts, tags, lists and fields: one file a noun."""

from __future__ import annotations

from waypost.contacts.routes import contacts, fields, lists, tags

ROUTES = (*contacts.ROUTES, *tags.ROUTES, *lists.ROUTES, *fields.ROUTES)
