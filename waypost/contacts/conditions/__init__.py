"""Questions about contacts, for segments and automations."""

from __future__ import annotations

from waypost.contacts.conditions.details import DETAIL
from waypost.contacts.conditions.fields import FIELD
from waypost.contacts.conditions.links import LINKS
from waypost.contacts.conditions.moments import MOMENTS
from waypost.contacts.conditions.quality import QUALITY

CONDITIONS = (*LINKS, FIELD, DETAIL, QUALITY, *MOMENTS)
