"""Details of the contact and of the primary company that text can hold. Custom fields come in by their keys, from the table of fields."""

from __future__ import annotations

from waypost.kernel.registry import MergeField
from waypost.kernel.sql import Sql, sql


def _at_work(column: Sql) -> Sql:
    """A value of the contact's primary company."""
    return sql(
        """
        coalesce((select {column} from contacts.company_member m
                  join contacts.company k on k.workspace_id = m.workspace_id and k.id = m.company_id
                  left join identity.user_account u on u.id = k.owner_id
                  where m.workspace_id = contact.workspace_id and m.contact_id = contact.id
                  order by m.is_primary desc, m.id limit 1), '')
        """,
        column=column,
    )


_FIRST = sql("split_part(u.name, ' ', 1)")
_LAST = sql("btrim(substr(u.name, length(split_part(u.name, ' ', 1)) + 1))")
_DAY = "YYYY-MM-DD"

COMPANY = (
    MergeField("job_title", "CONTACT_JOBTITLE", "Job title", "Analyst", _at_work(sql("m.job_title"))),
    MergeField("company_name", "ACCT_NAME", "Company", "Analytical Engines Ltd", _at_work(sql("k.name"))),
    MergeField("company_url", "ACCT_URL", "Company's website", "https://engines.example", _at_work(sql("k.website"))),
    MergeField("company_owner", "ACCT_OWNER_FULL_NAME", "Company's owner", "Grace Hopper", _at_work(sql("u.name"))),
    MergeField("company_owner_first_name", "ACCT_OWNER_FIRST_NAME", "Company owner's first name", "Grace", _at_work(_FIRST)),
    MergeField("company_owner_last_name", "ACCT_OWNER_LAST_NAME", "Company owner's last name", "Hopper", _at_work(_LAST)),
    MergeField(
        "company_owner_email", "ACCT_OWNER_EMAIL", "Company owner's e-mail", "grace@example.com", _at_work(sql("u.email"))
    ),
    MergeField(
        "company_created", "ACCT_CREATED_DATE", "Company added on", "2026-01-31",
        _at_work(sql("to_char(k.created_at, {day})", day=_DAY)),
    ),
    MergeField(
        "company_updated", "ACCT_UPDATED_DATE", "Company changed on", "2026-02-28",
        _at_work(sql("to_char(k.updated_at, {day})", day=_DAY)),
    ),
)  # fmt: skip
PLACE = (
    MergeField("city", "CONTACT_CITY", "City", "London", sql("contact.city")),
    MergeField("region", "CONTACT_REGION", "Region", "Greater London", sql("contact.region")),
    MergeField("postal_code", "CONTACT_POSTAL_CODE", "Postal code", "W1S 1AB", sql("contact.postal_code")),
    MergeField("country", "CONTACT_COUNTRY", "Country", "GB", sql("contact.country")),
    MergeField("language", "CONTACT_LANGUAGE", "Language", "en", sql("contact.language")),
    MergeField("time_zone", "CONTACT_TIME_ZONE", "Time zone", "Europe/London", sql("contact.time_zone")),
)
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
    MergeField("contact_id", "CONTACTID", "Number of the contact", "42", sql("contact.id::text")),
    MergeField(
        "subscribed_on", "SUBDATE", "Known since", "2026-01-31", sql("to_char(contact.created_at, {day})", day=_DAY)
    ),
    *PLACE,
    *COMPANY,
)
