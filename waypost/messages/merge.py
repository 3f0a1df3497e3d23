"""What messages themselves offer to texts: the lists through which the contact gets them."""

from __future__ import annotations

from waypost.kernel.registry import MergeField
from waypost.kernel.sql import sql

_LISTS = sql(
    """
    coalesce((select string_agg(l.name, ', ' order by l.id) from contacts.subscription s
              join contacts.list l on l.workspace_id = s.workspace_id and l.id = s.list_id
              where s.workspace_id = contact.workspace_id and s.contact_id = contact.id and s.status = 1), '')
    """
)
_REMINDER = sql(
    """
    coalesce((select l.sender_reminder from contacts.subscription s
              join contacts.list l on l.workspace_id = s.workspace_id and l.id = s.list_id
              where s.workspace_id = contact.workspace_id and s.contact_id = contact.id and s.status = 1
              order by l.id limit 1), '')
    """
)

MERGE = (
    MergeField("list_names", "LISTNAME", "Lists the contact is on", "Newsletter", _LISTS),
    MergeField(
        "sender_reminder",
        "SENDER-LIST-REMINDER",
        "Why the contact gets this mail",
        "You signed up on our site.",
        _REMINDER,
    ),
)
