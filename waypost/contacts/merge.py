"""Contact details that text can hold. Custom fields come in by their keys, from the table of fields."""

from __future__ import annotations

from waypost.kernel.registry import MergeField
from waypost.kernel.sql import sql

MERGE = (
    MergeField("first_name", "FIRSTNAME", "First name", "Ada", sql("contact.first_name")),
    MergeField("last_name", "LASTNAME", "Last name", "Lovelace", sql("contact.last_name")),
    MergeField(
        "full_name",
        "FULLNAME",
        "Full name",
        "Ada Lovelace",
        sql("btrim(contact.first_name || ' ' || contact.last_name)"),
    ),
    MergeField("email", "EMAIL", "E-mail address", "ada@example.com", sql("coalesce(contact.email, '')")),
    MergeField("phone", "PHONE", "Phone", "+44 20 7946 0000", sql("contact.phone")),
)
