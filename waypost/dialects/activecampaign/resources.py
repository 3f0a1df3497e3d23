"""Every resource's routes in one table."""

from __future__ import annotations

from waypost.dialects.activecampaign import (
    account_contacts,
    account_fields,
    accounts,
    activities,
    addresses,
    automations,
    bulk_import,
    campaigns,
    contact_automations,
    contact_lists,
    contact_parts,
    contact_sync,
    contact_tags,
    contacts,
    custom_object_records,
    custom_objects,
    field_groups,
    field_values,
    fields,
    lists,
    messages,
    notes,
    root,
    segments,
    tags,
    users,
)
from waypost.dialects.activecampaign.routing import Routes

ROUTES = Routes()
for _module in (
    root,
    contacts,
    contact_sync,
    contact_parts,
    lists,
    contact_lists,
    tags,
    contact_tags,
    fields,
    field_groups,
    field_values,
    automations,
    contact_automations,
    users,
    accounts,
    account_contacts,
    account_fields,
    addresses,
    notes,
    activities,
    bulk_import,
    segments,
    custom_objects,
    custom_object_records,
    campaigns,
    messages,
):
    ROUTES.include(_module.routes)
