"""Bodies of the engagement route."""

from __future__ import annotations

from typing import Annotated

import msgspec

from waypost.contacts.queries.engagement import ContactEngagement
from waypost.contacts.schemas.scalars import Id
from waypost.kernel.model import Model, Out


class EngagementAsked(Model):
    """Contacts, such as those of one page of a list."""

    contact_ids: Annotated[list[Id], msgspec.Meta(max_length=500)]


class EngagementList(Out):
    """Those of them who did something."""

    items: list[ContactEngagement]
